"""Calls at the doors: one outcome whoever acts at once, nobody but the two, and facts alone remain."""

import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Account, Role
from rooms import call_ends, calls, retention
from rooms.access import Seat
from rooms.call_now import CallNow
from rooms.models import Call, Membership, Move, Room
from rooms.refusals import Refused
from tests.people import both_stores, make, open_room, seated

pytestmark = both_stores

MINE, THEIRS, ANOTHER = "page-of-the-client", "page-of-the-mentor", "another-page"


@pytest.fixture
def thread() -> Room:
    return open_room("", kind=Room.Kind.THREAD, condition=Room.Condition.OTHER)


@pytest.fixture
def client(thread: Room, a_client: Account) -> Seat:
    return seated(a_client, thread, "Gray Wren")


@pytest.fixture
def guide(thread: Room, mentor: Account) -> Seat:
    return seated(mentor, thread, "Juniper")


@pytest.fixture
def two(client: Seat, guide: Seat) -> tuple[Seat, Seat]:
    return client, guide


def new_id() -> str:
    return secrets.token_hex(16)


def ring(seat: Seat, id: str = "", page: str = MINE, way: str = "video") -> CallNow:
    return calls.ring(seat=seat, id=id or new_id(), way=way, page=page)


def answered(two: tuple[Seat, Seat]) -> CallNow:
    now = ring(two[0])
    return calls.accept(seat=two[1], id=now.id, page=THEIRS)


def refused(reason: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda refusal: refusal.reason == reason)


def age(now: CallNow, **by: float) -> None:
    call = Call.objects.get(pk=now.id)
    for name, seconds in by.items():
        setattr(call, name, getattr(call, name) - timedelta(seconds=seconds))
    call.save()


# --- from ring to end ----------------------------------------------------------------------------------------------


def test_a_call_rings_is_answered_and_hung_up(two: tuple[Seat, Seat]) -> None:
    client, guide = two
    now = ring(client)
    assert (now.state, now.caller, now.callee, now.way) == ("ringing", client.member_id, guide.member_id, "video")
    assert calls.accept(seat=guide, id=now.id, page=THEIRS).state == "answered"
    over = calls.end(seat=client, id=now.id)
    assert (over.state, over.end, over.away) == ("over", Call.End.HUNG_UP, ())
    kept = Call.objects.get()
    assert (kept.answered_at is not None, kept.ended_at is not None, kept.caller_page, kept.callee_page) == (
        True,
        True,
        "",
        "",
    )


def test_ringing_again_with_the_same_id_changes_nothing(two: tuple[Seat, Seat]) -> None:
    now = ring(two[0])
    assert ring(two[0], now.id) == now
    calls.end(seat=two[0], id=now.id)
    assert ring(two[0], now.id).state == "over"
    assert Call.objects.count() == 1


@pytest.mark.parametrize(("who", "end"), [(0, Call.End.CANCELLED), (1, Call.End.DECLINED)])
def test_before_it_is_answered_one_calls_it_off_and_the_other_declines(
    two: tuple[Seat, Seat], who: int, end: str
) -> None:
    now = ring(two[0])
    assert calls.end(seat=two[who], id=now.id).end == end
    assert calls.end(seat=two[1 - who], id=now.id).end == end
    assert calls.accept(seat=two[1], id=now.id, page=THEIRS).state == "over"


def test_when_both_ring_at_once_it_becomes_one_call(two: tuple[Seat, Seat]) -> None:
    first = ring(two[0])
    second = ring(two[1], page=THEIRS)
    assert (second.id, second.state) == (first.id, "answered")
    assert Call.objects.count() == 1


def test_it_is_answered_on_one_page_and_the_others_come_too_late(two: tuple[Seat, Seat]) -> None:
    now = answered(two)
    assert calls.accept(seat=two[1], id=now.id, page=THEIRS) == now
    with refused("elsewhere"):
        calls.accept(seat=two[1], id=now.id, page=ANOTHER)


def test_not_now_on_another_page_ends_no_talk(two: tuple[Seat, Seat]) -> None:
    now = answered(two)
    assert calls.end(seat=two[1], id=now.id, declines=True).is_open
    assert calls.end(seat=two[1], id=now.id).end == "hung_up"


def test_a_talk_whose_line_is_given_up_was_lost_and_nobody_missed_it(two: tuple[Seat, Seat]) -> None:
    now = answered(two)
    for seat in (two[1], two[0]):
        assert calls.end(seat=seat, id=now.id, lost=True).end == Call.End.LOST
    assert calls.missed_by(two[1].member_id) == []
    assert calls.end(seat=two[0], id=ring(two[0]).id, lost=True).end == Call.End.CANCELLED


