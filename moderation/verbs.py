"""What the case page's forms do: a verb, the form that asks for what it needs, and the one door it opens. Read by views/case."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from moderation import acts, appeals, cases, forms, undo
from moderation.models import Appeal, Case, Sanction

Do = Callable[[str, Account, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Verb:
    """`said` follows when it is done; empty where the page says it (the bar with Undo does)."""

    form: type[forms.CaseForm]
    do: Do
    said: str | Promise = ""


def _on_message(door: Callable[[str, Account, str], object]) -> Do:
    return lambda case_id, by, data: door(case_id, by, data["message"])


def _with_text(door: Callable[[str, Account, str], object]) -> Do:
    return lambda case_id, by, data: door(case_id, by, data["text"])


def _alone(door: Callable[[str, Account], object]) -> Do:
    return lambda case_id, by, data: door(case_id, by)


VERBS: dict[str, Verb] = {
    # The case
    "claim": Verb(forms.CaseForm, _alone(cases.claim), _("You have this case.")),
    "hand_back": Verb(forms.CaseForm, _alone(cases.hand_back), _("The case is back in the queue.")),
    "wake": Verb(forms.CaseForm, _alone(cases.wake), _("The case is back in the queue.")),
    "assign": Verb(
        forms.AssignForm, lambda case_id, by, data: cases.assign(case_id, by, data["to"]), _("The case is assigned.")
    ),
    "snooze": Verb(
        forms.SnoozeForm,
        lambda case_id, by, data: cases.snooze(case_id, by, data["until"]),
        _("The case is put off until then."),
    ),
    "note": Verb(forms.NoteForm, _with_text(cases.note), _("The note is kept.")),
    "hand_over": Verb(
        forms.HandOverForm,
        lambda case_id, by, data: cases.hand_over(case_id, by, data["to"], data["text"]),
        _("The case is handed over. You see here when somebody takes it."),
    ),
    "resolve": Verb(
        forms.ResolveForm,
        lambda case_id, by, data: cases.resolve(case_id, by, Case.Outcome(data["outcome"]), data["text"]),
        _("The case is resolved. Thank you."),
    ),
    "reopen": Verb(forms.ReopenForm, _with_text(cases.reopen), _("The case is open again.")),
    "decide": Verb(
        forms.DecideForm,
        lambda case_id, by, data: appeals.decide(case_id, by, Appeal.Decision(data["decision"]), data["text"]),
        _("The person was told, and the case is resolved."),
    ),
    # A message
    "release": Verb(
        forms.OneMessageForm,
        _on_message(acts.release),
        _("The message is in the room now. You can still take it out."),
    ),
    "refuse": Verb(forms.RefuseForm, lambda case_id, by, data: acts.refuse(case_id, by, data["message"], data["text"])),
    "redact": Verb(forms.OneMessageForm, _on_message(acts.redact)),
    "restore": Verb(forms.OneMessageForm, _on_message(acts.restore), _("The message is back in the room.")),
    "blur": Verb(forms.OneMessageForm, _on_message(acts.blur)),
    "unblur": Verb(forms.OneMessageForm, _on_message(acts.unblur), _("The message shows again.")),
    # The room
    "slow": Verb(forms.SlowForm, lambda case_id, by, data: acts.slow(case_id, by, data["seconds"], data["until"])),
    "lock": Verb(forms.LockForm, lambda case_id, by, data: acts.lock(case_id, by, data["until"])),
    "unlock": Verb(forms.CaseForm, _alone(acts.unlock), _("The room is open again.")),
    "notice": Verb(forms.NoticeForm, lambda case_id, by, data: acts.notice(case_id, by, data["text"], data["until"])),
    # The person
    "warn": Verb(forms.WarnForm, _with_text(acts.warn), _("The warning was sent. It cannot be taken back.")),
    "check_in": Verb(forms.CheckInForm, _with_text(acts.check_in), _("Your words were sent.")),
    "sanction": Verb(
        forms.SanctionForm,
        lambda case_id, by, data: acts.sanction(case_id, by, Sanction.Kind(data["kind"]), data["text"], data["until"]),
    ),
    "lift": Verb(
        forms.LiftForm,
        lambda case_id, by, data: acts.lift(case_id, by, data["sanction"], data["text"]),
        _("The sanction is lifted, and the person was told."),
    ),
    # What was done a moment ago
    "undo": Verb(forms.ActForm, lambda case_id, by, data: undo.undo(data["act"], by), _("Taken back.")),
}
