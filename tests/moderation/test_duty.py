"""Who is on call: shifts that people and coordinators make, the order in which they are told, and the rooms that follow."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import people
from accounts.models import Account, Role
from moderation import duty
from moderation.models import Shift
from moderation.refusals import Refused
from rooms.models import Room
from tests.moderation.on_duty import on_call
from tests.people import both_stores, make, open_room
from vault import trail

pytestmark = both_stores


def hours(count: float) -> datetime:
    return timezone.now() + timedelta(hours=count)


def reason(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.reason


def attended_room() -> Room:
    return open_room(opening=Room.Opening.ATTENDED)


# --- the line -------------------------------------------------------------------------------------------------------


def test_people_are_told_in_order_of_their_place_whoever_came_first(
    moderator: Account, another_moderator: Account
) -> None:
    on_call(another_moderator, 2, since=5)
    on_call(moderator, 1, since=1)
    assert duty.on_call(timezone.now(), Role.MODERATOR) == [moderator, another_moderator]


def test_the_first_moderator_and_the_first_clinician_are_told_together(
    moderator: Account, another_moderator: Account, clinician: Account
) -> None:
    on_call(moderator, 1)
    on_call(another_moderator, 3)
    on_call(clinician, 2)
    assert duty.ranks(timezone.now()) == [[moderator, clinician], [another_moderator]]


def test_a_coordinator_is_last_in_line_whatever_their_place(
    moderator: Account, clinician: Account, coordinator: Account
) -> None:
    on_call(coordinator, 1)
    on_call(moderator, 4)
    on_call(clinician, 5)
    assert duty.ranks(timezone.now()) == [[moderator, clinician], [coordinator]]


def test_a_person_with_two_shifts_stands_in_line_once(moderator: Account) -> None:
    on_call(moderator, 3)
    on_call(moderator, 1)
    assert duty.ranks(timezone.now()) == [[moderator]]


def test_a_shift_counts_from_its_first_moment_and_not_at_its_last(moderator: Account) -> None:
    shift = on_call(moderator)
    assert duty.on_call(shift.starts) == [moderator]
    assert duty.on_call(shift.ends) == []


def test_who_was_suspended_or_became_a_mentor_is_not_on_call(
    moderator: Account, another_moderator: Account, coordinator: Account
) -> None:
    on_call(moderator)
    on_call(another_moderator)
    people.suspend(moderator, by=coordinator, why="a test")
    people.change_role(another_moderator, Role.MENTOR, by=coordinator)
    assert duty.on_call(timezone.now()) == []
    assert not duty.somebody_attends(timezone.now())


def test_a_coordinator_alone_attends_nothing(coordinator: Account, clinician: Account) -> None:
    on_call(coordinator)
    assert not duty.somebody_attends(timezone.now())
    on_call(clinician)
    assert duty.somebody_attends(timezone.now())


# --- starting, stopping, planning -----------------------------------------------------------------------------------


def test_one_press_puts_somebody_on_call_and_another_takes_them_off(moderator: Account) -> None:
    until = hours(4)
    assert duty.start(moderator, until, moderator).ends == until
    assert duty.on_call(timezone.now()) == [moderator]
    duty.stop(moderator, moderator)
    assert duty.on_call(timezone.now()) == []
    assert Shift.objects.get().ends <= timezone.now()  # who was on call stays known


def test_starting_again_stretches_the_shift_that_runs_and_never_cuts_it(moderator: Account) -> None:
    first = duty.start(moderator, hours(4), moderator)
    duty.start(moderator, hours(8), moderator)
    later = Shift.objects.get().ends
    assert later > first.ends
    duty.start(moderator, hours(1), moderator)
    assert Shift.objects.get().ends == later


def test_stopping_leaves_what_is_planned_for_later(moderator: Account) -> None:
    duty.start(moderator, hours(1), moderator)
    planned = duty.plan(moderator, hours(24), hours(32), 1, moderator)
    duty.stop(moderator, moderator)
    assert [shift.pk for shift in Shift.objects.filter(ends__gt=timezone.now())] == [planned.pk]


def test_who_is_not_on_call_cannot_stop(moderator: Account) -> None:
    with pytest.raises(Refused) as refused:
        duty.stop(moderator, moderator)
    assert reason(refused) == "not_on_call"


def test_the_same_shift_twice_is_one_with_the_new_place(moderator: Account) -> None:
    starts, ends = hours(24), hours(32)
    duty.plan(moderator, starts, ends, 1, moderator)
    duty.plan(moderator, starts, ends, 2, moderator)
    assert Shift.objects.get().step == 2


def test_shifts_may_overlap(moderator: Account) -> None:
    duty.plan(moderator, hours(24), hours(32), 1, moderator)
    duty.plan(moderator, hours(30), hours(36), 1, moderator)
    assert Shift.objects.count() == 2


@pytest.mark.parametrize(
    ("starts", "ends", "why"),
    [(-5, -1, "past"), (2, 1, "shift_order"), (1, 1 + 8 * 24, "shift_length"), (400 * 24, 401 * 24, "shift_length")],
)
def test_a_shift_that_cannot_be_is_refused_with_its_reason(
    moderator: Account, starts: int, ends: int, why: str
) -> None:
    with pytest.raises(Refused) as refused:
        duty.plan(moderator, hours(starts), hours(ends), 1, moderator)
    assert reason(refused) == why
    assert refused.value.text
    assert not Shift.objects.exists()


@pytest.mark.parametrize("role", [Role.CLIENT, Role.MENTOR])
def test_nobody_else_can_be_on_call(role: Role, coordinator: Account) -> None:
    with pytest.raises(Refused) as refused:
        duty.plan(make(role), hours(1), hours(2), 1, coordinator)
    assert reason(refused) == "not_on_rota"


def test_only_a_coordinator_plans_ends_and_removes_for_others(
    moderator: Account, another_moderator: Account, coordinator: Account
) -> None:
    running = duty.start(another_moderator, hours(2), another_moderator)
    planned = duty.plan(another_moderator, hours(24), hours(32), 1, coordinator)
    for attempt in (
        lambda: duty.plan(another_moderator, hours(1), hours(2), 1, moderator),
        lambda: duty.start(another_moderator, hours(2), moderator),
        lambda: duty.stop(another_moderator, moderator),
        lambda: duty.remove(planned.pk, moderator),
        lambda: duty.remove(running.pk, moderator),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert reason(refused) == "others_shift"
    duty.remove(planned.pk, coordinator)
    duty.stop(another_moderator, coordinator)
    assert not Shift.objects.filter(ends__gt=timezone.now()).exists()


def test_removing_a_running_shift_ends_it_and_one_that_is_over_stays(moderator: Account) -> None:
    running = on_call(moderator)
    duty.remove(running.pk, moderator)
    running.refresh_from_db()
    assert running.ends <= timezone.now()
    with pytest.raises(Refused) as refused:
        duty.remove(running.pk, moderator)
    assert reason(refused) == "past"
    with pytest.raises(Refused) as refused:
        duty.remove(10_000, moderator)
    assert reason(refused) == "not_found"


def test_every_change_of_the_rota_is_on_the_trail(moderator: Account, coordinator: Account) -> None:
    duty.start(moderator, hours(2), moderator)
    duty.stop(moderator, coordinator)
    planned = duty.plan(moderator, hours(24), hours(32), 2, coordinator)
    duty.remove(planned.pk, moderator)
    entries = trail.last(4)
    assert [(entry.act, entry.actor) for entry in entries] == [
        ("duty.start", f"account:{moderator.pk}"),
        ("duty.stop", f"account:{coordinator.pk}"),
        ("duty.plan", f"account:{coordinator.pk}"),
        ("duty.remove", f"account:{moderator.pk}"),
    ]
    assert entries[2].subject == f"shift:{planned.pk} account:{moderator.pk}"
    assert trail.why(entries[2]).endswith("step 2")


# --- rooms that are open while somebody attends ---------------------------------------------------------------------


def test_a_room_is_open_until_the_end_of_shifts_without_a_gap(
    moderator: Account, clinician: Account, coordinator: Account
) -> None:
    room = attended_room()
    on_call(moderator, left=2)
    overlapping = on_call(clinician, since=-1, left=5)
    on_call(coordinator, since=0, left=9)  # does not attend
    on_call(moderator, since=-6, left=8)  # an hour after the gap
    duty.tell_rooms()
    room.refresh_from_db()
    assert room.attended_until == overlapping.ends


def test_a_room_hears_of_a_change_by_its_roster_and_other_rooms_do_not(moderator: Account) -> None:
    room, always = attended_room(), open_room("Always open")
    before = {each.pk: each.roster for each in Room.objects.all()}
    duty.start(moderator, hours(2), moderator)
    after = {each.pk: each.roster for each in Room.objects.all()}
    assert after[room.pk] > before[room.pk]
    assert after[always.pk] == before[always.pk]
    assert Room.objects.get(pk=always.pk).attended_until is None


def test_a_room_closes_at_once_when_the_last_one_goes(moderator: Account) -> None:
    room = attended_room()
    duty.start(moderator, hours(2), moderator)
    duty.stop(moderator, moderator)
    room.refresh_from_db()
    assert room.attended_until is not None
    assert room.attended_until <= timezone.now()


def test_a_shift_that_begins_by_the_clock_opens_the_room_at_the_next_tick(moderator: Account) -> None:
    room = attended_room()
    shift = duty.plan(moderator, hours(1), hours(3), 1, moderator)
    assert Room.objects.get(pk=room.pk).attended_until is None
    assert duty.tell_rooms(shift.starts) == 1
    assert Room.objects.get(pk=room.pk).attended_until == shift.ends
    assert duty.tell_rooms(shift.starts) == 0  # nothing new, nothing written


def test_looking_at_rooms_that_know_already_writes_nothing(moderator: Account) -> None:
    attended_room()
    duty.start(moderator, hours(2), moderator)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        duty.tell_rooms()
    assert not [each["sql"] for each in queries if not each["sql"].startswith("SELECT")]


def test_a_room_closes_at_the_next_tick_when_the_only_one_on_call_is_suspended(
    moderator: Account, coordinator: Account
) -> None:
    room = attended_room()
    duty.start(moderator, hours(2), moderator)
    people.suspend(moderator, by=coordinator, why="a test")
    assert duty.tell_rooms() == 1
    room.refresh_from_db()
    assert room.attended_until is not None
    assert room.attended_until <= timezone.now()
