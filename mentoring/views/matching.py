"""The coordinator's pages of matching: who waits and whom to propose, one request, how long people wait. The rules are in `offers` and `apart`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from mentoring import apart, offers, proposals, requests, wait_figures, waits
from mentoring.access import seen_by
from mentoring.matching.wishes import DIMENSIONS
from mentoring.matching_forms import ApartForm, ChooseForm
from mentoring.models import Offer
from mentoring.refusals import Refused
from mentoring.wishes_said import said


@seen_by(Role.COORDINATOR)
@require_safe
def listing(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    if request.GET.get("show") == "offered":
        return render(request, "mentoring/matching/offered.html", {"out": proposals.out(request.user)})
    about = {"page": proposals.page(_number(request.GET.get("page")), request.user), "out": _count_out()}
    return render(request, "mentoring/matching/listing.html", about)


@seen_by(Role.COORDINATOR)
@require_safe
def one(request: AuthenticatedHttpRequest, request_id: str) -> HttpResponseBase:
    return _one(request, request_id)


@seen_by(Role.COORDINATOR)
@require_POST
def confirm(request: AuthenticatedHttpRequest, request_id: str) -> HttpResponseBase:
    """Back to the list, or to the request that it was pressed on."""
    form = ChooseForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("not_found")
        offers.confirm(request_id=request_id, mentor_id=form.cleaned_data["mentor"], by=request.user)
        messages.success(request, _("Offered. The client is told, and has seven days to answer."))
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        messages.error(request, refusal.text)
        return redirect("mentoring:request", request_id)
    return redirect("mentoring:matching")


@seen_by(Role.COORDINATOR)
@require_POST
def withdraw(request: AuthenticatedHttpRequest, request_id: str) -> HttpResponseBase:
    """Takes the offer back that is out for this request."""
    found = Offer.objects.filter(request=request_id, state=Offer.State.OPEN).first()
    if found is None:
        raise Refused("not_found")
    offers.withdraw(offer_id=found.pk, by=request.user)
    messages.success(request, _("Taken back. The client waits in the old place in line."))
    return redirect("mentoring:request", request_id)


@seen_by(Role.COORDINATOR)
@require_POST
def keep_apart(request: AuthenticatedHttpRequest, request_id: str) -> HttpResponseBase:
    client = requests.client_of(request_id)
    form = ApartForm(request.POST)
    if not form.is_valid():
        return _one(request, request_id, apart_form=form, status=422)
    mentor, why = form.chosen
    apart.keep_apart(client=client, mentor=mentor, why=why, by=request.user)
    messages.success(request, _("These two are kept apart from now on."))
    return redirect("mentoring:request", request_id)


@seen_by(Role.COORDINATOR)
@require_POST
def lift_apart(request: AuthenticatedHttpRequest, request_id: str, pk: int) -> HttpResponseBase:
    apart.lift(apart_id=pk, client=requests.client_of(request_id), by=request.user)
    messages.success(request, _("These two can be matched again."))
    return redirect("mentoring:request", request_id)


@seen_by(Role.COORDINATOR)
@require_safe
def waiting_times(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    return render(request, "mentoring/matching/waits.html", wait_figures.shown(waits.look(request.user)))


def _one(
    request: AuthenticatedHttpRequest, request_id: str, *, apart_form: ApartForm | None = None, status: int = 200
) -> HttpResponseBase:
    found, stored = requests.look(request_id, request.user)
    line, others = proposals.of_request(found)
    about: dict[str, Any] = {
        "request_": found,
        "name": found.client.name,
        "wishes": said(stored),
        "most": DIMENSIONS.get(stored.get("most", "")),
        "line": line,
        "choose": ChooseForm(choices=others) if others else None,
        "offer": proposals.offer_of(found),
        "kept": apart.of_client(found.client),
        "apart_form": apart_form or ApartForm(),
    }
    return render(request, "mentoring/matching/request.html", about, status=status)


def _count_out() -> int:
    return Offer.objects.filter(state=Offer.State.OPEN).count()


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 else 1
