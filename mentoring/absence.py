"""Talk now is not possible: why, when it is again, and who is here instead. A message can be left at any time.

Three things keep a mentor away: their hours, time off with somebody standing in, and that they are not in the room any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Account
from mentoring import hours
from mentoring.covering import Away, away_of
from mentoring.models import Thread
from rooms import hub
from rooms.access import has_accepted, rooms_of
from rooms.models import Membership, Room
from rooms.rules import rules_of

_SHOWN = 3  # groups


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """A group of the client in which people are now."""

    id: str
    name: str
    here: int


@dataclass(frozen=True, slots=True)
class Absence:
    """`kind`: hours, away, out. `back` is when their next hours begin; `groups` and `on_call` say who is here now."""

    kind: str
    hours: list[str]
    back: datetime | None = None
    away: Away | None = None
    groups: tuple[OpenGroup, ...] = ()
    on_call: bool = False


def absence_of(thread: Thread, account: Account) -> Absence | None:
    """Of the mentor, as the client reads it and as they read it themselves; None while they are there, or once it is closed."""
    if thread.closed_at is not None:
        return None
    now = timezone.now()
    kind, away = _why(thread, now)
    if not kind:
        return None
    is_client = account.pk == thread.client_id
    return Absence(
        kind=kind,
        hours=hours.said(thread.mentor),
        back=hours.there_next(thread.mentor, now) if kind == "hours" else None,
        away=away,
        groups=groups_with_people(account, now) if is_client else (),
        on_call=somebody_on_call(now) if is_client else False,
    )


def turns_at(thread: Thread) -> datetime | None:
    """When their hours next begin or end: a page that stays open asks again then."""
    if thread.closed_at is not None or not thread.mentor.hours:
        return None
    return next(iter(hours.hours_of(thread.mentor).turns(timezone.now())), None)


def is_out(room_id: str, account: Account) -> bool:
    """Removed from the room by a moderator, or suspended."""
    return not Membership.objects.belonging().filter(room=room_id, account=account).exists()


def groups_with_people(account: Account, now: datetime) -> tuple[OpenGroup, ...]:
    """Groups of theirs that are open now and have people in them, the fullest first."""
    found = [
        OpenGroup(member.room_id, member.room.title, here)
        for member in rooms_of(account.pk).filter(room__kind=Room.Kind.GROUP)
        if has_accepted(member) and (here := hub.people_in(member.room_id)) and _takes_messages(member.room, now)
    ]
    return tuple(sorted(found, key=lambda group: -group.here)[:_SHOWN])


def somebody_on_call(now: datetime) -> bool:
    """A moderator or a clinician (settings.ON_CALL)."""
    if not settings.ON_CALL:
        return False
    asked: Callable[[datetime], bool] = import_string(settings.ON_CALL)
    return asked(now)


def _why(thread: Thread, now: datetime) -> tuple[str, Away | None]:
    if is_out(thread.room_id, thread.mentor.account):
        return "out", None
    if away := away_of(thread):
        return "away", away
    return ("", None) if hours.is_there(thread.mentor, now) else ("hours", None)


def _takes_messages(room: Room, now: datetime) -> bool:
    rules = rules_of(room)
    is_locked = rules.locked_until is not None and rules.locked_until > now
    return rules.is_open(now) and not rules.read_only and not is_locked
