"""The queue as a moderator works it: a page of it, how much waits, and taking the next case.

However many cases there are, a page is read in a few steps through an index and a count stops at 200.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Account
from moderation import cases
from moderation.cursors import Cursor
from moderation.filters import Filters, Standing
from moderation.models import Case, Severity
from moderation.models.cases import CaseQuerySet
from moderation.refusals import Refused
from moderation.rows import FIELDS, Row, rows_of
from moderation.standing import chosen, ordered

PAGE = 50  # rows
MOST = 500  # rows that a live page may hold at once
COUNTED = 199  # more than that is said as "199+": who would tell 200 from 1,000, and counting on costs milliseconds
_CRISES = 20  # the newest that a page is told of
_COUNTED_STATES = (Standing.MINE, Standing.CLAIMED, Standing.HANDED_OVER, Standing.SNOOZED)
_WAITING = Filters(state=Standing.WAITING)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`after` leads to the rows that follow, None at the end. `changes_at`: when a row's claim or rest ends by itself."""

    rows: tuple[Row, ...]
    after: Cursor | None
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tally:
    number: int

    def __str__(self) -> str:
        return str(self.number) if self.number <= COUNTED else f"{COUNTED}+"

    def __bool__(self) -> bool:
        return self.number > 0


@dataclass(frozen=True, slots=True)
class Counts:
    """`waiting` by severity, the worst first; `states` for the tabs."""

    waiting: dict[Severity, Tally]
    states: dict[Standing, Tally]


def page(account: Account, filters: Filters, after: Cursor | None = None, *, size: int = PAGE) -> QueuePage:
    """Up to `size` rows. What it costs depends neither on how many cases there are nor on how far down `after` is."""
    now = timezone.now()
    found = ordered(chosen(account, filters, now), filters.state, after)
    shown = list(found.select_related("room").only(*FIELDS)[: size + 1])
    rows = rows_of(shown[:size], account, now)
    ends = [row.until for row in rows if row.until is not None]
    return QueuePage(rows, Cursor.of(shown[size - 1]) if len(shown) > size else None, min(ends, default=None))


def counts(account: Account) -> Counts:
    """Of the whole queue, whatever it is narrowed down to: a crisis is not to be missed behind a filter."""
    now = timezone.now()
    waiting = chosen(account, _WAITING, now)
    severities = {severity: _tally(waiting.filter(severity=severity)) for severity in Severity}
    states = {state: _tally(chosen(account, Filters(state=state), now)) for state in _COUNTED_STATES}
    states[Standing.WAITING] = Tally(sum(tally.number for tally in severities.values()))
    return Counts(severities, states)


def crises(account: Account) -> list[str]:
    """The newest crisis cases that wait, so that a page knows which of them it has not told of yet."""
    waiting = chosen(account, _WAITING, timezone.now()).filter(tier=0)
    return list(waiting.order_by("-tier", "-due_at", "-pk").values_list("pk", flat=True)[:_CRISES])


def claim_next(by: Account) -> Case | None:
    """The first case that waits, now held by `by`; None where nothing waits.

    What was given to a colleague is passed over, unless it is a crisis or late. Somebody faster is no error: the next one is taken.
    """
    passed: set[str] = set()
    while _next(by, passed).exists():
        case = _claim_first(by, passed, skip_locked=True) or _claim_first(by, passed, skip_locked=False)
        if case is not None:
            return case
    return None


def _claim_first(by: Account, passed: set[str], *, skip_locked: bool) -> Case | None:
    """First among the cases that nobody is writing to, so that ten who claim at once do not queue for one row."""
    with transaction.atomic():
        first = (
            _next(by, passed)
            .select_for_update(no_key=True, skip_locked=skip_locked)
            .values_list("pk", flat=True)
            .first()
        )
        if first is None:
            return None
        try:
            return cases.claim(first, by)
        except Refused:
            passed.add(first)
            return None


def _next(by: Account, passed: Iterable[str]) -> CaseQuerySet:
    now = timezone.now()
    colleagues = Q(assigned_to__isnull=False) & ~Q(assigned_to=by)
    can_wait = Q(tier__gt=0, due_at__gt=now)
    return chosen(by, _WAITING, now).exclude(colleagues & can_wait).exclude(pk__in=passed).in_order()


def _tally(found: CaseQuerySet) -> Tally:
    return Tally(found[: COUNTED + 1].count())
