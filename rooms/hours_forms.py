"""Hours that are filled in as a set of lines, each with days and two times: of a room, of a mentor (templates/rooms/_hours_lines.html)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from rooms.opening_hours import MOST

_SPARE = 2  # empty lines below those that are there


class LineForm(forms.Form):
    """One line of hours. An empty one counts for nothing."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days"), coerce=int, choices=list(WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    start = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    end = forms.TimeField(label=_("To"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    @property
    def short_days(self) -> Iterable[tuple[Any, Any]]:
        """Each day's box with the short name of the day."""
        return zip(self["days"], WEEKDAYS_ABBR.values(), strict=True)

    @property
    def times(self) -> tuple[forms.BoundField, forms.BoundField]:
        return self["start"], self["end"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or data.get("DELETE"):
            return data
        days, start, end = data.get("days"), data.get("start"), data.get("end")
        if (start or end) is not None and not days:
            self.add_error("days", _("Please choose at least one day for these hours."))
        for name, at in (("start", start), ("end", end)):
            if at is None and (days or start or end):
                self.add_error(name, _("Please choose a time."))
        return data

    @property
    def line(self) -> dict[str, Any] | None:
        """As it is kept (opening_hours); None for an empty line, or one that is to go."""
        data = self.cleaned_data
        if data.get("DELETE") or not data.get("days"):
            return None
        return {"days": data["days"], "from": _written(data["start"]), "to": _written(data["end"])}


if TYPE_CHECKING:
    _Lines = BaseFormSet[LineForm]
else:
    _Lines = BaseFormSet


class Lines(_Lines):
    default_error_messages = {
        "missing_management_form": _("This could not be read. Please try again."),
        "too_many_forms": _("Please use %(num)d lines at most."),
    }

    @property
    def hours(self) -> list[dict[str, Any]]:
        """Of lines that are valid."""
        return [line for form in self.forms if (line := form.line) is not None]


_LineSet = formset_factory(
    LineForm,
    formset=Lines,
    extra=_SPARE,
    can_delete=True,
    can_delete_extra=False,
    max_num=MOST,
    absolute_max=MOST,
    validate_max=True,
)


def lines_of(hours: Sequence[dict[str, Any]], data: Any = None) -> Lines:
    initial = [{"days": line["days"], "start": line["from"], "end": line["to"]} for line in hours]
    return _LineSet(data, initial=initial, prefix="lines")  # type: ignore[return-value]  # the factory's class is ours


def _written(at: time) -> str:
    return at.strftime("%H:%M")