def test_only_the_page_that_is_in_the_call_stays_in_it(two: tuple[Seat, Seat]) -> None:
    now = answered(two)
    assert calls.stay(seat=two[0], id=now.id, page=MINE).state == "answered"
    for seat in two:
        with refused("elsewhere"):
            calls.stay(seat=seat, id=now.id, page=ANOTHER)
    calls.end(seat=two[0], id=now.id)
    with refused("not_found"):
        calls.stay(seat=two[0], id=now.id, page=MINE)


def test_who_calls_cannot_answer_their_own_call(two: tuple[Seat, Seat]) -> None:
    now = ring(two[0])
    with refused("not_found"):
        calls.accept(seat=two[0], id=now.id, page=MINE)


def test_somebody_in_another_call_is_busy_and_hears_of_it_later(
    two: tuple[Seat, Seat], another_client: Account, mentor: Account
) -> None:
    answered(two)
    other = open_room("", kind=Room.Kind.THREAD)
    theirs, guide = seated(another_client, other, "Slow River"), seated(mentor, other, "Juniper")
    now = ring(theirs)
    assert (now.state, now.end) == ("over", Call.End.BUSY)
    assert [missed.id for missed in calls.missed_by(guide.member_id)] == [now.id]
    with refused("in_call"):
        ring(guide)


def test_a_second_call_beside_ones_own_is_refused(two: tuple[Seat, Seat]) -> None:
    ring(two[0])
    with refused("in_call"):
        ring(two[0], page=ANOTHER)


# --- what ends by itself --------------------------------------------------------------------------------------------


def test_a_call_that_nobody_answers_is_missed(two: tuple[Seat, Seat], settings: Settings) -> None:
    now = ring(two[0])
    assert call_ends.end_left_over() == 0
    age(now, rang_at=settings.RING_SECONDS)
    assert call_ends.end_left_over([now.id]) == 1
    assert Call.objects.get().end == Call.End.MISSED
    (missed,) = calls.missed_by(two[1].member_id)
    assert missed.id == now.id
    assert calls.missed_by(two[0].member_id) == []
    calls.notice(seat=two[1], id=now.id)
    assert calls.missed_by(two[1].member_id) == []


@pytest.mark.parametrize("side", ["caller_seen", "callee_seen"])
def test_a_side_that_says_nothing_for_fifteen_seconds_may_come_back_for_thirty(
    two: tuple[Seat, Seat], side: str
) -> None:
    now = answered(two)
    age(now, **{side: 14})
    assert (call_ends.end_left_over(), calls.newest_in(now.room_id)) == (0, now)
    age(now, **{side: 1})
    assert call_ends.end_left_over() == 0
    away = calls.newest_in(now.room_id)
    assert away
    assert away.away == (now.caller if side == "caller_seen" else now.callee,)
    assert away.is_newer_than(now)
    age(now, **{side.replace("seen", "away_at"): 31})
    assert call_ends.end_left_over() == 1
    assert Call.objects.get().end == Call.End.LOST


def test_a_page_that_says_that_it_is_there_is_not_lost(two: tuple[Seat, Seat]) -> None:
    now = answered(two)
    age(now, caller_seen=20)
    calls.stay(seat=two[0], id=now.id, page=MINE)
    assert call_ends.end_left_over() == 0


def test_a_side_whose_voice_still_arrives_has_not_gone(two: tuple[Seat, Seat]) -> None:
    now = answered(two)
    age(now, callee_seen=40)
    calls.stay(seat=two[0], id=now.id, page=MINE, heard=True)
    assert call_ends.end_left_over() == 0


def test_the_clock_gives_an_outage_more_time_than_a_server_does(two: tuple[Seat, Seat]) -> None:
    now = answered(two)
    age(now, caller_seen=40, callee_seen=40)
    assert call_ends.sweep() == 0
    age(now, caller_seen=50, callee_seen=50)
    assert call_ends.sweep() == 1


def test_a_caller_who_went_away_stops_ringing(two: tuple[Seat, Seat]) -> None:
    now = ring(two[0])
    age(now, caller_seen=15)
    assert call_ends.end_left_over() == 1
    assert [missed.id for missed in calls.missed_by(two[1].member_id)] == [now.id]


def test_what_a_crash_left_open_stands_in_nobodys_way(two: tuple[Seat, Seat]) -> None:
    now = answered(two)
    age(now, caller_seen=60, callee_seen=60)
    assert ring(two[1], page=THEIRS).state == "ringing"
    assert Call.objects.get(pk=now.id).end == Call.End.LOST


