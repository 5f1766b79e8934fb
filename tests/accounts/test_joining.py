"""/join/<token>/: the page of who was invited."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import invitations
from accounts.models import Account, Invitation, Role
from accounts.refusals import Refused
from tests.accounts.conftest import admitted
from tests.people import both_stores, signed_in

pytestmark = both_stores
ADDRESS = "wilhelmina@people.example"
NEW = "seven herons over a slow river"


@pytest.fixture
def link(coordinator: Account) -> invitations.Link:
    return invitations.invite(
        by=coordinator, email=ADDRESS, name="Wilhelmina Prescott", role=Role.CLIENT, places=["willow"]
    )


def join(browser: Client, secret: str, *, password: str = NEW, name: str = "Mina Prescott") -> int:
    return browser.post(f"/join/{secret}/", {"name": name, "password": password}).status_code


def test_the_page_greets_by_name_and_knows_the_address(client: Client, link: invitations.Link) -> None:
    page = client.get(f"/join/{link.secret}/").content.decode()
    assert "Welcome, Wilhelmina Prescott" in page
    assert f'value="{ADDRESS}"' in page
    assert 'autocomplete="new-password"' in page


def test_joining_makes_the_account_opens_the_places_and_signs_in(client: Client, link: invitations.Link) -> None:
    assert join(client, link.secret) == 302
    account = Account.objects.by_email(ADDRESS)
    assert account is not None
    assert (account.name, account.role, account.language) == ("Mina Prescott", Role.CLIENT, "en")
    assert admitted == [(account.pk, ["willow"])]
    assert client.get("/account/").status_code == 200


def test_an_accepted_invitation_forgets_whom_it_was_for(client: Client, link: invitations.Link) -> None:
    join(client, link.secret)
    kept = Invitation.objects.get()
    assert kept.accepted is not None
    assert (kept.sealed_name, kept.sealed_email, kept.email_index) == (None, None, None)


def test_unknown_used_withdrawn_replaced_and_expired_links_look_alike(
    link: invitations.Link, coordinator: Account
) -> None:
    pages = [Client().get("/join/nobody-made-this-one/")]
    join(Client(), link.secret)
    pages.append(Client().get(f"/join/{link.secret}/"))
    second = invitations.invite(by=coordinator, email="b@people.example", name="B", role=Role.CLIENT)
    third = invitations.resend(second.invitation, by=coordinator)
    pages.append(Client().get(f"/join/{second.secret}/"))
    Invitation.objects.update(expires=timezone.now())
    pages.append(Client().get(f"/join/{third.secret}/"))
    invitations.withdraw(third.invitation, by=coordinator)
    pages.append(Client().get(f"/join/{third.secret}/"))
    assert {page.status_code for page in pages} == {404}
    assert len({_without_tokens(page.content.decode()) for page in pages}) == 1
    assert "ask your coordinator for a new link" in pages[0].content.decode()


def _without_tokens(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and "/join/" not in line)


def test_a_used_link_makes_no_second_account(client: Client, link: invitations.Link) -> None:
    join(client, link.secret)
    assert join(Client(), link.secret) == 404
    assert Account.objects.filter(role=Role.CLIENT).count() == 1


def test_of_two_who_accept_at_once_only_one_comes_in(link: invitations.Link) -> None:
    same = Invitation.objects.get()
    invitations.accept(link.invitation, name="A", password=NEW, language="en")
    with pytest.raises(Refused):
        invitations.accept(same, name="B", password=NEW, language="en")


def test_a_weak_password_is_explained_and_the_link_still_works(client: Client, link: invitations.Link) -> None:
    page = client.post(f"/join/{link.secret}/", {"name": "Mina", "password": "short"})
    assert "at least 15 characters" in str(page.context["form"].errors)
    assert join(client, link.secret) == 302


def test_a_link_expires_after_the_days_of_the_house(link: invitations.Link, settings: Settings) -> None:
    term = link.invitation.expires - timezone.now()
    assert timedelta(0) < timedelta(days=settings.INVITATION_DAYS) - term < timedelta(minutes=1)


def test_who_is_signed_in_already_is_asked_to_sign_out_first(link: invitations.Link, a_client: Account) -> None:
    browser = signed_in(a_client)
    assert "sign out first" in browser.get(f"/join/{link.secret}/").content.decode()
    assert "sign out first" in browser.post(f"/join/{link.secret}/", {"name": "X", "password": NEW}).content.decode()
    assert Invitation.objects.usable().count() == 1


def test_staff_who_join_set_up_their_second_factor_without_typing_the_password_again(
    client: Client, coordinator: Account, settings: Settings
) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    made = invitations.invite(by=coordinator, email="mentor@people.example", name="M", role=Role.MENTOR)
    join(client, made.secret)
    assert client.get("/").headers["Location"] == "/account/second-factor/"
    assert client.get("/account/second-factor/app/activate/").status_code == 200
