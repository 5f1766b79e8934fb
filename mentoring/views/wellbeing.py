"""A mentor's own pages about how they are: the overview, the weekly check, their hours, answers to what was offered."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from mentoring import caseload, debriefs, hours, load_plots, self_checks, wellbeing
from mentoring.access import mentor_of, seen_by
from mentoring.load import loads_of
from mentoring.models import Mentor
from mentoring.refusals import Refused
from mentoring.wellbeing_forms import CheckForm
from rooms.hours_forms import Lines, lines_of


@seen_by(Role.MENTOR)
@require_safe
def page(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    mentor = mentor_of(request.user)
    load = loads_of([mentor])[mentor.pk]
    context = {"wellbeing": wellbeing.home_of(mentor), "load": load, "plot": load_plots.weeks("load", load)}
    return render(request, "mentoring/wellbeing/page.html", context)


@seen_by(Role.MENTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    mentor = mentor_of(request.user)
    if request.method != "POST":
        return _check(request, mentor, CheckForm())
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _check(request, mentor, form, status=422)
    self_checks.answer(mentor=mentor, answers=form.answers, words=form.cleaned_data["words"])
    return redirect("mentoring:check")


def _check(request: AuthenticatedHttpRequest, mentor: Mentor, form: CheckForm, status: int = 200) -> HttpResponse:
    """After the answers the page speaks to how the week was; the form is there again for whoever wants to change them."""
    course = self_checks.course_of(mentor)
    this_week = next((each for each in course if each.week == self_checks.this_week()), None)
    if this_week is not None and not form.is_bound:
        form = CheckForm(initial={**this_week.answers, "words": this_week.words})
    context = {
        "mentor": mentor,
        "form": form,
        "this_week": this_week,
        "course": course[::-1],
        "plot": load_plots.course(course),
        "circle": wellbeing.home_of(mentor).circle,
    }
    return render(request, "mentoring/wellbeing/check.html", context, status=status)


@seen_by(Role.MENTOR)
@require_POST
def share(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    shares = request.POST.get("shares") == "yes"
    self_checks.share_band(mentor=mentor_of(request.user), shares=shares)
    if shares:
        messages.success(
            request, _("Coordinators see your band now: one word, never your answers. Each look is recorded.")
        )
    else:
        messages.success(request, _("Nobody but you sees your band any more."))
    return redirect("mentoring:check")


@seen_by(Role.MENTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def hours_page(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    mentor = mentor_of(request.user)
    if request.method != "POST":
        return _hours(request, mentor, lines_of(mentor.hours))
    lines = lines_of(mentor.hours, request.POST)
    if lines.is_valid():
        try:
            hours.choose(mentor=mentor, hours=lines.hours)
        except ValidationError as error:
            return _hours(request, mentor, lines, error=" ".join(error.messages), status=422)
        messages.success(request, _("Saved. Your clients see these hours."))
        return redirect("mentoring:hours")
    return _hours(request, mentor, lines, status=422)


def _hours(
    request: AuthenticatedHttpRequest, mentor: Mentor, lines: Lines, *, error: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "lines": lines,
        "error": error,
        "said": hours.said(mentor),
        "time_zone": timezone.get_default_timezone_name(),
    }
    return render(request, "mentoring/wellbeing/hours.html", context, status=status)


@seen_by(Role.MENTOR)
@require_POST
def debrief(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    wants = request.POST.get("wants") == "yes"
    try:
        debriefs.answer(account=request.user, debrief_id=pk, wants=wants)
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        messages.info(request, refusal.text)
    else:
        said = _("A coordinator will find a time with you. They know that you want to talk, not what happened.")
        messages.success(request, said if wants else _("That is fine. You can ask for a talk at any time."))
    return redirect("mentoring:home")


@seen_by(Role.MENTOR)
@require_POST
def break_heard(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    caseload.break_heard(mentor=mentor_of(request.user))
    return redirect("mentoring:home")
