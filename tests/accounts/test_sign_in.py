"""The sign-in page."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Account, Session
from tests.people import PASSWORD, both_stores, make, signed_in
from accounts.models import Role

pytestmark = both_stores


def sign_in(browser: Client, email: str, password: str = PASSWORD) -> int:
    return browser.post("/account/login/", {"login": email, "password": password}).status_code


def test_a_client_signs_in_with_e_mail_and_password(client: Client, a_client: Account) -> None:
    assert sign_in(client, "ines@people.example") == 302
    session = Session.objects.get(account=a_client)
    assert session.handle != client.cookies["peerchat_session"].value


def test_the_address_may_be_written_in_any_case_and_with_spaces(client: Client, a_client: Account) -> None:
    assert sign_in(client, "  Ines@PEOPLE.example ") == 302


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client: Client, a_client: Account) -> None:
    wrong = client.post("/account/login/", {"login": "ines@people.example", "password": "not this one at all"})
    unknown = client.post("/account/login/", {"login": "nobody@people.example", "password": "not this one at all"})
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert not Session.objects.filter(account=a_client).exists()
