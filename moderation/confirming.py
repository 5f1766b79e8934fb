"""Asks somebody who they are once more, before something that an unlocked screen must not be enough for.

What they had typed by then waits in their session, which is sealed and ends with them, and is given back to the form.
"""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from django.http import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from accounts.http import AuthenticatedHttpRequest

_TYPED = "typed_before_confirming"


def ask_first(request: AuthenticatedHttpRequest, *, typed: str = "") -> HttpResponseBase | None:
    """Where to go and prove it, or None: it was proved within settings.ACCOUNT_REAUTHENTICATION_TIMEOUT.

    From there the person comes back to this same address, by GET.
    """
    ways = get_adapter().get_reauthentication_methods(request.user)
    if ways and reauthentication.did_recently_reauthenticate(request):
        return None
    if typed:
        request.session[_TYPED] = {"path": request.path, "text": typed}
    way = ways[0]["url"] if ways else resolve_url("account_set_password")
    return redirect(f"{way}?{urlencode({'next': request.path})}")


def typed_before(request: AuthenticatedHttpRequest) -> str:
    """What was typed into this page before; given back once."""
    kept: dict[str, str] = request.session.pop(_TYPED, {})
    return kept.get("text", "") if kept.get("path") == request.path else ""
