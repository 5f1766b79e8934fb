"""What a moderator does to a message, a room, a person; and taking it back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Account
from moderation import acts, casefile, cases, letters, undo
from moderation.kinds import UNDOABLE, Kind
from moderation.models import Act, Case, Letter, Sanction
from moderation.refusals import Refused
from rooms import posting, rules
from rooms import refusals as room_refusals
from rooms.access import Seat
from rooms.gates import Allow, Draft, Hold, Verdict
from rooms.models import HeldMessage, Membership, Message, Room
from tests.moderation.matters import claimed, flagged, said
from tests.people import both_stores, open_room, seated
from vault import trail

pytestmark = both_stores


def hold_knives(draft: Draft) -> Verdict:
    """A gate of this test's own."""
    return Hold("method", lambda: "A person looks first.", keeps=True) if "knife" in draft.body else Allow()


@pytest.fixture
def message(heron: Seat) -> str:
    return said(heron, "You are all so very weak.")


@pytest.fixture
def case(river: Seat, message: str, moderator: Account) -> Case:
    return claimed(flagged(river, message), moderator)


@pytest.fixture
def held(settings: Settings, heron: Seat, moderator: Account) -> tuple[Case, str]:
    """A held message, and the case it is in."""
    settings.MESSAGE_GATES = [f"{__name__}.hold_knives"]
    id = said(heron, "I look at the knife.")
    return claimed(Case.objects.get(account=heron.account_id), moderator), id


def soon(**length: int) -> Any:
    return timezone.now() + timedelta(**(length or {"hours": 1}))


def trail_acts() -> list[str]:
    return [entry.act for entry in trail.last(5)]


def number(room: Room) -> int:
    return Room.objects.get(pk=room.pk).number


def test_a_redacted_message_leaves_the_room_and_comes_back_when_restored(
    case: Case, moderator: Account, room: Room, message: str
) -> None:
    before = number(room)
    done = acts.redact(case.pk, moderator, message)
    assert Message.objects.get(pk=message).removed_at
    assert number(room) == before + 1
    assert (done.kind, done.target, done.by) == (Kind.REDACT, message, moderator)
    assert "case.redact" in trail_acts()
    acts.restore(case.pk, moderator, message)
    assert Message.objects.get(pk=message).removed_at is None


def test_a_blurred_message_stays_and_shows_again(case: Case, moderator: Account, message: str) -> None:
    acts.blur(case.pk, moderator, message)
    assert Message.objects.get(pk=message).blurred_at
    acts.unblur(case.pk, moderator, message)
    assert Message.objects.get(pk=message).blurred_at is None


@pytest.mark.parametrize("door", [acts.redact, acts.restore, acts.blur, acts.unblur])
def test_a_message_of_another_room_is_not_found(
    door: Callable[[str, Account, str], Act], case: Case, moderator: Account, a_client: Account
) -> None:
    elsewhere = said(seated(a_client, open_room("Another group"), "Other Bird"), "Hello there.")
    with pytest.raises(Refused) as refusal:
        door(case.pk, moderator, elsewhere)
    assert refusal.value.reason == "not_found"


def test_what_was_done_already_is_not_done_twice(case: Case, moderator: Account, message: str) -> None:
    acts.redact(case.pk, moderator, message)
    with pytest.raises(Refused) as refusal:
        acts.redact(case.pk, moderator, message)
    assert refusal.value.reason == "done"
    assert Act.objects.filter(kind=Kind.REDACT).count() == 1


def test_a_released_message_is_in_the_room_under_its_own_id_and_its_author_hears(
    held: tuple[Case, str], moderator: Account
) -> None:
    case, id = held
    acts.release(case.pk, moderator, id)
    assert Message.objects.filter(pk=id).exists()
    assert HeldMessage.objects.get(pk=id).state == HeldMessage.State.RELEASED
    assert Letter.objects.get(case=case, kind=Letter.Kind.RELEASED).account_id == case.account_id
    with pytest.raises(room_refusals.Refused) as refusal:
        acts.refuse(case.pk, moderator, id, "Too late.")
    assert refusal.value.reason == "settled"


