"""A person's settings."""

from django.test import Client

from accounts.models import Account
from tests.people import both_stores, signed_in

pytestmark = both_stores


def test_settings_lead_to_password_second_factor_and_devices(a_client: Account) -> None:
    page = signed_in(a_client).get("/account/").content.decode()
    for link in ("/account/password/change/", "/account/second-factor/", "/account/sessions/"):
        assert f'href="{link}"' in page


def test_a_language_chosen_here_stays_with_the_person(a_client: Account) -> None:
    browser = signed_in(a_client)
    browser.post("/account/", {"language": "es"})
    a_client.refresh_from_db()
    assert a_client.language == "es"
    assert '<html lang="es"' in browser.get("/account/").content.decode()


def test_a_language_chosen_in_the_header_does_too(a_client: Account) -> None:
    browser = signed_in(a_client)
    browser.post("/language/setlang/", {"language": "es", "next": "/account/"})
    browser.get("/account/")
    a_client.refresh_from_db()
    assert a_client.language == "es"


def test_a_language_nobody_speaks_here_is_refused(a_client: Account) -> None:
    response = signed_in(a_client).post("/account/", {"language": "tlh"})
    assert response.status_code == 200
    assert response.context["form"].errors
    a_client.refresh_from_db()
    assert a_client.language == ""


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/account/").status_code == 302
