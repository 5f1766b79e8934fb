"""What allauth asks of the house: how people are found, what is kept of them, what is said to them.

Named in ACCOUNT_ADAPTER and MFA_ADAPTER. Nothing here hands allauth an e-mail address to keep.
"""

import base64
from typing import Any

import qrcode  # type: ignore[import-untyped]
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

from accounts import devices, languages, sessions
from accounts.models import Account
from accounts.models.account import email_index
from vault.sealing import Sealed, seal, unseal


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail and password do not go together. Check both and try again."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password. Try again."),
        "incorrect_code": _("This code is not right, or it is too old. Try the newest one."),
        "invalid_password_reset": _("This link does not work any more. Ask for a new one."),
        "too_many_login_attempts": _("Too many tries. Please wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Please wait a moment, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # people come by invitation

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Counts tries under the blind index, so that the cache holds nothing of the address."""
        return email_index(credentials.get("email", "")).hex()

    def reauthenticate(self, user: Account, password: str) -> bool:
        found: Account | None = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def login(self, request: HttpRequest, user: Account) -> None:
        sessions.SessionStore.clear_expired()
        super().login(request, user)
        request.session.device = devices.label(request.headers.get("User-Agent", ""))  # type: ignore[attr-defined]

    def post_login(self, request: HttpRequest, user: Account, **about: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **about)
        languages.remember(response, user.language)
        return response

    def set_password(self, user: Account, password: str) -> None:
        """A new password shows out everybody who came in with the old one, but not whoever changes it."""
        user.set_password(password)
        user.save(update_fields=["password"])
        request = context.request
        own = request.session.session_key if request.user.pk == user.pk else None
        sessions.end(account=user.pk, but=own)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:settings")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """None is sent: what a person does here is not told to their mailbox."""


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, **_FACTOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(Sealed(base64.b64decode(encrypted_text)), **_FACTOR)

    def build_totp_svg(self, url: str) -> str:
        """Black on white in either theme: on a dark page a camera would not read allauth's see-through one."""
        return str(qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode"))

    def _get_user_identifier(self, user: Account) -> str:
        """Shown in the person's authenticator app and passkey list, which others may see: no name, no address."""
        return gettext("My account")

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": gettext("My account")}


_FACTOR = {"owner": "system", "purpose": "account.factor", "place": "authenticator"}
