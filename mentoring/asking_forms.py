"""What a client fills in to ask for a mentor: a few short steps, each of which may be skipped.

It is one form. A step shows its own fields and carries those of the others along unseen, so that nothing is lost between them and nothing is
stored before it is sent. It works without script.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring.matching.wishes import (
    CULTURE,
    DIMENSIONS,
    GENDERS,
    GOALS,
    LANGUAGES,
    LIVED,
    PARTS,
    TIMES,
    WAYS,
    Labels,
    words_of,
)

LONGEST: Final = 1000  # characters of what is written in free words


@dataclass(frozen=True, slots=True)
class Step:
    title: str | Promise
    intro: str | Promise
    fields: tuple[str, ...]


STEPS: Final = (
    Step(
        _("What have you been through?"),
        _("Some people want a mentor who knows the same from their own life. Tick what you like, or nothing."),
        ("lived",),
    ),
    Step(
        _("What would you like to work on?"),
        _("It can be small. It can change later. You do not have to know yet."),
        ("goals", "goals_words"),
    ),
    Step(
        _("Who would be good for you?"),
        _("All of this is up to you. Leave out what does not matter."),
        ("gender", "gender_must", "culture", "avoid", "avoid_words"),
    ),
    Step(_("When and how?"), _("Languages, and times in which you could usually talk."), ("languages", "times")),
    Step(
        _("What matters most?"),
        _("One last step. Then your coordinator looks for somebody."),
        ("most", "small_group_ok", "note_words"),
    ),
)


def _choices(labels: Labels) -> list[tuple[str, Any]]:
    return list(labels.items())


def _many(label: Any, labels: Labels, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        choices=_choices(labels),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


class AskForm(forms.Form):
    lived = _many(_("I would like a mentor who knows this from their own life"), LIVED)
    goals = _many(_("I would like to work on"), GOALS)
    goals_words = _words(_("In your own words"))
    gender = forms.ChoiceField(
        label=_("My mentor should be"),
        choices=[("", _("It does not matter")), *_choices(GENDERS)],
        initial="",
        required=False,
        widget=forms.RadioSelect,
    )
    gender_must = forms.BooleanField(
        label=_("It has to be so."),
        help_text=_("Then we look for nobody else, and it may take longer."),
        required=False,
    )
    culture = _many(_("It would be good if my mentor shared this"), CULTURE)
    avoid = _many(_("I would rather not have"), WAYS)
    avoid_words = _words(_("Anything else that you would rather not have"))
    languages = _many(_("I can talk in"), LANGUAGES)
    times = forms.MultipleChoiceField(
        label=_("I usually have time"),
        choices=[(code, code) for code in TIMES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    most = forms.ChoiceField(
        label=_("Most important to me"),
        choices=[("", _("Nothing more than the rest")), *_choices(DIMENSIONS)],
        initial="",
        required=False,
        widget=forms.RadioSelect,
    )
    small_group_ok = forms.BooleanField(
        label=_("A mentor who is in a small group with me is all right."),
        help_text=_("In a small group such a mentor could tell who you are there. Without the tick we leave them out."),
        required=False,
    )
    note_words = _words(_("Anything else that your coordinator should know"))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, **kwargs)

    def of_step(self, number: int) -> list[BoundField]:
        return [self[name] for name in STEPS[number].fields]

    def days(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """The times as a small table: each day with the code and name of its parts, and whether it is ticked."""
        ticked = set(self["times"].value() or ())
        return [
            (
                str(WEEKDAYS[day]),
                [(f"{day}{part}", str(name), f"{day}{part}" in ticked) for part, name in PARTS.items()],
            )
            for day in range(7)
        ]

    def carried(self, number: int) -> list[tuple[str, str]]:
        """Names and values of the other steps, for hidden fields: as they were typed, right or wrong."""
        found: list[tuple[str, str]] = []
        for place, step in enumerate(STEPS):
            for name in step.fields if place != number else ():
                value = self[name].value()
                if isinstance(value, list | tuple):
                    found += [(name, str(each)) for each in value]
                elif value not in (None, "", False):
                    found.append((name, "on" if value is True else str(value)))
        return found

    def first_wrong(self) -> int | None:
        """The first step with something that will not do."""
        return next(
            (number for number, step in enumerate(STEPS) if any(name in self.errors for name in step.fields)), None
        )

    def wishes(self) -> dict[str, Any]:
        """As a request keeps them (matching.wishes)."""
        told = self.cleaned_data
        words = {name: told[f"{name}_words"].strip() for name in ("goals", "avoid", "note")}
        chosen = {
            name: told[name]
            for name in ("lived", "goals", "gender", "gender_must", "culture", "avoid", "languages", "times", "most", "small_group_ok")
        }  # fmt: skip
        return {
            **{name: value for name, value in chosen.items() if value},
            "words": {name: text for name, text in words.items() if text},
        }

    @staticmethod
    def initial_of(stored: dict[str, Any]) -> dict[str, Any]:
        words = {f"{name}_words": text for name, text in words_of(stored).items()}
        return {**{name: value for name, value in stored.items() if name != "words"}, **words}
