"""Entering a room and asking for its history: what is told, and to whom nothing is."""

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account
from rooms import entering, joining, muting, posting
from rooms.access import Seat
from rooms.changes import Post
from rooms.commit import write
from rooms.models import Membership, Room
from rooms.refusals import Refused
from tests.people import admitted, both_stores, open_room, seated

pytestmark = both_stores


def fill(seat: Seat, count: int) -> None:
    write([Post(seat, f"fill-{number:06}", f"number {number}") for number in range(count)])


def test_who_enters_is_told_who_they_are_who_is_there_and_what_was_said(heron: Seat, river: Seat) -> None:
    posting.post(river, body="hello")
    muting.mute(heron, river.face.id, on=True)
    Membership.objects.filter(pk=heron.member_id).update(read=1)
    entrance = entering.enter(heron.account_id, heron.room_id)
    assert entrance.seat == heron
    assert set(entrance.roster.faces.values()) == {heron.face, river.face}
    assert entrance.muted == [river.face.id]
    assert [message.body for message in entrance.messages] == ["hello"]
    assert (entrance.number, entrance.read, entrance.more) == (1, 1, False)


def test_nothing_told_holds_an_account_a_name_or_an_address(heron: Seat, river: Seat, a_client: Account) -> None:
    posting.post(river, body="hello")
    entrance = entering.enter(heron.account_id, heron.room_id)
    told = repr((entrance.messages, entrance.roster.faces, entrance.muted))
    assert "Valdovinos" not in told
    assert "@" not in told


def test_one_person_is_another_member_in_another_room(heron: Seat, a_client: Account) -> None:
    other = seated(a_client, open_room("Another room"), "Slow Meadow")
    assert other.face.id != heron.face.id
    told = repr(entering.enter(a_client.pk, other.room_id).roster.faces.values())
    assert heron.face.id not in told
    assert "Quiet Heron" not in told


def test_coming_back_brings_all_that_changed(heron: Seat, river: Seat) -> None:
    fill(river, 3)
    entrance = entering.enter(heron.account_id, heron.room_id, since=1)
    assert [message.changed for message in entrance.messages] == [2, 3]
    assert (entrance.number, entrance.more) == (3, False)


def test_after_a_long_time_one_comes_back_in_pieces(heron: Seat, river: Seat) -> None:
    fill(river, 450)
    seen, since, more = [], 0, True
    while more:
        entrance = entering.enter(heron.account_id, heron.room_id, since=since)
        assert len(entrance.messages) <= 200
        seen += [message.changed for message in entrance.messages]
        since, more = entrance.number, entrance.more
    assert seen == list(range(1, 451))


def removed(seat: Seat) -> None:
    Membership.objects.filter(pk=seat.member_id).update(removed_at=timezone.now())


def suspended(seat: Seat) -> None:
    Account.objects.filter(pk=seat.account_id).update(is_active=False)


def test_unknown_and_forbidden_look_alike(heron: Seat, river: Seat, juniper: Seat, outsider: Account) -> None:
    removed(river)
    suspended(juniper)
    refusals = []
    for account_id, room_id in (
        (outsider.pk, heron.room_id),
        (heron.account_id, "no-such-room"),
        (river.account_id, heron.room_id),
        (juniper.account_id, heron.room_id),
        (10**9, heron.room_id),
    ):
        with pytest.raises(Refused) as refusal:
            entering.enter(account_id, room_id)
        refusals.append((refusal.value.reason, refusal.value.text, refusal.value.retry_after))
        with pytest.raises(Refused, match="not_found"):
            entering.history(account_id, room_id, 10, 50)
    assert len(set(refusals)) == 1


def test_a_new_agreement_asks_again_before_anything_is_read(room: Room, heron: Seat, coordinator: Account) -> None:
    posting.post(heron, body="before")
    joining.publish_agreement(room, "Something new.", actor=coordinator)
    with pytest.raises(Refused, match="agreement"):
        entering.enter(heron.account_id, heron.room_id)
    with pytest.raises(Refused, match="agreement"):
        entering.history(heron.account_id, heron.room_id, 10, 50)
    member = Membership.objects.select_related("room", "account").get(pk=heron.member_id)
    joining.enter(member, pseudonym="", version=2)
    assert entering.enter(heron.account_id, heron.room_id).messages


def test_who_was_admitted_and_has_not_joined_reads_nothing(room: Room, outsider: Account) -> None:
    admitted(outsider, room)
    with pytest.raises(Refused, match="agreement"):
        entering.enter(outsider.pk, room.pk)


def test_older_messages_come_a_page_at_a_time(heron: Seat) -> None:
    fill(heron, 7)
    page = entering.history(heron.account_id, heron.room_id, 6, 3)
    assert [message.seq for message in page.messages] == [3, 4, 5]
    assert page.more
    assert not entering.history(heron.account_id, heron.room_id, 3, 3).more


@pytest.mark.parametrize("count", [5, 500])
def test_entering_costs_the_same_however_long_the_history(
    heron: Seat, river: Seat, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(river, count)
    entering.enter(heron.account_id, heron.room_id)
    with django_assert_num_queries(6):  # membership, mutes, messages, faces, reactions, what is held
        entering.enter(heron.account_id, heron.room_id)
    with django_assert_num_queries(6):
        entering.enter(heron.account_id, heron.room_id, since=count - 5)
    with django_assert_num_queries(4):
        entering.history(heron.account_id, heron.room_id, count, 50)
