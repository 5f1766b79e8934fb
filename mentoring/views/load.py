"""The load board for coordinators: who carries much, whose load rises, who had no break; and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Account, Role
from mentoring import board, caseload, circle, debriefs, load_plots, mentor_files
from mentoring.access import seen_by
from mentoring.load import WEIGHTS
from mentoring.models import Mentor, Respite
from mentoring.refusals import Refused
from mentoring.wellbeing_forms import CapForm, StopForm


@seen_by(Role.COORDINATOR)
@require_safe
def board_page(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    lines = board.board(request.user)
    gauges = load_plots.caseloads([line.caseload for line in lines])
    strips = load_plots.strips([line.load for line in lines])
    shown = [
        {"line": line, "gauge": gauge, "strip": strip} for line, gauge, strip in zip(lines, gauges, strips, strict=True)
    ]
    context = {
        "due": [each for each in shown if each["line"].act != board.Act.NOTHING],  # type: ignore[attr-defined]
        "well": [each for each in shown if each["line"].act == board.Act.NOTHING],  # type: ignore[attr-defined]
        "lines": sorted(lines, key=lambda line: line.name.casefold()),
        "house": load_plots.house([line.load for line in lines]),
        "circle": circle.circle(),
    }
    return render(request, "mentoring/wellbeing/load.html", context)


@seen_by(Role.COORDINATOR)
@require_safe
def one(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    return _one(request, mentor_numbered(pk, or_suspended=True))


@seen_by(Role.COORDINATOR)
@require_POST
def act(request: AuthenticatedHttpRequest, pk: int, verb: str) -> HttpResponseBase:
    mentor, do = mentor_numbered(pk), _ACTS.get(verb)
    if do is None:
        raise Refused("not_found")
    form = _FORMS[verb](request.POST) if verb in _FORMS else None
    if form is not None and not form.is_valid():
        return _one(request, mentor, form=form, status=422)
    try:
        said = do(mentor, request.user, form.cleaned_data if form else request.POST)
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        if form is not None:
            form.blame(refusal)
            return _one(request, mentor, form=form, status=422)
        messages.info(request, refusal.text)
    else:
        messages.success(request, said)
    return redirect("mentoring:load_of", pk) if request.POST.get("from") == "one" else redirect("mentoring:load")


@seen_by(Role.COORDINATOR)
@require_POST
def open_circle(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    try:
        circle.open_circle(by=request.user)
    except Refused as refusal:
        messages.info(request, refusal.text)
    else:
        messages.success(request, _("The circle is open. All mentors find it among their rooms."))
    return redirect("mentoring:load")


def mentor_numbered(pk: int, *, or_suspended: bool = False) -> Mentor:
    """Raises Refused("not_found") for whoever is no mentor now. One who is suspended can be looked at, and that is all."""
    found = Mentor.objects.filter(account__role=Role.MENTOR).select_related("account").filter(pk=pk).first()
    if found is None or not (found.account.is_active or or_suspended):
        raise Refused("not_found")
    return found


def _one(
    request: AuthenticatedHttpRequest, mentor: Mentor, *, form: CapForm | StopForm | None = None, status: int = 200
) -> HttpResponse:
    line = board.line_of(request.user, mentor)
    until = timezone.localdate() + timedelta(weeks=4)
    open_ones = Respite.objects.open().filter(mentor=mentor).select_related("cover__account")
    context: dict[str, Any] = {
        "line": line,
        "plot": load_plots.weeks("load", line.load),
        "gauge": load_plots.caseloads([line.caseload])[0],
        "suspension": mentor_files.suspension_of(mentor),
        "respites": list(open_ones),
        "cap_form": form if isinstance(form, CapForm) else CapForm(initial={"cap": mentor.capacity}),
        "stop_form": form if isinstance(form, StopForm) else StopForm(initial={"until": until}),
        "weights": WEIGHTS,
    }
    return render(request, "mentoring/wellbeing/load_of.html", context, status=status)


def _cap(mentor: Mentor, by: Account, data: Any) -> str:
    caseload.set_cap(mentor=mentor, cap=data["cap"], why=data["why"], by=by)
    return _("The cap is %(cap)s now. Clients who are there stay.") % {"cap": data["cap"]}


def _stop(mentor: Mentor, by: Account, data: Any) -> str:
    caseload.stop_new(mentor=mentor, until=data["until"], why=data["why"], by=by)
    return _("No new clients for now. The mentor is told.")


def _again(mentor: Mentor, by: Account, data: Any) -> str:
    caseload.take_again(mentor=mentor, by=by)
    return _("New clients may come again.")


def _break(mentor: Mentor, by: Account, data: Any) -> str:
    caseload.ask_break(mentor=mentor, by=by)
    return _("Thank you. They read a kind word on their home page, and can plan days away there.")


def _debrief(mentor: Mentor, by: Account, data: Any) -> str:
    debriefs.offer_to(mentor=mentor, by=by)
    return _("A talk is offered. They can take it or not.")


def _done(mentor: Mentor, by: Account, data: Any) -> str:
    number = data.get("debrief", "")
    debriefs.done(debrief_id=int(number) if number.isascii() and number.isdigit() else 0, by=by)
    return _("Marked as done.")


_FORMS: dict[str, type[CapForm] | type[StopForm]] = {"cap": CapForm, "stop": StopForm}
_ACTS: dict[str, Callable[[Mentor, Account, Any], str]] = {
    "cap": _cap,
    "stop": _stop,
    "again": _again,
    "break": _break,
    "debrief": _debrief,
    "done": _done,
}
