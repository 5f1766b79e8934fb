"""What people type into the rota, before `duty` checks it. Times are those of the program's own time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Account, Role
from moderation import duty
from vault.sealing import warm

_HOURS = (1, 2, 4, 8, 12)
_WEEKS = (1, 2, 4, 8, 12)
_PLACES = range(1, 6)  # in line, as the page offers them


def _lengths() -> list[tuple[int, str]]:
    return [(hours, ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}) for hours in _HOURS]


def _places() -> list[tuple[int, str]]:
    return [(1, str(_("1, told first"))), *((place, str(place)) for place in _PLACES[1:])]


def _repeats() -> list[tuple[int, str]]:
    return [
        (1, str(_("Just once"))),
        *(
            (weeks, ngettext("%(count)s week", "%(count)s weeks in a row", weeks) % {"count": weeks})
            for weeks in _WEEKS[1:]
        ),
    ]


class NowForm(forms.Form):
    """On call from now on, for so many hours."""

    hours = forms.TypedChoiceField(label=_("For how long"), coerce=int, initial=8, choices=_lengths)

    @property
    def length(self) -> timedelta:
        return timedelta(hours=self.cleaned_data["hours"])


class PlanForm(forms.Form):
    """A shift, once or for some weeks. A coordinator plans for everybody, others for themselves."""

    person = forms.TypedChoiceField(label=_("Who"), coerce=int)
    starts = forms.DateTimeField(label=_("From"))
    ends = forms.DateTimeField(label=_("Until"))
    step = forms.TypedChoiceField(
        label=_("Place in line"),
        help_text=_("Who is told first when something cannot wait. The next ones follow if nobody answers."),
        coerce=int,
        choices=_places,
    )
    weeks = forms.TypedChoiceField(label=_("How often"), coerce=int, choices=_repeats)

    def __init__(self, *args: Any, planner: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {each.pk: each for each in _people_for(planner)}
        person = self.fields["person"]
        if planner.role == Role.COORDINATOR:
            person.choices = [("", _("Choose one")), *_named(self._people.values())]  # type: ignore[attr-defined]
        else:
            del self.fields["person"]
            self._only = planner
        begins = _next_hour()
        for name, at in (("starts", begins), ("ends", begins + timedelta(hours=8))):
            self.fields[name].widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            self.fields[name].initial = at

    @property
    def whose(self) -> Account:
        return self._people[self.cleaned_data["person"]] if "person" in self.fields else self._only

    def times(self) -> Iterator[tuple[datetime, datetime]]:
        """From and until, each week at the same time of the wall clock."""
        for week in range(self.cleaned_data["weeks"]):
            yield _later(self.cleaned_data["starts"], week), _later(self.cleaned_data["ends"], week)


def _people_for(planner: Account) -> list[Account]:
    if planner.role != Role.COORDINATOR:
        return [planner]
    people = list(Account.objects.filter(is_active=True, role__in=duty.ON_CALL))
    warm(each.sealed_name for each in people if each.sealed_name)
    return people


def _named(people: Any) -> list[tuple[int, str]]:
    named = [(each.pk, f"{each.name} ({Role(each.role).label})") for each in people]
    return sorted(named, key=lambda each: each[1].casefold())


def _later(at: datetime, weeks: int) -> datetime:
    wall = timezone.make_naive(at, timezone.get_default_timezone()) + timedelta(weeks=weeks)
    return timezone.make_aware(wall, timezone.get_default_timezone())


def _next_hour() -> datetime:
    return timezone.localtime().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
