"""A case as its page shows it: unsealed where somebody wrote, in plain values for the template. Changes are `cases` and `acts`.

Never in it: who flagged, the account of the person, the words of the evidence, which are asked for by themselves (`look`) and
each time recorded. The number of queries does not grow with what the case holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from moderation import appeals, cases, evidence, letters, queue_words, sanctions, sealed, trails, undo
from moderation.kinds import Kind
from moderation.models import Act, Appeal, Case, Category, Evidence, Flag, Letter, Sanction
from moderation.screening.rulebook import rulebook
from rooms.faces import pseudonym_of
from rooms.models import Membership
from rooms.rules import Rules, rules_of
from vault import sealing

FIRST_FLAGS = 3  # the others are folded
# After the Columbia scale; said as a guess of rules, never as a finding.
_LEVELS = ("", _("a wish to be dead"), _("thoughts"), _("thoughts with a method"), _("intent"), _("a plan or an act"))


@dataclass(frozen=True, slots=True)
class Clock:
    """`late`: nobody answered in time. `answered`: somebody did, and it no longer runs."""

    due_at: datetime
    text: str  # what is left, or by how much it is late
    late: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class FlagLine:
    source: str
    category: str
    level: str
    at: datetime
    words: str
    rules: list[str]
    is_held: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of the evidence and what has become of it. Its words are asked for apart."""

    message_id: str
    is_flagged: bool
    state: str  # as evidence.Shown says it; a released message is what it is in the room
    number: int  # counted from 1, for people who hear the page


@dataclass(frozen=True, slots=True)
class NoteLine:
    who: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    who: str
    what: str
    at: datetime
    undone: bool


@dataclass(frozen=True, slots=True)
class LetterLine:
    """`who` is empty for the person, and for what Peerchat wrote by itself."""

    kind: Letter.Kind
    who: str
    at: datetime
    text: str
    put_away_at: datetime | None


@dataclass(frozen=True, slots=True)
class SanctionLine:
    id: str
    kind: str
    who: str
    room: str
    until: datetime | None
    reason: str
    is_of_this_case: bool


@dataclass(frozen=True, slots=True)
class AppealLine:
    sanction: SanctionLine
    words: str
    at: datetime
    decision: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    case: Case
    about: str
    clock: Clock
    level: str
    flags: list[FlagLine]
    pieces: list[Piece]
    notes: list[NoteLine]
    history: list[HistoryLine]
    letters: list[LetterLine]
    sanctions: list[SanctionLine]
    appeal: AppealLine | None
    earlier: int  # cases of the same person and room that are resolved
    rules: Rules | None
    undoable: Act | None
    is_yours: bool
    # Colleagues, by name; empty where there is none.
    holder: str
    resolver: str
    clinician: str
    handed_to: str
    assigned_to: str

    @property
    def first_flags(self) -> list[FlagLine]:
        return self.flags[:FIRST_FLAGS]

    @property
    def other_flags(self) -> list[FlagLine]:
        return self.flags[FIRST_FLAGS:]

    @property
    def state(self) -> str:
        """What the page offers depends on it: yours, taken, free, handed_over or resolved."""
        if self.case.is_resolved:
            return "resolved"
        if self.is_yours:
            return "yours"
        if self.case.state == Case.State.HANDED_OVER:
            return "handed_over"
        return "taken" if self.case.is_held and not self.case.is_asked_anew else "free"

    @property
    def is_snoozed(self) -> bool:
        return self.case.snoozed_until is not None and self.case.snoozed_until > timezone.now()

    @property
    def locked_until(self) -> datetime | None:
        until = self.rules.locked_until if self.rules else None
        return until if until and until > timezone.now() else None

    @property
    def undo_label(self) -> str:
        return str(_UNDO[Kind(self.undoable.kind)]) if self.undoable else ""

    @property
    def undo_seconds(self) -> int:
        if self.undoable is None:
            return 0
        return max(1, round((self.undoable.at + undo.UNDO - timezone.now()).total_seconds()))


_UNDO = {
    Kind.REFUSE: _("The message stays out of the room."),
    Kind.REDACT: _("Message taken out of the room."),
    Kind.BLUR: _("Message blurred."),
    Kind.SLOW: _("The room is slowed down."),
    Kind.LOCK: _("The room is locked."),
    Kind.NOTICE: _("The notice is up."),
    Kind.MUTE: _("The person cannot write for a time."),
    Kind.REMOVE: _("The person is removed from the room."),
    Kind.SUSPEND: _("The person is suspended and signed out. Undo lets them sign in again."),
}


def read(case: Case, by: Account) -> CaseFile:
    """`case` is what access.case_for gave to `by`."""
    source = evidence_case(case)
    acts = list(case.acts.select_related("by"))
    notes = list(case.notes.select_related("by"))
    running = list(_running(case))
    appeal = _appeal(case)
    written = list(case.letters.filter(account=case.account_id).select_related("by"))
    names = _Names([*acts, *notes, *running, *written])
    return CaseFile(
        case=case,
        about=_pseudonym(case),
        clock=clock_of(case),
        level=level_words(case.level),
        flags=[_flag(flag) for flag in case.flags.all()],
        pieces=_pieces(source),
        notes=[NoteLine(names.of(each.by), each.at, _opened(case, each.text, "note.text", each.pk)) for each in notes],
        history=[
            HistoryLine(names.of(act.by), _did(act.kind), act.at, act.undone_at is not None)
            for act in acts
            if act.kind != Kind.NOTE
        ],
        letters=[
            LetterLine(Letter.Kind(each.kind), _writer(names, each), each.at, letters.opened(each), each.put_away_at)
            for each in written
        ],
        sanctions=[_sanction(names, each, case) for each in running],
        appeal=_appeal_line(names, appeal, case) if appeal else None,
        earlier=Case.objects.filter(account=case.account_id, room=case.room_id, state=Case.State.RESOLVED)
        .exclude(pk=case.pk)
        .count(),
        rules=rules_of(case.room) if case.room else None,
        undoable=undo.last_of(case, by),
        is_yours=case.is_held and case.holder_id == by.pk,
        holder=names.of(case.holder) if case.is_held else "",
        resolver=names.of(case.resolved_by) if case.resolved_by_id else "",
        clinician=names.of(case.acknowledged_by) if case.acknowledged_by_id else "",
        handed_to=names.of(case.handed_to) if case.handed_to_id else "",
        assigned_to=names.of(case.assigned_to) if case.assigned_to_id else "",
    )


