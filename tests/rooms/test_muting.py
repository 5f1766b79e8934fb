"""Not reading a member: for oneself, in this room, undone at will."""

import pytest
from django.utils import timezone

from accounts.models import Account
from rooms import entering
from rooms.access import Seat
from rooms.models import Membership, Mute
from rooms.muting import mute
from rooms.refusals import Refused
from tests.people import both_stores, open_room, seated

pytestmark = both_stores


def muted(seat: Seat) -> list[str]:
    return entering.enter(seat.account_id, seat.room_id).muted


def test_a_member_is_muted_for_oneself_alone_and_once(heron: Seat, river: Seat, juniper: Seat) -> None:
    for _ in range(2):
        mute(heron, river.face.id, on=True)
    assert muted(heron) == [river.face.id]
    assert muted(river) == muted(juniper) == []


def test_a_mute_is_taken_back(heron: Seat, river: Seat) -> None:
    mute(heron, river.face.id, on=True)
    for _ in range(2):
        mute(heron, river.face.id, on=False)
    assert muted(heron) == []


def test_oneself_a_stranger_and_a_member_of_another_room_are_not_found(heron: Seat, mentor: Account) -> None:
    elsewhere = seated(mentor, open_room("Another room"), "Juniper")
    for handle in (heron.face.id, elsewhere.face.id, "m_nobody"):
        with pytest.raises(Refused, match="not_found"):
            mute(heron, handle, on=True)
    assert not Mute.objects.exists()


def test_a_removed_member_mutes_nobody_and_can_still_be_muted(heron: Seat, river: Seat) -> None:
    Membership.objects.filter(pk=river.member_id).update(removed_at=timezone.now())
    with pytest.raises(Refused, match="not_found"):
        mute(river, heron.face.id, on=True)
    mute(heron, river.face.id, on=True)
    assert muted(heron) == [river.face.id]
