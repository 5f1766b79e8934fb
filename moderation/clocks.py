"""What happens to cases by the clock, every few seconds: claims lapse, rests end, and what nobody answers is told to the next.

Every process may tick at once: each case is looked at again with its row locked, and one that another process holds is left
to it. What is told is decided by the row alone, so that a tick that was missed changes nothing but the moment.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.utils import timezone

from moderation import alerts, duty, live, sending, trails
from moderation.alerts import PAGE, When, ways
from moderation.kinds import Kind
from moderation.ladder import Ladder, unanswered
from moderation.models import Act, Case, Severity

MOST = 200  # cases of a kind in one tick; the next one goes on

_WAITING = Q(state__in=(Case.State.OPEN, Case.State.REOPENED))
_NOT_RESOLVED = ~Q(state=Case.State.RESOLVED)  # as the indexes of the queue say it

log = logging.getLogger(__name__)


def tick(now: datetime | None = None) -> int:
    """Brings all clocks up to `now`. Says how many cases it moved (settings.CHORES)."""
    now = now or timezone.now()
    duty.tell_rooms(now)
    ladder = Ladder(now)
    moved = _each(_lapsed(now), _give_back, order="held_until")
    moved += _each(_rested(now), _bring_back, order="snoozed_until")
    told = _each(_handed_over(now), partial(_tell, ladder, now), order="tier")
    for severity in _told_of(ladder):  # crises first, however much else is late
        told += _each(_late(now, severity), partial(_tell, ladder, now))
    if told:
        sending.soon()  # once for all of them: a person gets one message
    return moved + told


def late_crises(now: datetime) -> int:
    """How many crises have waited longer than their clock."""
    return unanswered().filter(severity=Severity.CRISIS, due_at__lte=now).count()


def _lapsed(now: datetime) -> Q:
    """Whoever claimed these did nothing more with them."""
    return Q(state=Case.State.CLAIMED, held_until__lte=now)


def _rested(now: datetime) -> Q:
    return _NOT_RESOLVED & Q(snoozed_until__isnull=False, snoozed_until__lte=now)


def _handed_over(now: datetime) -> Q:
    """Asked of a clinician, and not taken: nobody was told yet, or those who were have had their time."""
    due = Q(told_at=None) | Q(told_at__lt=F("handed_at"))
    for severity in Severity:
        if ways(severity, When.LATE) != PAGE:
            due |= Q(severity=severity, told_at__lte=now - severity.clock)
    return Q(state=Case.State.HANDED_OVER, acknowledged_at=None) & due & _awake(now)


def _told_of(ladder: Ladder) -> list[Severity]:
    """What is told when it is late. With nobody on duty a crisis is told to everybody, and nothing else to anybody."""
    told = [severity for severity in Severity if ways(severity, When.LATE) != PAGE]
    return told if ladder.on_duty else [severity for severity in told if severity == Severity.CRISIS]


def _late(now: datetime, severity: Severity) -> Q:
    """These wait, and nobody was told yet who should have been, or those who were have had their time."""
    known = _NOT_RESOLVED & Q(severity=severity)
    if ways(severity, When.RAISED) == PAGE:  # told of when it is late, and not before
        known &= Q(tier=1, due_at__lte=now)
    return known & _WAITING & (Q(told_at=None) | Q(told_at__lte=now - severity.clock)) & _awake(now)


def _awake(now: datetime) -> Q:
    return Q(snoozed_until=None) | Q(snoozed_until__lte=now)


def _give_back(case: Case) -> bool:
    """If it is late by now, this tick tells the next in line: those before them had their chance."""
    case.state, case.holder, case.held_until, case.told_at = Case.State.OPEN, None, None, None
    case.save(update_fields=["state", "holder", "held_until", "told_at"])
    _did(case, Kind.LAPSE)
    return True


def _bring_back(case: Case) -> bool:
    case.snoozed_until = None
    case.save(update_fields=["snoozed_until"])
    _did(case, Kind.RETURN)
    return True


def _tell(ladder: Ladder, now: datetime, case: Case) -> bool:
    """The next in line. False where there is nobody to tell."""
    when = When.LATE
    if case.state == Case.State.HANDED_OVER and _is_new(case):
        case.step, when = 0, When.HANDED_OVER
    people = ladder.people(case, case.step + 1)
    is_first = case.step == 0
    if is_first and case.severity == Severity.CRISIS:
        people = alerts.first(case, people)
    if not people:
        return False
    alerts.escalate(case, people, when, now)
    if not is_first:
        Act.objects.create(case=case, room_id=case.room_id, by=None, kind=Kind.ESCALATE)
    live.queue_moved()
    return True


def _is_new(case: Case) -> bool:
    return case.told_at is None or (case.handed_at is not None and case.told_at < case.handed_at)


def _did(case: Case, kind: Kind) -> None:
    Act.objects.create(case=case, room_id=case.room_id, by=None, kind=kind)
    trails.did(None, kind, case)
    live.queue_moved()


def _each(due: Q, act: Callable[[Case], bool], *, order: str = "due_at") -> int:
    """Does it to each of these, in a transaction of its own. One that fails keeps no other waiting."""
    moved = 0
    for pk in list(Case.objects.filter(due).order_by(order, "pk").values_list("pk", flat=True)[:MOST]):
        try:
            with transaction.atomic():
                case = _locked(pk, due)
                moved += case is not None and act(case)
        except Exception as error:  # its text may come from the case
            log.error("The clock of a case could not be moved: %s. It is tried again.", type(error).__name__)
    return moved


def _locked(pk: str, due: Q) -> Case | None:
    """The row, unless another process has it, or it is not due any more. Found by its key alone: `due` has indexes of its own."""
    rows = Case.objects.filter(pk=pk).annotate(is_due=ExpressionWrapper(due, BooleanField()))
    row: Any = rows.select_for_update(
        of=("self",), no_key=True, skip_locked=True
    ).first()  # Any: mypy does not know `is_due`
    case: Case | None = row if row is not None and row.is_due else None
    return case