def test_a_refused_message_stays_out_and_its_author_reads_why(held: tuple[Case, str], moderator: Account) -> None:
    case, id = held
    acts.refuse(case.pk, moderator, id, "Please leave out details of how.")
    assert not Message.objects.filter(pk=id).exists()
    assert letters.opened(Letter.objects.get(kind=Letter.Kind.REFUSED)) == "Please leave out details of how."


def test_a_refusal_needs_a_reason(held: tuple[Case, str], moderator: Account) -> None:
    case, id = held
    with pytest.raises(Refused) as refusal:
        acts.refuse(case.pk, moderator, id, "   ")
    assert refusal.value.reason == "empty"
    assert HeldMessage.objects.get(pk=id).state == HeldMessage.State.WAITING


def test_a_held_message_of_another_case_is_not_found(
    held: tuple[Case, str], moderator: Account, river: Seat, juniper: Seat
) -> None:
    other = claimed(flagged(juniper, said(river, "Something else entirely.")), moderator)
    with pytest.raises(Refused) as refusal:
        acts.release(other.pk, moderator, held[1])
    assert refusal.value.reason == "not_found"


def test_a_locked_room_takes_no_messages_until_it_is_opened_again(
    case: Case, moderator: Account, room: Room, river: Seat
) -> None:
    acts.lock(case.pk, moderator, soon())
    with pytest.raises(room_refusals.Refused) as refusal:
        posting.post(river, body="May I?")
    assert refusal.value.reason == "locked"
    acts.unlock(case.pk, moderator)
    posting.post(river, body="Thank you.")


def test_a_slow_room_takes_one_message_a_person_in_a_while(case: Case, moderator: Account, river: Seat) -> None:
    acts.slow(case.pk, moderator, 60, soon())
    posting.post(river, body="First.")
    with pytest.raises(room_refusals.Refused) as refusal:
        posting.post(river, body="Second.")
    assert refusal.value.reason == "too_fast"


def test_a_notice_stands_in_the_room(case: Case, moderator: Account, room: Room) -> None:
    acts.notice(case.pk, moderator, "  Let us take a breath.  ", soon())
    room.refresh_from_db()
    assert rules.rules_of(room).notice == "Let us take a breath."


def test_an_end_that_is_over_is_refused_and_changes_nothing(case: Case, moderator: Account, room: Room) -> None:
    with pytest.raises(Refused) as refusal:
        acts.lock(case.pk, moderator, soon(hours=-1))
    assert refusal.value.reason == "past"
    room.refresh_from_db()
    assert room.locked_until is None
    assert not Act.objects.filter(kind=Kind.LOCK).exists()


@pytest.mark.parametrize(("door", "kind"), [(acts.warn, Letter.Kind.WARNING), (acts.check_in, Letter.Kind.CHECK_IN)])
def test_a_letter_reaches_the_person_and_nobody_else(
    door: Callable[[str, Account, str], Act],
    kind: Letter.Kind,
    case: Case,
    moderator: Account,
    a_client: Account,
    another_client: Account,
) -> None:
    door(case.pk, moderator, "How are you?")
    shown = [each for each in letters.shown_to(a_client) if each.letter.kind == kind]
    assert [each.text for each in shown] == ["How are you?"]
    assert not letters.shown_to(another_client)


def test_a_muted_person_cannot_write_and_can_when_it_is_lifted(case: Case, moderator: Account, heron: Seat) -> None:
    done = acts.sanction(case.pk, moderator, Sanction.Kind.MUTE, "Please rest a while.", soon())
    with pytest.raises(room_refusals.Refused) as refusal:
        posting.post(heron, body="But I want to.")
    assert refusal.value.reason == "muted"
    acts.lift(case.pk, moderator, done.target, "We talked.")
    posting.post(heron, body="Thank you.")


