"""What a page tells somebody who may not see it: asked as a browser asks, compared with what a wrong address answers.

The tables of who may see what (moderation, mentoring) are made with it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from accounts.models import Account
from accounts.sessions import start_session

METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS")
NONSENSE = "/nothing/like/this/"


@dataclass(frozen=True)
class Seen:
    """What an answer tells: the path and the page's own token are taken out of it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


def strict(account: Account | None) -> Client:
    """A browser as it is: what it posts without a token is refused."""
    browser = Client(enforce_csrf_checks=True)
    if account is not None:
        browser.cookies[settings.SESSION_COOKIE_NAME] = start_session(account)
    return browser


def token_of(browser: Client) -> str:
    """A token that fits this browser's cookie."""
    browser.get("/help/")
    return str(browser.cookies["csrftoken"].value)


def ask(browser: Client, method: str, path: str, token: str = "", fields: Mapping[str, str] | None = None) -> Seen:
    """With a token a form is posted, with these fields in it."""
    form = {"csrfmiddlewaretoken": token, **(fields or {})} if token and method == "POST" else {}
    if method == "GET":
        response = browser.get(path)
    else:
        response = browser.generic(method, path, urlencode(form), content_type="application/x-www-form-urlencoded")
    body = response.content.decode(errors="replace")
    body = re.sub(r'(name="(?:csrfmiddlewaretoken|next)" value=")[^"]*', r"\1", body)
    told = {name: value for name, value in response.headers.items() if name not in ("Content-Length", "Set-Cookie")}
    return Seen(response.status_code, tuple(sorted(told.items())), body)


def check_nothing_there(
    who: str, browser: Client, method: str, paths: Iterable[str], fields: Mapping[str, str] | None = None
) -> None:
    """To `who`, each of these answers as a wrong address does: without a token, and posted with one."""
    found = list(paths)
    for token in {"", token_of(browser)} if method == "POST" else {""}:
        wrong = ask(browser, method, NONSENSE, token, fields)
        for path in found:
            seen = ask(browser, method, path, token, fields)
            assert seen.status == 404, (who, method, path)
            assert seen == wrong, (who, method, path)
