"""The coordinator's list of people, and what is changed from it."""

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import closings, people
from accounts.models import Account, Role, Session
from accounts.refusals import Refused
from accounts.sessions import start_session, who
from tests.people import PASSWORD, both_stores, make, signed_in
from vault import sealing as vault
from vault import trail
from vault.models import TrailEntry

pytestmark = both_stores
PAGE = "/people/"
WHY = "Asked for a break."


def acts_on(account: Account) -> list[tuple[str, str]]:
    entries = TrailEntry.objects.filter(subject=f"account:{account.pk}").order_by("position")
    return [(entry.act, trail.why(entry)) for entry in entries]


def closed(account: Account, since: int) -> bool:
    return any(each.account == account.pk for each in closings.since(since))


def test_the_list_shows_name_role_state_and_last_day(coordinator: Account, a_client: Account) -> None:
    signed_in(a_client).get("/account/")
    page = signed_in(coordinator).get(PAGE).content.decode()
    for text in ("Ines Valdovinos", "ines@people.example", "Client", "Active", "Solveig Lindqvist", "Coordinator"):
        assert text in page


def test_a_person_is_found_by_a_part_of_the_name_or_address_in_any_case(
    coordinator: Account, a_client: Account, another_client: Account
) -> None:
    browser = signed_in(coordinator)
    for search in ("VALDO", "ines@", "  ines   valdo "):
        page = browser.post(PAGE, {"q": search}).content.decode()
        assert "Ines Valdovinos" in page
        assert "Teodor Brandt" not in page


def test_no_address_carries_what_was_looked_for(coordinator: Account, a_client: Account) -> None:
    page = signed_in(coordinator).get(PAGE, {"q": "Ines"}).content.decode()
    assert 'method="post" role="search"' in page
    assert "Solveig Lindqvist" in page  # a search in the address is no search


def test_a_search_that_finds_nobody_says_so(coordinator: Account) -> None:
    assert "Nobody found" in signed_in(coordinator).post(PAGE, {"q": "zzz"}).content.decode()


def test_a_long_list_comes_in_pages_and_keeps_the_search(coordinator: Account) -> None:
    for number in range(30):
        make(Role.CLIENT, name=f"Person {number:02}")
    browser = signed_in(coordinator)
    first = browser.post(PAGE, {"q": "person"}).content.decode()
    assert "Person 24" in first
    assert "Person 25" not in first
    assert '<input type="hidden" name="q" value="person">' in first
    assert '<button class="button button--quiet" name="page" value="2">' in first
    assert "Person 29" in browser.post(PAGE, {"q": "person", "page": "2"}).content.decode()
    assert 'href="?page=2"' in browser.get(PAGE).content.decode()
    assert browser.get(PAGE, {"page": "no number"}).status_code == 200


def test_the_page_costs_the_same_for_two_people_and_for_twenty(coordinator: Account, a_client: Account) -> None:
    browser = signed_in(coordinator)
    browser.get(PAGE)  # the first of the day is written down

    def ask_with_cold_keys() -> None:
        vault.forget()
        start_session(coordinator)  # opens the keys of the house; those of the people stay closed
        browser.get(PAGE)

    with CaptureQueriesContext(connections["default"]) as few, CaptureQueriesContext(connections["keys"]) as few_keys:
        ask_with_cold_keys()
    for _ in range(18):
        make(Role.CLIENT)
    with CaptureQueriesContext(connections["default"]) as many, CaptureQueriesContext(connections["keys"]) as many_keys:
        ask_with_cold_keys()
    assert (len(few), len(few_keys)) == (len(many), len(many_keys))
    assert len(many) <= 10


def test_a_role_is_changed_recorded_and_the_sockets_closed(coordinator: Account, a_client: Account) -> None:
    before = closings.newest()
    response = signed_in(coordinator).post(f"{PAGE}{a_client.pk}/role/", {"role": "mentor"})
    assert response.status_code == 302
    a_client.refresh_from_db()
    assert a_client.role == Role.MENTOR
    assert acts_on(a_client) == [("account.role_changed", "client to mentor")]
    assert closed(a_client, before)


