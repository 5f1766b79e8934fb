"""What a moderator fills in on a case page. Every form stands alone on its page under its verb (views/case).

Ready words are there to be picked and changed: what is written wins, and without script the picked one counts where nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Role
from moderation.acts import LONGEST
from moderation.models import Appeal, Case, Sanction

Words = str | Promise
Choices = Sequence[tuple[str, Words]]

OWN, ALWAYS, NOBODY = "own", "always", "on_call"
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_LENGTHS: dict[str, tuple[Words, timedelta]] = {
    "15m": (_("15 minutes"), 15 * _MINUTE),
    "1h": (_("1 hour"), _HOUR),
    "1d": (_("1 day"), _DAY),
    "1w": (_("1 week"), 7 * _DAY),
}


class CaseForm(forms.Form):
    """A form of one verb. Where it stands on the page more than once, `target` says beside which message or sanction."""

    verb = ""
    target_field = ""

    def __init__(self, data: Any = None, *, target: str = "", **kwargs: Any) -> None:
        self.target = target or (data.get(self.target_field, "") if data and self.target_field else "")
        self.place = "-".join(filter(None, (self.verb, self.target)))
        initial = {self.target_field: self.target} if self.target_field else {}
        auto_id = f"{self.place}-%s"
        super().__init__(
            data, auto_id=auto_id, initial=initial, label_suffix="", use_required_attribute=False, **kwargs
        )


class OneMessageForm(CaseForm):
    """For a button beside a message."""

    target_field = "message"

    message = forms.RegexField(regex=r"^[0-9a-f]{1,32}$", widget=forms.HiddenInput)


class ActForm(CaseForm):
    """For the button that takes an act back."""

    act = forms.RegexField(regex=r"^[\w-]{1,16}$", widget=forms.HiddenInput)


class WordsForm(CaseForm):
    """Words of the moderator's own, with ready ones to start from."""

    ready: Choices = ()
    label: Words = _("Your words")
    help: Words = ""
    required = True

    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(self._with_ready(data), **kwargs)
        text = self.fields["text"]
        text.label, text.help_text, text.required = str(self.label), str(self.help), self.required
        text.error_messages["required"] = _("Please write a few words.")
        if self.ready:
            field = forms.ChoiceField(
                label=_("Start from"),
                required=False,
                choices=[(name, words) for name, words in self.ready],
                widget=forms.RadioSelect,
            )
            self.fields["ready"] = field
            self.order_fields(self.field_order or ("ready", "text"))

    def _with_ready(self, data: Any) -> Any:
        """The picked words stand for those that nobody wrote."""
        if data is None or data.get("text", "").strip() or not (picked := dict(self.ready).get(data.get("ready", ""))):
            return data
        return {**{name: data.get(name) for name in data}, "text": str(picked)}


class NoteForm(WordsForm):
    verb = "note"
    label = _("Note")
    help = _("For the team only. It is kept sealed with the case.")


class WarnForm(WordsForm):
    verb = "warn"
    label = _("What the person reads")
    help = _("Only they see it.")
    ready = (
        ("kind", _("What you wrote was hard on somebody here. Please be gentle with each other.")),
        ("method", _("Please leave out details of how. They can hurt others who are close to it.")),
        ("privacy", _("Please do not name others or say where they can be found.")),
        ("agreement", _("Please have a look at the group agreement once more. It keeps this room safe for all.")),
    )


class CheckInForm(WordsForm):
    verb = "check_in"
    label = _("What the person reads")
    help = _("Only they see it, and they can answer.")
    ready = (
        ("how", _("I read what you wrote and thought of you. How are you right now?")),
        ("safe", _("That sounds very hard. Are you safe at the moment?")),
        ("talk", _("Would it help to talk with somebody from the team today?")),
    )


class RefuseForm(WordsForm, OneMessageForm):
    verb = "refuse"
    label = _("What the person reads")
    help = _("They still have their message and can change it.")
    ready = (
        ("method", _("Your message has details of how. We keep those out of the room, so that nobody gets hurt.")),
        ("others", _("Your message names somebody else or says how to find them. Please leave that out.")),
        ("tone", _("Your message may hurt somebody here. Please say it in another way.")),
        ("place", _("This is not the right place for that. Your mentor is glad to hear it.")),
    )


