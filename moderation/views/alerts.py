"""How somebody on call is told: the sound, e-mail, this device. And the script that a push message wakes in a browser."""

from __future__ import annotations

import json
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import devices
from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from moderation import alerts, push, push_service, sending
from moderation.access import seen_by
from moderation.push_service import Address
from moderation.refusals import Refused

_TOLD = (Role.MODERATOR, Role.CLINICIAN)
_PATIENCE = 8  # seconds that the page waits to say how a try went
_BETWEEN_TRIES = 10  # seconds
_WORKER = settings.BASE_DIR / "static" / "js" / "moderation" / "push_worker.js"


@seen_by(*_TOLD)
@require_safe
def page(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    here = request.COOKIES.get(push.COOKIE, "")
    return render(
        request,
        "moderation/alerts.html",
        {
            "choices": alerts.choices_of(request.user),
            "devices": push.devices(request.user, here=here),
            "page": {
                "key": push_service.public_key(),
                "worker": reverse("moderation:push_worker"),
                "scope": reverse("moderation:queue"),
                "on": reverse("moderation:push_on"),
                "off": reverse("moderation:push_off"),
                "here": here,
            },
        },
    )


@seen_by(*_TOLD)
@require_POST
def choose(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    alerts.choose(request.user, sound="sound" in request.POST, email="email" in request.POST)
    messages.success(request, _("Saved."))
    return redirect("moderation:alerts")


@seen_by(*_TOLD)
@require_POST
def turn_on_push(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """From the page's script: what the browser's push service gave it."""
    given = Address(*(request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")))
    try:
        index = push.subscribe(request.user, given, device=devices.label(request.headers.get("User-Agent", "")))
    except Refused as refusal:
        return JsonResponse({"reason": refusal.reason, "text": refusal.text}, status=422)
    if request.POST.get("again") != "yes":
        messages.success(request, _("This device is woken from now on."))
    response = JsonResponse({"index": index})
    push.remember_browser(response, index)
    return response


@seen_by(*_TOLD)
@require_POST
def turn_off_push(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    index = request.POST.get("index", "")
    push.unsubscribe(request.user, index)
    messages.success(request, _("That device is not woken any more."))
    response = redirect("moderation:alerts")
    if index == request.COOKIES.get(push.COOKIE):
        push.forget_browser(request, response)
    return response


@seen_by(*_TOLD)
@require_POST
def try_it(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """The same e-mail and the same push message as in earnest, to oneself."""
    if not cache.add(f"alerts.try:{request.user.pk}", "1", _BETWEEN_TRIES):
        messages.info(request, _("Please wait a few seconds before you try again."))
        return redirect("moderation:alerts")
    for text, is_good in _outcome(alerts.try_out(request.user)):
        (messages.success if is_good else messages.warning)(request, text)
    return redirect("moderation:alerts")


@seen_by(*_TOLD)
@require_safe
def worker(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """The service worker, with its words in this person's language. Its address makes its scope: moderation and nothing else."""
    about = {
        "title": _("Something needs you"),
        "body": _("Sign in to see it."),
        "place": sending.way_in(request.user),
        "inside": sending.place_of(request.user),
    }
    script = f"const about = {json.dumps(about)};\n{_WORKER.read_text(encoding='utf-8')}"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


def _outcome(tried: dict[str, Future[bool]]) -> list[tuple[str, bool]]:
    """A sentence for each way, and whether it is good news."""
    if not tried:
        return [(_("There is nothing to try: e-mail is off and no device is woken."), False)]
    said = {
        "email": (
            _("An e-mail is on its way to you."),
            _("The e-mail could not be sent. Please tell your coordinator."),
        ),
        "push": (_("Your devices were woken."), _("No device could be woken. Turn this device off and on again.")),
    }
    return [(said[way][0], True) if _went_well(future) else (said[way][1], False) for way, future in tried.items()]


def _went_well(future: Future[bool]) -> bool:
    try:
        return future.result(timeout=_PATIENCE)
    except NotYet:
        return True  # slow is not failed
