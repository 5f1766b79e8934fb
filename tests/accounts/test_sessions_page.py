"""Where a person is signed in, and ending one of these sessions."""

from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.closings import handle
from accounts.models import Account, Closing
from accounts.sessions import start_session, who
from tests.people import PASSWORD, both_stores, signed_in

pytestmark = both_stores
PAGE = "/account/sessions/"
ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


def test_a_person_sees_their_devices_and_which_one_this_is(client: Client, a_client: Account) -> None:
    client.post("/account/login/", {"login": a_client.email, "password": PASSWORD}, headers={"user-agent": ANDROID})
    start_session(a_client, device="Safari on iPhone")
    page = client.get(PAGE).content.decode()
    assert "Firefox on Android" in page
    assert "Safari on iPhone" in page
    assert page.count("This one") == 1


def test_ending_one_session_signs_that_device_out_and_closes_its_sockets(a_client: Account) -> None:
    browser, other = signed_in(a_client), start_session(a_client)
    browser.post(f"{PAGE}end/", {"session": handle(other)})
    assert who(other) is None
    assert Closing.objects.filter(session_key=handle(other)).exists()
    assert browser.get(PAGE).status_code == 200


def test_nobody_ends_another_persons_session(a_client: Account, another_client: Account) -> None:
    theirs = start_session(another_client)
    signed_in(a_client).post(f"{PAGE}end/", {"session": handle(theirs)})
    assert who(theirs) is not None


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(PAGE).headers["Location"] == f"/account/login/?next={PAGE}"


def test_the_page_costs_the_same_for_one_device_and_for_ten(
    a_client: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(a_client)
    browser.get(PAGE)
    with django_assert_num_queries(4):
        browser.get(PAGE)
    for _ in range(9):
        start_session(a_client, device="Firefox on Linux")
    with django_assert_num_queries(4):
        browser.get(PAGE)
    assert settings.SESSION_COOKIE_NAME in browser.cookies
