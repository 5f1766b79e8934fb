"""Care for those who moderate: what was hard today, when a break is due, and handing everything over in one go."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Account, Role
from moderation import care, cases, duty, sealed
from moderation.care import today
from moderation.kinds import Kind
from moderation.models import Act, Case, Note, Severity, Shift
from rooms.models import Room
from tests.people import both_stores, make, signed_in
from vault import trail

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
PATH = "/moderation/handing-over/"


@pytest.fixture(autouse=True)
def _thresholds(settings: Settings) -> None:
    settings.MODERATOR_CARE = {"work": 60, "pause": 10, "graphic": 3}


def case(room: Room, **fields: Any) -> Case:
    """A case about somebody new, so that each is a matter of its own."""
    severity = Severity(fields.pop("severity", Severity.URGENT))
    due = timezone.now() + severity.clock
    return Case.objects.create(
        room=room, account=make(Role.CLIENT), category="harassment", severity=severity, due_at=due, **fields
    )


def did(by: Account, kind: Kind, about: Case, ago: timedelta) -> None:
    Act.objects.create(case=about, room=about.room, by=by, kind=kind, at=timezone.now() - ago)


def worked(
    by: Account, about: Case, *, since: timedelta, every: timedelta = 5 * _MINUTE, until: timedelta = _MINUTE
) -> None:
    """An act now and then, with no pause in between."""
    ago = since
    while ago > until:
        did(by, Kind.NOTE, about, ago)
        ago -= every
    did(by, Kind.NOTE, about, until)


@both_stores
def test_hard_cases_of_today_are_counted_each_once(room: Room, moderator: Account, another_moderator: Account) -> None:
    hard, easy = case(room, graphic=True), case(room)
    for ago in (3 * _HOUR, 2 * _HOUR):
        did(moderator, Kind.CLAIM, hard, ago)
    did(moderator, Kind.CLAIM, easy, _HOUR)
    did(another_moderator, Kind.CLAIM, case(room, graphic=True), _HOUR)
    found = today(moderator)
    assert (found.graphic, found.cases) == (1, 2)


@both_stores
def test_a_night_shift_goes_on_over_midnight_and_ends_with_a_rest(room: Room, moderator: Account) -> None:
    for hours in (15, 11, 6, 1):
        did(moderator, Kind.CLAIM, case(room, graphic=True), hours * _HOUR)
    assert today(moderator).graphic == 4
    for hours in (23, 22):  # seven hours earlier: yesterday
        did(moderator, Kind.CLAIM, case(room, graphic=True), hours * _HOUR)
    assert today(moderator).graphic == 4


@both_stores
def test_after_three_hard_cases_without_a_pause_a_break_is_due(room: Room, moderator: Account) -> None:
    for minutes in (20, 12):
        did(moderator, Kind.CLAIM, case(room, graphic=True), minutes * _MINUTE)
    did(moderator, Kind.NOTE, case(room), 5 * _MINUTE)
    assert not today(moderator).suggest_break
    did(moderator, Kind.CLAIM, case(room, graphic=True), _MINUTE)
    assert today(moderator).suggest_break


@both_stores
def test_after_an_hour_without_a_pause_a_break_is_due(room: Room, moderator: Account) -> None:
    about = case(room)
    worked(moderator, about, since=55 * _MINUTE)
    assert not today(moderator).suggest_break
    worked(moderator, about, since=61 * _MINUTE)
    found = today(moderator)
    assert found.suggest_break
    assert found.since is not None
    assert timedelta(minutes=60) < timezone.now() - found.since < timedelta(minutes=62)


@both_stores
def test_a_pause_starts_anew_and_the_count_of_the_day_stays(room: Room, moderator: Account) -> None:
    for _ in range(3):
        did(moderator, Kind.CLAIM, case(room, graphic=True), 90 * _MINUTE)
    worked(moderator, case(room), since=80 * _MINUTE, until=15 * _MINUTE)
    resting = today(moderator)
    assert (resting.graphic, resting.suggest_break, resting.since) == (3, False, None)
    did(moderator, Kind.NOTE, case(room), _MINUTE)
    assert not today(moderator).suggest_break


@both_stores
def test_after_a_crisis_somebody_is_asked_to_talk_it_over(room: Room, moderator: Account) -> None:
    did(moderator, Kind.RESOLVE, case(room), 2 * _MINUTE)
    assert not today(moderator).debrief
    did(moderator, Kind.HAND_OVER, case(room, severity=Severity.CRISIS), _MINUTE)
    assert today(moderator).debrief


@both_stores
def test_a_quiet_day_asks_for_nothing(moderator: Account, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        found = today(moderator)
    assert found == care.Care(0, 0, False, None, False)


@both_stores
def test_everything_goes_back_to_the_queue_and_the_shift_ends(room: Room, moderator: Account) -> None:
    mine = [case(room), case(room)]
    for each in mine:
        cases.claim(each.pk, moderator)
    duty.start(moderator, timezone.now() + 4 * _HOUR, moderator)
    assert care.hand_queue_over(moderator, None) == care.HandedOver(passed=0, returned=2)
    assert Case.objects.waiting().filter(pk__in=[each.pk for each in mine]).count() == 2
    assert not Shift.objects.filter(account=moderator, ends__gt=timezone.now()).exists()
    last = trail.last(1)[0]
    assert (last.act, last.subject) == ("queue.hand_over", "queue")


@both_stores
def test_everything_goes_to_a_colleague_with_a_note(room: Room, moderator: Account, another_moderator: Account) -> None:
    mine = case(room)
    cases.claim(mine.pk, moderator)
    done = care.hand_queue_over(moderator, another_moderator, "She waits for an answer.")
    assert done == care.HandedOver(passed=1, returned=0)
    mine.refresh_from_db()
    assert (mine.assigned_to, mine.holder) == (another_moderator, None)
    note = Note.objects.get(case=mine)
    opened = sealed.open_text(note.text, case_id=mine.pk, purpose="note.text", place=note.pk)
    assert opened == "She waits for an answer."


@both_stores
def test_what_the_colleague_may_not_take_goes_to_the_queue(
    room: Room, moderator: Account, another_moderator: Account
) -> None:
    appeal = case(room, not_for=another_moderator)
    other = case(room)
    for each in (appeal, other):
        cases.claim(each.pk, moderator)
    assert care.hand_queue_over(moderator, another_moderator) == care.HandedOver(passed=1, returned=1)
    appeal.refresh_from_db()
    assert (appeal.assigned_to, appeal.state) == (None, Case.State.OPEN)


@both_stores
def test_nobody_elses_cases_are_touched(room: Room, moderator: Account, another_moderator: Account) -> None:
    theirs = case(room)
    cases.claim(theirs.pk, another_moderator)
    assert care.hand_queue_over(moderator, None) == care.HandedOver(0, 0)
    theirs.refresh_from_db()
    assert theirs.holder == another_moderator
    assert theirs.is_held


@both_stores
def test_the_page_names_what_is_there_and_who_may_take_it(
    room: Room, moderator: Account, another_moderator: Account
) -> None:
    cases.claim(case(room, severity=Severity.CRISIS).pk, moderator)
    off = make(Role.MODERATOR, name="Ottilie Farouk")
    for each in (moderator, another_moderator):
        duty.start(each, timezone.now() + _HOUR, each)
    text = signed_in(moderator).get(PATH).content.decode()
    assert "You have 1 case" in text
    assert another_moderator.name in text
    assert off.name not in text


@both_stores
def test_handing_over_from_the_page(room: Room, moderator: Account, another_moderator: Account) -> None:
    mine = case(room)
    cases.claim(mine.pk, moderator)
    duty.start(another_moderator, timezone.now() + _HOUR, another_moderator)
    browser = signed_in(moderator)
    page = browser.post(PATH, {"to": str(another_moderator.pk), "words": "Thank you"}, follow=True)
    text = page.content.decode()
    assert "1 case was passed on." in text
    assert "Nothing is left with you" in text
    mine.refresh_from_db()
    assert mine.assigned_to == another_moderator


@both_stores
def test_only_somebody_on_call_can_be_chosen(room: Room, moderator: Account, another_moderator: Account) -> None:
    mine = case(room)
    cases.claim(mine.pk, moderator)
    page = signed_in(moderator).post(PATH, {"to": str(another_moderator.pk)})
    assert page.status_code == 422
    mine.refresh_from_db()
    assert mine.holder == moderator


@both_stores
@pytest.mark.parametrize("role", [Role.CLIENT, Role.MENTOR, Role.CLINICIAN, Role.COORDINATOR])
def test_to_others_the_page_does_not_exist(role: Role) -> None:
    browser = signed_in(make(role))
    assert browser.get(PATH).status_code == 404
    assert browser.post(PATH).status_code == 404
