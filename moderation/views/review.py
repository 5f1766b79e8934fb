"""The coordinator's review of break-glass. The rules are in `reviewing`."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from moderation import glass, reviewing
from moderation.access import seen_by
from moderation.glass_forms import ReviewForm
from moderation.refusals import Refused


@seen_by(Role.COORDINATOR)
@require_GET
def listing(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    unreviewed = request.GET.get("open") == "1"
    page, told = reviewing.for_review(request.GET.get("page"), unreviewed=unreviewed)
    about = {"page": page, "told": told, "unreviewed": unreviewed}
    return render(request, "moderation/review.html", {**about, "asked": glass.count_waiting(request.user)})


@seen_by(Role.COORDINATOR)
@require_POST
def one(request: AuthenticatedHttpRequest, glass_id: str) -> HttpResponseBase:
    form = ReviewForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("too_long")
        reviewing.review(glass_id, request.user, form.cleaned_data["note"])
        messages.success(request, _("Reviewed."))
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        messages.error(request, refusal.text)
    return redirect(reverse("moderation:review") + ("?open=1" if request.POST.get("open") == "1" else ""))
