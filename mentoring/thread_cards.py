"""The threads of a person as their pages list them: the cards of the home pages, and what the list of rooms says of each.

The number of queries does not grow with the threads.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts.models import Account
from mentoring import closing, hours, retention
from mentoring.access import threads_of
from mentoring.covering import Away, aways_of
from mentoring.models import Appointment, Respite, Thread
from rooms import lists, panels
from rooms.faces import pseudonym_of
from rooms.models import Membership
from vault.sealing import warm


@dataclass(frozen=True, slots=True)
class Card:
    """One thread. `name` is how the other is called in it; `next` the next agreed appointment, `asked` how many wait for this person's
    answer; `covers` for whom its mentor stands in. `is_shut`: this person was removed from it; `is_out`: the other was, or is suspended."""

    thread: Thread
    room_id: str
    name: str
    unread: int
    is_shut: bool
    is_out: bool
    next: Appointment | None
    asked: int
    hours: list[str]
    is_there: bool
    away: Away | None
    covers: str
    kept_until: datetime | None
    summary: str
    farewell: str


@dataclass(frozen=True, slots=True)
class Home:
    """Own threads first, then those of a cover; `past` are closed and not erased yet, the newest first."""

    running: list[Card]
    past: list[Card]
    zone: str


def home_of(account: Account) -> Home:
    found = list(threads_of(account).filter(purged_at=None).select_related("mentor__account", "covers", "room"))
    listed = {each.id: each for each in lists.listed(account.pk)} if found else {}
    others = _others(found, account)
    names = {(each.room_id, each.account_id): pseudonym_of(each) for each in others}
    out = {each.room_id for each in others if each.removed_at or not each.account.is_active}
    aways = aways_of(found)
    booked = _appointments(found)
    warm(text for each in found for text in (each.summary, each.farewell) if text is not None)
    cards = [_card(each, account, listed, names, out, aways, booked.get(each.pk, [])) for each in found]
    running = [card for card in cards if card.thread.closed_at is None]
    running.sort(key=lambda card: (card.unread == 0, card.covers != "", card.thread.opened_at))
    past = [card for card in cards if card.thread.closed_at is not None]
    past.sort(key=lambda card: card.thread.closed_at or card.thread.opened_at, reverse=True)
    return Home(running, past, timezone.get_current_timezone_name())


def notes(account_id: int, rooms: Collection[str]) -> dict[str, panels.Note]:
    """What the list of rooms says of each thread (settings.ROOM_NOTES). Two queries."""
    found = list(Thread.objects.filter(room__in=rooms).select_related("covers"))
    mentors = {each.mentor_id if each.covers is None else each.covers.mentor_id for each in found}
    away = {each.mentor_id: each for each in Respite.objects.running().filter(mentor__in=mentors)}
    return {each.room_id: panels.Note(_note(each, away), each.closed_at is not None) for each in found}


def _note(thread: Thread, away: dict[int, Respite]) -> str:
    respite = away.get(thread.mentor_id if thread.covers is None else thread.covers.mentor_id)
    if thread.closed_at is not None:
        return gettext("Closed")
    if respite is None:
        return ""
    about = {"day": date_format(respite.ends, "MONTH_DAY_FORMAT")}
    if thread.covers is None:
        return gettext("Rests until %(day)s") % about
    return gettext("Stands in until %(day)s") % about


def _card(
    thread: Thread,
    account: Account,
    listed: dict[str, lists.ListedRoom],
    names: dict[tuple[str, int], str],
    out: set[str],
    aways: dict[str, Away],
    booked: list[Appointment],
) -> Card:
    room = listed.get(thread.room_id)
    is_client = account.pk == thread.client_id
    agreed = [each for each in booked if each.state == Appointment.State.AGREED]
    return Card(
        thread=thread,
        room_id=thread.room_id,
        name=names.get((thread.room_id, thread.mentor_id if is_client else thread.client_id), ""),
        unread=room.unread if room else 0,
        is_shut=room is None,
        is_out=thread.room_id in out,
        next=agreed[0] if agreed else None,
        asked=sum(each.state == Appointment.State.PROPOSED and each.by_client != is_client for each in booked),
        hours=hours.said(thread.mentor),
        is_there=hours.is_there(thread.mentor),
        away=aways.get(thread.pk),
        covers=names.get((thread.covers.room_id, thread.covers.mentor_id), "") if thread.covers else "",
        kept_until=retention.kept_until(thread),
        summary=closing.summary_of(thread) if room else "",
        farewell=closing.farewell_of(thread) if room else "",
    )


def _others(threads: list[Thread], account: Account) -> list[Membership]:
    """The other in each thread, and the mentor for whom somebody stands in, their names ready to be read."""
    rooms = {each.room_id for each in threads} | {each.covers.room_id for each in threads if each.covers}
    members = list(Membership.objects.filter(room__in=rooms).exclude(account=account).select_related("account"))
    warm(each.pseudonym_sealed for each in members if each.pseudonym_sealed is not None)
    return members


def _appointments(threads: list[Thread]) -> dict[str, list[Appointment]]:
    """Still to come, by thread, the next one first."""
    states = (Appointment.State.AGREED, Appointment.State.PROPOSED)
    coming = Appointment.objects.filter(thread__in=threads, state__in=states, starts__gt=timezone.now())
    found: dict[str, list[Appointment]] = {}
    for each in coming.order_by("starts"):
        found.setdefault(each.thread_id, []).append(each)
    return found
