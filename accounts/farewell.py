"""Going away: the session ends, and the browser is told to forget."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.module_loading import import_string

CLEAR_SITE_DATA = "Clear-Site-Data"  # Fetch standard; browsers heed it on secure origins only


def sign_out_everywhere(request: HttpRequest, *, to: str) -> HttpResponseBase:
    """After all sessions of this person were ended: ends this one too and goes to a page of ours."""
    account = request.user.pk
    logout(request)
    return forget(request, HttpResponseRedirect(resolve_url(to)), everywhere=account)


def forget(request: HttpRequest, response: HttpResponseBase, *, everywhere: int | None = None) -> HttpResponseBase:
    """The browser drops what pages of ours left in it. Cookies stay: the language is one of them.

    `everywhere` is the account of somebody who signs out of all their browsers.
    """
    response.headers[CLEAR_SITE_DATA] = '"cache", "storage"'
    _signed_out(request, response, everywhere)
    return response


def vanish(request: HttpRequest, *, to: str) -> HttpResponseBase:
    """Ends the session and goes to another site at once. The cache is left, because clearing it makes browsers wait."""
    logout(request)
    response = HttpResponseRedirect(to)
    response.headers[CLEAR_SITE_DATA] = '"cookies", "storage"'
    _signed_out(request, response)
    return response


def _signed_out(request: HttpRequest, response: HttpResponseBase, everywhere: int | None = None) -> None:
    """Others may have left something in this browser too."""
    if settings.SIGNED_OUT:
        tell: Callable[[HttpRequest, HttpResponseBase, int | None], None] = import_string(settings.SIGNED_OUT)
        tell(request, response, everywhere)
