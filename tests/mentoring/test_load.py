"""The weighted load of a week: from facts, one weight each, the same few queries for one mentor and for sixty."""

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import caseload, pool, respite
from mentoring.load import WEIGHTS, Load, Week, loads_of
from mentoring.models import Debrief, Mentor, Thread
from mentoring.refusals import Refused
from rooms import posting
from rooms.access import seat_of, standing
from rooms.models import Call, Membership, Room
from tests.mentoring.cast import certified, thread_between
from tests.people import a_client, another_client, both_stores, coordinator, make, mentor, open_room, seated

__all__ = ["a_client", "another_client", "coordinator", "mentor"]
pytestmark = both_stores

EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]


@pytest.fixture
def juniper(mentor: Account) -> Mentor:
    return certified(mentor, called="Juniper", hours=[{"days": EVERY_DAY, "from": "09:00", "to": "17:00"}])


@pytest.fixture
def thread(a_client: Account, juniper: Mentor) -> Thread:
    return thread_between(a_client, juniper)


def at(hour: int, minute: int = 0, *, days_ago: int = 1) -> datetime:
    day = timezone.localdate() - timedelta(days=days_ago)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def say(account: Account, room: str, moment: datetime) -> None:
    posting.post(seat_of(standing(account.pk, room)), body="Hello.", at=moment)


def last_week(mentor: Mentor) -> Week:
    return loads_of([mentor])[mentor.pk].weeks[-1]


class TestAWeek:
    def test_messages_are_counted_by_who_wrote_them(self, thread: Thread, juniper: Mentor, a_client: Account) -> None:
        for minute in (0, 1, 2):
            say(juniper.account, thread.room_id, at(10, minute))
        say(a_client, thread.room_id, at(10, 5))
        week = last_week(juniper)
        assert (week.sent, week.received, week.clients) == (3, 1, 1)

    def test_hours_are_distinct_quarter_hours_in_which_they_wrote(
        self, thread: Thread, juniper: Mentor, a_client: Account
    ) -> None:
        for moment in (at(10, 0), at(10, 14), at(10, 15), at(11, 0)):
            say(juniper.account, thread.room_id, moment)
        say(a_client, thread.room_id, at(13))
        assert last_week(juniper).hours == 0.75

    def test_out_of_hours_and_night_are_two_things_and_none_counts_twice(self, thread: Thread, juniper: Mentor) -> None:
        for moment in (at(10), at(19), at(23), at(3)):
            say(juniper.account, thread.room_id, moment)
        week = last_week(juniper)
        assert (week.hours, week.outside, week.night) == (1.0, 0.25, 0.5)

    def test_a_call_counts_for_as_long_as_it_ran_and_one_that_nobody_answered_does_not(
        self, thread: Thread, juniper: Mentor, a_client: Account
    ) -> None:
        client, mentor = (
            Membership.objects.get(room=thread.room_id, account=each) for each in (a_client, juniper.account)
        )
        about = {"room": thread.room, "caller": client, "callee": mentor, "way": "voice"}
        Call.objects.create(id="a", **about, rang_at=at(10), answered_at=at(10, 1), ended_at=at(10, 40))
        Call.objects.create(id="b", **about, rang_at=at(12), ended_at=at(12, 50))
        assert last_week(juniper).hours == 0.75

    def test_leading_a_group_counts_as_hours_and_the_circle_does_not(self, juniper: Mentor, thread: Thread) -> None:
        group, circle = open_room("Lantern group"), open_room("Circle", kind=Room.Kind.CIRCLE)
        for room in (group, circle):
            seated(juniper.account, room, "Juniper")
        say(juniper.account, group.pk, at(10))
        say(juniper.account, circle.pk, at(12))
        week = last_week(juniper)
        assert (week.hours, week.sent) == (0.25, 0)

    def test_the_load_is_the_sum_of_the_weights(self) -> None:
        week = Week(timezone.localdate(), clients=4, sent=100, received=200, crises=1, hours=6, outside=2, night=1)
        assert week.load == 6 + 2 * 0.5 + 1 * 1.0 + 200 * 0.03 + 100 * 0.01 + 2 + 4 * 0.5
        assert WEIGHTS.night > WEIGHTS.outside

    def test_a_crisis_counts_once_a_room_and_one_offered_by_a_coordinator_is_none(
        self, thread: Thread, juniper: Mentor
    ) -> None:
        Debrief.objects.create(mentor=juniper, room=thread.room)
        Debrief.objects.create(mentor=juniper)
        assert last_week(juniper).crises == 1

    def test_what_happened_longer_ago_than_eight_weeks_is_not_counted_and_each_week_has_its_own(
        self, thread: Thread, juniper: Mentor
    ) -> None:
        for days in (0, 6, 7, 55, 56):
            say(juniper.account, thread.room_id, at(0, 1, days_ago=days))
        sent = [week.sent for week in loads_of([juniper])[juniper.pk].weeks]
        assert sent == [1, 0, 0, 0, 0, 0, 1, 2]


