"""Trainings as a mentor does them: the list, one to read, its questions, and what was done elsewhere. The rules are in `trainings`."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from mentoring import answering, curriculum, trainings
from mentoring.access import mentor_of, seen_by
from mentoring.answering import Verdict
from mentoring.credential_forms import OutsideForm
from mentoring.models import Mentor
from mentoring.refusals import Refused
from mentoring.standing import standing_of


@seen_by(Role.MENTOR)
@require_safe
def listing(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    return _listing(request, mentor_of(request.user), OutsideForm())


@seen_by(Role.MENTOR)
@require_POST
def outside(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    mentor, form = mentor_of(request.user), OutsideForm(request.POST)
    if form.is_valid():
        try:
            trainings.record(mentor=mentor, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("Thank you. A coordinator will look at it."))
            return redirect("mentoring:trainings")
    return _listing(request, mentor, form, status=422)


@seen_by(Role.MENTOR)
@require_POST
def take_back(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    trainings.take_back(mentor=mentor_of(request.user), pk=pk)
    messages.success(request, _("Taken back. It is gone from here."))
    return redirect("mentoring:trainings")


@seen_by(Role.MENTOR)
@require_safe
def read(request: AuthenticatedHttpRequest, code: str) -> HttpResponseBase:
    module = curriculum.module(code)
    about = {"module": module, "standing": _states(mentor_of(request.user))[code]}
    return render(request, "mentoring/credentials/training.html", about)


@seen_by(Role.MENTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: AuthenticatedHttpRequest, code: str) -> HttpResponseBase:
    """What was answered comes back with its reasons, to be tried again at once; all right, and the training is done."""
    mentor, module = mentor_of(request.user), curriculum.module(code)
    verdicts: list[Verdict] = []
    if request.method == "POST":
        verdicts, done = answering.answer(mentor=mentor, code=code, answers=_answers(request.POST, len(module.quiz)))
        if done:
            messages.success(request, _("All of it right. “%(name)s” is done.") % {"name": module.title})
            return redirect("mentoring:trainings")
    about = {
        "module": module,
        "questions": verdicts or [Verdict(question, None) for question in module.quiz],
        "tried": bool(verdicts),
        "right": sum(each.is_right for each in verdicts),
        "open": sum(each.chosen is None for each in verdicts),
    }
    return render(request, "mentoring/credentials/quiz.html", about)


def _answers(posted: Mapping[str, Any], questions: int) -> dict[int, int]:
    """By the place of the question; what is no number is no answer."""
    given = {place: str(posted.get(f"question_{place}", "")) for place in range(questions)}
    return {place: int(text) for place, text in given.items() if text.isascii() and text.isdigit() and len(text) < 3}


def _states(mentor: Mentor) -> dict[str, dict[str, Any]]:
    """Of each module: what is missing of it, or its end."""
    standing = standing_of(mentor)
    lacks = {lack.code: lack for lack in standing.lacks if lack.code}
    ends = {end.code: end for end in standing.ends if end.code}
    return {
        module.code: {"module": module, "lack": lacks.get(module.code), "end": ends.get(module.code)}
        for module in curriculum.modules()
    }


def _listing(request: AuthenticatedHttpRequest, mentor: Mentor, form: OutsideForm, status: int = 200) -> HttpResponse:
    done = trainings.of(mentor)
    about = {
        "modules": list(_states(mentor).values()),
        "done": done,
        "hours": trainings.hours_of(done),
        "form": form,
    }
    return render(request, "mentoring/credentials/trainings.html", about, status=status)
