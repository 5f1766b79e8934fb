"""Signing out, signing out everywhere, and leaving quickly."""

from django.conf import settings
from django.test import Client

from accounts.closings import handle
from accounts.models import Account, Closing, Session
from accounts.sessions import start_session, who
from tests.people import both_stores, signed_in

pytestmark = both_stores


def key_of(browser: Client) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def test_signing_out_ends_the_session_closes_its_sockets_and_clears_the_browser(a_client: Account) -> None:
    browser = signed_in(a_client)
    key = key_of(browser)
    response = browser.post("/account/logout/")
    assert who(key) is None
    assert Closing.objects.filter(session_key=handle(key)).exists()
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(handle=handle(key)).exists()


def test_asking_for_the_sign_out_page_signs_nobody_out(a_client: Account) -> None:
    browser = signed_in(a_client)
    assert browser.get("/account/logout/").status_code == 200
    assert who(key_of(browser)) is not None


def test_signing_out_everywhere_leaves_no_session_of_this_person_and_all_of_others(
    a_client: Account, another_client: Account
) -> None:
    browser, elsewhere, somebody_else = signed_in(a_client), start_session(a_client), start_session(another_client)
    both = {handle(key_of(browser)), handle(elsewhere)}
    response = browser.post("/account/sessions/end-all/")
    assert response.headers["Location"] == "/account/login/"
    assert not Session.objects.filter(account=a_client).exists()
    assert set(Closing.objects.values_list("session_key", flat=True)) == both
    assert who(somebody_else) is not None


def test_leaving_quickly_ends_the_session_and_goes_to_a_neutral_site(a_client: Account) -> None:
    browser = signed_in(a_client)
    key = key_of(browser)
    response = browser.post("/leave/")
    assert response.headers["Location"] == settings.NEUTRAL_SITE
    assert response.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert who(key) is None
    assert Closing.objects.filter(session_key=handle(key)).exists()


def test_leaving_quickly_works_from_a_page_whose_token_is_old_and_for_a_visitor(a_client: Account) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[settings.SESSION_COOKIE_NAME] = start_session(a_client)
    assert strict.post("/leave/").status_code == 302
    assert Client(enforce_csrf_checks=True).post("/leave/").status_code == 302


def test_a_link_cannot_make_somebody_leave(a_client: Account) -> None:
    browser = signed_in(a_client)
    assert browser.get("/leave/").status_code == 405
    assert who(key_of(browser)) is not None
