"""A case as the queue shows it: what it is about in a word, where, whose it is and how late. No content and no pseudonym."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from moderation.filters import Standing
from moderation.models import Case, Category, Severity
from moderation.standing import state_of
from vault import sealing

# After the Columbia scale; for trained staff, and only to set the order.
LEVELS = ("", _("a wish to be dead"), _("thoughts"), _("thoughts with a method"), _("intent"), _("a plan or an act"))

# All of a case that a row needs.
FIELDS = (
    *("id", "room__name", "severity", "category", "level", "graphic", "state", "tier", "flags_count", "outcome"),
    *("opened_at", "due_at", "held_until", "snoozed_until", "resolved_at", "acknowledged_at"),
    *("holder_id", "assigned_to_id", "handed_to_id", "acknowledged_by_id", "resolved_by_id"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`who` is the name of the colleague who has it or had it last, `assigned` of the one that it was given to."""

    id: str
    severity: Severity
    category: Category
    level: str
    room: str
    state: Standing  # never OPEN
    who: str
    flags: int
    opened_at: datetime
    due_at: datetime
    is_late: bool
    graphic: bool
    assigned: str
    is_for_me: bool
    until: datetime | None  # when a claim runs out, or a case that was put off comes back
    acknowledged: bool  # a clinician took the hand-over
    resolved_at: datetime | None
    outcome: str

    @property
    def clock_runs(self) -> bool:
        """Somebody is still expected: a moderator, or the clinician it was handed to."""
        return _runs(self.state, acknowledged=self.acknowledged)


def rows_of(found: Iterable[Case], account: Account, now: datetime) -> tuple[Row, ...]:
    """Cases with their rooms loaded, as `account` sees them."""
    cases = list(found)
    names = _names(cases)
    return tuple(_row(case, state_of(case, account, now), account, names, now) for case in cases)


def _row(case: Case, state: Standing, account: Account, names: dict[int, str], now: datetime) -> Row:
    return Row(
        id=case.pk,
        severity=Severity(case.severity),
        category=Category(case.category),
        level=str(LEVELS[min(case.level, len(LEVELS) - 1)]),
        room=case.room.title if case.room else "",
        state=state,
        who=names.get(_has(case, state) or 0, ""),
        flags=case.flags_count,
        opened_at=case.opened_at,
        due_at=case.due_at,
        is_late=_runs(state, acknowledged=case.acknowledged_at is not None) and case.due_at < now,
        graphic=case.graphic,
        assigned=names.get(case.assigned_to_id or 0, ""),
        is_for_me=case.assigned_to_id == account.pk,
        until=_until(case, state),
        acknowledged=case.acknowledged_at is not None,
        resolved_at=case.resolved_at,
        outcome=case.get_outcome_display(),
    )


def _runs(state: Standing, *, acknowledged: bool) -> bool:
    return state is Standing.WAITING or (state is Standing.HANDED_OVER and not acknowledged)


def _has(case: Case, state: Standing) -> int | None:
    match state:
        case Standing.MINE | Standing.CLAIMED:
            return case.holder_id
        case Standing.HANDED_OVER:
            return case.acknowledged_by_id or case.handed_to_id
        case Standing.RESOLVED:
            return case.resolved_by_id
    return None


def _until(case: Case, state: Standing) -> datetime | None:
    match state:
        case Standing.MINE | Standing.CLAIMED:
            return case.held_until
        case Standing.SNOOZED:
            return case.snoozed_until
    return None


def _names(cases: list[Case]) -> dict[int, str]:
    """Staff are named to one another: one query for all of them, and one for their keys."""
    wanted = {
        pk
        for case in cases
        for pk in (case.holder_id, case.assigned_to_id, case.handed_to_id, case.acknowledged_by_id, case.resolved_by_id)
        if pk is not None
    }
    staff = list(Account.objects.filter(pk__in=wanted)) if wanted else []
    sealing.warm(account.sealed_name for account in staff if account.sealed_name is not None)
    return {account.pk: account.name for account in staff}
