"""Whom an unanswered case is told next: along the rota, then everybody on duty, then everybody. Made once a tick; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from accounts.models import Account, Role
from moderation import duty
from moderation.models import Case, Severity
from moderation.models.cases import CaseQuerySet

Rung = list[Account]


def unanswered() -> CaseQuerySet:
    """Cases that nobody has: they wait, or were handed over and no clinician has taken them."""
    handed_over = Case.objects.filter(state=Case.State.HANDED_OVER, acknowledged_at=None)
    return Case.objects.waiting() | handed_over


class Ladder:
    """The rota as it stands at one moment."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def people(self, case: Case, step: int) -> Rung:
        """Who is told at this step, 1 being the first. The last rung is told again and again; nobody where there is none."""
        rungs = self.rungs(case)
        return rungs[min(step, len(rungs)) - 1] if rungs else []

    def rungs(self, case: Case) -> list[Rung]:
        """A crisis reaches everybody in the end. Whatever else waits is for those on call: it wakes nobody who is off duty."""
        line = self._for_a_clinician(case) if case.state == Case.State.HANDED_OVER else self._line
        everybody = self._everybody if case.severity == Severity.CRISIS else []
        kept: list[Rung] = []
        for rung in (*line, self.on_duty, everybody):
            allowed = [each for each in rung if each.pk not in (case.account_id, case.not_for_id)]
            if allowed and (not kept or _ids(allowed) != _ids(kept[-1])):
                kept.append(allowed)
        return kept

    @cached_property
    def on_duty(self) -> Rung:
        return [account for rank in self._line for account in rank]

    def _for_a_clinician(self, case: Case) -> list[Rung]:
        """The one it was handed to, on call or not; then the clinicians on call."""
        named = case.handed_to
        if named is None or not named.is_active:
            return self._clinicians
        return [[named], *([each for each in rank if each != named] for rank in self._clinicians)]

    @cached_property
    def _line(self) -> list[Rung]:
        return duty.ranks(self._now)

    @cached_property
    def _clinicians(self) -> list[Rung]:
        return duty.ranks(self._now, Role.CLINICIAN)

    @cached_property
    def _everybody(self) -> Rung:
        return list(Account.objects.filter(is_active=True, role__in=duty.ON_CALL).order_by("pk"))


def _ids(people: Iterable[Account]) -> set[int]:
    return {each.pk for each in people}
