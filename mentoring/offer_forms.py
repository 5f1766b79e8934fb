"""What a client fills in to accept a mentor: their name in the thread, and what the mentor may know. Nothing else is passed on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.shared import LONGEST
from rooms import pseudonyms


def _line(label: Any, help_text: Any = "", rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class AcceptForm(forms.Form):
    pseudonym = forms.CharField(
        label=_("Your name in this thread"),
        help_text=_("Only the two of you see it. It need not be your real name."),
        max_length=pseudonyms.LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}),
    )
    note = _line(_("What I want my mentor to know"))
    goals = _line(_("What I would like to work on"))
    ways = _line(_("How I like to be spoken with"), _("For example: slowly, with humor, no advice unless I ask."))
    shares_with_cover = forms.BooleanField(
        label=_("Another mentor who stands in while mine is away may read these lines too."),
        help_text=_("Only these lines, never your talk. You can change this later."),
        required=False,
    )
    accept = forms.BooleanField(
        label=_("I have read what we can expect of each other, and I agree."),
        error_messages={"required": _("Please agree before the thread opens.")},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, **kwargs)

    def accepted(self) -> dict[str, Any]:
        """For offers.accept."""
        told = self.cleaned_data
        return {
            "pseudonym": told["pseudonym"],
            "shared_lines": {name: told[name] for name in ("note", "goals", "ways")},
            "shares_with_cover": told["shares_with_cover"],
        }
