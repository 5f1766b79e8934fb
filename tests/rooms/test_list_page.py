"""The list of one's rooms, with what is unread."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account
from rooms import joining, lists, posting
from rooms.access import Seat
from rooms.changes import Post
from rooms.commit import write
from rooms.models import Membership, Room
from tests.people import admitted, both_stores, open_room, seated, signed_in

pytestmark = both_stores


def page(account: Account) -> str:
    response: Any = signed_in(account).get("/")
    return str(response.content.decode())


def unread(account_id: int) -> dict[str, int]:
    return {each.name: each.unread for each in lists.listed(account_id)}


def test_one_sees_ones_rooms_and_no_other(room: Room, heron: Seat, a_client: Account, mentor: Account) -> None:
    seated(mentor, open_room("Depression group"), "Juniper")
    shown = page(a_client)
    assert "Anxiety group" in shown
    assert f"/rooms/{room.pk}/" in shown
    assert "Depression group" not in shown


def test_a_room_not_entered_yet_leads_to_its_agreement(room: Room, outsider: Account) -> None:
    admitted(outsider, room)
    shown = page(outsider)
    assert f"/rooms/{room.pk}/join/" in shown
    assert "Not entered yet" in shown


def test_who_belongs_nowhere_is_told_what_happens_next(outsider: Account) -> None:
    assert "Your coordinator will add you to a room soon" in page(outsider)


def test_messages_of_others_after_ones_position_are_unread(heron: Seat, river: Seat) -> None:
    for _ in range(3):
        posting.post(river, body="hello")
    assert unread(heron.account_id) == {"Anxiety group": 3}
    assert unread(river.account_id) == {"Anxiety group": 0}
    Membership.objects.filter(pk=heron.member_id).update(read=2)
    assert unread(heron.account_id) == {"Anxiety group": 1}


def test_who_answers_has_read(heron: Seat, river: Seat) -> None:
    posting.post(river, body="hello")
    posting.post(heron, body="hello you")
    assert unread(heron.account_id) == {"Anxiety group": 0}


def test_edits_and_reactions_are_not_unread_messages(heron: Seat, river: Seat) -> None:
    first = posting.post(river, body="hello")
    Membership.objects.filter(pk=heron.member_id).update(read=1)
    posting.edit(river, id=first.id, body="hello again")
    posting.react(river, id=first.id, kind="heart")
    assert unread(heron.account_id) == {"Anxiety group": 0}


def test_beyond_a_hundred_the_page_counts_no_further(heron: Seat, river: Seat, a_client: Account) -> None:
    write([Post(river, f"fill-{number:06}", "hello") for number in range(150)])
    assert unread(heron.account_id) == {"Anxiety group": 150}
    assert "99+" in page(a_client)


def test_nothing_is_unread_where_the_agreement_asks_again(
    room: Room, heron: Seat, river: Seat, coordinator: Account
) -> None:
    posting.post(river, body="hello")
    joining.publish_agreement(room, "New.", actor=coordinator)
    assert [(each.unread, each.entered) for each in lists.listed(heron.account_id)] == [(0, False)]


def test_no_word_of_a_conversation_stands_in_the_list(heron: Seat, river: Seat, a_client: Account) -> None:
    posting.post(river, body="a secret sentence")
    shown = page(a_client)
    assert "a secret sentence" not in shown
    assert "Steady River" not in shown


def test_the_coordinator_finds_the_way_to_all_rooms_and_others_do_not(
    coordinator: Account, a_client: Account, heron: Seat
) -> None:
    assert 'href="/rooms/new/"' in page(coordinator)
    assert 'href="/rooms/new/"' not in page(a_client)


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_one_query_however_many_rooms(
    a_client: Account, heron: Seat, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        seated(a_client, open_room(f"Room {number}"), "Slow Meadow")
    with django_assert_num_queries(1):
        assert len(lists.listed(a_client.pk)) == count + 1
