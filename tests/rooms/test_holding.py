"""What waits for a moderator: kept with its key, seen by its author alone, released or refused once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Account
from rooms import entering, posting, raised, reading, steward
from rooms.access import Seat
from rooms.changes import Kept, Posted
from rooms.gates import Allow, Draft, Flag, Hold, Verdict
from rooms.models import HeldMessage, Message, Raised, Room
from rooms.refusals import Refused
from tests.people import both_stores, open_room, seated

pytestmark = both_stores

CRISIS = Flag("suicide.plan", "suicide", "crisis", level=5, crisis=True, card="crisis")
TAKEN: list[str] = []


def gate(draft: Draft) -> Verdict:
    """Holds what says "hold", marks what says "mark"."""
    if "hold" in draft.body:
        return Hold("method", lambda: "A person reads this first.", flags=(CRISIS,), keeps=True)
    return Allow((CRISIS,) if "mark" in draft.body else ())


def take() -> int:
    TAKEN.extend(Raised.objects.values_list("message_id", flat=True))
    return 0


def fail() -> int:
    raise RuntimeError("no matter what")


@pytest.fixture(autouse=True)
def _gate(settings: Settings) -> None:
    TAKEN.clear()
    settings.MESSAGE_GATES = ["rooms.gates.shape", "tests.rooms.test_holding.gate"]
    settings.FLAGS_RAISED = "tests.rooms.test_holding.take"


def kept(seat: Seat, body: str = "hold this", key: str = "key-00000001") -> Kept:
    outcome = posting.post(seat, body=body, key=key, warning="hard")
    assert isinstance(outcome, Kept)
    return outcome


def bodies(seat: Seat) -> list[str | None]:
    return [message.body for message in reading.newest(seat.room_id).messages]


def test_what_is_held_is_sealed_numbered_nowhere_and_raised_in_the_same_transaction(heron: Seat) -> None:
    outcome = kept(heron)
    row = HeldMessage.objects.get(pk=outcome.id)
    assert b"hold" not in bytes(row.body)
    assert Room.objects.get(pk=heron.room_id).number == 0
    assert not Message.objects.exists()
    told = Raised.objects.get()
    assert (told.message_id, told.is_held, told.flags[0]["code"]) == (outcome.id, True, "suicide.plan")
    assert [outcome.id] == TAKEN


def test_its_author_alone_sees_it_until_it_is_decided(heron: Seat, river: Seat) -> None:
    outcome = kept(heron)
    (waiting,) = entering.enter(heron.account_id, heron.room_id).held
    assert (waiting.id, waiting.key, waiting.body, waiting.warning) == (outcome.id, "key-00000001", "hold this", "hard")
    assert entering.enter(river.account_id, river.room_id).held == []
    steward.refuse(outcome.id)
    assert entering.enter(heron.account_id, heron.room_id).held == []


def test_a_resent_key_waits_once(heron: Seat) -> None:
    assert kept(heron).id == kept(heron, "hold something else").id
    assert HeldMessage.objects.count() == Raised.objects.count() == 1


def test_what_is_released_is_posted_now_under_its_id_and_key(heron: Seat, river: Seat) -> None:
    outcome = kept(heron)
    between = posting.post(river, body="in between")
    steward.release(outcome.id)
    (_, released) = reading.newest(heron.room_id).messages
    assert (released.id, released.body, released.warning, released.author) == (
        outcome.id,
        "hold this",
        "hard",
        heron.face,
    )
    assert isinstance(between, Posted)
    assert released.seq == between.seq + 1
    again = posting.post(heron, body="hold this", key="key-00000001")
    assert again == Posted(outcome.id, released.seq, released.at)


@pytest.mark.parametrize("first", [steward.release, steward.refuse])
def test_it_is_decided_once(heron: Seat, first: object) -> None:
    outcome = kept(heron)
    assert callable(first)
    first(outcome.id)
    for second in (steward.release, steward.refuse):
        with pytest.raises(Refused, match="settled"):
            second(outcome.id)


def test_a_refusal_can_be_taken_back(heron: Seat) -> None:
    outcome = kept(heron)
    steward.refuse(outcome.id)
    steward.hold_again(outcome.id)
    steward.release(outcome.id)
    assert bodies(heron) == ["hold this"]


def test_a_change_that_is_held_leaves_the_message_as_it_was_until_it_is_released(heron: Seat) -> None:
    posted = posting.post(heron, body="calm words")
    first = posting.edit(heron, id=posted.id, body="hold the first try")
    second = posting.edit(heron, id=posted.id, body="hold the second try")
    assert isinstance(first, Kept)
    assert isinstance(second, Kept)
    assert bodies(heron) == ["calm words"]
    assert [each.replaces for each in entering.enter(heron.account_id, heron.room_id).held] == [posted.id]
    with pytest.raises(Refused, match="settled"):
        steward.release(first.id)
    steward.release(second.id)
    assert bodies(heron) == ["hold the second try"]
    assert reading.newest(heron.room_id).messages[0].edited


def test_what_is_only_marked_is_delivered_and_raised(heron: Seat) -> None:
    posted = posting.post(heron, body="mark this")
    assert bodies(heron) == ["mark this"]
    assert (Raised.objects.get().message_id, Raised.objects.get().is_held) == (posted.id, False)


def test_a_message_does_not_pay_for_those_who_take_flags(heron: Seat, settings: Settings) -> None:
    settings.FLAGS_RAISED = "tests.rooms.test_holding.fail"
    posting.post(heron, body="mark this")
    raised.take()
    assert bodies(heron) == ["mark this"]
    assert Raised.objects.count() == 1


# --- where one may not write ------------------------------------------------------------------------------------------


def _shut(room_id: str, how: str, account: Account) -> None:
    soon = timezone.now() + timedelta(hours=1)
    match how:
        case "read_only":
            Room.objects.filter(pk=room_id).update(read_only=True)
        case "locked":
            steward.lock(room_id, soon)
        case "closed":
            Room.objects.filter(pk=room_id).update(opening=Room.Opening.ATTENDED)
        case "muted":
            steward.mute(account.memberships.get(room_id=room_id), soon)
        case "too_fast":
            steward.slow(room_id, 60, soon)


@pytest.mark.parametrize("how", ["read_only", "locked", "closed", "muted", "too_fast"])
def test_where_one_may_not_write_words_are_refused_and_a_crisis_is_kept(
    heron: Seat, a_client: Account, how: str
) -> None:
    posting.post(heron, body="first")
    _shut(heron.room_id, how, a_client)
    with pytest.raises(Refused, match=how):
        posting.post(heron, body="second")
    outcome = posting.post(heron, body="mark this")
    assert isinstance(outcome, Kept)
    assert outcome.held is not None
    assert outcome.held.reason == how
    assert "kept" in outcome.held.text
    assert bodies(heron) == ["first"]
    assert Raised.objects.get().is_held


@pytest.mark.parametrize("how", ["locked", "closed", "muted", "too_fast"])
def test_each_of_them_ends_by_itself(heron: Seat, a_client: Account, how: str) -> None:
    posting.post(heron, body="first")
    _shut(heron.room_id, how, a_client)
    past = timezone.now() - timedelta(seconds=1)
    Room.objects.filter(pk=heron.room_id).update(
        locked_until=past, slow_until=past, attended_until=timezone.now() + timedelta(hours=1)
    )
    a_client.memberships.update(muted_until=past)
    posting.post(heron, body="second")
    assert bodies(heron) == ["first", "second"]


def test_outside_its_hours_a_room_may_let_messages_wait(heron: Seat) -> None:
    Room.objects.filter(pk=heron.room_id).update(opening=Room.Opening.ATTENDED, outside=Room.Outside.HELD)
    outcome = posting.post(heron, body="calm words at night")
    assert isinstance(outcome, Kept)
    assert (Raised.objects.get().flags, Raised.objects.get().is_held) == ([], True)


@pytest.mark.parametrize("how", ["locked", "closed", "too_fast"])
def test_who_keeps_the_room_writes_while_it_is_shut_for_others(room: Room, moderator: Account, how: str) -> None:
    keeper = seated(moderator, room, "Sol")
    posting.post(keeper, body="first")
    _shut(room.pk, how, moderator)
    posting.post(keeper, body="second")
    assert bodies(keeper) == ["first", "second"]


def test_taking_back_ones_words_is_always_possible(heron: Seat, a_client: Account) -> None:
    posted = posting.post(heron, body="first")
    for how in ("read_only", "locked", "closed", "muted"):
        _shut(heron.room_id, how, a_client)
    posting.redact(heron, id=posted.id)
    assert bodies(heron) == [None]


def test_another_room_is_not_shut_with_it(heron: Seat, a_client: Account) -> None:
    elsewhere = seated(a_client, open_room("Another room"), "Slow Meadow")
    _shut(heron.room_id, "muted", a_client)
    _shut(heron.room_id, "locked", a_client)
    posting.post(elsewhere, body="hello")
    assert bodies(elsewhere) == ["hello"]