def test_a_suspended_person_is_out_everywhere_at_once_and_cannot_come_back(
    coordinator: Account, a_client: Account
) -> None:
    before, key, browser = closings.newest(), start_session(a_client), signed_in(a_client)
    signed_in(coordinator).post(f"{PAGE}{a_client.pk}/suspend/", {"why": WHY})
    assert who(key) is None
    assert not Session.objects.filter(account=a_client).exists()
    assert browser.get("/account/").headers["Location"].startswith("/account/login/")
    assert closed(a_client, before)
    assert acts_on(a_client) == [("account.suspended", WHY)]


def test_a_suspension_needs_a_reason(coordinator: Account, a_client: Account) -> None:
    page = signed_in(coordinator).post(f"{PAGE}{a_client.pk}/suspend/", {"why": "  "})
    assert page.status_code == 400
    assert page.context["reason_form"].errors
    a_client.refresh_from_db()
    assert a_client.is_active


def test_who_is_brought_back_signs_in_again_with_the_old_password(coordinator: Account, a_client: Account) -> None:
    people.suspend(a_client, by=coordinator, why=WHY)
    signed_in(coordinator).post(f"{PAGE}{a_client.pk}/bring-back/")
    response = Client().post("/account/login/", {"login": a_client.email, "password": PASSWORD})
    assert response.status_code == 302
    assert [act for act, _ in acts_on(a_client)] == ["account.suspended", "account.brought_back"]


def test_nobody_suspends_or_demotes_themselves(coordinator: Account) -> None:
    make(Role.COORDINATOR)
    browser = signed_in(coordinator)
    assert (
        "own account"
        in browser.post(f"{PAGE}{coordinator.pk}/suspend/", {"why": WHY}).context["reason_form"].errors.as_text()
    )
    assert browser.post(f"{PAGE}{coordinator.pk}/role/", {"role": "client"}).status_code == 400
    coordinator.refresh_from_db()
    assert (coordinator.role, coordinator.is_active) == (Role.COORDINATOR, True)


def test_one_active_coordinator_always_remains(coordinator: Account) -> None:
    other = make(Role.COORDINATOR)
    people.suspend(other, by=coordinator, why=WHY)
    with pytest.raises(Refused, match="last_coordinator"):
        people.change_role(coordinator, Role.CLIENT, by=other)
    people.bring_back(other, by=coordinator)
    people.change_role(coordinator, Role.CLIENT, by=other)
    assert coordinator.role == Role.CLIENT


def test_a_refused_change_leaves_nothing_behind(coordinator: Account) -> None:
    before = closings.newest()
    signed_in(coordinator).post(f"{PAGE}{coordinator.pk}/suspend/", {"why": WHY})
    assert acts_on(coordinator) == []
    assert closings.newest() == before


def test_a_person_who_is_not_there_is_not_found(coordinator: Account) -> None:
    browser = signed_in(coordinator)
    assert browser.get(f"{PAGE}999999/").status_code == 404
    assert browser.post(f"{PAGE}999999/suspend/", {"why": WHY}).status_code == 404


@pytest.mark.parametrize("who_asks", ["a_client", "mentor", "moderator", "clinician"])
def test_to_everybody_else_these_pages_do_not_exist(
    who_asks: str, request: pytest.FixtureRequest, another_client: Account
) -> None:
    browser = signed_in(request.getfixturevalue(who_asks))
    assert browser.get(PAGE).status_code == 404
    assert browser.get(f"{PAGE}{another_client.pk}/").status_code == 404
    for act in ("role", "suspend", "bring-back"):
        assert browser.post(f"{PAGE}{another_client.pk}/{act}/", {"role": "client", "why": WHY}).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(PAGE).headers["Location"].startswith("/account/login/")
