"""What a coordinator sets for a room, and what a moderator does to a room without a case.

A coordinator: hours, what happens outside of them, what the room holds that others only flag. A moderator: slow, lock,
unlock, notice, as with a case (acts) and through the same doors of rooms. Each is one transaction: the room, the history,
the trail last; every live page of the room hears of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from moderation import duty
from moderation.acts import LONGEST
from moderation.kinds import Kind
from moderation.models import Act
from moderation.refusals import Refused
from moderation.screening import Category
from rooms import joining, opening_hours, steward
from rooms.models import Room
from vault import trail


def set_rules(
    room_id: str, by: Account, *, opening: str, hours: list[dict[str, Any]], outside: str, strict: Collection[str]
) -> None:
    """Raises ValidationError in words for the coordinator, Refused("not_found")."""
    opening, outside = Room.Opening(opening), Room.Outside(outside)
    opening_hours.check(hours)
    if opening == Room.Opening.HOURS and not hours:
        raise ValidationError(_("Please set at least one line of hours, or the room would never open."))
    strict = sorted(Category(each) for each in strict)
    with transaction.atomic():
        room = _locked(room_id)
        room.opening, room.hours, room.outside, room.strict = opening, hours, outside, strict
        room.attended_until = duty.attended_until(timezone.now()) if opening == Room.Opening.ATTENDED else None
        room.save(update_fields=["opening", "hours", "outside", "strict", "attended_until"])
        joining.rules_changed(room)
        why = f"open {opening}, outside {outside}, lines {len(hours)}, holds {' '.join(strict) or 'nothing more'}"
        trail.record(actor=f"account:{by.pk}", act="room.rules", subject=f"room:{room_id}", why=why)


def slow(room_id: str, by: Account, seconds: int, until: datetime) -> None:
    """So many seconds between two messages of one person; 0 ends it."""
    with _turn(room_id, by, Kind.SLOW):
        steward.slow(room_id, seconds, _to_come(until) if seconds else None)


def lock(room_id: str, by: Account, until: datetime) -> None:
    """Nobody writes until then. Reading goes on."""
    with _turn(room_id, by, Kind.LOCK):
        steward.lock(room_id, _to_come(until))


def unlock(room_id: str, by: Account) -> None:
    with _turn(room_id, by, Kind.UNLOCK):
        steward.unlock(room_id)


def notice(room_id: str, by: Account, text: str, until: datetime | None) -> None:
    """Stands at the top of the room until then, in place of the one before; an empty text takes it down."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Refused("too_long")
    with _turn(room_id, by, Kind.NOTICE):
        steward.notice(room_id, text, _to_come(until) if until and text else None)


@contextmanager
def _turn(room_id: str, by: Account, kind: Kind) -> Iterator[None]:
    with transaction.atomic():
        _locked(room_id)
        yield
        Act.objects.create(room_id=room_id, by=by, kind=kind)
        trail.record(actor=f"account:{by.pk}", act=f"room.{kind}", subject=f"room:{room_id}")


def _locked(room_id: str) -> Room:
    room = Room.objects.select_for_update(no_key=True).filter(pk=room_id).first()
    if room is None:
        raise Refused("not_found")
    return room


def _to_come(until: datetime) -> datetime:
    if until <= timezone.now():
        raise Refused("past")
    return until
