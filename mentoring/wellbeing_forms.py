"""What is filled in about how mentors are: the weekly check, days away, a cap, a stop of new clients. The doors check again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring import caseload, self_checks
from mentoring.cover import Candidate
from mentoring.refusals import Refused
from mentoring.self_checks import QUESTIONS, STEPS

# Which field of a form a door's refusal is about.
_FIELDS = {
    "away_order": "ends",
    "away_long": "ends",
    "past": "starts",
    "cover_cannot": "cover",
    "cover_away": "ends",
    "cover_over": "knowingly",
    "cap_range": "cap",
    "empty": "why",
    "too_long": "why",
}


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class _Form(forms.Form):
    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, **kwargs)

    def blame(self, refusal: Refused) -> None:
        field = _FIELDS.get(refusal.reason)
        self.add_error(field if field in self.fields else None, refusal.text)


class CheckForm(_Form):
    """Six questions of five steps and a free line."""

    words = forms.CharField(
        label=_("Anything you want to keep for yourself"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=self_checks.WORDS,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {
            name: forms.TypedChoiceField(
                label=text,
                coerce=int,
                choices=STEPS,
                widget=forms.RadioSelect,
                error_messages={"required": _("Please choose what fits best.")},
            )
            for name, text, _is_good in QUESTIONS
        }
        self.fields = {**asked, **self.fields}

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name, *_rest in QUESTIONS]

    @property
    def answers(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name, *_rest in QUESTIONS}


class DaysForm(_Form):
    starts = forms.DateField(label=_("First day away"), widget=_Day)
    ends = forms.DateField(label=_("Back on"), widget=_Day)

    @staticmethod
    def suggested() -> dict[str, Any]:
        """A week from next Monday."""
        today = timezone.localdate()
        monday = today + timedelta(days=7 - today.weekday())
        return {"starts": monday, "ends": monday + timedelta(days=7)}


class CoverForm(_Form):
    """Who stands in. With days where they are part of the same step; then it may be nobody yet (0)."""

    cover = forms.TypedChoiceField(
        label=_("Who stands in"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose who stands in.")},
    )
    knowingly = forms.BooleanField(
        label=_("We have talked about it, and they agree to more clients than their cap for this time."),
        required=False,
    )

    def __init__(self, *args: Any, candidates: list[Candidate], may_be_nobody: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nobody = [(0, _("Nobody yet. A coordinator looks for somebody, and your clients are told so."))]
        choices = [(each.mentor.pk, _said(each)) for each in candidates] + (nobody if may_be_nobody else [])
        self.fields["cover"].choices = choices  # type: ignore[attr-defined]
        if not any(each.is_over for each in candidates):
            del self.fields["knowingly"]


class BackForm(_Form):
    ends = forms.DateField(label=_("Back on"), widget=_Day)


class CapForm(_Form):
    cap = forms.IntegerField(
        label=_("Clients at most"),
        widget=forms.NumberInput(attrs={"min": 0, "max": caseload.HIGHEST, "inputmode": "numeric"}),
    )
    why = forms.CharField(
        label=_("Why"),
        help_text=_("It goes on the trail. Please write nothing about a client."),
        max_length=caseload.WHY,
    )


class StopForm(_Form):
    until = forms.DateField(label=_("New clients again from"), widget=_Day)
    why = forms.CharField(
        label=_("Why"),
        help_text=_("It goes on the trail. Please write nothing about a client."),
        max_length=caseload.WHY,
    )

    def blame(self, refusal: Refused) -> None:
        self.add_error({"past": "until", "empty": "why", "too_long": "why"}.get(refusal.reason), refusal.text)


def _said(candidate: Candidate) -> str:
    about = {
        "called": candidate.called,
        "name": candidate.mentor.account.name,
        "carries": candidate.carries,
        "would": candidate.would_carry,
        "cap": candidate.mentor.capacity,
    }
    if candidate.is_over:
        return str(_("%(called)s (%(name)s): then there for %(would)s clients, more than their cap of %(cap)s") % about)
    return str(_("%(called)s (%(name)s): then there for %(would)s clients of %(cap)s at most") % about)
