"""Locking the screen, unlocking it, and leaving in a hurry."""

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import farewell, sessions
from accounts.access import signed_in
from accounts.forms.entering import ReauthenticateForm
from accounts.http import AuthenticatedHttpRequest
from accounts.middleware import to_unlock


@require_POST
@signed_in
def lock(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    sessions.lock(request.session.session_key or "")
    return to_unlock(back=get_next_redirect_url(request) or "/")


@sensitive_post_parameters()
@signed_in
def unlock(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    back = get_next_redirect_url(request) or "/"
    if not request.session.locked:  # type: ignore[attr-defined]  # our own SessionStore
        return HttpResponseRedirect(back)
    form = ReauthenticateForm(request.POST or None, user=request.user)
    if not form.is_valid():
        return render(request, "accounts/unlock.html", {"form": form, "next": back})
    sessions.unlock(request.session.session_key or "")
    return HttpResponseRedirect(back)


# Without a token check, because it must work from a page left open for days and from sendBeacon. A foreign site gains
# nothing by it: the session cookie is SameSite=Lax and does not come along.
@csrf_exempt
@require_POST
def leave(request: HttpRequest) -> HttpResponseBase:
    return farewell.vanish(request, to=settings.NEUTRAL_SITE)
