"""Threads while their mentor is away: shut with a kind sentence, a thread of its own with the cover mentor, and all of it back again.

`settle` brings a mentor's threads in line with whether they are away now, and may be called again at any time. Called by `respite`.
What fails for one thread stays with that thread: it is tried again by the next turn of the clock.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Account
from mentoring import appointments, post, writing
from mentoring.cover import kept_apart
from mentoring.models import Mentor, Respite, Thread
from mentoring.threads import open_thread
from rooms import joining, topics
from rooms.faces import pseudonym_of
from rooms.models import Membership, Room
from rooms.pseudonyms import LONGEST
from vault import sealing

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Away:
    """`until` is the day on which the mentor is back. `cover` and `room_id` (of the talk with whoever stands in) may be empty; then
    `is_alone`, unless the client closed that talk themselves: a coordinator sees that somebody is looked for."""

    until: date
    mentor: str
    cover: str = ""
    room_id: str = ""
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class _Rest:
    """Of one thread: the time away, and the room of who is there meanwhile."""

    respite: Respite
    room_id: str
    is_alone: bool


def away_of(thread: Thread) -> Away | None:
    """Why this thread rests, and who is there meanwhile; None while its mentor is there."""
    return aways_of([thread]).get(thread.pk)


def aways_of(threads: Iterable[Thread]) -> dict[str, Away]:
    """By the thread's id, for those whose mentor is away. Five queries at most, however many."""
    known = {each.pk: each for each in threads}
    rests = _rests(known.values())
    names = _names_of_mentors({known[pk].room_id for pk in rests} | {each.room_id for each in rests.values()})
    return {
        pk: Away(
            rest.respite.ends,
            names.get(known[pk].room_id, ""),
            names.get(rest.room_id, ""),
            rest.room_id,
            rest.is_alone,
        )
        for pk, rest in rests.items()
    }


def left_alone(mentors: Iterable[int]) -> Counter[int]:
    """How many clients of each of these mentors have nobody while they are away. Three queries at most."""
    away = Respite.objects.running().filter(mentor__in=mentors).values("mentor")
    return Counter(respite.mentor_id for respite in alone(Thread.objects.running().filter(mentor__in=away)).values())


def alone(threads: Iterable[Thread]) -> dict[str, Respite]:
    """By the thread's id, for those whose client has nobody: the time away for which somebody is looked for. Two queries at most."""
    return {pk: rest.respite for pk, rest in _rests(threads).items() if rest.is_alone}


def names_alone(respite: Respite) -> list[str]:
    """For the mentor who is away: how the clients who have nobody meanwhile are called in their threads. Five queries at most."""
    if respite.state != Respite.State.RUNNING:
        return []
    found = list(Thread.objects.running().own().filter(mentor=respite.mentor_id))
    left = alone(found)
    clients = {each.room_id: each.client_id for each in found if each.pk in left}
    members = [each for each in Membership.objects.filter(room__in=clients) if clients[each.room_id] == each.account_id]
    sealing.warm(each.pseudonym_sealed for each in members if each.pseudonym_sealed is not None)
    return sorted((pseudonym_of(each) for each in members), key=str.casefold)


def _rests(threads: Iterable[Thread]) -> dict[str, _Rest]:
    """By the thread's id, for those whose mentor is away. Two queries at most."""
    resting = [each for each in threads if each.closed_at is None and each.covers_id is None]
    mentors = {each.mentor_id for each in resting}
    away = {each.mentor_id: each for each in Respite.objects.running().filter(mentor__in=mentors)} if mentors else {}
    resting = [each for each in resting if each.mentor_id in away]
    if not resting:
        return {}
    rooms: dict[tuple[int, int], str] = {}
    closed: dict[tuple[str, int], datetime] = {}
    theirs = Thread.objects.filter(
        mentor__in=[each.cover_id for each in away.values() if each.cover_id],
        client__in={each.client_id for each in resting},
    )
    for each in theirs.filter(Q(closed_at=None) | Q(closed_by=Thread.Closed.CLIENT, covers__in=resting)):
        if each.closed_at is None:
            rooms[(each.client_id, each.mentor_id)] = each.room_id
        elif each.covers_id:
            closed[(each.covers_id, each.mentor_id)] = each.opened_at
    found = {}
    for thread in resting:
        respite = away[thread.mentor_id]
        cover = 0 if respite.lack else respite.cover_id or 0
        room = rooms.get((thread.client_id, cover), "")
        opened = closed.get((thread.pk, cover))
        is_closed = opened is not None and respite.began_at is not None and opened >= respite.began_at
        found[thread.pk] = _Rest(respite, room, not room and not is_closed)
    return found


def stands_in_of(thread: Thread) -> Away | None:
    """For the thread with a cover mentor: for whom they stand in, until when, and the room that rests meanwhile."""
    if thread.covers is None or thread.closed_at is not None:
        return None
    respite = Respite.objects.running().filter(mentor=thread.covers.mentor_id).first()
    if respite is None:
        return None
    names = _names_of_mentors({thread.room_id, thread.covers.room_id})
    return Away(
        respite.ends, names.get(thread.covers.room_id, ""), names.get(thread.room_id, ""), thread.covers.room_id
    )


def settle(mentor_id: int, *, by: Account | None = None) -> None:
    """`by` None: the clock."""
    for pk in Thread.objects.running().own().filter(mentor=mentor_id).values_list("pk", flat=True):
        _try_to_settle(pk, by)
    settle_left_over(by=by)


