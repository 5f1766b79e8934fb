"""Keeps a person's language with them: in the browser's cookie, and on their account for the next browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language as current
from django.utils.translation import get_language_info

from accounts.models import Account

_A_YEAR = 365 * 24 * 60 * 60


def known(code: str | None) -> bool:
    return code in dict(settings.LANGUAGES)


def choices() -> list[tuple[str, str]]:
    """Every language under its own name."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _ in settings.LANGUAGES]


def here() -> str:
    """The language of the page that is being made."""
    return current() or settings.LANGUAGE_CODE


def remember(response: HttpResponseBase, code: str) -> None:
    """Sets the browser's language; an unknown one changes nothing."""
    if known(code):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=_A_YEAR,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )


def follow(request: HttpRequest, account: Account) -> None:
    """Takes over onto the account what the person last chose in this browser."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if known(chosen) and chosen != account.language:
        account.language = chosen or ""
        account.save(update_fields=["language"])
