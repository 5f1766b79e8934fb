"""The second factor: set up, asked for, owed by staff."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from pytest_django import Settings

from accounts.models import Account
from tests.people import PASSWORD, both_stores, signed_in

pytestmark = both_stores
HERE = "/account/second-factor/"


def prove_yourself(browser: Client) -> None:
    browser.post("/account/reauthenticate/", {"password": PASSWORD})


def code(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))))


def set_up_app(account: Account) -> tuple[Client, str]:
    browser = signed_in(account)
    prove_yourself(browser)
    secret: str = browser.get(f"{HERE}app/activate/").context["form"].secret
    assert browser.post(f"{HERE}app/activate/", {"code": code(secret)}).status_code == 302
    return browser, secret


def test_an_authenticator_app_is_set_up_with_a_picture_or_by_hand(a_client: Account) -> None:
    browser = signed_in(a_client)
    prove_yourself(browser)
    page = browser.get(f"{HERE}app/activate/")
    text = page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in text
    assert page.context["form"].secret in text.replace(" ", "")
    assert 'autocomplete="one-time-code"' in text
    assert "ines" not in page.context["totp_url"].lower()
    assert 'fill="white"' in page.context["totp_svg"]  # a camera reads it in the dark theme too


def test_setting_up_asks_for_the_password_first(a_client: Account) -> None:
    response = signed_in(a_client).get(f"{HERE}app/activate/")
    assert response.headers["Location"].startswith("/account/reauthenticate/")


def test_the_secret_of_an_app_is_sealed_in_the_store(a_client: Account) -> None:
    _, secret = set_up_app(a_client)
    assert Authenticator.objects.filter(user=a_client).count() == 2
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_with_an_app_the_password_alone_opens_nothing_and_the_code_opens(a_client: Account) -> None:
    _, secret = set_up_app(a_client)
    browser = Client()
    answer = browser.post("/account/login/", {"login": a_client.email, "password": PASSWORD})
    assert answer.headers["Location"] == f"{HERE}authenticate/"
    assert browser.get("/account/").status_code == 302
    assert "not right" in browser.post(f"{HERE}authenticate/", {"code": "000000"}).content.decode()
    assert browser.post(f"{HERE}authenticate/", {"code": code(secret)}).headers["Location"] == "/"
    assert browser.get("/account/").status_code == 200


def test_a_recovery_code_opens_once(a_client: Account) -> None:
    browser, _ = set_up_app(a_client)
    codes = browser.get(f"{HERE}recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    answers = []
    for _ in range(2):
        visitor = Client()
        visitor.post("/account/login/", {"login": a_client.email, "password": PASSWORD})
        answers.append(visitor.post(f"{HERE}authenticate/", {"code": codes[0]}).status_code)
    assert answers == [302, 200]


def test_recovery_codes_are_saved_as_a_file_and_made_anew(a_client: Account) -> None:
    browser, _ = set_up_app(a_client)
    prove_yourself(browser)
    old = browser.get(f"{HERE}recovery-codes/download/").content.decode().split()
    browser.post(f"{HERE}recovery-codes/generate/")
    new = browser.get(f"{HERE}recovery-codes/").context["unused_codes"]
    assert len(old) == len(new) == 10
    assert not set(old) & set(new)


def test_guessing_codes_is_stopped(a_client: Account) -> None:
    _, secret = set_up_app(a_client)
    browser = Client()
    browser.post("/account/login/", {"login": a_client.email, "password": PASSWORD})
    for _ in range(5):
        browser.post(f"{HERE}authenticate/", {"code": "000000"})
    assert "Too many tries" in browser.post(f"{HERE}authenticate/", {"code": code(secret)}).content.decode()


def test_an_app_is_turned_off_again(a_client: Account) -> None:
    browser, _ = set_up_app(a_client)
    prove_yourself(browser)
    assert browser.get(f"{HERE}app/deactivate/").status_code == 200
    browser.post(f"{HERE}app/deactivate/")
    assert not Authenticator.objects.filter(user=a_client).exists()


@pytest.mark.parametrize("who", ["mentor", "moderator", "clinician", "coordinator"])
def test_staff_reach_only_the_set_up_until_they_have_a_second_factor(
    who: str, request: pytest.FixtureRequest, settings: Settings
) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    browser = signed_in(request.getfixturevalue(who))
    for path in ("/", "/account/", "/people/", "/account/sessions/"):
        assert browser.get(path).headers["Location"] == HERE
    assert "Your role needs a second lock" in browser.get(HERE).content.decode()
    assert browser.get("/help/").status_code == 200
    prove_yourself(browser)
    secret = browser.get(f"{HERE}app/activate/").context["form"].secret
    browser.post(f"{HERE}app/activate/", {"code": code(secret)})
    assert browser.get(f"{HERE}recovery-codes/").status_code == 200
    assert browser.get("/account/").status_code == 200


def test_clients_and_a_demo_owe_none(a_client: Account, mentor: Account, settings: Settings) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    assert signed_in(a_client).get("/account/").status_code == 200
    settings.STAFF_NEED_SECOND_FACTOR = False
    assert signed_in(mentor).get("/account/").status_code == 200


def test_a_page_without_passkeys_says_so_kindly(a_client: Account) -> None:
    page = signed_in(a_client).get(f"{HERE}passkeys/").content.decode()
    assert "No passkeys yet" in page


def test_a_made_up_passkey_opens_nothing(client: Client) -> None:
    for credential in ("", "[]", "{}", '{"id": "x", "response": {"userHandle": "MQ"}}', "not json"):
        response = client.post(f"{HERE}passkeys/login/", {"credential": credential})
        assert response.headers["Location"] == "/account/login/"
