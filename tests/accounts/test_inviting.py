"""The coordinator invites, sends again, withdraws; and the first coordinator comes by the command line."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Account, Invitation, Role
from tests.people import both_stores, signed_in
from vault.models import TrailEntry

pytestmark = both_stores
PAGE = "/people/invite/"
WHOM = {"name": "Wilhelmina Prescott", "email": "wilhelmina@people.example", "role": "client", "places": ["heron"]}


def link_on(page: str) -> str:
    found = re.search(r"http://testserver(/join/[\w-]+/)", page)
    assert found is not None
    return found[1]


def test_an_invitation_is_sent_and_its_link_is_shown_this_once(coordinator: Account) -> None:
    browser = signed_in(coordinator)
    page = browser.post(PAGE, WHOM).content.decode()
    assert Client().get(link_on(page)).status_code == 200
    assert link_on(page) in mail.outbox[0].body
    assert mail.outbox[0].to == ["wilhelmina@people.example"]
    assert "/join/" not in browser.get("/people/").content.decode()


def test_only_a_hash_of_the_link_is_stored(coordinator: Account) -> None:
    secret = link_on(signed_in(coordinator).post(PAGE, WHOM).content.decode()).split("/")[2]
    kept = Invitation.objects.get()
    assert secret not in str(vars(kept))
    assert len(kept.token) == 64
    assert kept.places == ["heron"]


def test_the_letter_speaks_both_languages_and_says_nothing_of_health(coordinator: Account) -> None:
    signed_in(coordinator).post(PAGE, WHOM)
    letter = mail.outbox[0]
    text = f"{letter.subject} {letter.body}".lower()
    assert letter.body.count("/join/") == 2
    for word in ("health", "peer", "support", "group", "program", "recover", "therap", "salud", "apoyo", "grupo"):
        assert word not in text.replace("/join/", "").replace("people.example", "")


def test_a_letter_that_cannot_be_sent_is_told_and_the_link_is_there_to_hand_over(
    coordinator: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **kwargs: object) -> int:
        raise ConnectionRefusedError("wilhelmina@people.example")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", broken)
    page = signed_in(coordinator).post(PAGE, WHOM).content.decode()
    assert "could not be sent" in page
    assert Client().get(link_on(page)).status_code == 200
    assert "wilhelmina" not in caplog.text


def test_who_has_an_account_or_waits_already_is_not_invited_twice(coordinator: Account, a_client: Account) -> None:
    browser = signed_in(coordinator)
    browser.post(PAGE, WHOM)
    twice = browser.post(PAGE, WHOM | {"email": "WILHELMINA@people.example"})
    member = browser.post(PAGE, WHOM | {"email": "ines@people.example"})
    assert "invited already" in str(twice.context["form"].errors["email"])
    assert "already has an account" in str(member.context["form"].errors["email"])
    assert twice.status_code == member.status_code == 400
    assert Invitation.objects.count() == 1


def test_a_form_with_mistakes_says_where_they_are(coordinator: Account) -> None:
    page = signed_in(coordinator).post(PAGE, {"name": "", "email": "not an address", "role": "king", "places": ["x"]})
    assert set(page.context["form"].errors) == {"name", "email", "role", "places"}
    assert 'aria-invalid="true"' in page.content.decode()


def test_a_new_link_kills_the_old_one_and_brings_an_expired_invitation_back(coordinator: Account) -> None:
    browser = signed_in(coordinator)
    old = link_on(browser.post(PAGE, WHOM).content.decode())
    Invitation.objects.update(expires="2020-01-01T00:00Z")
    new = link_on(browser.post(f"/people/invitations/{Invitation.objects.get().pk}/resend/").content.decode())
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200


def test_a_withdrawn_invitation_opens_nothing_is_forgotten_and_can_be_made_again(coordinator: Account) -> None:
    browser = signed_in(coordinator)
    link = link_on(browser.post(PAGE, WHOM).content.decode())
    pk = Invitation.objects.get().pk
    assert browser.post(f"/people/invitations/{pk}/withdraw/").status_code == 302
    assert Client().get(link).status_code == 404
    assert Invitation.objects.get().sealed_email is None
    assert browser.post(f"/people/invitations/{pk}/resend/").headers["Location"] == "/people/"
    assert browser.post(PAGE, WHOM).status_code == 200


def test_every_step_is_on_the_trail(coordinator: Account) -> None:
    browser = signed_in(coordinator)
    browser.post(PAGE, WHOM)
    pk = Invitation.objects.get().pk
    browser.post(f"/people/invitations/{pk}/resend/")
    browser.post(f"/people/invitations/{pk}/withdraw/")
    acts = TrailEntry.objects.filter(actor=f"account:{coordinator.pk}", subject=f"invitation:{pk}").order_by("position")
    assert [entry.act for entry in acts] == ["invitation.made", "invitation.sent_again", "invitation.withdrawn"]


@pytest.mark.parametrize("who", ["a_client", "mentor", "moderator", "clinician"])
def test_nobody_but_a_coordinator_invites(who: str, request: pytest.FixtureRequest) -> None:
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE, WHOM).status_code == 404
    assert Invitation.objects.count() == 0


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(PAGE).headers["Location"].startswith("/account/login/")


def test_the_first_coordinator_is_invited_from_the_command_line(client: Client) -> None:
    out = StringIO()
    call_command("invite", "first@people.example", "--name", "First", "--site", "https://chat.example", stdout=out)
    link = out.getvalue().split()[0]
    assert link.startswith("https://chat.example/join/")
    path = link.removeprefix("https://chat.example")
    client.post(path, {"name": "First", "password": "seven herons over a slow river"})
    account = Account.objects.by_email("first@people.example")
    assert account is not None
    assert account.role == Role.COORDINATOR
    with pytest.raises(CommandError, match="already has an account"):
        call_command("invite", "first@people.example", "--name", "First")
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("invite", "first", "--name", "First")
