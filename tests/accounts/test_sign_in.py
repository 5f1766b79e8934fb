"""The sign-in page: who gets in, who does not, and what is counted."""

import pytest
from django.contrib.auth.hashers import BasePasswordHasher, get_hasher
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import Account, Role, Session
from tests.people import PASSWORD, both_stores, make

pytestmark = both_stores
PAGE = "/account/login/"
WRONG = "not this one at all"


def sign_in(browser: Client, email: str, password: str = PASSWORD, **more: str) -> bool:
    return browser.post(PAGE, {"login": email, "password": password}, **more).status_code == 302  # type: ignore[arg-type]


def errors(browser: Client, email: str, password: str) -> str:
    response = browser.post(PAGE, {"login": email, "password": password})
    assert response.status_code == 200
    return str(response.context["form"].errors)


def test_a_client_signs_in_with_e_mail_and_password(client: Client, a_client: Account) -> None:
    assert sign_in(client, "ines@people.example")
    assert client.get("/account/").status_code == 200


def test_the_address_may_be_typed_in_any_case_and_with_spaces(client: Client, a_client: Account) -> None:
    assert sign_in(client, "  Ines@PEOPLE.example ")


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client: Client, a_client: Account) -> None:
    assert errors(client, "ines@people.example", WRONG) == errors(client, "nobody@people.example", WRONG)
    assert not Session.objects.filter(account=a_client).exists()


def test_an_unknown_address_costs_a_hash_like_a_known_one(
    client: Client, a_client: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    hasher = type(get_hasher())
    encode = hasher.encode

    def counted(self: BasePasswordHasher, password: str, salt: str) -> str:
        hashed.append(salt)
        return str(encode(self, password, salt))

    monkeypatch.setattr(hasher, "encode", counted)
    errors(client, "ines@people.example", WRONG)
    known = len(hashed)
    errors(client, "nobody@people.example", WRONG)
    assert len(hashed) == 2 * known


def test_a_suspended_person_is_told_no_more_than_a_stranger(client: Client, a_client: Account) -> None:
    Account.objects.filter(pk=a_client.pk).update(is_active=False)
    assert errors(client, "ines@people.example", PASSWORD) == errors(client, "nobody@people.example", PASSWORD)


def test_the_sixth_wrong_password_in_five_minutes_is_turned_away_and_so_is_the_right_one(
    client: Client, a_client: Account
) -> None:
    for _ in range(5):
        assert "go together" in errors(client, "ines@people.example", WRONG)
    assert "Too many tries" in errors(client, "INES@people.example", PASSWORD)
    assert sign_in(client, make(Role.CLIENT).email)


def test_thirty_tries_a_minute_from_one_address_are_enough(client: Client, a_client: Account) -> None:
    answers = [client.post(PAGE, {"login": f"{n}@x.example", "password": WRONG}).status_code for n in range(31)]
    assert answers[-1] == 429


def test_the_cache_holds_nothing_of_an_address(client: Client, a_client: Account) -> None:
    errors(client, "ines@people.example", WRONG)
    client.post("/account/password/reset/", {"email": "ines@people.example"})
    kept = str(cache._cache).lower()  # type: ignore[attr-defined]
    assert "login_failed" in kept
    assert "reset_password" in kept
    assert "ines" not in kept
    assert "people.example" not in kept


def test_whoever_is_signed_in_is_sent_on_from_the_sign_in_page(client: Client, a_client: Account) -> None:
    sign_in(client, "ines@people.example")
    assert client.get(PAGE).headers["Location"] == "/"


def test_signing_in_brings_the_persons_language_along(client: Client) -> None:
    make(Role.CLIENT, email="rosa@people.example", language="es")
    sign_in(client, "rosa@people.example")
    assert client.cookies["peerchat_language"].value == "es"


def test_after_signing_in_a_person_is_where_they_wanted_to_go_but_never_on_another_site(
    client: Client, a_client: Account, another_client: Account
) -> None:
    at_home = client.post(f"{PAGE}?next=/account/", {"login": a_client.email, "password": PASSWORD})
    assert at_home.headers["Location"] == "/account/"
    away = Client().post(f"{PAGE}?next=https://evil.example/", {"login": another_client.email, "password": PASSWORD})
    assert away.headers["Location"] == "/"


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "second-factor/passkeys/1/edit/"])
def test_pages_of_allauth_that_we_do_not_want_are_not_there(client: Client, a_client: Account, path: str) -> None:
    sign_in(client, "ines@people.example")
    assert client.get(f"/account/{path}").status_code == 404


def test_passwords_are_kept_as_argon2id(settings: Settings) -> None:
    from peerchat import settings as real

    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS
    assert make(Role.CLIENT).password.startswith("argon2$argon2id$")


def test_the_form_is_labelled_and_lets_password_managers_work(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert '<label class="field__label" for="id_login">' in page
    assert "onpaste" not in page
