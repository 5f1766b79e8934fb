"""What a coordinator chooses on the pages of matching."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from mentoring.models import Apart, Mentor
from vault.sealing import warm


class ChooseForm(forms.Form):
    """One mentor, by a button or from a list; the door says whether it may be."""

    mentor = forms.IntegerField(label=_("Another mentor"), min_value=1)

    def __init__(self, data: Any = None, *, choices: Sequence[tuple[int, str]] = ()) -> None:
        super().__init__(data, label_suffix="", auto_id="choose-%s")
        if choices:
            self.fields["mentor"].widget = forms.Select(choices=[("", _("Choose one")), *choices])


class ApartForm(forms.Form):
    mentor = forms.TypedChoiceField(label=_("Mentor"), coerce=int)
    why = forms.ChoiceField(label=_("Why"), choices=Apart.Why.choices, widget=forms.RadioSelect)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, auto_id="apart-%s")
        mentors = Mentor.objects.filter(account__is_active=True, account__role=Role.MENTOR).select_related("account")
        self._mentors = {each.pk: each for each in mentors}
        warm(each.account.sealed_name for each in mentors if each.account.sealed_name is not None)
        named = sorted(((each.pk, each.account.name) for each in mentors), key=lambda each: each[1].casefold())
        self.fields["mentor"].choices = [("", _("Choose one")), *named]  # type: ignore[attr-defined]  # as above

    @property
    def chosen(self) -> tuple[Mentor, Apart.Why]:
        return self._mentors[self.cleaned_data["mentor"]], Apart.Why(self.cleaned_data["why"])
