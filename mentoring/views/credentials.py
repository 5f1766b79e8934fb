"""A mentor's own papers: certifications and their documents, and the ethics agreement. The rules are in `certifications` and `ethics`."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from mentoring import certifications, credentials, documents, ethics, supervision
from mentoring.access import mentor_of, seen_by
from mentoring.credential_forms import AcceptForm, CertificationForm
from mentoring.markdown import rendered
from mentoring.models import Mentor
from mentoring.refusals import Refused


@seen_by(Role.MENTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def certification(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    mentor = mentor_of(request.user)
    if request.method != "POST":
        return _certification(request, mentor, CertificationForm())
    form = CertificationForm(request.POST, request.FILES, was_too_large=is_too_large(request))
    if form.is_valid():
        try:
            certifications.add(mentor=mentor, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("Thank you. A coordinator will look at it."))
            return redirect("mentoring:certification")
    return _certification(request, mentor, form, status=422)


@seen_by(Role.MENTOR)
@require_safe
def document(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    return documents.served(certifications.document_of(mentor=mentor_of(request.user), pk=pk, by=request.user))


@seen_by(Role.MENTOR)
@require_POST
def take_back(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    certifications.take_back(mentor=mentor_of(request.user), pk=pk)
    messages.success(request, _("Taken back. It is gone from here."))
    return redirect("mentoring:certification")


@seen_by(Role.MENTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    mentor = mentor_of(request.user)
    form = AcceptForm(request.POST) if request.method == "POST" else None
    if form is None:
        return _agreement(request, mentor, AcceptForm(initial={"version": ethics.newest().version}))
    if form.is_valid():
        try:
            ethics.accept(mentor=mentor, version=form.cleaned_data["version"])
        except Refused as refusal:
            messages.info(request, refusal.text)
            return redirect("mentoring:ethics")
        messages.success(request, _("Thank you. You have accepted the ethics agreement."))
        return redirect("mentoring:home")
    return _agreement(request, mentor, form, status=422)


@seen_by(Role.MENTOR, Role.CLINICIAN, Role.COORDINATOR)
@require_safe
def supervising(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """Whom the person supervises while papers are missing. No conversation is read here."""
    about = {"supervised": supervision.supervised_by(request.user)}
    return render(request, "mentoring/credentials/supervising.html", about)


def is_too_large(request: AuthenticatedHttpRequest) -> bool:
    """What came was so large that its files were not read at all (settings.FILE_UPLOAD_HANDLERS)."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdigit() and int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def _certification(
    request: AuthenticatedHttpRequest, mentor: Mentor, form: CertificationForm, status: int = 200
) -> HttpResponse:
    about = {"papers": certifications.of(mentor), "form": form, "credentials": credentials.home_of(mentor)}
    return render(request, "mentoring/credentials/certification.html", about, status=status)


def _agreement(request: AuthenticatedHttpRequest, mentor: Mentor, form: AcceptForm, status: int = 200) -> HttpResponse:
    current, accepted = ethics.current(), ethics.accepted_by(mentor)
    about = {
        "version": current.version,
        "text": rendered(current.text),
        "accepted": accepted,
        "is_accepted": any(each.version == current.version for each in accepted),
        "form": form,
    }
    return render(request, "mentoring/credentials/ethics.html", about, status=status)
