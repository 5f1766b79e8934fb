"""How the team answers: how soon cases are taken, which came late, what they are about, what is open. Numbers only.

No content, and nobody whom a case is about. What could point at somebody is not shown exactly: a room or a category with
a few cases (small_numbers). Called by the team view; three queries, however many cases there are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, pairwise

from django.db import models
from django.db.models import Count, ExpressionWrapper, Q
from django.utils import timezone
from django.utils.translation import gettext

from moderation.models import Case, Category, Severity
from rooms.models import Room
from rooms.percentiles import percentile
from rooms.seconds import Seconds
from rooms.small_numbers import Counted, covered

PERIODS = (7, 28, 90)  # days, today among them
AGES = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1), timedelta(days=3), timedelta(days=7))
_A_DAY_EACH = 28  # up to so many days the plots go by day, beyond by week
_CHUNK = 5000  # rows read at a time


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
    counted = _count(firsts, now)
    steps = [
        Step(first, _answering(tallies.values()), {severity: _answering([tallies[severity]]) for severity in Severity})
        for first, tallies in zip(firsts, counted.steps, strict=True)
    ]
    by_severity = {severity: [tallies[severity] for tallies in counted.steps] for severity in Severity}
    return Figures(
        days=days,
        by_week=days > _A_DAY_EACH,
        all=_answering(chain.from_iterable(by_severity.values())),
        by_severity={severity: _answering(tallies) for severity, tallies in by_severity.items()},
        steps=steps,
        categories=covered((str(Category(name).label), count) for name, count in counted.categories.items()),
        rooms=_rooms(counted.rooms),
        open_now=_open_now(now),
    )


@dataclass(slots=True)
class _Tally:
    """The cases of one severity in one step: how many, how many late, and how many seconds each waited that somebody took."""

    cases: int = 0
    late: int = 0
    waits: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Counted:
    steps: list[dict[str, _Tally]]
    categories: Counter[str] = field(default_factory=Counter)
    rooms: Counter[str | None] = field(default_factory=Counter)


def _count(firsts: Sequence[date], now: datetime) -> _Counted:
    """One pass over the cases of the period, as numbers."""
    starts = [int(_midnight(first).timestamp()) for first in firsts]
    counted = _Counted([{severity: _Tally() for severity in Severity} for _ in firsts])
    for severity, category, room, opened, answered, is_late in _rows(_midnight(firsts[0]), now):
        tally = counted.steps[max(0, bisect_right(starts, opened) - 1)][severity]
        tally.cases += 1
        tally.late += is_late
        if answered is not None:
            tally.waits.append(max(0, answered - opened))
        counted.categories[category] += 1
        counted.rooms[room] += 1
    return counted


def _rows(since: datetime, now: datetime) -> Iterator[tuple[str, str, str | None, int, int | None, int]]:
    """Severity, category, room, when it was opened and first answered (seconds since 1970), 1 where that was late."""
    waits_too_long = Q(first_response_at=None, due_at__lt=now) & ~Q(state=Case.State.RESOLVED)
    is_late = ExpressionWrapper(Q(was_late=True) | waits_too_long, output_field=models.IntegerField())
    return (
        Case.objects.filter(opened_at__gte=since)
        .order_by()
        .values_list("severity", "category", "room_id", Seconds("opened_at"), Seconds("first_response_at"), is_late)
        .iterator(chunk_size=_CHUNK)
    )


def _answering(tallies: Iterable[_Tally]) -> Answering:
    found = list(tallies)
    waits = sorted(chain.from_iterable(tally.waits for tally in found))
    return Answering(
        cases=sum(tally.cases for tally in found),
        answered=len(waits),
        late=sum(tally.late for tally in found),
        median=percentile(waits, 0.5) if waits else None,
        ninetieth=percentile(waits, 0.9) if waits else None,
    )


def _firsts(days: int, today: date) -> list[date]:
    """The first day of each step, oldest first. Weeks are counted back from today; the oldest may be shorter."""
    oldest = today - timedelta(days=days - 1)
    step = 7 if days > _A_DAY_EACH else 1
    last = today - timedelta(days=step - 1)
    return sorted({max(oldest, last - timedelta(days=back)) for back in range(0, days, step)})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _rooms(counts: Counter[str | None]) -> list[Counted]:
    """All private threads count as one place: a line of its own would point at two people."""
    found = {room.pk: room for room in Room.objects.filter(pk__in=[room for room in counts if room])}
    in_threads = sum(count for room, count in counts.items() if room in found and found[room].is_thread)
    named = [
        (found[room].title, count) for room, count in counts.items() if room in found and not found[room].is_thread
    ]
    return covered([*named, *([(gettext("Private threads"), in_threads)] if in_threads else [])])


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
