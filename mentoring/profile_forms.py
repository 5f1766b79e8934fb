"""What a mentor fills in about themselves."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mentoring.matching.wishes import CULTURE, GENDERS, GOALS, LANGUAGES, LIVED, WAYS, Labels, words_of
from mentoring.models import Mentor
from rooms import pseudonyms

LONGEST: Final = 1000  # characters about oneself


def _many(label: Any, labels: Labels, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        choices=list(labels.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ProfileForm(forms.Form):
    called = forms.CharField(
        label=_("The name that clients know you by"),
        help_text=_("Your real name stays with the team. Threads that run keep the name they know."),
        max_length=pseudonyms.LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    about_words = forms.CharField(
        label=_("A few words about you"),
        help_text=_("A client reads this when you are offered to them. What would you have liked to read?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    lived = _many(_("I know this from my own life"), LIVED)
    goals = _many(_("I like to help with"), GOALS)
    languages = _many(_("I can talk in"), LANGUAGES)
    gender = forms.ChoiceField(
        label=_("I am"),
        choices=[("", _("I would rather not say")), *GENDERS.items()],
        initial="",
        required=False,
        widget=forms.RadioSelect,
    )
    culture = _many(_("This is a part of who I am"), CULTURE)
    ways = _many(_("This is a part of how I talk"), WAYS)
    is_taking = forms.BooleanField(label=_("I take new clients."), required=False)
    wanted = forms.TypedChoiceField(
        label=_("How many clients I would like to have at most"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, data: Any = None, *, mentor: Mentor, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, **kwargs)
        self.fields["wanted"].choices = [  # type: ignore[attr-defined]  # it is the field of choices above
            ("", _("As many as my coordinator thinks right (%(count)s)") % {"count": mentor.capacity}),
            *(
                (number, ngettext("%(count)s client", "%(count)s clients", number) % {"count": number})
                for number in range(1, mentor.capacity + 1)
            ),
        ]

    def offers(self) -> dict[str, Any]:
        """As a mentor's file keeps them (matching.wishes)."""
        told = self.cleaned_data
        chosen = {name: told[name] for name in ("lived", "goals", "languages", "gender", "culture", "ways")}
        about = told["about_words"].strip()
        return {**{name: value for name, value in chosen.items() if value}, "words": {"about": about} if about else {}}

    @staticmethod
    def initial_of(mentor: Mentor, called: str, stored: dict[str, Any]) -> dict[str, Any]:
        return {
            **{name: value for name, value in stored.items() if name != "words"},
            "called": called,
            "about_words": words_of(stored).get("about", ""),
            "is_taking": mentor.is_taking,
            "wanted": mentor.wanted if mentor.wanted is not None and mentor.wanted <= mentor.capacity else "",
        }
