"""Everybody who waits and every mentor, read from the store for matching, and the plan that follows from them.

A constant number of queries. Opening what is sealed, scoring and solving are skipped while nothing that they rest on has changed: what was
read, as it lies in the store, is kept beside what was worked out of it and compared. So nothing is ever stale, and nothing has to be told
of a change. Kept are numbers and codes, by this process alone: no name, no words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Role
from mentoring.matching.assign import Plan, plan
from mentoring.matching.people import Candidate, Seeker
from mentoring.matching.rules import SMALL_GROUP
from mentoring.matching.table import Table, table
from mentoring.matching.wishes import Wishes, offers_of, wishes_of
from mentoring.models import Apart, Mentor, Offer, Request, Respite, Thread
from mentoring.sealed import open_json, owner_of_person
from mentoring.standing import standings_of
from rooms.models import Membership, Room
from vault.sealing import Sealed, warm

_Waiting = tuple[
    str, int, "Sealed | None", datetime, "int | None"
]  # request, client, wishes, line_from, mentor of the thread before


@dataclass(frozen=True, slots=True)
class Pool:
    """`rows` and `columns` say where a request and a mentor stand in the table."""

    seekers: tuple[Seeker, ...]
    candidates: tuple[Candidate, ...]
    table: Table
    plan: Plan
    rows: dict[str, int]
    columns: dict[int, int]

    @property
    def free(self) -> int:
        """Places that could be given to somebody now."""
        return sum(
            each.free for each in self.candidates if each.standing.is_valid and each.is_taking and not each.is_away
        )


def pool(today: date | None = None) -> Pool:
    """Everybody who waits, in line, beside every mentor who is there."""
    global _kept
    stored = read(today or timezone.localdate())
    known = _kept
    if known is None or known[0] != stored:
        known = _kept = stored, _worked_out(stored)
    return known[1]


def forget() -> None:
    """What was worked out is worked out anew when it is next asked for."""
    global _kept
    _kept = None


def candidate(mentor: Mentor, today: date | None = None) -> Candidate:
    """One mentor as they stand now, for a door that has locked them."""
    return _candidates([mentor], today or timezone.localdate())[0]


def seeker(request: Request, today: date | None = None) -> Seeker:
    """One client as they stand now."""
    row = (
        request.pk,
        request.client_id,
        request.wishes,
        request.line_from,
        request.after.mentor_id if request.after else None,
    )
    return _seekers([row], today or timezone.localdate(), {request.pk: wishes_in(request)})[0]


def wishes_in(request: Request) -> Wishes:
    return wishes_of(stored_in(request))


def stored_in(request: Request) -> dict[str, Any]:
    """The JSON of a request, codes and words. Opening it for somebody else than the client is a look (`requests.look`)."""
    return _opened(request.pk, request.client_id, request.wishes)


@dataclass(frozen=True, slots=True)
class Stored:
    """As it lies in the store; the wishes are still sealed."""

    waiting: Sequence[_Waiting]
    seekers: list[Seeker]
    candidates: list[Candidate]


_kept: tuple[Stored, Pool] | None = None


def read(today: date) -> Stored:
    """Everything that matching rests on. What mentors offer is opened, what clients wish for is not."""
    waiting = list(
        Request.objects.filter(state=Request.State.WAITING, client__is_active=True, client__role=Role.CLIENT)
        .order_by("line_from", "pk")
        .values_list("pk", "client_id", "wishes", "line_from", "after__mentor_id")
    )
    mentors = list(Mentor.objects.filter(account__is_active=True, account__role=Role.MENTOR).order_by("pk"))
    return Stored(waiting, _seekers(waiting, today, {}), _candidates(mentors, today))


def opened(stored: Stored) -> tuple[Seeker, ...]:
    """Those who wait, with what they wish for: one query for all keys."""
    warm(wishes for _request, _client, wishes, *_rest in stored.waiting if wishes is not None)
    wishes = {
        request: wishes_of(_opened(request, client, sealed))
        for request, client, sealed, _line, _before in stored.waiting
    }
    return tuple(replace(each, wishes=wishes[each.id]) for each in stored.seekers)


def _worked_out(stored: Stored) -> Pool:
    seekers, candidates = opened(stored), tuple(stored.candidates)
    found = table(seekers, candidates)
    return Pool(
        seekers,
        candidates,
        found,
        plan(seekers, candidates, found),
        {each.id: row for row, each in enumerate(seekers)},
        {each.id: column for column, each in enumerate(candidates)},
    )


def _seekers(waiting: Sequence[_Waiting], today: date, wishes: dict[str, Wishes]) -> list[Seeker]:
    """Three queries. `wishes` by request, where they are open already."""
    clients = [client for _request, client, *_rest in waiting]
    apart = _sets(Apart.objects.filter(_one_of("client_id", clients)).values_list("client_id", "mentor_id"))
    requests = [request for request, *_rest in waiting]
    declined = _sets(
        Offer.objects.filter(_one_of("request_id", requests), state=Offer.State.DECLINED).values_list(
            "request_id", "mentor_id"
        )
    )
    groups = small_groups(clients)
    return [
        Seeker(
            id=request,
            client=client,
            days=(today - timezone.localdate(line_from)).days,
            wishes=wishes.get(request, _NONE),
            groups=frozenset(groups.get(client, ())),
            apart=frozenset(apart.get(client, ())),
            declined=frozenset(declined.get(request, set()) | ({before} if before else set())),
        )
        for request, client, _wishes, line_from, before in waiting
    ]


_NONE = Wishes()


def _candidates(mentors: list[Mentor], today: date) -> list[Candidate]:
    """Eight queries: four of them ask for credentials."""
    numbers = [each.pk for each in mentors]
    standings = standings_of(mentors, today)
    running = _counts(Thread.objects.running().filter(_one_of("mentor_id", numbers)))
    offered = _counts(Offer.objects.filter(_one_of("mentor_id", numbers), state=Offer.State.OPEN))
    away = set(
        Respite.objects.filter(state=Respite.State.RUNNING, mentor__in=mentors).values_list("mentor_id", flat=True)
    )
    groups = small_groups(numbers)
    warm(each.offers for each in mentors if each.offers is not None)
    return [
        Candidate(
            id=each.pk,
            places=each.places,
            carried=running.get(each.pk, 0) + offered.get(each.pk, 0),
            offers=offers_of(offers_stored_in(each), each.hours),
            standing=standings[each.pk],
            has_name=each.called is not None,
            is_taking=each.is_taking and (each.taking_again is None or each.taking_again <= today),
            is_away=each.pk in away,
            groups=frozenset(groups.get(each.pk, ())),
        )
        for each in mentors
    ]


def offers_stored_in(mentor: Mentor) -> dict[str, Any]:
    """The JSON of what a mentor offers, codes and words."""
    return open_json(
        mentor.offers, owner=owner_of_person(mentor.pk), purpose="mentor.offers", place=f"mentor:{mentor.pk}"
    )


def _opened(request_id: str, client_id: int, wishes: Sealed | None) -> dict[str, Any]:
    return open_json(wishes, owner=owner_of_person(client_id), purpose="request.wishes", place=f"request:{request_id}")


def small_groups(accounts: list[int]) -> dict[int, set[str]]:
    """In which groups with few clients each of these stands."""
    clients = Count(
        "memberships", filter=Q(memberships__in=Membership.objects.standing().filter(account__role=Role.CLIENT))
    )
    small = Room.objects.filter(kind=Room.Kind.GROUP).annotate(clients=clients).filter(clients__lt=SMALL_GROUP)
    rooms = list(small.order_by().values_list("pk", flat=True))
    standing = Membership.objects.standing().filter(_one_of("account_id", accounts), room__in=rooms)
    return _sets(standing.values_list("account_id", "room_id"))


_MANY = 500  # numbers in a query; beyond it is quicker to read all, and the engines do not take any number of them


def _one_of(name: str, numbers: list[Any]) -> Q:
    return Q(**{f"{name}__in": numbers}) if len(numbers) <= _MANY else Q()


def _sets(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, set[Any]]:
    found: dict[Any, set[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return found


def _counts(rows: Any) -> dict[int, int]:
    return dict(rows.order_by().values_list("mentor_id").annotate(Count("pk")))
