"""The page between being admitted and being there: a pseudonym, the agreement, one press."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account
from rooms import access, joining
from rooms.access import Seat
from rooms.models import Membership, Room
from tests.people import admitted, both_stores, signed_in

pytestmark = both_stores


@pytest.fixture
def visitor(room: Room, outsider: Account) -> Client:
    admitted(outsider, room)
    return signed_in(outsider)


@pytest.fixture
def address(room: Room) -> str:
    return f"/rooms/{room.pk}/join/"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def join(visitor: Client, address: str, **fields: str) -> Any:
    return visitor.post(address, {"pseudonym": "Slow Meadow", "version": "1", "accept": "on", **fields})


def test_the_page_shows_the_agreement_and_ideas_for_a_name(visitor: Client, address: str) -> None:
    page = text_of(visitor.get(address))
    assert "What is said here stays here." in page
    ideas = page.split("data-suggestions=")[1].split("</div>")[0]
    assert ideas.count("<button") == 4
    assert "It cannot be changed later" in page


def test_who_chooses_and_accepts_is_in(visitor: Client, address: str, room: Room, outsider: Account) -> None:
    response = join(visitor, address)
    assert (response.status_code, response.headers["Location"]) == (302, f"/rooms/{room.pk}/")
    assert access.seat_of(access.standing(outsider.pk, room.pk)).face.pseudonym == "Slow Meadow"
    assert visitor.get(f"/rooms/{room.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"accept": ""}, "Please accept"),
        ({"pseudonym": ""}, "required"),
        ({"pseudonym": "Casimir"}, "real name"),
        ({"pseudonym": "Moderator"}, "member of staff"),
        ({"pseudonym": "Quiet Her0n"}, "looks like it"),
        ({"version": "0"}, "has changed"),
        ({"version": "x"}, ""),
    ],
)
def test_what_will_not_do_is_said_in_words_and_what_was_typed_stays(
    visitor: Client, address: str, heron: Seat, outsider: Account, room: Room, fields: dict[str, str], says: str
) -> None:
    response = join(visitor, address, **fields)
    assert response.status_code == 422
    assert says in text_of(response)
    assert fields.get("pseudonym", "Slow Meadow") in text_of(response)
    assert not access.has_accepted(access.membership(outsider.pk, room.pk))


def test_an_agreement_that_changed_meanwhile_is_shown_anew_and_can_then_be_accepted(
    visitor: Client, address: str, room: Room, coordinator: Account
) -> None:
    joining.publish_agreement(room, "Something new.", actor=coordinator)
    response = join(visitor, address)
    assert response.status_code == 422
    assert "Something new." in text_of(response)
    assert " checked" not in text_of(response)
    version = re.search(r'name="version" value="(\d+)"', text_of(response))
    assert version
    assert join(visitor, address, version=version[1]).status_code == 302


def test_who_comes_back_to_a_new_agreement_keeps_their_name(
    room: Room, heron: Seat, a_client: Account, coordinator: Account
) -> None:
    joining.publish_agreement(room, "Something new.", actor=coordinator)
    visitor = signed_in(a_client)
    page = text_of(visitor.get(f"/rooms/{room.pk}/join/"))
    assert 'name="pseudonym"' not in page
    visitor.post(f"/rooms/{room.pk}/join/", {"version": "2", "accept": "on", "pseudonym": "Another Name"})
    assert access.seat_of(access.standing(a_client.pk, room.pk)).face.pseudonym == "Quiet Heron"


def test_a_substance_use_room_says_so_before_one_enters(visitor: Client, address: str, room: Room) -> None:
    assert "42 CFR" not in text_of(visitor.get(address))
    Room.objects.filter(pk=room.pk).update(part2=True)
    assert "42 CFR Part 2" in text_of(visitor.get(address))


def test_a_pseudonym_stands_in_no_address(visitor: Client, address: str) -> None:
    assert "Meadow" not in join(visitor, address).headers["Location"]
    assert Membership.objects.filter(pseudonym_index__isnull=False).count() == 1