def settle_left_over(*, by: Account | None = None) -> None:
    """Covers whose own thread was closed meanwhile, or whose mentor is back."""
    running = Respite.objects.running().values("mentor")
    left = Thread.objects.running().filter(covers__isnull=False)
    due = left.filter(~Q(covers__closed_at=None) | ~Q(covers__mentor__in=running))
    for pk in {each.covers_id for each in due if each.covers_id}:
        _try_to_settle(pk, by)


def say_anew(mentor_id: int) -> None:
    """Open pages show the day that has changed."""
    for client in Thread.objects.running().filter(mentor=mentor_id).values_list("client_id", flat=True):
        topics.moved(topics.person_topic(client))


def _try_to_settle(thread_id: str, by: Account | None) -> None:
    """One client must not wait for what is wrong with another's thread."""
    try:
        _settle(thread_id, by)
    except Exception as error:  # its words may hold a name
        _log.error("A thread could not follow its mentor's time away: %s.", type(error).__name__)


@transaction.atomic
def _settle(thread_id: str, by: Account | None) -> None:
    """Locked are the rooms in the order of their ids, then the threads, the cover mentor (open_thread), and the trail when every row is
    written. What is true then, counts."""
    theirs = Thread.objects.filter(Q(pk=thread_id) | Q(covers=thread_id, closed_at=None))
    rooms = {
        each.pk: each
        for each in Room.objects.select_for_update(no_key=True).filter(pk__in=theirs.values("room")).order_by("pk")
    }
    rows = Thread.objects.select_for_update(of=("self",), no_key=True).select_related("mentor__account", "client")
    thread = {each.pk: each for each in rows.filter(room__in=list(rooms)).order_by("pk")}[thread_id]
    room = rooms[thread.room_id]
    stand_ins = list(thread.cover_threads.running().select_related("mentor__account", "client", "room"))
    respite = None
    if thread.closed_at is None:
        respite = Respite.objects.running().filter(mentor=thread.mentor_id).select_related("cover").first()
    over = [each for each in stand_ins if respite is None or respite.lack or each.mentor_id != respite.cover_id]
    turns = thread.closed_at is None and room.read_only != (respite is not None)
    cover = _wanted(thread, respite) if respite is not None else None
    called_off = appointments.call_off_all(thread, _midnight(respite.ends)) if respite is not None else 0
    if turns:
        _shut(room, respite is not None)
    for each in over:
        _end_cover(each, rooms[each.room_id])
    if cover is not None:
        _open_cover(thread, cover, by)
    if turns or over or cover is not None or called_off:
        _tell(thread)
    if called_off:
        post.tell(thread.mentor.account)
        writing.record(thread, "thread.appointments_off", by)
    for each in over:
        writing.record(each, "thread.cover_over", by)


def _shut(room: Room, is_shut: bool) -> None:
    room.read_only = is_shut
    room.save(update_fields=["read_only"])
    joining.rules_changed(room)


def _end_cover(thread: Thread, room: Room) -> None:
    """Kindly: both read on, for the room's term, and nobody writes."""
    thread.closed_at, thread.closed_by = timezone.now(), Thread.Closed.COVER_OVER
    thread.save(update_fields=["closed_at", "closed_by"])
    appointments.call_off_all(thread)
    _shut(room, True)
    topics.moved(topics.person_topic(thread.mentor_id))


def _wanted(thread: Thread, respite: Respite) -> Mentor | None:
    """Who is to stand in. Not where they talk already, where one of them has closed that thread, or where the two are kept
    apart since."""
    if respite.lack or respite.cover_id is None:
        return None
    theirs = Thread.objects.filter(client=thread.client_id, mentor=respite.cover_id)
    ended = theirs.filter(covers=thread, opened_at__gte=respite.began_at).exclude(closed_at=None)
    by_hand = ended.exclude(closed_by=Thread.Closed.COVER_OVER)
    if theirs.running().exists() or by_hand.exists() or respite.cover_id in kept_apart([thread.client_id]):
        return None
    return respite.cover


def _open_cover(thread: Thread, cover: Mentor, by: Account | None) -> None:
    """Under the client's own name. Where it looks like the cover mentor's, a number keeps the two apart. What was shared in the first
    thread is read there for as long as the client wants it (thread_page), and copied nowhere."""
    client = Membership.objects.get(room=thread.room_id, account=thread.client_id)
    name = pseudonym_of(client)
    for pseudonym in (name, f"{name[: LONGEST - 2].rstrip()} 2"):
        try:
            open_thread(
                client=thread.client,
                mentor=cover,
                pseudonym=pseudonym,
                shared={},
                covers=thread,
                by=by,
            )
        except ValidationError:
            if pseudonym != name:
                raise
        else:
            return


def _tell(thread: Thread) -> None:
    writing.moved(thread)
    post.tell(thread.client)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _names_of_mentors(rooms: set[str]) -> dict[str, str]:
    """How the mentor of each of these threads is called in it."""
    mentors = set(Thread.objects.filter(room__in=rooms).values_list("room_id", "mentor_id"))
    members = Membership.objects.filter(room__in=rooms, account__in=[mentor for _, mentor in mentors])
    found = [each for each in members if (each.room_id, each.account_id) in mentors]
    sealing.warm(each.pseudonym_sealed for each in found if each.pseudonym_sealed is not None)
    return {each.room_id: pseudonym_of(each) for each in found}
