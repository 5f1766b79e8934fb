"""How the team answers: how soon cases are taken, which came late, what they are about, what is open. Numbers only.

No content, and nobody whom a case is about. What could point at somebody is not shown exactly: a room or a category with
a few cases (small_numbers). Called by the team view; four queries, however many cases there are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, ExpressionWrapper, Q
from django.utils import timezone

from moderation.models import Case, Category, Severity
from moderation.small_numbers import Counted, covered

PERIODS = (7, 28, 90)  # days, today among them
AGES = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1), timedelta(days=3), timedelta(days=7))
_A_DAY_EACH = 28  # up to so many days the plots go by day, beyond by week


@dataclass(frozen=True, slots=True)
class Answering:
    """How soon cases were taken. Percentiles are seconds, of the answered ones; None where there are none."""

    cases: int
    answered: int
    late: int  # taken after the clock, or still waiting beyond it
    median: float | None
    ninetieth: float | None

    @property
    def in_time(self) -> int:
        return self.cases - self.late


@dataclass(frozen=True, slots=True)
class Step:
    """A day or a week, by its first day."""

    first: date
    all: Answering
    by_severity: dict[Severity, Answering]


@dataclass(frozen=True, slots=True)
class Aged:
    """Cases that are open now, by how long ago they were opened: one number for each of AGES and one for all older."""

    severity: Severity
    counts: list[int]
    overdue: int  # no moderator, or no clinician after a hand-over, took them before the clock ran out

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Figures:
    days: int
    by_week: bool
    all: Answering
    by_severity: dict[Severity, Answering]
    steps: list[Step]
    categories: list[Counted]
    rooms: list[Counted]
    open_now: list[Aged]


def figures(days: int, now: datetime | None = None) -> Figures:
    """Of the cases opened in the last `days` days of the program's calendar, today included."""
    now = now or timezone.now()
    firsts = _firsts(days, timezone.localdate(now))
    since = _midnight(firsts[0])
    rows = _rows(since, now)
    opened_since = Case.objects.filter(opened_at__gte=since).order_by()
    return Figures(
        days=days,
        by_week=days > _A_DAY_EACH,
        all=_answering(rows),
        by_severity=_by_severity(rows),
        steps=_steps(rows, firsts),
        categories=_categories(opened_since),
        rooms=_rooms(opened_since),
        open_now=_open_now(now),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Of values in order, at least one; between two of them on a straight line (as PostgreSQL's percentile_cont)."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


@dataclass(frozen=True, slots=True)
class _Row:
    """One case, as far as the figures need it. Times are seconds since 1970; `wait` is None until somebody took it."""

    severity: str
    opened: int
    wait: int | None
    is_late: bool


class _Seconds(models.Func):
    """A time as whole seconds since 1970, worked out by the database: Python would take a second for 100,000 rows."""

    output_field = models.BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        return self.as_sql(
            compiler, connection, template="CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)", **context
        )

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        return self.as_sql(
            compiler, connection, template="FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint", **context
        )


def _rows(since: datetime, now: datetime) -> list[_Row]:
    waits_too_long = Q(first_response_at=None, due_at__lt=now) & ~Q(state=Case.State.RESOLVED)
    found = (
        Case.objects.filter(opened_at__gte=since)
        .order_by()
        .values_list(
            "severity",
            _Seconds("opened_at"),
            _Seconds("first_response_at"),
            ExpressionWrapper(Q(was_late=True) | waits_too_long, output_field=models.BooleanField()),
        )
    )
    return [
        _Row(severity, opened, None if answered is None else max(0, answered - opened), bool(is_late))
        for severity, opened, answered, is_late in found
    ]


def _answering(rows: Sequence[_Row]) -> Answering:
    waits = sorted(row.wait for row in rows if row.wait is not None)
    return Answering(
        cases=len(rows),
        answered=len(waits),
        late=sum(row.is_late for row in rows),
        median=percentile(waits, 0.5) if waits else None,
        ninetieth=percentile(waits, 0.9) if waits else None,
    )


def _by_severity(rows: Sequence[_Row]) -> dict[Severity, Answering]:
    sorted_out: dict[str, list[_Row]] = {severity: [] for severity in Severity}
    for row in rows:
        sorted_out[row.severity].append(row)
    return {severity: _answering(sorted_out[severity]) for severity in Severity}


def _steps(rows: Sequence[_Row], firsts: Sequence[date]) -> list[Step]:
    starts = [int(_midnight(first).timestamp()) for first in firsts]
    buckets: list[list[_Row]] = [[] for _ in firsts]
    for row in rows:
        buckets[max(0, bisect_right(starts, row.opened) - 1)].append(row)
    return [
        Step(first, _answering(bucket), _by_severity(bucket)) for first, bucket in zip(firsts, buckets, strict=True)
    ]


def _firsts(days: int, today: date) -> list[date]:
    """The first day of each step, oldest first. Weeks are counted back from today; the oldest may be shorter."""
    oldest = today - timedelta(days=days - 1)
    step = 7 if days > _A_DAY_EACH else 1
    last = today - timedelta(days=step - 1)
    return sorted({max(oldest, last - timedelta(days=back)) for back in range(0, days, step)})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _categories(cases: models.QuerySet[Case]) -> list[Counted]:
    found = cases.values_list("category").annotate(count=Count("pk"))
    return covered((str(Category(category).label), count) for category, count in found)


def _rooms(cases: models.QuerySet[Case]) -> list[Counted]:
    found = cases.exclude(room=None).values_list("room__name", "room_id").annotate(count=Count("pk"))
    return covered((name, count) for name, _, count in found)


def _open_now(now: datetime) -> list[Aged]:
    edges = [None, *(now - age for age in AGES), None]
    bands = {
        f"band{number}": Count("pk", filter=_between(older, newer))
        for number, (newer, older) in enumerate(pairwise(edges))
    }
    unclaimed = Q(state__in=(Case.State.OPEN, Case.State.REOPENED)) | Q(state=Case.State.CLAIMED, held_until__lt=now)
    unanswered = Q(state=Case.State.HANDED_OVER, acknowledged_at=None)
    waiting = Q(due_at__lt=now) & (unclaimed | unanswered)
    found = {
        row["severity"]: row
        for row in Case.objects.unresolved()
        .order_by()
        .values("severity")
        .annotate(**bands, overdue=Count("pk", filter=waiting))
    }
    return [
        Aged(
            severity,
            [row[band] for band in bands] if (row := found.get(severity)) else [0] * len(bands),
            row["overdue"] if row else 0,
        )
        for severity in Severity
    ]


def _between(older: datetime | None, newer: datetime | None) -> Q:
    """Opened after `older` and not after `newer`; None is open-ended."""
    after = Q(opened_at__gt=older) if older else Q()
    until = Q(opened_at__lte=newer) if newer else Q()
    return after & until
