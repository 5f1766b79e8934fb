"""The coordinator's pages about mentors: all of them, the file of one, what to do about its papers, and the ethics agreement."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from mentoring import certifications, documents, ethics, mentor_files, supervision, trainings
from mentoring.access import seen_by
from mentoring.credential_forms import CertificationForm, OutsideForm, PaperForm, PublishForm, SupervisorForm, WhyForm
from mentoring.markdown import rendered
from mentoring.refusals import Refused
from mentoring.standing import standing_of
from mentoring.views.credentials import is_too_large

_PAPERS: dict[str, Any] = {"certification": certifications, "training": trainings}


@seen_by(Role.COORDINATOR)
@require_safe
def listing(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    show = request.GET.get("show", "all")
    show = show if show in mentor_files.SHOWN else "all"
    lines, suspended = mentor_files.lines(), mentor_files.suspended()
    about = {
        "lines": [line for line in lines if line.is_shown(show)],
        "suspended": suspended,
        "left": [each for each in suspended if each.running],
        "unsupervised": [line for line in lines if line.needs_supervisor],
        "tabs": [(each, sum(line.is_shown(each) for line in lines)) for each in mentor_files.SHOWN],
        "show": show,
        "is_anybody_there": bool(lines),
    }
    return render(request, "mentoring/credentials/mentors.html", about)


@seen_by(Role.COORDINATOR)
@require_safe
def one(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    return _file(request, pk)


@seen_by(Role.COORDINATOR)
@require_safe
def document(request: AuthenticatedHttpRequest, pk: int, paper: int) -> HttpResponseBase:
    mentor = mentor_files.file_of(pk)
    return documents.served(certifications.document_of(mentor=mentor, pk=paper, by=request.user))


@seen_by(Role.COORDINATOR)
@require_POST
def add(request: AuthenticatedHttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """A certification, or a training from outside, for the mentor: it counts at once."""
    mentor = mentor_files.file_of(pk)
    form: PaperForm = OutsideForm(request.POST)
    door: Callable[..., object] = trainings.record
    if _door(kind) is certifications:
        too_large = is_too_large(request)
        form = CertificationForm(request.POST, request.FILES, is_for_another=True, was_too_large=too_large)
        door = certifications.add

    def done() -> None:
        door(mentor=mentor, by=request.user, **form.cleaned_data)

    return _do(request, pk, done, _("Added. It counts from now on."), kind, form)


@seen_by(Role.COORDINATOR)
@require_POST
def check(request: AuthenticatedHttpRequest, pk: int, kind: str, paper: int) -> HttpResponseBase:
    done = partial(_door(kind).check, mentor=mentor_files.file_of(pk), pk=paper, by=request.user)
    return _do(request, pk, done, _("Checked. It counts from now on."))


@seen_by(Role.COORDINATOR)
@require_POST
def withdraw(request: AuthenticatedHttpRequest, pk: int, kind: str, paper: int) -> HttpResponseBase:
    form = WhyForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    done = partial(_door(kind).withdraw, mentor=mentor_files.file_of(pk), pk=paper, why=why, by=request.user)
    return _do(request, pk, done, _("Withdrawn. It counts no more, and the mentor can read why."))


@seen_by(Role.COORDINATOR)
@require_POST
def supervisor(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    mentor = mentor_files.file_of(pk)
    form = SupervisorForm(request.POST, mentor=mentor)

    def done() -> None:
        supervision.name_supervisor(mentor=mentor, account_id=form.cleaned_data["supervisor"], by=request.user)

    return _do(request, pk, done, _("Saved. Both of them are told that there is something new."), "supervisor", form)


@seen_by(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    form = PublishForm(request.POST) if request.method == "POST" else PublishForm()
    if form.is_bound and form.is_valid():
        try:
            made = ethics.publish(texts=form.texts, after=form.cleaned_data["after"], by=request.user)
        except Refused as refusal:
            form.blame(refusal)
        else:
            said = _("Version %(version)s is published. Every mentor is asked to read it.")
            messages.success(request, said % {"version": made.version})
            return redirect("mentoring:agreement")
    current = ethics.current()
    about = {"version": current.version, "text": rendered(current.text), "form": form}
    return render(request, "mentoring/credentials/agreement.html", about, status=422 if form.errors else 200)


def _door(kind: str) -> Any:
    if kind not in _PAPERS:
        raise Http404
    return _PAPERS[kind]


def _do(
    request: AuthenticatedHttpRequest,
    pk: int,
    done: Callable[[], object],
    said: str,
    name: str = "",
    form: PaperForm | None = None,
) -> HttpResponseBase:
    """The door, and back to the file; what was filled in comes back with its reasons."""
    if form is not None and not form.is_valid():
        return _file(request, pk, {name: form}, status=422)
    try:
        done()
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        if form is not None:
            form.blame(refusal)
            return _file(request, pk, {name: form}, status=422)
        messages.error(request, refusal.text)
    else:
        messages.success(request, said)
    return redirect("mentoring:mentor", pk)


def _file(
    request: AuthenticatedHttpRequest, pk: int, forms: dict[str, PaperForm] | None = None, status: int = 200
) -> HttpResponse:
    mentor, forms = mentor_files.look_at(pk=pk, by=request.user), forms or {}
    standing, done = standing_of(mentor), trainings.of(mentor)
    suspension = mentor_files.suspension_of(mentor)
    about = {
        "mentor": mentor,
        "suspension": suspension,
        "name": mentor.account.name,
        "standing": standing,
        "supervision": supervision.supervision_of(mentor),
        "needs_supervisor": not suspension and bool(supervision.needing([mentor], {mentor.pk: standing})),
        "supervisor_form": forms.get("supervisor") or SupervisorForm(mentor=mentor),
        "certifications": certifications.of(mentor),
        "certification_form": forms.get("certification") or CertificationForm(is_for_another=True),
        "accepted": ethics.accepted_by(mentor),
        "ethics_version": ethics.newest().version,
        "trainings": done,
        "hours": trainings.hours_of(done),
        "modules": mentor_files.modules_of(standing),
        "training_form": forms.get("training") or OutsideForm(),
        "reminders": mentor_files.reminders_of(mentor),
    }
    return render(request, "mentoring/credentials/mentor.html", about, status=status)
