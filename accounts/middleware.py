"""What holds for every page: nothing is kept by a browser or proxy, and who may not go on yet is taken aside."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import languages
from accounts.models import Account
from accounts.models.session import FACTORS

Answer = Callable[[HttpRequest], HttpResponseBase]

# What anybody in the house may reach at any time, whatever is owed.
_ALWAYS = {"accounts:leave", "account_logout", "rooms:help", "set_language", "health"}
_LOCKED = _ALWAYS | {"accounts:unlock", "accounts:lock"}
_SETTING_UP = _LOCKED | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}


class NoStore:
    """Forbids keeping any page, and camera and microphone but where a page asks for them. Static files are answered further out."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=()")
        return response


class Gatekeeper:
    """Takes a locked screen to the unlock page, and staff who owe a second factor to where they set it up.

    Sessions that idled or ran out never get here: they do not load, so nobody is signed in.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Answer, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if not isinstance(request.user, Account):
            return None
        place = request.resolver_match.view_name if request.resolver_match else ""
        if request.session.locked:  # type: ignore[attr-defined]  # our own SessionStore
            return (
                None
                if place in _LOCKED
                else to_unlock(back=request.get_full_path() if request.method == "GET" else "/")
            )
        if place not in _SETTING_UP and owes_second_factor(request.user):
            return redirect("mfa_index")
        _sign_of_life(request, request.user)
        return None


def owes_second_factor(account: Account) -> bool:
    if not (settings.STAFF_NEED_SECOND_FACTOR and account.is_staff):
        return False
    return not Authenticator.objects.filter(user_id=account.pk, type__in=FACTORS).exists()


def to_unlock(*, back: str) -> HttpResponseBase:
    return redirect(f"{reverse('accounts:unlock')}?{urlencode({'next': back})}")


def _sign_of_life(request: HttpRequest, account: Account) -> None:
    request.session.touch()  # type: ignore[attr-defined]
    languages.follow(request, account)
    today = timezone.localdate()
    if account.last_seen != today:
        account.last_seen = today
        account.save(update_fields=["last_seen"])
