"""Telling somebody that they are needed: whom, when and by which ways. Never what it is about, or whom, or where.

The page hears of everything through the topic "queue" and plays its sound. The other ways are stored here as alerts, in the
transaction of the case that they are about, and sent after it by `sending`: none is lost, none goes out for what did not happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime
from enum import Enum

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from moderation import push, sending, trails
from moderation.ladder import Ladder
from moderation.models import Alert, AlertChoice, Case, PushSubscription, Severity

Channel = Alert.Channel
Ways = frozenset[Channel]

PAGE: Ways = frozenset()  # nothing besides the page
ALL: Ways = frozenset({Channel.EMAIL, Channel.PUSH})


class When(Enum):
    RAISED = 0  # it is new, graver than it was, or a crisis again
    LATE = 1  # its clock ran out and nobody has it
    HANDED_OVER = 2  # a clinician is asked to take it


REACHED_BY: dict[Severity, tuple[Ways, Ways, Ways]] = {
    # when it is      raised  late  handed over
    Severity.CRISIS: (ALL, ALL, ALL),
    Severity.URGENT: (PAGE, ALL, ALL),
    Severity.ROUTINE: (PAGE, PAGE, ALL),
}


def ways(severity: Severity | str, when: When) -> Ways:
    """By which ways a person is reached besides the page."""
    return REACHED_BY[Severity(severity)][when.value]


def raised(case: Case) -> None:
    """A case is new, graver than it was, or a crisis again: the first in line are told, and whom it is laid before. Call it in the
    transaction, with the row locked."""
    _begin(case, When.RAISED)


def handed_over(case: Case) -> None:
    """The clinician it was handed to, or those first in line. Call it in the transaction of the hand-over."""
    _begin(case, When.HANDED_OVER)


def first(case: Case, line: Sequence[Account]) -> list[Account]:
    """Before those first in line comes whom the case is laid before, on call or not."""
    told = {case.account_id, case.not_for_id, *(each.pk for each in line)}
    before = case.assigned_to
    return [before, *line] if before is not None and before.is_active and before.pk not in told else list(line)


def escalate(case: Case, people: Sequence[Account], when: When, now: datetime) -> None:
    """Tells these people, as the next step of this case. On the trail: who. The row is locked; sending is left to the caller."""
    case.step, case.told_at = min(case.step + 1, _MOST_STEPS), now
    case.save(update_fields=["step", "told_at"])
    Alert.objects.bulk_create(_alerts(case, people, ways(case.severity, when), now), ignore_conflicts=True)
    told = " ".join(f"account:{each.pk}" for each in people)
    trails.did(None, "told", case, why=f"step {case.step}: {told}")


def choices_of(account: Account) -> AlertChoice:
    """How this person wants to be told; everything, until they say otherwise."""
    return AlertChoice.objects.filter(account=account).first() or AlertChoice(account=account)


def choose(account: Account, *, sound: bool, email: bool) -> None:
    """Devices are turned on and off one by one (push)."""
    AlertChoice.objects.update_or_create(account=account, defaults={"sound": sound, "email": email})


def try_out(account: Account) -> dict[str, Future[bool]]:
    """One of each kind to this person, by the ways that reach them now: for each, whether it went out."""
    reaches = {Channel.EMAIL: choices_of(account).email, Channel.PUSH: bool(push.devices(account))}
    return {way.value: sending.try_out(account, way) for way, is_on in reaches.items() if is_on}


_MOST_STEPS = 32_000  # of the column; a case that waits for months is told on at its last rung


def _begin(case: Case, when: When) -> None:
    case.step = 0
    if not ways(case.severity, when):
        return
    now = timezone.now()
    if people := first(case, Ladder(now).people(case, 1)):
        escalate(case, people, when, now)
        transaction.on_commit(sending.soon)


def _alerts(case: Case, people: Sequence[Account], by: Ways, now: datetime) -> list[Alert]:
    """One for each person and way that they have chosen. Push only where a browser of theirs can be woken."""
    chosen = {choice.account_id: choice for choice in AlertChoice.objects.filter(account__in=people)}
    woken = set(PushSubscription.objects.filter(account__in=people).values_list("account_id", flat=True))
    alerts: list[Alert] = []
    for person in people:
        choice = chosen.get(person.pk) or AlertChoice(account=person)
        wanted = {Channel.EMAIL: choice.email, Channel.PUSH: choice.push and person.pk in woken}
        alerts += [
            Alert(account=person, case=case, channel=channel, told_at=now)
            for channel in Channel
            if channel in by and wanted[channel]
        ]
    return alerts
