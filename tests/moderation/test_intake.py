"""Flags come in: from the gates with their message, from members by hand; those of one matter join one case."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Account
from moderation import cases, evidence, intake, sealed
from moderation.gate import CRISIS_CARD
from moderation.matters import Weight
from moderation.models import Case, Category, Flag, Letter, Severity
from rooms import posting
from rooms.access import Seat
from rooms.changes import Kept
from rooms.gates import Allow, Draft, Hold, Verdict
from rooms.gates import Flag as Raised
from rooms.models import Raised as Stored
from rooms.models import Room
from rooms.refusals import Refused
from tests.people import both_stores, open_room, seated
from vault.models import TrailEntry

pytestmark = both_stores

THOUGHTS = Raised("suicide.thoughts", "suicide", "urgent", level=2, card=CRISIS_CARD)
PLAN = Raised("suicide.plan", "suicide", "crisis", level=5, crisis=True, card=CRISIS_CARD)
SPAM = Raised("spam.link", "spam", "routine")


def gate(draft: Draft) -> Verdict:
    words = draft.body.split()
    flags = tuple(flag for word, flag in (("thoughts", THOUGHTS), ("plan", PLAN), ("spam", SPAM)) if word in words)
    return Hold("method", lambda: "later", flags=flags, keeps=True) if "plan" in words else Allow(flags)


@pytest.fixture(autouse=True)
def _gate(settings: Settings) -> None:
    settings.MESSAGE_GATES = ["tests.moderation.test_intake.gate"]


def by(seat: Seat, category: str = "harassment", words: str = "", *, message: str = "", member: str = "") -> Flag:
    return intake.flag(
        seat.account_id, room_id=seat.room_id, message_id=message, member=member, category=category, words=words
    )


# --- from the gates ---------------------------------------------------------------------------------------------------


def test_what_a_gate_marks_opens_a_case_with_its_clock_right_after_the_message(heron: Seat) -> None:
    posting.post(heron, body="thoughts")
    case = Case.objects.get()
    assert (case.category, case.severity, case.level, case.state) == ("suicide", "urgent", 2, "open")
    assert case.due_at - case.opened_at == timedelta(hours=1)
    assert (case.room_id, case.account_id, case.tier) == (heron.room_id, heron.account_id, 1)
    assert not Stored.objects.exists()


def test_a_crisis_stands_on_top_with_five_minutes(heron: Seat, river: Seat) -> None:
    posting.post(river, body="thoughts")
    Case.objects.update(due_at=timezone.now() - timedelta(hours=2))
    assert isinstance(posting.post(heron, body="plan"), Kept)
    first, _ = Case.objects.in_order()
    assert (first.severity, first.level, first.graphic) == ("crisis", 5, True)
    assert first.due_at - first.opened_at == timedelta(minutes=5)


def test_the_person_gets_a_card_and_nothing_in_it_is_open_in_the_store(heron: Seat) -> None:
    posting.post(heron, body="thoughts")
    assert Letter.objects.get().kind == Letter.Kind.CRISIS
    posting.post(heron, body="spam")
    assert Letter.objects.count() == 1, "no card for what is no danger"


def test_flags_of_one_matter_join_one_case_and_the_gravest_sets_its_clock(heron: Seat) -> None:
    posting.post(heron, body="spam")
    routine = Case.objects.get()
    posting.post(heron, body="thoughts spam")
    posting.post(heron, body="plan")
    raised = Case.objects.get()
    assert raised.pk == routine.pk
    assert (raised.severity, raised.category, raised.flags_count, raised.tier) == ("crisis", "suicide", 3, 0)
    assert raised.due_at < routine.due_at
    posting.post(heron, body="spam")
    case = Case.objects.get()
    assert (case.severity, case.flags_count, case.due_at) == ("crisis", 4, raised.due_at), (
        "never lowered by a later flag"
    )


def test_another_person_and_another_room_are_other_matters(heron: Seat, river: Seat, a_client: Account) -> None:
    for seat in (heron, river, seated(a_client, open_room("Another room"), "Slow Meadow")):
        posting.post(seat, body="spam")
    assert Case.objects.count() == 3


def test_a_new_flag_wakes_what_was_put_off_and_leaves_it_with_who_has_it(heron: Seat, moderator: Account) -> None:
    posting.post(heron, body="spam")
    case = Case.objects.get()
    cases.claim(case.pk, moderator)
    cases.snooze(case.pk, moderator, timezone.now() + timedelta(hours=8))
    posting.post(heron, body="spam")
    assert Case.objects.get().snoozed_until is None
    cases.claim(case.pk, moderator)
    posting.post(heron, body="plan")
    assert Case.objects.get().holder == moderator


def test_after_a_case_is_resolved_the_matter_is_a_new_one(heron: Seat, moderator: Account) -> None:
    posting.post(heron, body="spam")
    case = Case.objects.get()
    cases.claim(case.pk, moderator)
    cases.resolve(case.pk, moderator, Case.Outcome.NOTHING)
    posting.post(heron, body="spam")
    assert Case.objects.count() == 2


def test_what_could_not_be_taken_at_once_is_taken_later_and_once(heron: Seat, settings: Settings) -> None:
    settings.FLAGS_RAISED = "tests.rooms.test_holding.fail"
    posting.post(heron, body="spam")
    assert not Case.objects.exists()
    assert intake.take() == 1
    assert intake.take() == 0
    assert Case.objects.get().flags_count == 1


def test_nobody_works_on_what_was_said_about_themselves(room: Room, moderator: Account) -> None:
    posting.post(seated(moderator, room, "Sol"), body="spam")
    assert Case.objects.get().not_for == moderator


# --- by members -------------------------------------------------------------------------------------------------------


def test_a_member_flags_a_message_with_a_reason_and_sealed_words(heron: Seat, river: Seat) -> None:
    message = posting.post(heron, body="sharp words").id
    flag = by(river, words="This was meant for me.", message=message)
    assert (flag.source, flag.by_id, flag.category, flag.case.severity) == (
        "person",
        river.account_id,
        "harassment",
        "urgent",
    )
    assert b"meant for me" not in bytes(flag.words or b"")
    opened = sealed.open_text(flag.words, case_id=flag.case_id, purpose="flag.words", place=flag.pk)
    assert opened == "This was meant for me."


def test_a_member_may_be_flagged_without_a_message(heron: Seat, river: Seat) -> None:
    flag = by(river, "suicide", member=heron.face.id)
    assert (flag.message_id, flag.case.account_id, flag.case.severity) == ("", heron.account_id, "crisis")


def test_flagging_again_changes_nothing_and_two_people_are_two_flags(heron: Seat, river: Seat, juniper: Seat) -> None:
    message = posting.post(heron, body="sharp words").id
    assert by(river, message=message) == by(river, message=message)
    by(juniper, message=message)
    assert (Case.objects.count(), Case.objects.get().flags_count) == (1, 2)


def test_a_flag_on_staff_is_about_their_conduct(heron: Seat, juniper: Seat) -> None:
    assert by(heron, "other", member=juniper.face.id).case.category == Category.CONDUCT


def test_what_is_not_in_ones_room_cannot_be_flagged(heron: Seat, river: Seat, another_client: Account) -> None:
    elsewhere = seated(another_client, open_room("Another room"), "Slow Meadow")
    message = posting.post(elsewhere, body="words").id
    for about in (
        {"message": message},
        {"member": elsewhere.face.id},
        {"message": "0" * 32},
        {"member": "m_" + "0" * 16},
        {},
    ):
        with pytest.raises(Refused, match="not_found"):
            by(heron, **about)
    with pytest.raises(Refused, match="not_found"):
        intake.flag(heron.account_id, room_id=elsewhere.room_id, message_id=message, category="spam", words="")
    for category in ("appeal", "after_hours", "nonsense"):
        with pytest.raises(Refused, match="not_found"):
            by(heron, category, member=river.face.id)


def test_nobody_flags_themselves_and_nobody_floods(heron: Seat, river: Seat) -> None:
    mine = posting.post(heron, body="words").id
    with pytest.raises(Refused, match="yourself"):
        by(heron, message=mine)
    theirs = [posting.post(river, body=f"words {number}").id for number in range(intake.FLAGS_A_MINUTE + 1)]
    for message in theirs[:-1]:
        by(heron, message=message)
    with pytest.raises(Refused, match="too_fast"):
        by(heron, message=theirs[-1])


def test_a_second_screen_adds_to_the_case_of_its_message(heron: Seat) -> None:
    message = posting.post(heron, body="quiet words").id
    intake.found_later(message, [(Weight(Category.SUICIDE, Severity.CRISIS, 4), "outside.one")])
    case = Case.objects.get()
    assert (case.severity, case.level, case.flags.get().source) == ("crisis", 4, "second")
    assert [each.body for each in evidence.shown(case)] == ["quiet words"]


def test_who_flagged_stands_on_the_trail_and_not_with_the_screen(heron: Seat, river: Seat) -> None:
    by(river, message=posting.post(heron, body="sharp words").id)
    posting.post(heron, body="spam")
    flags = TrailEntry.objects.filter(act="case.flag").order_by("position")
    assert [entry.actor for entry in flags] == [f"account:{river.account_id}", "clock"]
    assert len({entry.subject for entry in flags}) == 1
