"""Threads while their mentor is away: shut with a kind sentence, a thread of its own with the cover mentor, and all of it back again.

`settle` brings a mentor's threads in line with whether they are away now, and may be called again at any time. Called by `respite`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mentoring import appointments, post
from mentoring.models import Apart, Respite, Thread
from mentoring.sealed import open_json, owner_of_thread
from mentoring.threads import open_thread
from rooms import joining, topics
from rooms.faces import pseudonym_of
from rooms.models import Membership, Room
from rooms.pseudonyms import LONGEST
from vault import sealing, trail


@dataclass(frozen=True, slots=True)
class Away:
    """`until` is the day on which the mentor is back. `cover` and `room_id` (of the talk with whoever stands in) may be empty."""

    until: date
    mentor: str
    cover: str = ""
    room_id: str = ""


def away_of(thread: Thread) -> Away | None:
    """Why this thread rests, and who is there meanwhile; None while its mentor is there."""
    return aways_of([thread]).get(thread.pk)


def aways_of(threads: Iterable[Thread]) -> dict[str, Away]:
    """By the thread's id, for those whose mentor is away. Five queries at most, however many."""
    resting = {each.pk: each for each in threads if each.closed_at is None and each.covers_id is None}
    mentors = {each.mentor_id for each in resting.values()}
    away = {each.mentor_id: each for each in Respite.objects.running().filter(mentor__in=mentors)}
    resting = {pk: each for pk, each in resting.items() if each.mentor_id in away}
    if not resting:
        return {}
    clients = {each.client_id for each in resting.values()}
    stands_in = {
        (each.client_id, each.mentor_id): each.room_id
        for each in Thread.objects.running().filter(
            mentor__in=[each.cover_id for each in away.values()], client__in=clients
        )
    }
    rooms = {each.room_id for each in resting.values()} | set(stands_in.values())
    names = _names_of_mentors(rooms)
    found = {}
    for pk, thread in resting.items():
        respite = away[thread.mentor_id]
        room = "" if respite.lack else stands_in.get((thread.client_id, respite.cover_id), "")
        found[pk] = Away(respite.ends, names.get(thread.room_id, ""), names.get(room, ""), room)
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


def settle(mentor_id: int) -> None:
    for pk in Thread.objects.running().own().filter(mentor=mentor_id).values_list("pk", flat=True):
        _settle(pk)
    settle_left_over()


def settle_left_over() -> None:
    """Covers whose own thread was closed meanwhile, or whose mentor is back."""
    running = Respite.objects.running().values("mentor")
    left = Thread.objects.running().filter(covers__isnull=False)
    due = left.filter(~Q(covers__closed_at=None) | ~Q(covers__mentor__in=running))
    for pk in {each.covers_id for each in due if each.covers_id}:
        _settle(pk)


def say_anew(mentor_id: int) -> None:
    """Open pages show the day that has changed."""
    for client in Thread.objects.running().filter(mentor=mentor_id).values_list("client_id", flat=True):
        topics.moved(topics.person_topic(client))


@transaction.atomic
def _settle(thread_id: str) -> None:
    """Rooms are locked first, in the order of their ids; what is true then, counts."""
    theirs = Thread.objects.filter(Q(pk=thread_id) | Q(covers=thread_id, closed_at=None))
    rooms = {
        each.pk: each for each in Room.objects.select_for_update().filter(pk__in=theirs.values("room")).order_by("pk")
    }
    thread = Thread.objects.select_related("mentor__account", "client").get(pk=thread_id)
    room = rooms[thread.room_id]
    stand_ins = list(thread.cover_threads.running().select_related("mentor__account", "client", "room"))
    respite = None
    if thread.closed_at is None:
        running = Respite.objects.running().filter(mentor=thread.mentor_id)
        respite = running.select_related("cover__account", "mentor__account").first()
    over = [each for each in stand_ins if respite is None or respite.lack or each.mentor_id != respite.cover_id]
    turns = thread.closed_at is None and room.read_only != (respite is not None)
    opens = respite is not None and _wants_cover(thread, respite)
    if turns:
        _shut(room, respite is not None)
    for each in over:
        _end_cover(each, rooms[each.room_id])
    if respite is not None and opens:
        _open_cover(thread, respite)
    if turns or over or opens:
        _tell(thread)


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
    trail.record(actor="clock", act="thread.cover_over", subject=f"thread:{thread.pk}")


def _wants_cover(thread: Thread, respite: Respite) -> bool:
    """Not where they talk already, where one of them has closed that thread, or where the two are kept apart since."""
    if respite.lack:
        return False
    theirs = Thread.objects.filter(client=thread.client_id, mentor=respite.cover_id)
    ended = theirs.filter(covers=thread, opened_at__gte=respite.began_at).exclude(closed_at=None)
    by_hand = ended.exclude(closed_by=Thread.Closed.COVER_OVER)
    apart = Apart.objects.filter(client=thread.client_id, mentor=respite.cover_id)
    return not (theirs.running().exists() or by_hand.exists() or apart.exists())


def _open_cover(thread: Thread, respite: Respite) -> None:
    """Under the client's own name. Where it looks like the cover mentor's, a number keeps the two apart."""
    client = Membership.objects.get(room=thread.room_id, account=thread.client_id)
    name = pseudonym_of(client)
    shared = open_json(
        thread.shared if thread.shares_with_cover else None,
        owner=owner_of_thread(thread.pk),
        purpose="thread.shared",
        place=f"thread:{thread.pk}",
    )
    for pseudonym in (name, f"{name[: LONGEST - 2].rstrip()} 2"):
        try:
            open_thread(
                client=thread.client,
                mentor=respite.cover,
                pseudonym=pseudonym,
                shared=shared,
                shares_with_cover=thread.shares_with_cover,
                covers=thread,
                by=respite.mentor.account,
            )
        except ValidationError:
            if pseudonym != name:
                raise
        else:
            return


def _tell(thread: Thread) -> None:
    topics.moved(topics.person_topic(thread.client_id))
    topics.moved(topics.person_topic(thread.mentor_id))
    post.tell(thread.client)


def _names_of_mentors(rooms: set[str]) -> dict[str, str]:
    """How the mentor of each of these threads is called in it."""
    mentors = set(Thread.objects.filter(room__in=rooms).values_list("room_id", "mentor_id"))
    members = Membership.objects.filter(room__in=rooms, account__in=[mentor for _, mentor in mentors])
    found = [each for each in members if (each.room_id, each.account_id) in mentors]
    sealing.warm(each.pseudonym_sealed for each in found if each.pseudonym_sealed is not None)
    return {each.room_id: pseudonym_of(each) for each in found}
