"""The matter behind a case: one person in one room, until it is resolved. Finds or opens it, joins and raises it.

Called by the doors (intake, cases, letters) in their transaction. Nothing here writes to a person or to the trail of a look.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Account, Role
from moderation import trails
from moderation.kinds import Kind
from moderation.models import Act, Case, Category, Severity
from moderation.refusals import Refused
from moderation.screening import screen
from rooms.models import Room

_HARD = {Category.HARM_TO_OTHERS, Category.SEXUAL, Category.DANGER_AT_HOME, Category.SUBSTANCE_METHOD}
_HARD_LEVEL = 3  # of suicide: from a method on
THERE = timedelta(minutes=10)  # since their last act: somebody who reads, thinks and writes an answer is still there


@dataclass(frozen=True, slots=True)
class Weight:
    """What a flag says of its matter: what it is about, how soon somebody must look, and the level of risk (0 to 5)."""

    category: Category
    severity: Severity
    level: int = 0

    @property
    def is_hard(self) -> bool:
        """Hard to read, and counted for the moderator's own care."""
        return self.category in _HARD or self.level >= _HARD_LEVEL

    def outweighs(self, case: Case) -> bool:
        return (self.severity.rank, -self.level) < (Severity(case.severity).rank, -case.level)


def locked(case_id: str) -> Case:
    """The row, held until the transaction ends. Raises Refused("not_found")."""
    found = Case.objects.select_for_update(of=("self",), no_key=True).filter(pk=case_id).first()
    if found is None:
        raise Refused("not_found")
    return found


def join(room: Room | None, account: Account, weight: Weight, known: Q) -> tuple[Case, bool]:
    """The open case of this matter, locked and raised where this weighs more, or a new one. Says whether its clock is new.

    `known`: the flags that would be the same sign as this one (raise_to).
    """
    case = _open_case(room, account)
    if case is None:
        try:
            with transaction.atomic():
                return open_case(room, account, weight), True
        except IntegrityError:  # somebody else flagged the same matter at this moment
            case = _open_case(room, account)
            if case is None:
                raise
    return case, raise_to(case, weight, known)


def open_case(room: Room | None, account: Account, weight: Weight, *, not_for: Account | None = None) -> Case:
    now = timezone.now()
    if not_for is None and account.role == Role.MODERATOR:
        not_for = account  # nobody works on what was said about themselves
    return Case.objects.create(
        room=room,
        account=account,
        category=weight.category,
        severity=weight.severity,
        level=weight.level,
        graphic=weight.is_hard,
        tier=_tier(weight.severity),
        opened_at=now,
        due_at=now + weight.severity.clock,
        not_for=not_for,
    )


def raise_to(case: Case, weight: Weight, known: Q | None = None) -> bool:
    """Wakes the case, and makes it as grave as `weight` where that is graver. Says whether a new clock runs.

    One also runs where it is a crisis that somebody has, and this is a sign of crisis that none of its `known` flags gave.
    """
    now = timezone.now()
    is_graver, is_again = weight.outweighs(case), _is_again(case, weight, known)
    case.snoozed_until = None
    if is_graver or is_again:
        ends = now + weight.severity.clock
        case.due_at = ends if is_again else min(case.due_at, ends)
        case.step, case.told_at = 0, now if is_again and _is_there(case, now) else None
        if is_again or weight.severity == Severity.CRISIS != case.severity:
            _ask_anew(case)
    if is_graver:
        case.category, case.severity, case.level = weight.category, weight.severity, weight.level
        case.tier = _tier(weight.severity)
    case.graphic = case.graphic or weight.is_hard
    case.save()
    if is_graver or is_again:
        did(case, None, Kind.RAISE if is_graver else Kind.ASK)
    return is_graver or is_again


def answered(case_id: str, words: str) -> tuple[Case, bool]:
    """The person wrote to their moderator: the case comes up again, and words that show a crisis raise it. Locked. Says whether they
    did; in a case that was resolved they do, whatever it was before."""
    case = locked(case_id)
    comes_back = case.is_resolved
    if comes_back:
        come_back(case)
    worst = next(iter(screen(words).findings), None)
    weight = Weight(Category(case.category), Severity.ROUTINE)
    if worst is not None:
        weight = Weight(Category(worst.category), Severity(worst.severity), worst.level)
    shows_crisis = worst is not None and weight.severity == Severity.CRISIS
    return case, raise_to(case, weight) or (comes_back and shows_crisis)


def come_back(case: Case, by: Account | None = None) -> None:
    """A resolved case waits again, with a fresh clock. Raises Refused("joined") where the matter has a newer case."""
    newer = Case.objects.unresolved().filter(room=case.room_id, account=case.account_id).exclude(pk=case.pk)
    if case.category != Category.APPEAL and newer.exclude(category=Category.APPEAL).exists():
        raise Refused("joined")
    case.state = Case.State.REOPENED
    case.due_at = timezone.now() + Severity(case.severity).clock
    case.resolved_at = case.resolved_by = case.holder = case.held_until = case.snoozed_until = None
    case.handed_to = case.handed_at = case.acknowledged_by = case.acknowledged_at = None
    case.outcome, case.step, case.told_at = "", 0, None
    case.save()
    did(case, by, Kind.REOPEN)


def did(case: Case, by: Account | None, kind: Kind, target: str = "", why: str = "") -> Act:
    """One line of the case's history, and one on the trail."""
    act = Act.objects.create(case=case, room_id=case.room_id, by=by, kind=kind, target=target)
    trails.did(by, kind, case, why)
    return act


def _is_again(case: Case, weight: Weight, known: Q | None) -> bool:
    """Whoever has this crisis may have looked away long ago. The same message flagged by another, or once more, is nothing new."""
    if not (weight.severity == Severity.CRISIS == case.severity and case.is_with_somebody):
        return False
    return known is None or weight.outweighs(case) or not case.flags.filter(known, severity=Severity.CRISIS).exists()


def _is_there(case: Case, now: datetime) -> bool:
    """Whoever has it did something just now, or took it up after they were told just now: their page is enough."""
    was_told = case.told_at is not None and case.told_at > now - THERE
    theirs = case.holder_id if case.is_held else case.acknowledged_by_id
    return was_told or case.acts.filter(by=theirs, at__gt=now - THERE).exists()


def _ask_anew(case: Case) -> None:
    """Somebody had it before this. It is laid before them and waits for whoever is first: a claim lasts as long as the clock of
    a crisis, unless its holder does something, and a hand-over is taken anew."""
    if case.is_held:
        case.assigned_to_id, case.held_until = case.holder_id, timezone.now() + Severity.CRISIS.clock
    elif case.state == Case.State.HANDED_OVER and case.acknowledged_by_id is not None:
        case.assigned_to_id, case.handed_to = case.acknowledged_by_id, None
        case.acknowledged_by = case.acknowledged_at = None


def _open_case(room: Room | None, account: Account) -> Case | None:
    rows = Case.objects.unresolved().filter(room=room, account=account).exclude(category=Category.APPEAL)
    return rows.select_for_update(of=("self",), no_key=True).first()


def _tier(severity: Severity) -> int:
    return 0 if severity == Severity.CRISIS else 1
