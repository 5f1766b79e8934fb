"""What those who keep a room do to it: taken out and put back, folded, slowed, locked, a notice; all of it through the room's numbers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rooms import posting, reading, searching, steward
from rooms.access import Seat
from rooms.models import Message, Room
from rooms.reading import OpenMessage
from rooms.refusals import Refused
from rooms.roster import roster_of
from tests.people import both_stores, open_room

pytestmark = both_stores


def only(seat: Seat) -> OpenMessage:
    (message,) = reading.newest(seat.room_id).messages
    return message


def posted(seat: Seat, body: str = "hard words") -> str:
    return posting.post(seat, body=body).id


def test_a_message_that_is_taken_out_keeps_its_place_and_takes_a_number(heron: Seat) -> None:
    id = posted(heron)
    steward.redact(heron.room_id, id)
    gone = only(heron)
    assert (gone.body, gone.redacted, gone.removed, gone.seq, gone.changed) == (None, True, True, 1, 2)
    steward.redact(heron.room_id, id)
    assert only(heron).changed == 2, "a second time changes nothing"


def test_it_is_put_back_as_it_was(heron: Seat) -> None:
    id = posted(heron)
    steward.redact(heron.room_id, id)
    steward.restore(heron.room_id, id)
    back = only(heron)
    assert (back.body, back.redacted, back.removed, back.changed) == ("hard words", False, False, 3)


def test_nobody_changes_answers_or_finds_what_is_taken_out(heron: Seat, river: Seat) -> None:
    id = posted(heron)
    posting.post(river, body="an answer", reply_to=id)
    steward.redact(heron.room_id, id)
    with pytest.raises(Refused, match="not_found"):
        posting.edit(heron, id=id, body="other words")
    with pytest.raises(Refused, match="not_found"):
        posting.react(river, id=id, kind="heart")
    answer = reading.newest(heron.room_id).messages[-1]
    assert answer.reply_to is not None
    assert answer.reply_to.excerpt is None
    found, _ = searching.search_slice(river.account_id, river.room_id, ("hard",), None)
    assert found == []


def test_what_its_author_took_back_meanwhile_does_not_come_back(heron: Seat) -> None:
    id = posted(heron)
    steward.redact(heron.room_id, id)
    posting.redact(heron, id=id)
    with pytest.raises(Refused, match="not_found"):
        steward.restore(heron.room_id, id)
    assert Message.objects.get(pk=id).body is None


def test_a_folded_message_keeps_its_words_and_hides_them_in_answers(heron: Seat, river: Seat) -> None:
    id = posted(heron)
    steward.blur(heron.room_id, id)
    assert (only(heron).body, only(heron).blurred) == ("hard words", True)
    posting.post(river, body="an answer", reply_to=id)
    answer = reading.newest(heron.room_id).messages[-1]
    assert answer.reply_to is not None
    assert answer.reply_to.excerpt is None
    steward.unblur(heron.room_id, id)
    assert not reading.newest(heron.room_id).messages[0].blurred


@pytest.mark.parametrize("act", [steward.redact, steward.restore, steward.blur, steward.unblur])
def test_a_message_of_another_room_is_not_there(heron: Seat, act: object) -> None:
    id = posted(heron)
    assert callable(act)
    with pytest.raises(Refused, match="not_found"):
        act(open_room("Another room").pk, id)
    with pytest.raises(Refused, match="not_found"):
        act(heron.room_id, "0" * 32)


def test_a_message_that_waits_nowhere_cannot_be_decided() -> None:
    for act in (steward.release, steward.refuse, steward.hold_again):
        with pytest.raises(Refused, match="not_found"):
            act("0" * 32)


def test_what_the_room_allows_moves_its_roster_and_says_so(room: Room) -> None:
    soon = timezone.now() + timedelta(minutes=30)
    before = roster_of(room.pk).version
    steward.slow(room.pk, 30, soon)
    steward.lock(room.pk, soon)
    steward.notice(room.pk, "We meet again at seven.", soon)
    roster = roster_of(room.pk)
    assert roster.version == before + 3
    shown = roster.rules.shown(timezone.now())
    assert (shown["slow"], shown["notice"]) == (30, "We meet again at seven.")
    assert shown["locked_until"]
    over = roster.rules.shown(soon)
    assert (over["slow"], over["locked_until"], over["notice"]) == (0, None, None)
    steward.unlock(room.pk)
    steward.notice(room.pk, "", None)
    shown = roster_of(room.pk).rules.shown(timezone.now())
    assert (shown["locked_until"], shown["notice"]) == (None, None)


def test_a_notice_is_sealed(room: Room) -> None:
    steward.notice(room.pk, "We meet again at seven.", timezone.now() + timedelta(minutes=30))
    assert b"seven" not in bytes(Room.objects.get(pk=room.pk).notice or b"")


def test_only_the_muted_member_is_told_until_when(heron: Seat, river: Seat, room: Room) -> None:
    soon = timezone.now() + timedelta(minutes=30)
    steward.mute(room.memberships.get(pk=heron.member_id), soon)
    roster = roster_of(room.pk)
    assert roster.muted == {heron.member_id: soon}
    assert roster.rules.shown(timezone.now(), roster.muted.get(heron.member_id))["muted_until"]
    assert roster.rules.shown(timezone.now(), roster.muted.get(river.member_id))["muted_until"] is None
    steward.unmute(room.memberships.get(pk=heron.member_id))
    assert roster_of(room.pk).muted == {}
