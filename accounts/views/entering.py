"""What allauth's own pages of signing in and out still need from us."""

from typing import Any

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from django.http import HttpRequest, HttpResponseBase

from accounts.farewell import forget
from accounts.middleware import owes_second_factor


def logout(request: HttpRequest) -> HttpResponseBase:
    """allauth's page asks; its answer to yes also tells the browser to forget."""
    response: HttpResponseBase = allauth.logout(request)
    return forget(request, response) if request.method == "POST" else response


class SecondFactorView(mfa.IndexView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        about: dict[str, Any] = super().get_context_data(**kwargs)
        return {**about, "must_set_up": owes_second_factor(self.request.user)}


second_factor = SecondFactorView.as_view()
