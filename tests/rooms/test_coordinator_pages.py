"""Opening a room, changing its rules, saying who belongs: the coordinator's pages, which show no conversation."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account, Role
from rooms import access, posting
from rooms.access import Seat
from rooms.forms import RoomForm
from rooms.models import Agreement, Membership, Room
from tests.people import both_stores, make, signed_in
from vault import trail

pytestmark = both_stores

FIELDS = {
    "name": "Evening room",
    "condition": "ptsd",
    "description": "For late hours.",
    "toolkit": "Feet on the floor.",
    "posts_a_minute": "60",
    "retention_days": "90",
    "agreement_text": "Be kind.",
}


@pytest.fixture
def office(coordinator: Account) -> Client:
    return signed_in(coordinator)


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- a room and its rules -------------------------------------------------------------------------------------------


def test_a_room_is_opened_with_its_first_agreement_and_on_the_record(office: Client, coordinator: Account) -> None:
    response = office.post("/rooms/new/", {**FIELDS, "part2": "on"})
    room = Room.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, f"/rooms/{room.pk}/people/")
    assert (room.name, room.condition, room.part2, room.agreement_version) == ("Evening room", "ptsd", True, 1)
    assert room.agreement.text == "Be kind."
    assert (f"account:{coordinator.pk}", "room.open") in [(entry.actor, entry.act) for entry in trail.last(5)]


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 61}, {"condition": "joy"}, {"posts_a_minute": "0"}, {"posts_a_minute": "601"}, {"retention_days": "0"},
     {"retention_days": "9999"}, {"agreement_text": ""}, {"posts_a_minute": "many"}],
)  # fmt: skip
def test_what_is_wrong_is_said_and_no_room_opens(office: Client, wrong: dict[str, str]) -> None:
    response = office.post("/rooms/new/", {**FIELDS, **wrong})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in text_of(response)
    assert not Room.objects.exists()
    assert not Agreement.objects.exists()


def test_a_changed_agreement_becomes_a_new_version_and_an_unchanged_one_does_not(
    office: Client, room: Room, heron: Seat
) -> None:
    address = f"/rooms/{room.pk}/edit/"
    assert "What is said here stays here." in text_of(office.get(address))
    office.post(address, {**FIELDS, "agreement_text": room.agreement.text})
    assert Room.objects.get(pk=room.pk).agreement_version == 1
    access.standing(heron.account_id, room.pk)
    office.post(address, FIELDS)
    changed = Room.objects.get(pk=room.pk)
    assert (changed.agreement_version, changed.agreement.text, changed.name) == (2, "Be kind.", "Evening room")
    assert not access.has_accepted(access.membership(heron.account_id, room.pk))


def test_rules_reach_open_rooms_by_the_roster_number(office: Client, room: Room) -> None:
    before = Room.objects.get(pk=room.pk).roster
    office.post(f"/rooms/{room.pk}/edit/", {**FIELDS, "read_only": "on", "agreement_text": room.agreement.text})
    after = Room.objects.get(pk=room.pk)
    assert after.read_only
    assert after.roster > before


def test_a_message_posted_while_the_form_is_saved_keeps_its_number(room: Room, heron: Seat) -> None:
    form = RoomForm(FIELDS, instance=Room.objects.get(pk=room.pk))
    assert form.is_valid()
    posting.post(heron, body="meanwhile")
    form.store()
    stored = Room.objects.get(pk=room.pk)
    assert (stored.number, stored.name) == (1, "Evening room")
    posting.post(heron, body="afterwards")


def test_all_rooms_are_listed_without_a_word_of_theirs(office: Client, room: Room, heron: Seat) -> None:
    posting.post(heron, body="a secret sentence")
    page = text_of(office.get("/rooms/"))
    assert room.name in page
    assert "a secret sentence" not in page
    assert "Quiet Heron" not in page


# --- who belongs ----------------------------------------------------------------------------------------------------


def test_people_are_shown_by_account_and_never_by_pseudonym(
    office: Client, room: Room, heron: Seat, outsider: Account
) -> None:
    posting.post(heron, body="a secret sentence")
    page = text_of(office.get(f"/rooms/{room.pk}/people/"))
    assert "Ines Valdovinos" in page
    assert outsider.name in page
    for hidden in ("Quiet Heron", heron.face.id, "a secret sentence", "ines@people.example"):
        assert hidden not in page


def test_somebody_is_added_and_removed(office: Client, room: Room, outsider: Account) -> None:
    address = f"/rooms/{room.pk}/people/"
    response = office.post(address, {"account": str(outsider.pk), "act": "add"})
    assert response.status_code == 302
    assert access.membership(outsider.pk, room.pk)
    office.post(address, {"account": str(outsider.pk), "act": "remove"})
    assert not access.rooms_of(outsider.pk)
    assert [entry.act for entry in trail.last(2)] == ["room.admit", "room.remove"]


@pytest.mark.parametrize("number", ["", "0", "-1", "abc", "99999999", "9" * 19, "9" * 60, "²"])
def test_nobody_is_nobody(office: Client, room: Room, number: str) -> None:
    assert office.post(f"/rooms/{room.pk}/people/", {"account": number, "act": "add"}).status_code == 404
    assert not Membership.objects.exists()


def test_somebody_suspended_is_neither_shown_nor_added(office: Client, room: Room, outsider: Account) -> None:
    Account.objects.filter(pk=outsider.pk).update(is_active=False)
    assert outsider.name not in text_of(office.get(f"/rooms/{room.pk}/people/"))
    assert office.post(f"/rooms/{room.pk}/people/", {"account": str(outsider.pk), "act": "add"}).status_code == 404


def test_many_people_come_in_pages(office: Client, room: Room) -> None:
    for _ in range(60):
        make(Role.CLIENT)
    first, second = (text_of(office.get(f"/rooms/{room.pk}/people/", {"page": page})) for page in (1, 2))
    assert first.count('name="account"') == 50
    assert second.count('name="account"') == 60 + 2 - 50  # and two coordinators
    assert text_of(office.get(f"/rooms/{room.pk}/people/", {"page": "x"})).count('name="account"') == 50


def test_after_adding_one_stays_on_the_page(office: Client, room: Room, outsider: Account) -> None:
    address = f"/rooms/{room.pk}/people/?page=1"
    assert office.post(address, {"account": str(outsider.pk), "act": "add"}).headers["Location"] == address


@pytest.mark.parametrize("count", [2, 40])
def test_the_page_of_people_costs_the_same_however_many(
    office: Client, room: Room, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        make(Role.CLIENT)
    office.get(f"/rooms/{room.pk}/people/")
    with django_assert_num_queries(7):  # session, account; room, count, people, who belongs; cards
        office.get(f"/rooms/{room.pk}/people/")
