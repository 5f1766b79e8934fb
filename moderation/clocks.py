"""What happens to cases by the clock, every few seconds: claims lapse, rests end, and what nobody answers is told to the next.

Every process may tick at once: each case is looked at again with its row locked, and one that another process holds is left
to it. What is told is decided by the row alone, so that a tick that was missed changes nothing but the moment.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from moderation import alerts, duty, live, trails
from moderation.alerts import PAGE, When, ways
from moderation.kinds import Kind
from moderation.ladder import Ladder, unanswered
from moderation.models import Act, Case, Severity
from moderation.models.cases import CaseQuerySet

MOST = 200  # cases of a kind in one tick; the next one goes on

log = logging.getLogger(__name__)


def tick(now: datetime | None = None) -> int:
    """Brings all clocks up to `now`. Says how many cases it moved (settings.CHORES)."""
    now = now or timezone.now()
    duty.tell_rooms(now)
    ladder = Ladder(now)
    moved = _each(partial(_lapsed, now), _give_back)
    moved += _each(partial(_rested, now), _bring_back)
    moved += _each(partial(_handed_over, now), partial(_tell, ladder, now))
    return moved + _each(partial(_late, now, ladder), partial(_tell, ladder, now))


def late_crises(now: datetime) -> int:
    """How many crises have waited longer than their clock."""
    return unanswered().filter(severity=Severity.CRISIS, due_at__lte=now).count()


def _lapsed(now: datetime) -> CaseQuerySet:
    """Whoever claimed these did nothing more with them."""
    return Case.objects.filter(state=Case.State.CLAIMED, held_until__lte=now)


def _rested(now: datetime) -> CaseQuerySet:
    return Case.objects.unresolved().filter(snoozed_until__lte=now)


def _handed_over(now: datetime) -> CaseQuerySet:
    """Asked of a clinician, and not taken: nobody was told yet, or those who were have had their time."""
    waiting = Case.objects.filter(state=Case.State.HANDED_OVER, acknowledged_at=None)
    new = Q(told_at=None) | Q(told_at__lt=F("handed_at"))
    return waiting.filter(new | _time_is_over(now, Severity)).filter(_awake(now))


def _late(now: datetime, ladder: Ladder) -> CaseQuerySet:
    """These wait, and nobody was told yet who should have been, or those who were have had their time."""
    told = [each for each in Severity if ways(each, When.LATE) != PAGE]
    if not ladder.on_duty:  # then a crisis is told to everybody, and nothing else to anybody
        told = [Severity.CRISIS]
    at_once = [each for each in told if ways(each, When.RAISED) != PAGE]
    new = Q(told_at=None) & (Q(severity__in=at_once) | Q(severity__in=told, due_at__lte=now))
    waiting = Case.objects.filter(state__in=(Case.State.OPEN, Case.State.REOPENED))
    return waiting.filter(new | _time_is_over(now, told)).filter(_awake(now))


def _time_is_over(now: datetime, severities: Iterable[Severity]) -> Q:
    """Told a whole clock ago, and by other ways than the page."""
    over = Q(pk__in=())
    for severity in severities:
        if ways(severity, When.LATE) != PAGE:
            over |= Q(severity=severity, told_at__lte=now - severity.clock)
    return over


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
    if not people:
        return False
    is_first = case.step == 0
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


def _each(which: Callable[[], CaseQuerySet], act: Callable[[Case], bool]) -> int:
    """Does it to each of these, in a transaction of its own. One that fails keeps no other waiting."""
    moved = 0
    for pk in list(which().in_order().values_list("pk", flat=True)[:MOST]):
        try:
            with transaction.atomic():
                rows = which().filter(pk=pk).select_for_update(of=("self",), skip_locked=True)
                case = rows.first()
                moved += case is not None and act(case)
        except Exception as error:  # its text may come from the case
            log.error("The clock of a case could not be moved: %s. It is tried again.", type(error).__name__)
    return moved
