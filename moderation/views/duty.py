"""The rota: who is on call now and next, a week of it, and the presses that change it. The rules are in `duty`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from moderation import clocks, duty, rota
from moderation.access import seen_by
from moderation.duty_forms import NowForm, PlanForm
from moderation.refusals import Refused

_ROTA = (Role.MODERATOR, Role.CLINICIAN, Role.COORDINATOR)


@seen_by(*_ROTA)
@require_safe
def page(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    return _page(request, PlanForm(planner=request.user))


@seen_by(*_ROTA)
@require_POST
def start(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    form = NowForm(request.POST)
    if form.is_valid():
        shift = duty.start(request.user, timezone.now() + form.length, request.user)
        until = timezone.localtime(shift.ends).strftime("%H:%M")
        messages.success(request, _("You are on call until %(time)s.") % {"time": until})
    return redirect("moderation:rota")


@seen_by(*_ROTA)
@require_POST
def stop(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    try:
        duty.stop(request.user, request.user)
        messages.success(request, _("You are not on call any more."))
    except Refused as refusal:
        messages.info(request, refusal.text)
    return redirect("moderation:rota")


@seen_by(*_ROTA)
@require_POST
def plan(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    form = PlanForm(request.POST, planner=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        with transaction.atomic():
            for starts, ends in form.times():
                duty.plan(form.whose, starts, ends, form.cleaned_data["step"], request.user)
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        form.add_error(None, refusal.text)
        return _page(request, form, status=422)
    messages.success(request, _("It is on the rota."))
    return _back_to(form.cleaned_data["starts"].date())


@seen_by(*_ROTA)
@require_POST
def remove(request: AuthenticatedHttpRequest, shift_id: int) -> HttpResponseBase:
    try:
        duty.remove(shift_id, request.user)
        messages.success(request, _("It is off the rota."))
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        messages.info(request, refusal.text)
    return _back_to(_day(request.POST.get("week")))


def _page(request: AuthenticatedHttpRequest, form: PlanForm, status: int = 200) -> HttpResponseBase:
    return render(request, "moderation/rota.html", _context(request, form), status=status)


def _context(request: AuthenticatedHttpRequest, form: PlanForm) -> dict[str, Any]:
    now = timezone.now()
    viewer = request.user
    ranks = rota.on_call_now(viewer, now)
    return {
        "now": now,
        "zone": settings.TIME_ZONE,
        "ranks": ranks,
        "own": next((turn for rank in ranks for turn in rank if turn.shift.account_id == viewer.pk), None),
        "attended": any(turn.shift.account.role in duty.ATTENDING for rank in ranks for turn in rank),
        "gap": rota.next_gap(now) if any(ranks) else None,
        "following": rota.next_on_call(viewer, now),
        "week": rota.week_of(_day(request.GET.get("week")), viewer, now),
        "form": form,
        "now_form": NowForm(),
        "late": clocks.late_crises(now),
    }


def _day(text: str | None) -> date:
    """Today, where the address names no day that could be on the rota."""
    today = timezone.localdate()
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return today
    return day if abs(day - today) <= 2 * duty.AHEAD else today


def _back_to(day: date) -> HttpResponseBase:
    address = redirect("moderation:rota")
    address["Location"] += f"?week={day.isoformat()}"
    return address
