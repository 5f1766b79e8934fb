"""Care for those who moderate: how much was hard today, when a break is due, and going home with nothing left undone.

Counts come from the person's own acts and are shown to nobody else. Thresholds: settings.MODERATOR_CARE.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from accounts.models import Account
from moderation import cases, duty
from moderation.kinds import Kind
from moderation.models import Act, Case, Severity
from moderation.models.cases import CaseQuerySet
from moderation.refusals import Refused
from vault import trail

_A_DAY: Final = timedelta(hours=24)
_A_NIGHT: Final = timedelta(
    hours=6
)  # after a rest like this a new day begins, whatever the clock says: shifts go over midnight
_CLOSED: Final = (Kind.RESOLVE, Kind.HAND_OVER)


@dataclass(frozen=True, slots=True)
class Care:
    graphic: int  # cases that are hard to read, claimed today
    cases: int  # cases claimed today
    suggest_break: bool
    since: datetime | None  # at work without a pause since then; None: not at work now
    debrief: bool  # a crisis was closed or handed over since the last pause


@dataclass(frozen=True, slots=True)
class HandedOver:
    passed: int  # cases that went to somebody
    returned: int  # cases that went back to the queue


def today(account: Account, now: datetime | None = None) -> Care:
    """Since the last rest of six hours, within the last 24. One query, over the person's own acts of a day."""
    now = now or timezone.now()
    acts = _since_rest(_acts(account, now - _A_DAY), _A_NIGHT)
    unbroken = _since_rest(acts, _minutes("pause"), now)
    since = unbroken[0].at if unbroken else None
    long_work = since is not None and now - since >= _minutes("work")
    return Care(
        graphic=_claimed(acts, graphic=True),
        cases=_claimed(acts),
        suggest_break=long_work or _claimed(unbroken, graphic=True) >= settings.MODERATOR_CARE["graphic"],
        since=since,
        debrief=any(act.kind in _CLOSED and act.is_crisis for act in unbroken),
    )


def hand_queue_over(account: Account, to: Account | None, words: str = "") -> HandedOver:
    """Passes every case that this moderator has to another, or back to the queue, and ends their time on call.

    `words` become a note of each case. A case that only somebody else may take goes back to the queue. Each case is a
    transaction of its own, since the trail is locked last: what fails in the middle can simply be done again.
    """
    passed = returned = 0
    for case_id in held_by(account).values_list("pk", flat=True):
        try:
            if words:
                cases.note(case_id, account, words)
            if to is not None and _passed(case_id, account, to):
                passed += 1
            else:
                cases.hand_back(case_id, account)
                returned += 1
        except Refused:  # resolved or taken by somebody else in this moment: not theirs to hand over
            continue
    _end_shift(account)
    subject = f"account:{to.pk}" if to else "queue"
    trail.record(actor=f"account:{account.pk}", act="queue.hand_over", subject=subject, why=f"{passed} + {returned}")
    return HandedOver(passed, returned)


def held_by(account: Account) -> CaseQuerySet:
    """What somebody works on now, in the order of the queue."""
    mine = Case.objects.filter(state=Case.State.CLAIMED, holder=account, held_until__gt=timezone.now())
    return mine.order_by("tier", "due_at", "pk")


def _passed(case_id: str, by: Account, to: Account) -> bool:
    try:
        cases.assign(case_id, by, to)
    except Refused as refusal:
        if refusal.reason not in ("not_for_you", "not_staff"):
            raise
        return False
    return True


def _end_shift(account: Account) -> None:
    try:
        duty.stop(account, account)
    except Refused as refusal:
        if refusal.reason != "not_on_call":
            raise


@dataclass(frozen=True, slots=True)
class _Done:
    at: datetime
    kind: str
    case_id: str | None
    is_graphic: bool
    is_crisis: bool


def _acts(account: Account, after: datetime) -> list[_Done]:
    """Oldest first. All kinds are named so that the index by person, kind and time serves."""
    found = (
        Act.objects.filter(by=account, kind__in=Kind.values, at__gte=after)
        .order_by("at")
        .values_list("at", "kind", "case_id", "case__graphic", "case__severity")
    )
    return [
        _Done(at, kind, case, bool(graphic), severity == Severity.CRISIS) for at, kind, case, graphic, severity in found
    ]


def _since_rest(acts: Sequence[_Done], rest: timedelta, now: datetime | None = None) -> list[_Done]:
    """Those after the last gap that is at least this long; none where the gap lasts until now."""
    kept: list[_Done] = []
    later = now
    for act in reversed(acts):
        if later is not None and later - act.at >= rest:
            break
        kept.append(act)
        later = act.at
    return kept[::-1]


def _claimed(acts: Sequence[_Done], *, graphic: bool = False) -> int:
    return len({act.case_id for act in acts if act.kind == Kind.CLAIM and (act.is_graphic or not graphic)})


def _minutes(name: str) -> timedelta:
    return timedelta(minutes=settings.MODERATOR_CARE[name])
