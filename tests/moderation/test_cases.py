"""The life of a case: one has it at a time, and everything that happens to it stands in its history and on the trail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account, Role
from moderation import cases, intake, sealed
from moderation.models import Case, Category, Letter
from moderation.refusals import Refused
from rooms import posting, steward
from rooms.access import Seat
from rooms.models import HeldMessage
from tests.people import both_stores, make
from vault.models import TrailEntry

pytestmark = both_stores


@pytest.fixture
def case(heron: Seat, river: Seat) -> Case:
    """Flagged by hand: harassment, urgent."""
    message = posting.post(heron, body="sharp words").id
    return intake.flag(
        river.account_id, room_id=river.room_id, message_id=message, category="harassment", words="please look"
    ).case


@pytest.fixture
def crisis(heron: Seat) -> Case:
    posting.post(heron, body="I have the pills here and I am going to take them all tonight.")
    found = Case.objects.get()
    steward.refuse(HeldMessage.objects.get().pk)
    return found


def history(case: Case) -> list[str]:
    return [act.kind for act in case.acts.all()]


def test_of_two_who_claim_one_has_it_and_the_other_is_told_who(
    case: Case, moderator: Account, another_moderator: Account
) -> None:
    cases.claim(case.pk, moderator)
    with pytest.raises(Refused) as told:
        cases.claim(case.pk, another_moderator)
    assert told.value.reason == "taken"
    assert told.value.text == "Hollis Achterberg has this case."
    assert history(case) == ["claim"]


def test_claiming_again_renews_and_says_nothing_new(case: Case, moderator: Account) -> None:
    cases.claim(case.pk, moderator)
    Case.objects.update(held_until=timezone.now() + timedelta(seconds=5))
    renewed = cases.claim(case.pk, moderator)
    assert renewed.held_until is not None
    assert renewed.held_until > timezone.now() + timedelta(minutes=20)
    assert history(case) == ["claim"]


def test_a_claim_that_ran_out_is_anybodys(case: Case, moderator: Account, another_moderator: Account) -> None:
    cases.claim(case.pk, moderator)
    Case.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="not_held"):
        cases.holds(case.pk, moderator)
    assert cases.claim(case.pk, another_moderator).holder == another_moderator


@pytest.mark.parametrize(("late", "was_late"), [(timedelta(minutes=-1), True), (timedelta(minutes=1), False)])
def test_the_first_response_is_remembered_with_whether_it_was_late(
    case: Case, moderator: Account, late: timedelta, was_late: bool
) -> None:
    Case.objects.update(due_at=timezone.now() + late)
    cases.claim(case.pk, moderator)
    first = Case.objects.get().first_response_at
    assert Case.objects.get().was_late is was_late
    cases.hand_back(case.pk, moderator)
    cases.claim(case.pk, moderator)
    assert Case.objects.get().first_response_at == first


@pytest.mark.parametrize("role", [Role.CLIENT, Role.MENTOR, Role.CLINICIAN, Role.COORDINATOR])
def test_for_who_is_no_moderator_there_is_no_case(case: Case, role: Role) -> None:
    somebody = make(role)
    doors = (
        lambda: cases.claim(case.pk, somebody),
        lambda: cases.holds(case.pk, somebody),
        lambda: cases.note(case.pk, somebody, "words"),
        lambda: cases.hand_back(case.pk, somebody),
        lambda: cases.resolve(case.pk, somebody, Case.Outcome.NOTHING),
        lambda: cases.wake(case.pk, somebody),
        lambda: cases.assign(case.pk, somebody, somebody),
        lambda: cases.reopen(case.pk, somebody, "why"),
    )
    for door in doors:
        with pytest.raises(Refused) as told:
            door()
        assert told.value.reason in {"not_found", "not_staff"}
    with pytest.raises(Refused, match="not_found"):
        cases.acknowledge(case.pk, somebody)


def test_a_case_is_handed_back_put_off_woken_and_assigned(
    case: Case, moderator: Account, another_moderator: Account
) -> None:
    cases.claim(case.pk, moderator)
    cases.hand_back(case.pk, moderator)
    assert Case.objects.get().state == Case.State.OPEN
    cases.claim(case.pk, moderator)
    tonight = timezone.now() + timedelta(hours=9)
    cases.snooze(case.pk, moderator, tonight)
    assert (Case.objects.get().snoozed_until, Case.objects.get().due_at, Case.objects.get().holder) == (
        tonight,
        tonight,
        None,
    )
    cases.wake(case.pk, another_moderator)
    cases.assign(case.pk, another_moderator, moderator)
    assert Case.objects.get().assigned_to == moderator
    cases.claim(case.pk, moderator)
    assert Case.objects.get().assigned_to is None
    assert history(case) == ["claim", "hand_back", "claim", "snooze", "wake", "assign", "claim"]


def test_a_crisis_is_never_put_off(crisis: Case, moderator: Account) -> None:
    cases.claim(crisis.pk, moderator)
    with pytest.raises(Refused, match="crisis"):
        cases.snooze(crisis.pk, moderator, timezone.now() + timedelta(hours=1))
    assert Case.objects.get().holder == moderator


def test_a_hand_over_is_acknowledged_by_name_and_only_once(
    crisis: Case, moderator: Account, clinician: Account
) -> None:
    other = make(Role.CLINICIAN, name="Dr. Second")
    cases.claim(crisis.pk, moderator)
    cases.hand_over(crisis.pk, moderator, words="Please call.")
    waiting = Case.objects.get()
    assert (waiting.state, waiting.holder) == (Case.State.HANDED_OVER, None)
    assert waiting.due_at - (waiting.handed_at or waiting.due_at) == timedelta(minutes=5)
    assert cases.acknowledge(crisis.pk, clinician).acknowledged_by == clinician
    with pytest.raises(Refused) as told:
        cases.acknowledge(crisis.pk, other)
    assert told.value.text == "Dr. Priya Raghunathan has taken this hand-over."
    with pytest.raises(Refused, match="taken"):
        cases.claim(crisis.pk, moderator)
    cases.resolve(crisis.pk, clinician, Case.Outcome.CARE)
    assert history(crisis) == ["claim", "hand_over", "acknowledge", "resolve"]


def test_a_hand_over_to_one_clinician_is_not_anothers(crisis: Case, moderator: Account, clinician: Account) -> None:
    other = make(Role.CLINICIAN)
    cases.claim(crisis.pk, moderator)
    cases.hand_over(crisis.pk, moderator, clinician)
    with pytest.raises(Refused, match="not_found"):
        cases.acknowledge(crisis.pk, other)
    with pytest.raises(Refused, match="not_staff"):
        cases.hand_over(crisis.pk, moderator, moderator)
    cases.acknowledge(crisis.pk, clinician)
    cases.hand_back(crisis.pk, clinician)
    assert Case.objects.get().state == Case.State.OPEN
    cases.claim(crisis.pk, moderator)


def test_resolving_tells_the_flagger_without_details(case: Case, moderator: Account, another_client: Account) -> None:
    cases.claim(case.pk, moderator)
    cases.resolve(case.pk, moderator, Case.Outcome.TALKED, "talked with them")
    letter = Letter.objects.get()
    assert (letter.kind, letter.account, letter.text) == (Letter.Kind.HANDLED, another_client, None)
    assert case.flags.get().answered_at
    for door in (cases.claim, cases.wake):
        with pytest.raises(Refused, match="resolved"):
            door(case.pk, moderator)


def test_what_waits_is_decided_before_a_case_is_resolved(heron: Seat, moderator: Account) -> None:
    posting.post(heron, body="I have the pills here and I am going to take them all tonight.")
    case = Case.objects.get()
    cases.claim(case.pk, moderator)
    with pytest.raises(Refused, match="held_waits"):
        cases.resolve(case.pk, moderator, Case.Outcome.TALKED)
    steward.refuse(HeldMessage.objects.get().pk)
    cases.resolve(case.pk, moderator, Case.Outcome.TALKED)


def test_a_resolved_case_comes_back_with_a_fresh_clock(
    case: Case, moderator: Account, another_moderator: Account
) -> None:
    with pytest.raises(Refused, match="not_resolved"):
        cases.reopen(case.pk, moderator, "why")
    cases.claim(case.pk, moderator)
    cases.resolve(case.pk, moderator, Case.Outcome.NOTHING)
    cases.reopen(case.pk, another_moderator, "It went on in the next room.")
    back = Case.objects.get()
    assert (back.state, back.outcome, back.resolved_by) == (Case.State.REOPENED, "", None)
    assert back.due_at > timezone.now() + timedelta(minutes=50)
    assert cases.claim(case.pk, another_moderator).holder == another_moderator


def test_a_matter_has_one_case_at_a_time(case: Case, moderator: Account, heron: Seat, river: Seat) -> None:
    cases.claim(case.pk, moderator)
    cases.resolve(case.pk, moderator, Case.Outcome.NOTHING)
    intake.flag(river.account_id, room_id=river.room_id, member=heron.face.id, category="spam", words="")
    with pytest.raises(Refused, match="joined"):
        cases.reopen(case.pk, moderator, "why")
    assert Case.objects.get(pk=case.pk).is_resolved


def test_notes_are_sealed_and_need_words(case: Case, moderator: Account) -> None:
    note = cases.note(case.pk, moderator, "Spoke with them before.")
    assert b"before" not in bytes(note.text)
    assert sealed.open_text(note.text, case_id=case.pk, purpose="note.text", place=note.pk) == "Spoke with them before."
    with pytest.raises(Refused, match="empty"):
        cases.note(case.pk, moderator, "  ")
    with pytest.raises(Refused, match="too_long"):
        cases.note(case.pk, moderator, "a" * 5000)


def test_an_appeal_is_not_there_for_who_it_must_not_go_to(
    case: Case, moderator: Account, another_moderator: Account
) -> None:
    Case.objects.update(category=Category.APPEAL, not_for=moderator)
    with pytest.raises(Refused, match="not_found"):
        cases.claim(case.pk, moderator)
    cases.claim(case.pk, another_moderator)
    with pytest.raises(Refused, match="not_for_you"):
        cases.assign(case.pk, another_moderator, moderator)


def test_every_change_is_on_the_trail_under_who_made_it(case: Case, moderator: Account) -> None:
    before = TrailEntry.objects.count()
    cases.claim(case.pk, moderator)
    cases.note(case.pk, moderator, "words")
    cases.hand_back(case.pk, moderator)
    entries = TrailEntry.objects.order_by("position")[before:]
    assert [(entry.actor, entry.act, entry.subject) for entry in entries] == [
        (f"account:{moderator.pk}", f"case.{act}", f"case:{case.pk}") for act in ("claim", "note", "hand_back")
    ]
