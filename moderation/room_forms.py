"""What is filled in on the page of a room's rules. Its hours are a set of lines (rooms.hours_forms)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.models import Category
from moderation.screening import Category as Screened
from rooms import hours_forms
from rooms.hours_forms import Lines as Lines
from rooms.models import Room

SCREENED = [(each.value, Category(each.value).label) for each in Screened]


class RulesForm(forms.Form):
    opening = forms.ChoiceField(
        label=_("The room is open"), choices=Room.Opening.choices, widget=forms.RadioSelect, initial=Room.Opening.ALWAYS
    )
    outside = forms.ChoiceField(
        label=_("When it is not open, it is"),
        choices=[
            (Room.Outside.READ_ONLY, _("for reading only")),
            (Room.Outside.HELD, _("open to write, and messages wait for a moderator")),
        ],
        widget=forms.RadioSelect,
        initial=Room.Outside.READ_ONLY,
    )
    strict = forms.MultipleChoiceField(
        label=_("What this room holds back until a moderator has looked"),
        help_text=_(
            "In every room the screen holds what is dangerous and flags the rest. What you tick here is held as well. "
            "Whoever writes about suicide always gets the help card and a person, held or not."
        ),
        choices=SCREENED,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def lines_of(room: Room, data: Any = None) -> Lines:
    return hours_forms.lines_of(room.hours, data)


def rules_of(room: Room, data: Any = None) -> RulesForm:
    names = ("opening", "outside", "strict")
    return RulesForm(
        data, initial={name: getattr(room, name) for name in names}, label_suffix="", use_required_attribute=False
    )
