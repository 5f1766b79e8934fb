"""What a clinician's pages show of hand-overs. They are taken, given back and closed in `cases`; who somebody is, is in `looking`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from moderation import access, casefile, cases, letters, live, matters, queue_words
from moderation.kinds import Kind
from moderation.models import Act, Case, Letter, Severity
from moderation.models.cases import CaseQuerySet
from moderation.refusals import Refused

LONGEST = 2000  # characters of a letter


@dataclass(frozen=True, slots=True)
class HandOver:
    """A line of the list, without content."""

    id: str
    category: str
    severity: str
    level: str
    room: str
    handed_by: str
    handed_at: datetime
    due_at: datetime
    clock: str
    late: bool
    to_you: bool
    acknowledged_at: datetime | None

    @property
    def is_crisis(self) -> bool:
        return self.severity == Severity.CRISIS


def waiting_for(clinician: Account) -> list[HandOver]:
    """What nobody has taken yet and this clinician may, the most urgent first. Two queries."""
    return _lines(_handed_over(clinician).filter(acknowledged_by=None), clinician)


def taken_by(clinician: Account) -> list[HandOver]:
    """What this clinician has taken and not closed."""
    return _lines(_handed_over(clinician).filter(acknowledged_by=clinician), clinician)


def line_of(case: Case, clinician: Account) -> HandOver:
    """Raises Refused("not_found") where the case is not handed over."""
    for line in _lines(_handed_over(clinician).filter(pk=case.pk), clinician):
        return line
    raise Refused("not_found")


def signs(case: Case, clinician: Account) -> str:
    """Differs when there is something new to see, and says nothing of what: state, letters, notes, flags."""
    theirs = case.state == Case.State.HANDED_OVER and case.acknowledged_by_id == clinician.pk
    written = case.letters.filter(account=case.account_id).count()
    return f"{'open' if theirs else 'over'}-{written}-{case.notes.count()}-{case.flags_count}"


@transaction.atomic
def write(case_id: str, by: Account, text: str) -> Letter:
    """A word of care to the person, from the clinician who took over. Raises Refused: what `cases.holds` raises, empty, too_long."""
    text = text.strip()
    if not text:
        raise Refused("empty")
    if len(text) > LONGEST:
        raise Refused("too_long")
    case = cases.holds(case_id, by)
    letter = letters.write(case, Letter.Kind.CARE, by, text)
    live.queue_moved()
    matters.did(case, by, Kind.CHECK_IN, target=letter.pk)
    return letter


@transaction.atomic
def hand_back(case_id: str, by: Account, words: str = "") -> None:
    """To the moderators again, with a note where something was written. Raises Refused as `write`."""
    cases.holds(case_id, by)
    if words.strip():
        cases.note(case_id, by, words)
    cases.hand_back(case_id, by)


def _handed_over(clinician: Account) -> CaseQuerySet:
    return access.visible_to(clinician).filter(state=Case.State.HANDED_OVER).select_related("room").in_order()


def _lines(rows: Iterable[Case], clinician: Account) -> list[HandOver]:
    found = list(rows)
    handed_by = _handed_by(found)
    return [_line(case, handed_by.get(case.pk, ""), clinician) for case in found]


def _line(case: Case, handed_by: str, clinician: Account) -> HandOver:
    now = timezone.now()
    return HandOver(
        id=case.pk,
        category=case.get_category_display(),
        severity=case.severity,
        level=casefile.level_words(case.level),
        room=case.room.title if case.room else "",
        handed_by=handed_by,
        handed_at=case.handed_at or case.opened_at,
        due_at=case.due_at,
        clock=queue_words.clock(case.due_at, now),
        late=case.due_at < now,
        to_you=clinician.pk in (case.handed_to_id, case.assigned_to_id),
        acknowledged_at=case.acknowledged_at,
    )


def _handed_by(found: list[Case]) -> dict[str, str]:
    """Who handed each of them over last."""
    acts = Act.objects.filter(case__in=found, kind=Kind.HAND_OVER).select_related("by").order_by("at")
    last = {act.case_id: act.by for act in acts}
    return {case_id: by.name for case_id, by in last.items() if case_id and by}