def test_a_removed_person_is_out_of_the_room(case: Case, moderator: Account, heron: Seat) -> None:
    acts.sanction(case.pk, moderator, Sanction.Kind.REMOVE, "We need the room to be safe.", None)
    assert Membership.objects.get(pk=heron.member_id).removed_at


@pytest.mark.parametrize(
    "do",
    [
        lambda case, by, message: acts.redact(case, by, message),
        lambda case, by, message: acts.lock(case, by, soon()),
        lambda case, by, message: acts.notice(case, by, "Words.", soon()),
        lambda case, by, message: acts.warn(case, by, "Words."),
        lambda case, by, message: acts.sanction(case, by, Sanction.Kind.MUTE, "Words.", soon()),
    ],
)
def test_nobody_acts_on_a_case_they_do_not_hold_and_nothing_of_it_stays(
    do: Callable[[str, Account, str], Act],
    case: Case,
    another_moderator: Account,
    moderator: Account,
    message: str,
    room: Room,
) -> None:
    history = Act.objects.count()
    with pytest.raises(Refused) as refusal:
        do(case.pk, another_moderator, message)
    assert refusal.value.reason == "not_held"
    cases.resolve(case.pk, moderator, Case.Outcome.NOTHING)
    with pytest.raises(Refused) as refusal:
        do(case.pk, moderator, message)
    assert refusal.value.reason == "resolved"
    assert Act.objects.count() == history + 1
    assert not Message.objects.get(pk=message).removed_at
    room.refresh_from_db()
    assert room.locked_until is None
    assert room.notice is None
    assert not Letter.objects.exclude(kind=Letter.Kind.HANDLED).exists()
    assert not Sanction.objects.exists()


@pytest.mark.parametrize("who", ["a_client", "mentor", "clinician", "coordinator"])
def test_to_anybody_else_there_is_no_case(who: str, case: Case, message: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Refused) as refusal:
        acts.redact(case.pk, request.getfixturevalue(who), message)
    assert refusal.value.reason == "not_found"


# --- undo ----------------------------------------------------------------------------------------------------------


def test_undo_puts_a_message_back_and_leaves_both_in_the_history(case: Case, moderator: Account, message: str) -> None:
    done = acts.redact(case.pk, moderator, message)
    assert undo.last_of(case, moderator) == done
    undo.undo(done.pk, moderator)
    assert Message.objects.get(pk=message).removed_at is None
    done.refresh_from_db()
    assert done.undone_at
    assert Act.objects.filter(case=case, kind=Kind.UNDO, target=done.pk).exists()
    assert trail_acts()[-2:] == ["case.redact", "case.undo.redact"]
    assert undo.last_of(case, moderator) is None


def test_undo_makes_a_refused_message_wait_again_and_takes_the_reason_from_the_persons_pages(
    held: tuple[Case, str], moderator: Account, a_client: Account
) -> None:
    case, id = held
    done = acts.refuse(case.pk, moderator, id, "Not here.")
    undo.undo(done.pk, moderator)
    assert HeldMessage.objects.get(pk=id).state == HeldMessage.State.WAITING
    assert Letter.Kind.REFUSED not in [each.letter.kind for each in letters.shown_to(a_client)]
    acts.release(case.pk, moderator, id)


def test_undo_puts_the_room_back_exactly_as_it_was(case: Case, moderator: Account, room: Room) -> None:
    first, second = soon(hours=1), soon(hours=2)
    acts.notice(case.pk, moderator, "The first notice.", first)
    acts.slow(case.pk, moderator, 10, first)
    acts.lock(case.pk, moderator, first)
    for done in (
        acts.notice(case.pk, moderator, "The second.", second),
        acts.slow(case.pk, moderator, 300, second),
        acts.lock(case.pk, moderator, second),
    ):
        undo.undo(done.pk, moderator)
    room.refresh_from_db()
    assert (rules.rules_of(room).notice, room.notice_until) == ("The first notice.", first)
    assert (room.slow_seconds, room.slow_until) == (10, first)
    assert room.locked_until == first


