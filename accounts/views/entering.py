"""What allauth's own pages of signing in and out still need from us."""

from allauth.account import views as allauth
from django.http import HttpRequest, HttpResponseBase

from accounts.farewell import forget


def logout(request: HttpRequest) -> HttpResponseBase:
    """allauth's page asks; its answer to yes also tells the browser to forget."""
    response: HttpResponseBase = allauth.logout(request)
    return forget(response) if request.method == "POST" else response