class LengthForm(CaseForm):
    """How long: one of the lengths, or a moment of one's own. `cleaned_data["until"]` is None only for ALWAYS."""

    lengths: Sequence[str] = tuple(_LENGTHS)
    always = False
    length_label: Words = _("How long")

    length = forms.ChoiceField(widget=forms.RadioSelect)
    own = forms.DateTimeField(
        label=_("Until"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [(name, _LENGTHS[name][0]) for name in self.lengths]
        choices += [(ALWAYS, _("Until somebody lifts it"))] if self.always else []
        field = self.fields["length"]
        field.label, field.initial = str(self.length_label), self.lengths[0]
        field.choices = [*choices, (OWN, _("Until a time of your own"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        length = data.get("length")
        if length == OWN:
            data["until"] = self._own(data)
        elif length in _LENGTHS:
            data["until"] = timezone.now() + _LENGTHS[length][1]
        else:
            data["until"] = None
        return data

    def _own(self, data: dict[str, Any]) -> datetime | None:
        own: datetime | None = data.get("own")
        if own is None and "own" not in self.errors:
            self.add_error("own", _("Please choose a time."))
        elif own is not None and own <= timezone.now():
            self.add_error("own", _("Please choose a time that is still to come."))
        return own


class SlowForm(LengthForm):
    verb = "slow"
    lengths = ("15m", "1h", "1d")

    seconds = forms.TypedChoiceField(
        label=_("One message a person every"),
        coerce=int,
        choices=[(10, _("10 seconds")), (30, _("30 seconds")), (60, _("1 minute")), (300, _("5 minutes"))],
        initial=30,
    )
    field_order = ("seconds", "length", "own")


class LockForm(LengthForm):
    verb = "lock"
    lengths = ("15m", "1h", "1d")


class NoticeForm(LengthForm, WordsForm):
    verb = "notice"
    label = _("What everybody in the room reads")
    lengths = ("1h", "1d", "1w")
    ready = (
        ("slow", _("Let us take a slow breath together. Please give each other room.")),
        ("care", _("Something hard was said here. You may step away; help is one press away, under Help now.")),
    )
    field_order = ("ready", "text", "length", "own")


class SanctionForm(LengthForm, WordsForm):
    verb = "sanction"
    label = _("The reason that the person reads")
    always = True
    ready = (
        ("others", _("What you wrote hurt others here. Please take this time, and come back gently.")),
        ("again", _("We asked you before. We need the room to stay safe for everybody.")),
        ("safety", _("We want you and the others to be safe. Somebody from the team will be in touch.")),
    )
    field_order = ("kind", "length", "own", "ready", "text")

    kind = forms.ChoiceField(label=_("What happens"), choices=Sanction.Kind.choices, widget=forms.RadioSelect)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == Sanction.Kind.MUTE and data.get("length") == ALWAYS:
            self.add_error("length", _("This needs an end. Please choose how long."))
        return data


class LiftForm(WordsForm):
    verb = "lift"
    target_field = "sanction"
    label = _("Why it ends early")
    help = _("Kept on the trail.")

    sanction = forms.RegexField(regex=r"^[\w-]{1,16}$", widget=forms.HiddenInput)


class PersonForm(CaseForm):
    """One of the staff. Names are read when the page is made, never kept."""

    role = Role.MODERATOR
    nobody: Words = ""

    to = forms.ChoiceField(label=_("To whom"))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = {str(each.pk): each for each in Account.objects.filter(role=self.role, is_active=True)}
        names = sorted(((pk, each.name) for pk, each in self.people.items()), key=lambda each: each[1])
        self.fields["to"].choices = [*([(NOBODY, self.nobody)] if self.nobody else []), *names]  # type: ignore[attr-defined]

    def clean_to(self) -> Account | None:
        return self.people.get(self.cleaned_data["to"])


class AssignForm(PersonForm):
    verb = "assign"


class HandOverForm(PersonForm, WordsForm):
    verb = "hand_over"
    role = Role.CLINICIAN
    nobody = _("Whoever is on call")
    label = _("What they should know")
    help = _("Say what you saw and what you did. It is kept as a note of the case.")
    required = False
    field_order = ("to", "text")


class SnoozeForm(CaseForm):
    verb = "snooze"

    until = forms.ChoiceField(label=_("Put off until"), widget=forms.RadioSelect, initial="hour")
    own = LengthForm.base_fields["own"]

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        now = timezone.localtime()
        self.moments = {"hour": now + _HOUR, "tonight": _at(now, 20), "morning": _at(now + _DAY, 8)}
        labels = {"hour": _("In an hour"), "tonight": _("Tonight at 8"), "morning": _("Tomorrow morning at 8")}
        choices = [(name, labels[name]) for name, at in self.moments.items() if at > now]
        self.fields["until"].choices = [*choices, (OWN, _("A time of your own"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        until = data.get("own") if data.get("until") == OWN else self.moments.get(data.get("until", ""))
        if until is None and not self.errors:
            raise ValidationError({"own": _("Please choose a time.")})
        if until is not None and until <= timezone.now():
            raise ValidationError({"own": _("Please choose a time that is still to come.")})
        data["until"] = until
        return data


class ResolveForm(WordsForm):
    verb = "resolve"
    label = _("A note for the team")
    required = False
    field_order = ("outcome", "text")

    outcome = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        of_appeals = (Case.Outcome.LIFTED, Case.Outcome.UPHELD)
        choices = [(each.value, each.label) for each in Case.Outcome if each not in of_appeals]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]


class ReopenForm(WordsForm):
    verb = "reopen"
    label = _("Why it is opened again")


class DecideForm(WordsForm):
    """The answer to an appeal."""

    verb = "decide"
    label = _("What the person reads")
    ready = (
        ("upheld", _("I looked at it anew. The time stays as it is. You are welcome back when it is over.")),
        ("lifted", _("I looked at it anew, and you are right. You can come back now.")),
    )
    field_order = ("decision", "ready", "text")

    decision = forms.ChoiceField(label=_("Your decision"), choices=Appeal.Decision.choices, widget=forms.RadioSelect)


def _at(day: datetime, hour: int) -> datetime:
    """That hour of that day, where the program is."""
    return timezone.make_aware(datetime.combine(day.date(), time(hour)))
