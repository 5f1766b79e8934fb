"""A person's own pages: settings, and where they are signed in."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import languages
from accounts import sessions as doors
from accounts.access import signed_in
from accounts.closings import handle
from accounts.farewell import sign_out_everywhere
from accounts.forms.inviting import LanguageForm
from accounts.http import AuthenticatedHttpRequest
from accounts.models import Session
from accounts.models.session import FACTORS


@signed_in
def settings(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    form = LanguageForm(request.POST or None, initial={"language": languages.here()})
    if form.is_valid():
        return _speak(request, form.cleaned_data["language"])
    factor = Authenticator.objects.filter(user_id=request.user.pk, type__in=FACTORS).exists()
    return render(request, "accounts/settings.html", {"form": form, "second_factor": factor})


def _speak(request: AuthenticatedHttpRequest, language: str) -> HttpResponseBase:
    request.user.language = language
    request.user.save(update_fields=["language"])
    response = redirect("accounts:settings")
    languages.remember(response, language)
    return response


@dataclass(frozen=True, slots=True)
class Place:
    """One browser in which the person is signed in."""

    handle: str
    device: str
    created: datetime
    last_seen: datetime
    here: bool


@signed_in
def sessions(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    rows = Session.objects.alive().filter(account_id=request.user.pk).order_by("-last_seen")
    own = handle(request.session.session_key or "")
    places = [
        Place(row.handle, doors.device_of(row), row.created, row.last_seen, here=row.handle == own) for row in rows
    ]
    return render(request, "accounts/sessions.html", {"places": places})


@require_POST
@signed_in
def end_session(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    own = request.session.session_key
    if doors.end(account=request.user.pk, handles=[request.POST.get("session", "")], but=own):
        messages.success(request, _("Signed out there."))
    return redirect("accounts:sessions")


@require_POST
@signed_in
def end_all(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    doors.end(account=request.user.pk)
    return sign_out_everywhere(request, to="account_login")
