"""The doors to messages, one person at a time: post, edit, redact, react."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Account
from rooms import joining, posting, reading
from rooms.access import Seat
from rooms.models import Membership, Message, Reaction, Room
from rooms.reading import OpenMessage
from rooms.refusals import Held, Refused
from tests.people import both_stores, open_room, seated

pytestmark = both_stores


def newest(room_id: str) -> OpenMessage:
    return reading.newest(room_id).messages[-1]


# --- post -----------------------------------------------------------------------------------------------------------


def test_a_message_is_stored_sealed_and_read_open(heron: Seat) -> None:
    posted = posting.post(heron, body="I slept four hours.", warning="sleep")
    row = Message.objects.get(pk=posted.id)
    assert b"slept" not in bytes(row.body or b"")
    assert b"sleep" not in bytes(row.warning or b"")
    shown = newest(heron.room_id)
    assert (shown.body, shown.warning, shown.author.pseudonym) == ("I slept four hours.", "sleep", "Quiet Heron")


def test_a_resent_key_returns_the_first_message_and_stores_nothing(heron: Seat) -> None:
    first = posting.post(heron, key="key-00000001", body="once")
    again = posting.post(heron, key="key-00000001", body="twice")
    assert again == first
    assert [message.body for message in reading.newest(heron.room_id).messages] == ["once"]


def test_the_same_key_of_another_member_is_another_message(heron: Seat, river: Seat) -> None:
    assert posting.post(heron, key="key-00000001", body="mine") != posting.post(river, key="key-00000001", body="mine")
    assert Message.objects.count() == 2


def test_white_space_around_goes_and_line_breaks_stay(heron: Seat) -> None:
    posting.post(heron, body="\n  one\r\ntwo\rthree \n", warning=" sleep\n")
    assert (newest(heron.room_id).body, newest(heron.room_id).warning) == ("one\ntwo\nthree", "sleep")


def test_characters_that_cannot_be_seen_do_not_arrive(heron: Seat) -> None:
    posting.post(heron, body="a\x00b\x1bc\ufeffd\u2028e 👩\u200d👧")
    assert newest(heron.room_id).body == "abcde 👩\u200d👧"


@pytest.mark.parametrize("nothing", ["", "  \n\t ", "\x00\x07", "\u200b\u2060\u200b", "\u2800\u3164"])
def test_nothing_to_see_is_nothing_to_post(heron: Seat, nothing: str) -> None:
    with pytest.raises(Refused, match="empty"):
        posting.post(heron, body=nothing)
    posting.post(heron, body=f"{nothing}.")


def test_four_thousand_characters_are_enough(heron: Seat) -> None:
    posting.post(heron, body="a" * 4000, warning="w" * 120)
    with pytest.raises(Refused, match="too_long"):
        posting.post(heron, body="a" * 4001)
    with pytest.raises(Refused, match="too_long"):
        posting.post(heron, body="a", warning="w" * 121)


def test_contact_details_are_held_and_nothing_is_stored(heron: Seat) -> None:
    with pytest.raises(Held) as held:
        posting.post(heron, body="call 212-555-0142")
    assert held.value.parts == ("212-555-0142",)
    assert not Message.objects.exists()


def test_the_real_name_of_a_member_is_held_and_of_a_stranger_not(heron: Seat, river: Seat, outsider: Account) -> None:
    with pytest.raises(Held) as held:
        posting.post(heron, body="I know you, Teodor Brandt")
    assert held.value.reason == "name"
    posting.post(heron, body=f"I read a book by {outsider.name}")


def test_over_the_rooms_limit_one_waits(room: Room, heron: Seat, river: Seat) -> None:
    Room.objects.filter(pk=room.pk).update(posts_a_minute=3)
    joining.rules_changed(room)
    for number in range(3):
        posting.post(heron, body=f"{number}")
    with pytest.raises(Refused, match="too_fast") as refusal:
        posting.post(heron, body="one too many")
    assert 0 < (refusal.value.retry_after or 0) <= 20
    posting.post(river, body="another person has their own allowance")


def test_nobody_posts_into_a_room_that_is_read_only(room: Room, heron: Seat) -> None:
    first = posting.post(heron, key="key-00000001", body="before")
    Room.objects.filter(pk=room.pk).update(read_only=True)
    with pytest.raises(Refused, match="read_only"):
        posting.post(heron, body="after")
    with pytest.raises(Refused, match="read_only"):
        posting.edit(heron, id=first.id, body="after")
    with pytest.raises(Refused, match="read_only"):
        posting.react(heron, id=first.id, kind="heart")


def test_what_was_stored_before_a_room_closed_is_still_acknowledged(room: Room, heron: Seat) -> None:
    first = posting.post(heron, key="key-00000001", body="before")
    Room.objects.filter(pk=room.pk).update(read_only=True)
    assert posting.post(heron, key="key-00000001", body="before") == first


def test_a_message_can_be_taken_back_at_any_time_even_in_a_closed_room(room: Room, heron: Seat) -> None:
    first = posting.post(heron, body="before", at=timezone.now() - timedelta(days=40))
    Room.objects.filter(pk=room.pk).update(read_only=True)
    posting.redact(heron, id=first.id)
    assert newest(room.pk).redacted


# --- a seat that went cold ------------------------------------------------------------------------------------------


def removed(seat: Seat) -> None:
    Membership.objects.filter(pk=seat.member_id).update(removed_at=timezone.now())


def suspended(seat: Seat) -> None:
    Account.objects.filter(pk=seat.account_id).update(is_active=False)


def agreement_renewed(seat: Seat) -> None:
    Room.objects.filter(pk=seat.room_id).update(agreement_version=2)


@pytest.mark.parametrize("cold", [removed, suspended, agreement_renewed])
def test_a_seat_that_went_cold_changes_nothing_more(heron: Seat, cold: Callable[[Seat], None]) -> None:
    kept = posting.post(heron, body="while it was warm")
    cold(heron)
    with pytest.raises(Refused, match="not_found"):
        posting.post(heron, body="late")
    with pytest.raises(Refused, match="not_found"):
        posting.edit(heron, id=kept.id, body="late")
    with pytest.raises(Refused, match="not_found"):
        posting.redact(heron, id=kept.id)
    with pytest.raises(Refused, match="not_found"):
        posting.react(heron, id=kept.id, kind="heart")
    assert Message.objects.get().changed == 1
    assert not Reaction.objects.exists()


# --- answers --------------------------------------------------------------------------------------------------------


def test_an_answer_quotes_what_it_answers(heron: Seat, river: Seat) -> None:
    asked = posting.post(heron, body="How was the night?\n" + "long " * 60)
    posting.post(river, body="Short.", reply_to=asked.id)
    quote = newest(heron.room_id).reply_to
    assert quote is not None
    assert (quote.id, quote.author) == (asked.id, "Quiet Heron")
    assert (quote.excerpt or "").startswith("How was the night? long")
    assert len(quote.excerpt or "") <= 120


def test_an_answer_unfolds_no_warning(heron: Seat, river: Seat) -> None:
    asked = posting.post(heron, body="details", warning="heavy")
    posting.post(river, body="With you.", reply_to=asked.id)
    quote = newest(heron.room_id).reply_to
    assert quote is not None
    assert (quote.author, quote.excerpt) == ("Quiet Heron", None)


def test_an_answer_does_not_undo_a_redaction(heron: Seat, river: Seat) -> None:
    asked = posting.post(heron, body="I regret this")
    posting.post(river, body="It is alright.", reply_to=asked.id)
    posting.redact(heron, id=asked.id)
    quote = newest(heron.room_id).reply_to
    assert quote is not None
    assert quote.excerpt is None


def test_only_a_message_of_the_same_room_can_be_answered(heron: Seat, a_client: Account) -> None:
    elsewhere = posting.post(seated(a_client, open_room("Another"), "Slow Meadow"), body="elsewhere")
    for unknown in (elsewhere.id, "0" * 32):
        with pytest.raises(Refused, match="not_found"):
            posting.post(heron, body="an answer", reply_to=unknown)
    assert not Message.objects.filter(room_id=heron.room_id).exists()


# --- edit -----------------------------------------------------------------------------------------------------------


def test_an_edit_changes_body_and_warning_and_takes_a_number(heron: Seat) -> None:
    first = posting.post(heron, body="frist", warning="sleep")
    posting.edit(heron, id=first.id, body="first")
    shown = newest(heron.room_id)
    assert (shown.body, shown.warning, shown.edited) == ("first", None, True)
    assert (shown.seq, shown.changed) == (1, 2)


def test_after_fifteen_minutes_a_message_stays_as_it_is(heron: Seat, settings: Settings) -> None:
    window = timedelta(seconds=settings.EDIT_SECONDS)
    early = posting.post(heron, body="early", at=timezone.now() - window + timedelta(seconds=30))
    late = posting.post(heron, body="late", at=timezone.now() - window - timedelta(seconds=1))
    posting.edit(heron, id=early.id, body="changed")
    with pytest.raises(Refused, match="too_late"):
        posting.edit(heron, id=late.id, body="changed")


def test_nobody_edits_or_redacts_what_another_wrote(heron: Seat, juniper: Seat) -> None:
    mine = posting.post(heron, body="mine")
    with pytest.raises(Refused, match="not_yours"):
        posting.edit(juniper, id=mine.id, body="theirs")
    with pytest.raises(Refused, match="not_yours"):
        posting.redact(juniper, id=mine.id)
    assert newest(heron.room_id).body == "mine"


def test_an_edit_passes_the_gates(heron: Seat) -> None:
    mine = posting.post(heron, body="mine")
    with pytest.raises(Held):
        posting.edit(heron, id=mine.id, body="call 212-555-0142")
    with pytest.raises(Refused, match="empty"):
        posting.edit(heron, id=mine.id, body=" ")
    assert newest(heron.room_id).body == "mine"


def test_a_message_of_another_room_is_not_found(heron: Seat, a_client: Account) -> None:
    elsewhere = posting.post(seated(a_client, open_room("Another"), "Slow Meadow"), body="elsewhere")
    with pytest.raises(Refused, match="not_found"):
        posting.edit(heron, id=elsewhere.id, body="moved")
    with pytest.raises(Refused, match="not_found"):
        posting.redact(heron, id=elsewhere.id)
    with pytest.raises(Refused, match="not_found"):
        posting.react(heron, id=elsewhere.id, kind="heart")


# --- redact ---------------------------------------------------------------------------------------------------------


def test_redacting_erases_ciphertext_answer_and_reactions(heron: Seat, river: Seat) -> None:
    asked = posting.post(river, body="asked")
    mine = posting.post(heron, body="mine", warning="heavy", reply_to=asked.id)
    posting.react(river, id=mine.id, kind="with_you")
    posting.redact(heron, id=mine.id)
    row = Message.objects.get(pk=mine.id)
    assert (row.body, row.warning, row.reply_to_id) == (None, None, None)
    assert not Reaction.objects.exists()
    shown = newest(heron.room_id)
    assert shown.redacted
    assert (shown.body, shown.warning, shown.reply_to, shown.reactions) == (None, None, None, None)
    assert (shown.seq, shown.changed) == (2, 4)


def test_a_redaction_is_not_undone_and_takes_one_number(heron: Seat) -> None:
    mine = posting.post(heron, body="mine")
    posting.redact(heron, id=mine.id)
    posting.redact(heron, id=mine.id)
    with pytest.raises(Refused, match="not_found"):
        posting.edit(heron, id=mine.id, body="back again")
    with pytest.raises(Refused, match="not_found"):
        posting.react(heron, id=mine.id, kind="heart")
    assert Room.objects.get(pk=heron.room_id).number == 2


# --- react ----------------------------------------------------------------------------------------------------------


def test_reactions_are_counted_once_a_person_and_kind(heron: Seat, river: Seat) -> None:
    mine = posting.post(heron, body="mine")
    for _ in range(2):
        posting.react(river, id=mine.id, kind="heart")
    posting.react(river, id=mine.id, kind="proud")
    posting.react(heron, id=mine.id, kind="heart")
    assert newest(heron.room_id).reactions == {
        "heart": [river.face.id, heron.face.id],
        "proud": [river.face.id],
    }
    assert Room.objects.get(pk=heron.room_id).number == 4


def test_a_reaction_is_taken_back_once(heron: Seat, river: Seat) -> None:
    mine = posting.post(heron, body="mine")
    posting.react(river, id=mine.id, kind="heart")
    for _ in range(2):
        posting.react(river, id=mine.id, kind="heart", on=False)
    assert not newest(heron.room_id).reactions
    assert Room.objects.get(pk=heron.room_id).number == 3