def load_of(*loads: float) -> Load:
    return Load(tuple(Week(timezone.localdate(), hours=each) for each in loads))


@pytest.mark.parametrize(
    ("weeks", "rises"),
    [
        ((4, 4, 4, 4, 8, 8, 8, 8), True),
        ((8, 8, 8, 8, 9, 9, 9, 9), False),  # less than a quarter
        ((1, 1, 1, 1, 2, 2, 2, 2), False),  # twice as much, and still little
        ((8, 8, 8, 8, 4, 4, 4, 4), False),
        ((0, 0, 0, 0, 0, 0, 0, 0), False),
    ],
)
def test_a_load_rises_by_a_quarter_and_two_hours(weeks: tuple[float, ...], rises: bool) -> None:
    assert load_of(*weeks).is_rising == rises


def test_the_queries_are_the_same_for_one_mentor_and_for_many(thread: Thread, juniper: Mentor) -> None:
    counts = []
    for _ in range(2):
        mentors = list(Mentor.objects.select_related("account"))
        with CaptureQueriesContext(connection) as asked:
            loads_of(mentors)
            caseload.caseloads_of(mentors)
        counts.append(len(asked))
        for number in range(6):
            other = thread_between(make(Role.CLIENT), certified(), pseudonym=f"Robin {number}")
            say(other.client, other.room_id, at(9))
    assert counts == [6, 6]


class TestCaseload:
    def test_own_and_covered_clients_stand_beside_the_cap(
        self, thread: Thread, juniper: Mentor, another_client: Account
    ) -> None:
        wren = certified(called="Wren", capacity=2)
        thread_between(another_client, wren, pseudonym="Brown Robin")
        respite.plan(
            mentor=juniper,
            cover_id=wren.pk,
            starts=timezone.localdate(),
            ends=timezone.localdate() + timedelta(days=2),
            by=juniper.account,
        )
        found = caseload.caseloads_of([wren, juniper])
        assert (found[wren.pk].own, found[wren.pk].covered, found[wren.pk].cap) == (1, 1, 2)
        assert found[wren.pk].is_near
        assert not found[wren.pk].is_over
        assert not found[juniper.pk].is_near

    @pytest.mark.parametrize(("cap", "reason"), [(-1, "cap_range"), (21, "cap_range"), (0, ""), (20, "")])
    def test_a_cap_is_from_0_to_20(self, juniper: Mentor, coordinator: Account, cap: int, reason: str) -> None:
        if reason:
            with pytest.raises(Refused, match=reason):
                caseload.set_cap(mentor=juniper, cap=cap, why="Too much.", by=coordinator)
        else:
            caseload.set_cap(mentor=juniper, cap=cap, why="Too much.", by=coordinator)
            juniper.refresh_from_db()
            assert juniper.capacity == cap

    def test_a_change_needs_its_reason(self, juniper: Mentor, coordinator: Account) -> None:
        with pytest.raises(Refused, match="empty"):
            caseload.set_cap(mentor=juniper, cap=3, why="  ", by=coordinator)
        juniper.refresh_from_db()
        assert juniper.capacity == 6

    def test_new_clients_stop_until_a_day_and_come_again_by_the_clock(
        self, juniper: Mentor, coordinator: Account
    ) -> None:
        tomorrow = timezone.localdate() + timedelta(days=1)
        with pytest.raises(Refused, match="past"):
            caseload.stop_new(mentor=juniper, until=timezone.localdate(), why="Rest.", by=coordinator)
        caseload.stop_new(mentor=juniper, until=tomorrow, why="Rest.", by=coordinator)
        assert caseload.turn() == 0
        juniper.refresh_from_db()
        assert juniper.is_stopped
        assert not pool.candidate(juniper).is_taking
        Mentor.objects.update(taking_again=timezone.localdate())
        assert caseload.turn() == 1
        juniper.refresh_from_db()
        assert juniper.taking_again is None
        assert pool.candidate(juniper).is_taking

    @pytest.mark.parametrize("by_hand", [True, False])
    def test_what_a_mentor_says_about_new_clients_outlives_the_stop_of_a_coordinator(
        self, juniper: Mentor, coordinator: Account, by_hand: bool
    ) -> None:
        Mentor.objects.update(is_taking=False)
        juniper.refresh_from_db()
        tomorrow = timezone.localdate() + timedelta(days=1)
        caseload.stop_new(mentor=juniper, until=tomorrow, why="Rest.", by=coordinator)
        if by_hand:
            caseload.take_again(mentor=juniper, by=coordinator)
        else:
            Mentor.objects.update(taking_again=timezone.localdate())
            caseload.turn()
        juniper.refresh_from_db()
        assert (juniper.is_taking, juniper.taking_again) == (False, None)
        assert not pool.candidate(juniper).is_taking

    def test_whoever_stopped_new_clients_themselves_is_not_started_by_the_clock(self, juniper: Mentor) -> None:
        Mentor.objects.update(is_taking=False)
        assert caseload.turn() == 0
