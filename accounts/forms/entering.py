"""Forms of signing in, of passwords and of second factors: allauth's, in our words and without an address to keep.

Named in ACCOUNT_FORMS and MFA_FORMS.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from cryptography.exceptions import InvalidSignature
from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import mail
from accounts.models import Account
from accounts.models.account import email_index
from accounts.tokens import reset_tokens

PASSWORD_HELP = _("At least 15 characters. Four or five words that you can remember work well.")
CODE_HELP = _("The 6 numbers that your app shows now, or one of your recovery codes.")


def spell(form: forms.Form, name: str, *, label: Any, help_text: Any = "", **attributes: str) -> None:
    """Gives a field of allauth our label, help and attributes, and takes its placeholder away."""
    field = form.fields[name]
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class SignInForm(account_forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spell(self, "login", label=_("E-mail"), autocomplete="username", autocapitalize="none", spellcheck="false")
        spell(self, "password", label=_("Password"))

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """As allauth does, but the session is told neither the address nor to stay for longer."""
        login = Login(user=self.user, redirect_url=redirect_url)
        response: HttpResponse = flows.login.perform_password_login(request, {}, login)
        return response


class ResetForm(account_forms.ResetPasswordForm):  # type: ignore[misc]
    account: Account | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spell(self, "email", label=_("E-mail"), autocomplete="username", autocapitalize="none", spellcheck="false")

    def clean_email(self) -> str:
        """Finds the person, and answers with the blind index: allauth counts tries in the cache under what it gets."""
        account = Account.objects.by_email(self.cleaned_data["email"])
        self.account = account if account and account.is_active else None
        return email_index(self.cleaned_data["email"]).hex()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Writes to the person, if there is one. The page says the same and takes as long either way."""
        if self.account is not None:
            key = {"uidb36": user_pk_to_url_str(self.account), "key": reset_tokens.make_token(self.account)}
            url = request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs=key))
            message = mail.letter(
                to=self.account.email,
                template="new_password",
                languages=mail.languages_for(self.account.language),
                context={"url": url},
            )
            mail.send_later(message)
        return ""


class NewPasswordForm(account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        spell(self, "password1", label=_("New password"), help_text=PASSWORD_HELP)


class ChangePasswordForm(account_forms.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        spell(self, "oldpassword", label=_("Current password"))
        spell(self, "password1", label=_("New password"), help_text=PASSWORD_HELP)


class ReauthenticateForm(account_forms.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spell(self, "password", label=_("Password"))


class CodeForm(mfa_forms.AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spell(self, "code", label=_("Code"), help_text=CODE_HELP, inputmode="numeric", autofocus="")


class ReauthenticateCodeForm(mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spell(self, "code", label=_("Code"), help_text=CODE_HELP, inputmode="numeric")


class ActivateAppForm(totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spell(self, "code", label=_("The 6 numbers your app shows now"), inputmode="numeric")

    @property
    def spoken_secret(self) -> str:
        """In fours, as one reads it out."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


@contextmanager
def no_matter_how_broken() -> Iterator[None]:
    """What a browser sends as its answer is checked deep in libraries that crash on a wrong shape: make that a no."""
    try:
        yield
    except (AttributeError, IndexError, InvalidSignature, KeyError, TypeError, ValueError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class PasskeySignInForm(webauthn_forms.LoginWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Authenticator:
        with no_matter_how_broken():
            return super().clean_credential()


class PasskeyCodeForm(webauthn_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Authenticator:
        with no_matter_how_broken():
            return super().clean_credential()


class ReauthenticatePasskeyForm(webauthn_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Authenticator:
        with no_matter_how_broken():
            return super().clean_credential()


class PasskeyForm(webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    """A kind instead of a free name: what is typed in freely ("Maria's phone") would be stored in the clear."""

    KINDS = [
        ("This phone or tablet", _("This phone or tablet")),
        ("This computer", _("This computer")),
        ("A security key", _("A security key")),
        ("A password manager", _("A password manager")),
    ]

    name = forms.ChoiceField(label=_("Where is it kept?"), choices=KINDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = self.initial["name"] = self.KINDS[0][0]
        # Every key is asked to be a passkey, so this is not a question for people.
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["passwordless"].initial = True

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        with no_matter_how_broken():
            told: dict[str, Any] = super().clean()
        return told
