"""The client's way to a mentor: asking step by step, changing or taking back, and answering an offer. The rules are in `requests` and `offers`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from mentoring import offers, presenting, requests
from mentoring.access import seen_by
from mentoring.asking_forms import STEPS, AskForm
from mentoring.models import Offer, Request
from mentoring.offer_forms import AcceptForm
from mentoring.pool import stored_in
from mentoring.refusals import Refused
from rooms import pseudonyms


@seen_by(Role.CLIENT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """One step a page; what the other steps hold travels with it."""
    waiting = requests.open_request_of(request.user)
    if waiting is not None and waiting.state != Request.State.WAITING:
        return redirect("mentoring:mine")
    if request.method != "POST":
        stored = stored_in(waiting) if waiting else {}
        return _step(request, AskForm(initial=AskForm.initial_of(stored)), 0, waiting)
    form = AskForm(request.POST)
    here = _number(request.POST.get("step"))
    if (wrong := None if form.is_valid() else form.first_wrong()) is not None:
        return _step(request, form, wrong, waiting, status=422)
    match request.POST.get("go"):
        case "send":
            return _sent(request, form, waiting)
        case "back":
            return _step(request, form, max(0, here - 1), waiting)
        case "last":
            return _step(request, form, len(STEPS) - 1, waiting)
    return _step(request, form, min(here + 1, len(STEPS) - 1), waiting)


@seen_by(Role.CLIENT)
@require_POST
def take_back(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    requests.take_back(client=request.user)
    messages.success(request, _("You took it back. You can ask again whenever you like."))
    return redirect("mentoring:mine")


@seen_by(Role.CLIENT)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: AuthenticatedHttpRequest, offer_id: str) -> HttpResponseBase:
    """Who it is, why, and what the client wants them to know; a press on "take over" fills in what was written when they asked."""
    found = offers.offer_for(request.user, offer_id)
    if request.method != "POST":
        return _offer(request, found, AcceptForm())
    if request.POST.get("go") == "take_over":
        return _offer(request, found, AcceptForm(initial=_taken_over(request, found)))
    form = AcceptForm(request.POST)
    if form.is_valid():
        try:
            thread = offers.accept(client=request.user, offer_id=offer_id, **form.accepted())
        except ValidationError as error:
            form.add_error("pseudonym", error)
        except Refused as refusal:
            if refusal.reason == "not_found":
                raise
            if refusal.reason == "offer_gone":
                messages.info(request, refusal.text)
                return redirect("mentoring:mine")
            form.add_error(None, refusal.text)
        else:
            return redirect("rooms:room", thread.room_id)
    return _offer(request, found, form, status=422)


@seen_by(Role.CLIENT)
@require_POST
def decline(request: AuthenticatedHttpRequest, offer_id: str) -> HttpResponseBase:
    offers.decline(client=request.user, offer_id=offer_id, never=request.POST.get("never") == "on")
    messages.success(request, _("All right, not this one. You keep your place in line, and we look for somebody else."))
    return redirect("mentoring:mine")


def _step(
    request: AuthenticatedHttpRequest, form: AskForm, number: int, waiting: Request | None, status: int = 200
) -> HttpResponseBase:
    about = {
        "form": form,
        "step": STEPS[number],
        "number": number,
        "steps": len(STEPS),
        "fields": form.of_step(number),
        "carried": form.carried(number),
        "is_last": number == len(STEPS) - 1,
        "waiting": waiting,
    }
    return render(request, "mentoring/matching/ask.html", about, status=status)


def _sent(request: AuthenticatedHttpRequest, form: AskForm, waiting: Request | None) -> HttpResponseBase:
    try:
        if waiting is None:
            requests.ask(client=request.user, wishes=form.wishes())
            messages.success(request, _("Thank you for asking. Your coordinator reads it and looks for somebody."))
        else:
            requests.change(client=request.user, wishes=form.wishes())
            messages.success(request, _("Changed. You keep your place in line."))
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        messages.info(request, refusal.text)
    return redirect("mentoring:mine")


def _offer(request: AuthenticatedHttpRequest, found: Offer, form: AcceptForm, status: int = 200) -> HttpResponseBase:
    about = {
        "offer": found,
        "mentor": presenting.to_client(found),
        "form": form,
        "suggestions": pseudonyms.suggestions(get_language() or "en"),
    }
    return render(request, "mentoring/matching/offer.html", about, status=status)


def _taken_over(request: AuthenticatedHttpRequest, found: Offer) -> dict[str, Any]:
    """What was typed stays; what is empty is filled from the request, by the client's own press."""
    typed = {name: value for name, value in request.POST.items() if value}
    return {**presenting.lines_of_request(found.request), **typed}


def _number(text: str | None) -> int:
    return min(int(text), len(STEPS) - 1) if text and text.isdecimal() and text.isascii() and len(text) < 3 else 0
