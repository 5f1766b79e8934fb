"""Who lost their page in a call comes back to it: for a while, on one page, and nobody else."""

import secrets
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Account
from rooms import call_ends, call_returns, calls
from rooms.access import Seat
from rooms.call_now import CallNow
from rooms.models import Call, Membership, Room
from rooms.refusals import Refused
from tests.people import both_stores, open_room, seated

pytestmark = both_stores

MINE, THEIRS, NEW, ANOTHER = "page-of-the-client", "page-of-the-mentor", "loaded-again", "another-page"


@pytest.fixture
def two(a_client: Account, mentor: Account) -> tuple[Seat, Seat]:
    thread = open_room("", kind=Room.Kind.THREAD)
    return seated(a_client, thread, "Gray Wren"), seated(mentor, thread, "Juniper")


def talking(two: tuple[Seat, Seat]) -> CallNow:
    now = calls.ring(seat=two[0], id=secrets.token_hex(16), way="video", page=MINE)
    return calls.accept(seat=two[1], id=now.id, page=THEIRS)


def refused(reason: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda refusal: refusal.reason == reason)


@pytest.mark.parametrize("side", [0, 1])
def test_a_page_that_is_loaded_again_goes_on_with_the_call(two: tuple[Seat, Seat], side: int) -> None:
    seat, page = two[side], (MINE, THEIRS)[side]
    now = talking(two)
    away = call_returns.step_away(seat=seat, id=now.id, page=page)
    assert (away.state, away.away, away.turn) == ("answered", (seat.member_id,), now.turn + 1)
    assert call_returns.step_away(seat=seat, id=now.id, page=page) == away
    back = call_returns.come_back(seat=seat, id=now.id, page=NEW)
    assert (back.state, back.away, back.turn) == ("answered", (), now.turn + 2)
    assert call_returns.come_back(seat=seat, id=now.id, page=NEW) == back
    assert calls.stay(seat=seat, id=now.id, page=NEW) == back
    for old in (page, ANOTHER):
        with refused("elsewhere"):
            calls.stay(seat=seat, id=now.id, page=old)


def test_both_may_lose_their_page_and_come_back(two: tuple[Seat, Seat]) -> None:
    now = talking(two)
    for seat, page in zip(two, (MINE, THEIRS), strict=True):
        call_returns.step_away(seat=seat, id=now.id, page=page)
    assert call_returns.come_back(seat=two[1], id=now.id, page=NEW).away == (two[0].member_id,)
    assert call_returns.come_back(seat=two[0], id=now.id, page=NEW).away == ()


def test_a_second_page_takes_no_call_from_the_one_that_is_in_it(two: tuple[Seat, Seat]) -> None:
    now = talking(two)
    with refused("elsewhere"):
        call_returns.come_back(seat=two[0], id=now.id, page=ANOTHER)
    assert call_returns.step_away(seat=two[0], id=now.id, page=ANOTHER) == now
    call_returns.step_away(seat=two[0], id=now.id, page=MINE)
    call_returns.come_back(seat=two[0], id=now.id, page=NEW)
    with refused("elsewhere"):
        call_returns.come_back(seat=two[0], id=now.id, page=ANOTHER)


def test_a_page_that_was_only_silent_is_in_the_call_again_as_soon_as_it_speaks(two: tuple[Seat, Seat]) -> None:
    now = talking(two)
    Call.objects.update(callee_seen=timezone.now() - timedelta(seconds=16))
    call_ends.end_left_over()
    standing = calls.newest_in(now.room_id)
    assert standing
    assert standing.away == (two[1].member_id,)
    assert calls.stay(seat=two[1], id=now.id, page=THEIRS).away == ()


def test_who_is_away_is_not_kept_there_by_the_voice_that_still_arrives(
    two: tuple[Seat, Seat], settings: Settings
) -> None:
    now = talking(two)
    call_returns.step_away(seat=two[1], id=now.id, page=THEIRS)
    calls.stay(seat=two[0], id=now.id, page=MINE, heard=True)
    Call.objects.update(callee_away_at=timezone.now() - timedelta(seconds=settings.CALL_BACK_SECONDS))
    assert call_ends.end_left_over() == 1
    assert Call.objects.get().end == Call.End.LOST
    assert call_returns.come_back(seat=two[1], id=now.id, page=NEW).state == "over"


@pytest.mark.parametrize("side", [0, 1])
def test_hanging_up_ends_it_at_once_whoever_is_away(two: tuple[Seat, Seat], side: int) -> None:
    now = talking(two)
    call_returns.step_away(seat=two[0], id=now.id, page=MINE)
    over = calls.end(seat=two[side], id=now.id)
    assert (over.state, over.end, over.away) == ("over", Call.End.HUNG_UP, ())
    assert call_returns.come_back(seat=two[0], id=now.id, page=NEW) == over


def test_before_it_is_answered_there_is_nothing_to_come_back_to(two: tuple[Seat, Seat]) -> None:
    now = calls.ring(seat=two[0], id=secrets.token_hex(16), way="video", page=MINE)
    assert call_returns.step_away(seat=two[0], id=now.id, page=MINE) == now
    for seat in two:
        with refused("not_found"):
            call_returns.come_back(seat=seat, id=now.id, page=NEW)


@pytest.mark.parametrize(
    ("how", "reason"), [("read_only", "read_only"), ("muted", "muted"), ("removed", "not_found"), ("left", "no_calls")]
)
def test_nobody_comes_back_where_they_may_not_call(two: tuple[Seat, Seat], how: str, reason: str) -> None:
    now = talking(two)
    call_returns.step_away(seat=two[0], id=now.id, page=MINE)
    match how:
        case "read_only":
            Room.objects.filter(pk=now.room_id).update(read_only=True)
        case "muted":
            Membership.objects.filter(pk=two[0].member_id).update(muted_until=timezone.now() + timedelta(hours=1))
        case _:
            gone = two[0 if how == "removed" else 1]
            Membership.objects.filter(pk=gone.member_id).update(removed_at=timezone.now())
    with refused(reason):
        call_returns.come_back(seat=two[0], id=now.id, page=NEW)
    assert call_ends.end_left_over() == 1
    assert Call.objects.get().end == Call.End.CLOSED


def test_nobody_else_comes_back_in_their_place(two: tuple[Seat, Seat], another_client: Account) -> None:
    now = talking(two)
    call_returns.step_away(seat=two[0], id=now.id, page=MINE)
    other = seated(another_client, open_room("", kind=Room.Kind.THREAD), "Slow River")
    forged = Seat(other.member_id, now.room_id, other.account_id, other.face)
    for seat in (other, forged):
        with refused("no_calls" if seat is other else "not_found"):
            call_returns.come_back(seat=seat, id=now.id, page=MINE)
        with refused("not_found"):
            call_returns.step_away(seat=seat, id=now.id, page=THEIRS)
    with refused("elsewhere"):  # the other side's own page is in the call: there is nothing to come back to
        call_returns.come_back(seat=two[1], id=now.id, page=MINE)


def test_who_may_still_come_back_is_in_a_call(two: tuple[Seat, Seat], mentor: Account, another_client: Account) -> None:
    now = talking(two)
    call_returns.step_away(seat=two[1], id=now.id, page=THEIRS)
    other = open_room("", kind=Room.Kind.THREAD)
    theirs, guide = seated(another_client, other, "Slow River"), seated(mentor, other, "Juniper")
    with refused("in_call"):
        calls.ring(seat=guide, id=secrets.token_hex(16), way="video", page=NEW)
    assert calls.ring(seat=theirs, id=secrets.token_hex(16), way="video", page=MINE).end == Call.End.BUSY
