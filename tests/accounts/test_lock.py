"""The locked screen: what it shuts, what stays open, and the way back."""

import pytest
from django.conf import settings
from django.test import Client

from accounts.closings import handle
from accounts.models import Account, Closing
from accounts.sessions import start_session, who
from tests.people import PASSWORD, both_stores, signed_in

pytestmark = both_stores


def locked(account: Account) -> Client:
    browser = signed_in(account)
    assert browser.post("/account/lock/").headers["Location"] == "/account/unlock/?next=%2F"
    return browser


def test_locking_closes_the_sockets_of_this_session_only(a_client: Account) -> None:
    other = start_session(a_client)
    browser = locked(a_client)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert who(key) is None
    assert who(other) is not None
    assert list(Closing.objects.values_list("session_key", flat=True)) == [handle(key)]


def test_behind_a_locked_screen_every_page_leads_to_the_unlock_page_and_back(a_client: Account) -> None:
    browser = locked(a_client)
    assert browser.get("/account/?a=b").headers["Location"] == "/account/unlock/?next=%2Faccount%2F%3Fa%3Db"
    assert browser.get("/").headers["Location"].startswith("/account/unlock/")
    response = browser.post("/account/unlock/", {"password": PASSWORD, "next": "/account/?a=b"})
    assert response.headers["Location"] == "/account/?a=b"
    assert browser.get("/account/").status_code == 200


def test_who_locks_the_screen_comes_back_to_the_same_page_but_never_to_another_site(a_client: Account) -> None:
    browser = signed_in(a_client)
    there = browser.post("/account/lock/", {"next": "/account/sessions/"})
    assert there.headers["Location"] == "/account/unlock/?next=%2Faccount%2Fsessions%2F"
    away = browser.post("/account/lock/", {"next": "https://evil.example/"})
    assert away.headers["Location"] == "/account/unlock/?next=%2F"


def test_nothing_can_be_done_behind_a_locked_screen(a_client: Account) -> None:
    browser = locked(a_client)
    assert browser.post("/account/", {"language": "es"}).headers["Location"].startswith("/account/unlock/")
    a_client.refresh_from_db()
    assert a_client.language == ""


def test_help_leaving_signing_out_and_the_language_stay_in_reach(a_client: Account) -> None:
    browser = locked(a_client)
    assert browser.get("/help/").status_code == 200
    assert browser.post("/language/setlang/", {"language": "es"}).status_code == 302
    assert browser.post("/account/logout/").headers["Location"] == "/account/login/"
    assert locked(a_client).post("/leave/").headers["Location"] == settings.NEUTRAL_SITE


def test_a_wrong_password_unlocks_nothing_and_tries_are_counted(a_client: Account) -> None:
    browser = locked(a_client)
    for _ in range(5):
        page = browser.post("/account/unlock/", {"password": "not this one at all"})
        assert "This is not your password" in str(page.context["form"].errors)
    page = browser.post("/account/unlock/", {"password": PASSWORD})
    assert "Too many tries" in str(page.context["form"].errors)
    assert browser.get("/account/").status_code == 302


def test_unlocking_never_leads_to_another_site(a_client: Account) -> None:
    response = locked(a_client).post("/account/unlock/", {"password": PASSWORD, "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"


def test_a_visitor_has_nothing_to_lock(client: Client) -> None:
    assert client.post("/account/lock/").headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_cannot_lock_a_screen(a_client: Account, method: str) -> None:
    browser = signed_in(a_client)
    assert getattr(browser, method)("/account/lock/").status_code == 405
    assert browser.get("/account/").status_code == 200


def test_an_open_screen_has_no_unlock_page(a_client: Account) -> None:
    assert signed_in(a_client).get("/account/unlock/?next=/account/").headers["Location"] == "/account/"