@pytest.mark.parametrize("how", ["read_only", "muted", "removed", "suspended"])
def test_a_call_ends_with_the_thread_and_with_its_people(
    two: tuple[Seat, Seat], thread: Room, mentor: Account, how: str
) -> None:
    answered(two)
    _shut(how, thread, two[1], mentor)
    assert call_ends.end_left_over() == 1
    assert Call.objects.get().end == Call.End.CLOSED


# --- who may -------------------------------------------------------------------------------------------------------


def _shut(how: str, thread: Room, seat: Seat, account: Account) -> None:
    member = Membership.objects.filter(pk=seat.member_id)
    match how:
        case "read_only":
            Room.objects.filter(pk=thread.pk).update(read_only=True)
        case "locked":
            Room.objects.filter(pk=thread.pk).update(locked_until=timezone.now() + timedelta(hours=1))
        case "closed":
            Room.objects.filter(pk=thread.pk).update(opening=Room.Opening.ATTENDED)
        case "muted":
            member.update(muted_until=timezone.now() + timedelta(hours=1))
        case "removed":
            member.update(removed_at=timezone.now())
        case "suspended":
            Account.objects.filter(pk=account.pk).update(is_active=False)


@pytest.mark.parametrize(
    ("how", "to_them", "to_the_other"),
    [
        ("read_only", "read_only", "read_only"),
        ("locked", "locked", "locked"),
        ("closed", "closed", "closed"),
        ("muted", "muted", "no_calls"),
        ("removed", "not_found", "no_calls"),
        ("suspended", "not_found", "no_calls"),
    ],
)
def test_where_nobody_may_write_nobody_may_call(
    two: tuple[Seat, Seat], thread: Room, mentor: Account, how: str, to_them: str, to_the_other: str
) -> None:
    now = ring(two[0])
    _shut(how, thread, two[1], mentor)
    with refused(to_them):
        calls.accept(seat=two[1], id=now.id, page=THEIRS)
    for seat, reason in ((two[1], to_them), (two[0], to_the_other)):
        with refused(reason) as refusal:
            ring(seat, page=ANOTHER)
        assert len(refusal.value.text) > 10


@pytest.mark.parametrize("kind", [Room.Kind.GROUP, Room.Kind.CIRCLE])
def test_there_are_no_calls_in_rooms_of_many(kind: Room.Kind, mentor: Account) -> None:
    room = open_room(kind=kind)
    seats = seated(make(Role.MENTOR), room, "Gray Wren"), seated(mentor, room, "Juniper")
    for seat in seats:
        with refused("not_found"):
            ring(seat)
    assert not Call.objects.exists()


@pytest.mark.parametrize("who", ["member of a group", "moderator", "clinician", "coordinator", "another client"])
def test_nobody_else_reaches_a_call_of_a_thread(
    two: tuple[Seat, Seat],
    who: str,
    moderator: Account,
    clinician: Account,
    coordinator: Account,
    another_client: Account,
    outsider: Account,
    mentor: Account,
) -> None:
    now = ring(two[0])
    accounts = {
        "member of a group": outsider,
        "moderator": moderator,
        "clinician": clinician,
        "coordinator": coordinator,
        "another client": another_client,
    }
    room = open_room("", kind=Room.Kind.THREAD) if who == "another client" else open_room()
    theirs = seated(accounts[who], room, "Slow River")
    seated(mentor, room, "Juniper")
    forged = Seat(theirs.member_id, two[0].room_id, theirs.account_id, theirs.face)
    for seat in (theirs, forged):
        acts: list[Callable[[Seat], CallNow]] = [
            lambda seat: ring(seat, now.id),
            lambda seat: calls.accept(seat=seat, id=now.id, page=THEIRS),
            lambda seat: calls.end(seat=seat, id=now.id),
            lambda seat: calls.stay(seat=seat, id=now.id, page=MINE),
            lambda seat: calls.notice(seat=seat, id=now.id),
        ]
        for act in acts:
            with refused("not_found"):
                act(seat)
    assert calls.newest_in(two[0].room_id) == now


# --- what others hear, what remains -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_every_turn_of_a_call_is_a_move_that_other_processes_find(two: tuple[Seat, Seat]) -> None:
    now = answered(two)
    calls.end(seat=two[0], id=now.id)
    assert list(Move.objects.values_list("topic", flat=True)) == [f"call:{now.room_id}"] * 3


def test_the_facts_of_a_call_go_when_the_messages_of_its_day_go(two: tuple[Seat, Seat], thread: Room) -> None:
    now = ring(two[0])
    calls.end(seat=two[0], id=now.id)
    retention.purge()
    assert Call.objects.exists()
    retention.purge(timezone.now() + timedelta(days=thread.retention_days + 1))
    assert not Call.objects.exists()