def look(case_id: str, by: Account) -> dict[str, evidence.Shown]:
    """The words of the evidence, by message; recorded before they are shown. Raises Refused unless `by` holds the claim."""
    with transaction.atomic():
        case = cases.holds(case_id, by)
        source = evidence_case(case)
        trails.looked(by, "evidence", source.pk, why="" if source.pk == case.pk else f"appeal case:{case.pk}")
        return {each.message_id: each for each in evidence.shown(source)}


def evidence_case(case: Case) -> Case:
    """Whose evidence the page shows: an appeal is about what the sanction was given for."""
    appeal = _appeal(case)
    return appeal.sanction.case if appeal else case


def clock_of(case: Case) -> Clock:
    now = timezone.now()
    answered = (case.first_response_at is not None and not case.is_asked_anew) or case.is_resolved
    late = case.was_late if answered else case.due_at < now
    return Clock(case.due_at, queue_words.clock(case.due_at, now), late, answered)


def level_words(level: int) -> str:
    return str(_LEVELS[level])


class _Names:
    """Names of colleagues, each opened once."""

    def __init__(self, rows: Iterable[Act | Letter | Sanction | object]) -> None:
        people = [by for row in rows if (by := getattr(row, "by", None)) is not None]
        sealing.warm(name for person in people if (name := person.sealed_name) is not None)
        self._opened: dict[int, str] = {}

    def of(self, person: Account | None) -> str:
        if person is None:
            return "Peerchat"
        if person.pk not in self._opened:
            self._opened[person.pk] = person.name
        return self._opened[person.pk]


def _writer(names: _Names, letter: Letter) -> str:
    return "" if letter.kind == Letter.Kind.REPLY or letter.by is None else names.of(letter.by)


def _pseudonym(case: Case) -> str:
    if case.room_id is None:
        return gettext("a member")
    member = Membership.objects.filter(room=case.room_id, account=case.account_id).first()
    return (member and pseudonym_of(member)) or gettext("a member")


def _flag(flag: Flag) -> FlagLine:
    return FlagLine(
        source=gettext("A member") if flag.source == Flag.Source.PERSON else flag.get_source_display(),
        category=flag.get_category_display(),
        level=level_words(flag.level),
        at=flag.at,
        words=sealed.open_text(flag.words, case_id=flag.case_id, purpose="flag.words", place=flag.pk),
        rules=[rule_words(rule) for rule in flag.rules],
        is_held=flag.is_held,
    )


def rule_words(rule: str) -> str:
    """What a rule of the screen looks for, in the language of the page where it is written in it."""
    by_language = _rule_words().get(rule, {})
    words = by_language.get(get_language() or "") or next(iter(by_language.values()), "")
    return words or rule.replace("_", " ").replace("-", " ")


@cache
def _rule_words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = {}
    for rule in rulebook().rules:
        words.setdefault(rule.id, {})[rule.language] = rule.why
    return words


def _pieces(case: Case) -> list[Piece]:
    rows = list(Evidence.objects.filter(case=case).only("message_id", "is_flagged", "seq"))
    states = evidence.states_of([row.message_id for row in rows])
    return [
        Piece(row.message_id, row.is_flagged, states.get(row.message_id, evidence.PURGED), number)
        for number, row in enumerate(rows, start=1)
    ]


def _opened(case: Case, text: sealing.Sealed | None, purpose: str, place: str) -> str:
    return sealed.open_text(text, case_id=case.pk, purpose=purpose, place=place)


def _did(kind: str) -> str:
    return str(Kind(kind).label) if kind in Kind.values else kind.replace("_", " ")


def _running(case: Case) -> Iterable[Sanction]:
    here = Q(room=case.room_id) | Q(room=None)
    theirs = Sanction.objects.filter(here, account=case.account_id, ended_at=None)
    return (
        theirs.filter(Q(until=None) | Q(until__gt=timezone.now())).select_related("by", "room").order_by("started_at")
    )


def _sanction(names: _Names, sanction: Sanction, case: Case) -> SanctionLine:
    return SanctionLine(
        id=sanction.pk,
        kind=sanction.get_kind_display(),
        who=names.of(sanction.by),
        room=sanction.room.title if sanction.room else "",
        until=sanction.until,
        reason=sanctions.reason_of(sanction),
        is_of_this_case=sanction.case_id == case.pk,
    )


def _appeal(case: Case) -> Appeal | None:
    if case.category != Category.APPEAL:
        return None
    return Appeal.objects.filter(case=case).select_related("sanction__case", "sanction__by", "sanction__room").first()


def _appeal_line(names: _Names, appeal: Appeal, case: Case) -> AppealLine:
    return AppealLine(
        sanction=_sanction(names, appeal.sanction, case),
        words=appeals.words_of(appeal),
        at=appeal.at,
        decision=appeal.get_decision_display() if appeal.decision else "",
    )
