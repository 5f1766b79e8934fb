"""Whom to propose, in words: for each client who waits, whom the overall assignment gives them, then who fits best; or why nobody does.

Called by the coordinator's pages. The pairs come from `pool`; names are opened for those on the page alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.models import Account
from mentoring import pool as pools
from mentoring.matching import fit, reasons, rules
from mentoring.matching.people import Candidate, Seeker
from mentoring.matching.rules import Rule
from mentoring.mentors import called
from mentoring.models import Mentor, Offer, Request
from mentoring.pool import Pool
from vault import trail
from vault.sealing import warm

A_PAGE: Final = 25
SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    mentor_id: int
    name: str
    called: str
    percent: int
    strength: str
    is_planned: bool
    speaks_for: list[str]
    speaks_against: list[str]
    unsaid: str


@dataclass(frozen=True, slots=True)
class Line:
    """One client who waits. `nobody` says which rule keeps how many mentors away, where no proposal is left."""

    request_id: str
    name: str
    asked_at: datetime
    days: int
    is_again: bool
    proposals: list[Proposal]
    nobody: list[str]
    note: str


@dataclass(frozen=True, slots=True)
class Out:
    """An offer that waits for the client's answer."""

    offer_id: str
    request_id: str
    name: str
    mentor: str
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    number: int
    pages: int
    waiting: int
    free: int
    planned: int
    longest: int


def page(number: int, by: Account) -> Page:
    """The waiting list, oldest first, A_PAGE at a time. That a coordinator looked is on the trail."""
    found = pools.pool()
    pages = max(1, -(-len(found.seekers) // A_PAGE))
    number = min(max(1, number), pages)
    seekers = found.seekers[(number - 1) * A_PAGE : number * A_PAGE]
    if seekers:
        ends = f"request:{seekers[0].id} to request:{seekers[-1].id}"
        trail.record(actor=f"account:{by.pk}", act="matching.look", subject=ends)
    return Page(
        lines=_lines(found, seekers),
        number=number,
        pages=pages,
        waiting=len(found.seekers),
        free=found.free,
        planned=len(found.plan.mentors),
        longest=max((each.days for each in found.seekers), default=0),
    )


def of_request(request: Request) -> tuple[Line | None, list[tuple[int, str]]]:
    """The proposals for one request that waits, and every mentor it may have, best first, by number and name."""
    found = pools.pool()
    row = found.rows.get(request.pk)
    if row is None:
        return None, []
    [line] = _lines(found, [found.seekers[row]])
    columns = _best_first(found, row)
    names = _names([found.candidates[column].id for column in columns])
    return line, [(found.candidates[column].id, names[found.candidates[column].id]) for column in columns]


@transaction.atomic
def out(by: Account) -> list[Out]:
    """What waits for an answer, soonest to lapse first. That a coordinator looked is on the trail."""
    trail.record(actor=f"account:{by.pk}", act="offer.look", subject="offers")
    return _out(Offer.objects.filter(state=Offer.State.OPEN))


def offer_of(request: Request) -> Out | None:
    """The one that is out for this request."""
    return next(iter(_out(Offer.objects.filter(state=Offer.State.OPEN, request=request))), None)


def _out(asked: QuerySet[Offer]) -> list[Out]:
    offers = list(asked.select_related("request__client", "mentor__account").order_by("expires_at", "pk"))
    warm(
        name
        for each in offers
        for name in (each.request.client.sealed_name, each.mentor.account.sealed_name)
        if name is not None
    )
    return [
        Out(each.pk, each.request_id, each.request.client.name, each.mentor.account.name, each.at, each.expires_at)
        for each in offers
    ]


def _lines(found: Pool, seekers: Sequence[Seeker]) -> list[Line]:
    chosen = {each.id: _chosen(found, each) for each in seekers}
    requests = Request.objects.filter(pk__in=[each.id for each in seekers]).values_list("pk", "asked_at", "after_id")
    about = {pk: (asked_at, after) for pk, asked_at, after in requests}
    clients = _names([each.client for each in seekers])
    mentors = _called({found.candidates[column].id for columns in chosen.values() for column in columns})
    taken = Counter(found.plan.mentors.values())
    return [
        Line(
            request_id=each.id,
            name=clients[each.client],
            asked_at=about[each.id][0],
            days=each.days,
            is_again=about[each.id][1] is not None,
            proposals=[_proposal(found, each, column, mentors, taken) for column in chosen[each.id]],
            nobody=[] if chosen[each.id] else _nobody(each, found.candidates),
            note=_note(found, each) if chosen[each.id] else "",
        )
        for each in seekers
        if each.id in about  # a page is not one moment: somebody may have been matched since the list was read
    ]


def _chosen(found: Pool, seeker: Seeker) -> list[int]:
    """Columns: first that of the overall assignment, then the best others."""
    best = _best_first(found, found.rows[seeker.id])
    planned = found.plan.mentors.get(seeker.id)
    first = [found.columns[planned]] if planned is not None else []
    return [*first, *(column for column in best if column not in first)][:SHOWN]


def _best_first(found: Pool, row: int) -> list[int]:
    allowed = np.flatnonzero(found.table.allowed[row])
    return [int(column) for column in allowed[np.argsort(-found.table.fits[row, allowed], kind="stable")]]


def _proposal(
    found: Pool, seeker: Seeker, column: int, mentors: dict[int, tuple[str, str]], taken: Counter[int]
) -> Proposal:
    candidate = found.candidates[column]
    parts = fit.parts(seeker.wishes, candidate.offers)
    value = fit.fit(parts)
    is_planned = found.plan.mentors.get(seeker.id) == candidate.id
    against = reasons.speaks_against(parts)
    if not is_planned and taken[candidate.id] >= candidate.free:
        against.append(gettext("In the best plan for all, the free places of this mentor go to others who wait."))
    name, known_as = mentors[candidate.id]
    return Proposal(
        candidate.id,
        name,
        known_as,
        round(100 * value),
        reasons.strength(value),
        is_planned,
        reasons.speaks_for(parts),
        against,
        reasons.is_open(parts),
    )


def _note(found: Pool, seeker: Seeker) -> str:
    if seeker.id in found.plan.mentors:
        return ""
    return gettext(
        "There are not enough free places. In the best plan for all, those that would be right go to others who wait."
    )


def _nobody(seeker: Seeker, candidates: Iterable[Candidate]) -> list[str]:
    """By the first rule that is broken, so that every mentor counts once."""
    counts: Counter[Rule] = Counter()
    for candidate in candidates:
        counts[rules.broken(seeker, candidate)[0]] += 1
    if not counts:
        return [gettext("There is no mentor yet.")]
    return [reasons.counted(rule, counts[rule]) for rule in Rule if counts[rule]]


def _names(accounts: Iterable[int]) -> dict[int, str]:
    found = list(Account.objects.filter(pk__in=list(accounts)).only("pk", "sealed_name"))
    warm(each.sealed_name for each in found if each.sealed_name is not None)
    return {each.pk: each.name for each in found}


def _called(numbers: set[int]) -> dict[int, tuple[str, str]]:
    """A mentor's name, and how clients know them."""
    mentors = list(Mentor.objects.filter(pk__in=numbers).select_related("account"))
    warm(each for one in mentors for each in (one.called, one.account.sealed_name) if each is not None)
    return {each.pk: (each.account.name, called(each)) for each in mentors}
