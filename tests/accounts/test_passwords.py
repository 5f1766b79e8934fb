"""Changing a password, and choosing a new one when it is forgotten."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.closings import handle
from accounts.models import Account, Closing
from accounts.sessions import start_session, who
from tests.people import PASSWORD, both_stores, signed_in

pytestmark = both_stores
CHANGE = "/account/password/change/"
RESET = "/account/password/reset/"
NEW = "seven herons over a slow river"


def ask(browser: Client, email: str = "ines@people.example") -> str:
    """Asks for a link and follows it to the form; answers with the form's address."""
    browser.post(RESET, {"email": email})
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return browser.get(found[1]).headers["Location"]


def can_sign_in(password: str, email: str = "ines@people.example") -> bool:
    return Client().post("/account/login/", {"login": email, "password": password}).status_code == 302


def test_a_changed_password_signs_out_every_other_place_but_not_this_one(a_client: Account) -> None:
    browser, other = signed_in(a_client), start_session(a_client)
    response = browser.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW})
    assert response.headers["Location"] == "/account/"
    assert browser.get("/account/").status_code == 200
    assert who(other) is None
    assert Closing.objects.filter(session_key=handle(other)).exists()
    assert can_sign_in(NEW)
    assert not can_sign_in(PASSWORD)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("not this one at all", NEW, "oldpassword"), (PASSWORD, "short", "password1"), (PASSWORD, "", "password1")],
)
def test_a_change_with_a_mistake_changes_nothing_and_says_which(
    a_client: Account, old: str, new: str, field: str
) -> None:
    page = signed_in(a_client).post(CHANGE, {"oldpassword": old, "password1": new})
    assert list(page.context["form"].errors) == [field]
    assert can_sign_in(PASSWORD)


@pytest.mark.parametrize("weak", ["onlyfourteen14", "123456789012345", "passwordpassword"[:14]])
def test_weak_passwords_are_refused(a_client: Account, weak: str) -> None:
    assert signed_in(a_client).post(CHANGE, {"oldpassword": PASSWORD, "password1": weak}).status_code == 200
    assert can_sign_in(PASSWORD)


def test_a_new_password_does_not_make_a_stay_longer(a_client: Account) -> None:
    browser = signed_in(a_client)
    before = a_client.sessions.get().expire_date
    browser.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW})
    assert a_client.sessions.get().expire_date == before


def test_a_forgotten_password_is_replaced_by_a_link_and_everybody_is_signed_out(
    client: Client, a_client: Account
) -> None:
    key = start_session(a_client)
    form = ask(client)
    assert client.post(form, {"password1": NEW}).headers["Location"] == "/account/password/reset/key/done/"
    assert who(key) is None
    assert can_sign_in(NEW)


def test_the_link_works_once(client: Client, a_client: Account) -> None:
    form = ask(client)
    client.post(form, {"password1": NEW})
    again = client.post(form, {"password1": "another long enough one"})
    assert "does not work any more" in again.content.decode()
    assert can_sign_in(NEW)


def test_an_unknown_or_suspended_person_gets_no_letter_and_the_page_says_the_same(
    client: Client, a_client: Account
) -> None:
    known = client.post(RESET, {"email": "ines@people.example"})
    Account.objects.filter(pk=a_client.pk).update(is_active=False)
    for email in ("ines@people.example", "nobody@people.example"):
        answer = client.post(RESET, {"email": email})
        assert answer.headers["Location"] == known.headers["Location"]
    assert len(mail.outbox) == 1


def test_a_link_dies_with_a_suspension(client: Client, a_client: Account) -> None:
    form = ask(client)
    Account.objects.filter(pk=a_client.pk).update(is_active=False)
    assert "does not work any more" in client.post(form, {"password1": NEW}).content.decode()


def test_the_letter_names_neither_the_person_nor_what_this_is(client: Client, a_client: Account) -> None:
    ask(client)
    text = f"{mail.outbox[0].subject} {mail.outbox[0].body}".lower()
    for word in ("ines", "peer", "health", "support"):
        assert word not in text


def test_three_letters_an_hour_are_enough(client: Client, a_client: Account) -> None:
    answers = [client.post(RESET, {"email": "ines@people.example"}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    assert len(mail.outbox) == 3
