"""Going home: a moderator hands over what they have, in one go, and is not on call any more."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Account, Role
from moderation import care, duty
from moderation.access import seen_by
from moderation.acts import LONGEST
from moderation.care import HandedOver
from moderation.rows import rows_of


class HandingOverForm(forms.Form):
    """To whom, and a few words. `cleaned_data["to"]` is None for the queue."""

    to = forms.ChoiceField(label=_("Who takes them"), required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What they should know"),
        help_text=_("Becomes a note of each case, sealed like all notes."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, colleagues: list[Account], data: object = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)  # type: ignore[arg-type]  # a QueryDict or None
        self._people = {str(each.pk): each for each in colleagues}
        named = [(pk, each.name) for pk, each in self._people.items()]
        queue = ("", _("The queue: whoever is free"))
        self.fields["to"].choices = [queue, *named]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_to(self) -> Account | None:
        return self._people.get(self.cleaned_data["to"])


@seen_by(Role.MODERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def handing_over(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    now = timezone.now()
    colleagues = [each for each in duty.on_call(now, Role.MODERATOR) if each.pk != request.user.pk]
    form = HandingOverForm(colleagues, request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = care.hand_queue_over(request.user, form.cleaned_data["to"], form.cleaned_data["words"].strip())
        messages.success(request, _said(done))
        return redirect("moderation:handing_over")
    held = care.held_by(request.user).select_related("room")
    return render(
        request,
        "moderation/handing_over.html",
        {
            "form": form,
            "rows": rows_of(held, request.user, now),
            "is_on_call": any(each.pk == request.user.pk for each in duty.on_call(now, Role.MODERATOR)),
            "care": care.today(request.user, now),
        },
        status=422 if form.is_bound else 200,
    )


def _said(done: HandedOver) -> str:
    said = []
    if done.passed:
        said.append(
            ngettext("%(count)s case was passed on.", "%(count)s cases were passed on.", done.passed)
            % {"count": done.passed}
        )
    if done.returned:
        said.append(
            ngettext("%(count)s case is back in the queue.", "%(count)s cases are back in the queue.", done.returned)
            % {"count": done.returned}
        )
    return " ".join([*said, gettext("You are not on call any more. Thank you for being there.")])
