"""How long clients wait for a mentor, and whether everybody waits alike: medians, shares, by language and by condition. Numbers only.

Of the requests asked in the last WINDOW days. What could point at somebody is not shown: small numbers are covered
(rooms.small_numbers), and no median stands on fewer than SMALL. Times are from asking until the client accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from mentoring.matching.wishes import LANGUAGES, LIVED, Labels, wishes_of
from mentoring.models import Request
from mentoring.sealed import open_json, owner_of_person
from rooms.percentiles import percentile
from rooms.small_numbers import SMALL, covered
from vault import trail
from vault.sealing import Sealed, warm

WINDOW: Final = 180  # days
WITHIN: Final = (7, 28, 90)  # days
AIM: Final = 28  # days; what the program wants nobody to have to wait longer than. Our own choice
_MONTHS: Final = 6


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those who asked at least so many days ago had a mentor within them; `percent` None on too few."""

    days: int
    percent: int | None


@dataclass(frozen=True, slots=True)
class Waited:
    """`asked` None where the number is covered. Days; None where too few found a mentor."""

    label: str
    asked: int | None
    waiting: int | None
    median: float | None
    ninetieth: float | None
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    matched: int
    median: float | None
    ninetieth: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    all: Waited
    longest: int | None  # days, of those who wait now
    months: list[Month]
    languages: list[Waited]
    lived: list[Waited]


@dataclass(frozen=True, slots=True)
class _Case:
    asked: datetime
    waited: float  # days until it was settled, or until now
    is_matched: bool
    is_open: bool
    languages: frozenset[str] = frozenset()
    lived: frozenset[str] = frozenset()


def usual(now: datetime | None = None) -> int | None:
    """Days that half of those waited who found a mentor lately; None while they are too few to say. One query."""
    now = now or timezone.now()
    found = Request.objects.filter(state=Request.State.MATCHED, settled_at__gte=now - timedelta(days=WINDOW))
    waited = sorted(_days(asked, settled) for asked, settled in found.values_list("asked_at", "settled_at").order_by())
    return max(1, round(percentile(waited, 0.5))) if len(waited) >= SMALL else None


@transaction.atomic
def look(by: Account) -> Figures:
    """For a coordinator: what clients wish for is opened to count it, and that they looked is on the trail."""
    trail.record(actor=f"account:{by.pk}", act="waits.look", subject="requests")
    return figures()


def figures(now: datetime | None = None) -> Figures:
    """Two queries: the requests, and their keys."""
    now = now or timezone.now()
    cases = _cases(now)
    open_now = [each.waited for each in cases if each.is_open]
    return Figures(
        all=_waited("", cases, len(cases), now),
        longest=round(max(open_now)) if open_now else None,
        months=_months(cases, now),
        languages=_by(LANGUAGES, [(each, each.languages) for each in cases], now),
        lived=_by(LIVED, [(each, each.lived) for each in cases], now),
    )


def _cases(now: datetime) -> list[_Case]:
    rows = list(
        Request.objects.filter(asked_at__gte=now - timedelta(days=WINDOW))
        .order_by("asked_at")
        .values_list("pk", "client_id", "wishes", "state", "asked_at", "settled_at")
    )
    warm(wishes for _pk, _client, wishes, *_rest in rows if wishes is not None)
    return [_case(*row, now) for row in rows]


def _case(
    pk: str, client: int, wishes: Sealed | None, state: str, asked: datetime, settled: datetime | None, now: datetime
) -> _Case:
    stored = open_json(wishes, owner=owner_of_person(client), purpose="request.wishes", place=f"request:{pk}")
    found = wishes_of(stored)
    return _Case(
        asked,
        _days(asked, settled or now),
        state == Request.State.MATCHED,
        state in (Request.State.WAITING, Request.State.OFFERED),
        found.languages,
        found.lived,
    )


def _by(names: Labels, cases: Sequence[tuple[_Case, frozenset[str]]], now: datetime) -> list[Waited]:
    """One line for each code that somebody wished for, most first; a request stands in each of its own."""
    grouped: dict[str, list[_Case]] = {}
    for case, codes in cases:
        for code in codes:
            grouped.setdefault(str(names[code]), []).append(case)
    counted = covered((label, len(found)) for label, found in grouped.items())
    return [_waited(each.label, grouped[each.label], each.count, now) for each in counted]


def _waited(label: str, cases: Sequence[_Case], shown: int | None, now: datetime) -> Waited:
    """With the number covered, nothing else of the line is told."""
    if shown is None:
        return Waited(label, None, None, None, None, tuple(Share(days, None) for days in WITHIN))
    waited = sorted(each.waited for each in cases if each.is_matched)
    waiting = sum(each.is_open for each in cases)
    return Waited(
        label,
        shown,
        waiting if not label or waiting == 0 or waiting >= SMALL else None,
        percentile(waited, 0.5) if len(waited) >= SMALL else None,
        percentile(waited, 0.9) if len(waited) >= SMALL else None,
        tuple(_share(cases, days, now) for days in WITHIN),
    )


def _share(cases: Sequence[_Case], days: int, now: datetime) -> Share:
    """Who took their request back before that neither had nor lacked the chance."""
    had_time = [
        each
        for each in cases
        if _days(each.asked, now) >= days and (each.is_matched or each.is_open or each.waited >= days)
    ]
    if len(had_time) < SMALL:
        return Share(days, None)
    return Share(days, round(100 * sum(each.is_matched and each.waited <= days for each in had_time) / len(had_time)))


def _months(cases: Sequence[_Case], now: datetime) -> list[Month]:
    """By the month in which they asked, the newest last."""
    today = timezone.localdate(now)
    firsts = [_earlier(today.replace(day=1), number) for number in reversed(range(_MONTHS))]
    return [
        Month(first, len(waited), *_quantiles(waited))
        for first in firsts
        for waited in [sorted(_matched_in(cases, first))]
    ]


def _matched_in(cases: Sequence[_Case], first: date) -> Iterable[float]:
    return (each.waited for each in cases if each.is_matched and timezone.localdate(each.asked).replace(day=1) == first)


def _quantiles(waited: Sequence[float]) -> tuple[float | None, float | None]:
    if len(waited) < SMALL:
        return None, None
    return percentile(waited, 0.5), percentile(waited, 0.9)


def _earlier(first: date, months: int) -> date:
    month = first.month - 1 - months
    return first.replace(year=first.year + month // 12, month=month % 12 + 1)


def _days(start: datetime, end: datetime | None) -> float:
    return max(0.0, ((end or start) - start).total_seconds() / 86_400)