def test_undo_takes_away_what_was_not_there_before(case: Case, moderator: Account, room: Room) -> None:
    for done in (
        acts.notice(case.pk, moderator, "Words.", soon()),
        acts.slow(case.pk, moderator, 10, soon()),
        acts.lock(case.pk, moderator, soon()),
    ):
        undo.undo(done.pk, moderator)
    room.refresh_from_db()
    assert (room.notice, room.slow_seconds, room.locked_until) == (None, 0, None)


@pytest.mark.parametrize("kind", list(Sanction.Kind))
def test_undo_lifts_a_sanction_as_if_nothing_had_been_said(
    kind: Sanction.Kind, case: Case, moderator: Account, heron: Seat, a_client: Account
) -> None:
    done = acts.sanction(case.pk, moderator, kind, "Words.", soon())
    undo.undo(done.pk, moderator)
    a_client.refresh_from_db()
    assert a_client.is_active
    posting.post(heron, body="I am here.")
    assert Sanction.objects.get(pk=done.target).ended_at
    assert Letter.Kind.SANCTION not in [each.letter.kind for each in letters.shown_to(a_client)]


def test_undo_is_possible_for_ten_seconds_and_a_breath(case: Case, moderator: Account, message: str) -> None:
    done = acts.redact(case.pk, moderator, message)
    Act.objects.filter(pk=done.pk).update(at=timezone.now() - timedelta(seconds=11))
    assert undo.last_of(case, moderator) is None
    undo.undo(done.pk, moderator)
    again = acts.redact(case.pk, moderator, message)
    Act.objects.filter(pk=again.pk).update(at=timezone.now() - timedelta(seconds=13))
    with pytest.raises(Refused) as refusal:
        undo.undo(again.pk, moderator)
    assert refusal.value.reason == "too_late"
    assert Message.objects.get(pk=message).removed_at


def test_undo_takes_back_once_and_only_ones_own(
    case: Case, moderator: Account, another_moderator: Account, message: str
) -> None:
    done = acts.redact(case.pk, moderator, message)
    with pytest.raises(Refused) as refusal:
        undo.undo(done.pk, another_moderator)
    assert refusal.value.reason == "not_found"
    undo.undo(done.pk, moderator)
    with pytest.raises(Refused) as refusal:
        undo.undo(done.pk, moderator)
    assert refusal.value.reason == "done"


def test_undo_works_after_the_case_was_resolved(case: Case, moderator: Account, message: str) -> None:
    done = acts.redact(case.pk, moderator, message)
    cases.resolve(case.pk, moderator, Case.Outcome.MESSAGE)
    undo.undo(done.pk, moderator)
    assert Message.objects.get(pk=message).removed_at is None


def test_a_letter_and_a_release_cannot_be_taken_back(held: tuple[Case, str], moderator: Account) -> None:
    case, id = held
    for done in (acts.warn(case.pk, moderator, "Words."), acts.release(case.pk, moderator, id)):
        with pytest.raises(Refused) as refusal:
            undo.undo(done.pk, moderator)
        assert refusal.value.reason == "not_found"
    assert not {Kind.WARN, Kind.CHECK_IN, Kind.RELEASE} & set(UNDOABLE)


def test_every_act_that_can_be_taken_back_has_a_way_back_and_words_for_it() -> None:
    assert set(undo._REVERSALS) == set(UNDOABLE) == set(casefile._UNDO)


def test_what_an_undo_needs_is_sealed(case: Case, moderator: Account) -> None:
    acts.notice(case.pk, moderator, "The first notice.", soon())
    done = acts.notice(case.pk, moderator, "The second.", soon())
    assert b"first notice" not in bytes(Act.objects.get(pk=done.pk).before or b"")
