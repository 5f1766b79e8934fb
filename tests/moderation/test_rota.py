"""The rota's page: who is on call now and next, the week day by day, the hours nobody covers, and the presses that change it."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Account
from moderation import rota
from moderation.models import Severity, Shift
from rooms.models import Room
from tests.moderation.on_duty import on_call
from tests.moderation.queued import queued
from tests.people import both_stores, signed_in

pytestmark = both_stores

ROTA = "/moderation/rota/"
MONDAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)


@pytest.fixture
def in_new_york(settings: Settings) -> ZoneInfo:
    settings.TIME_ZONE = "America/New_York"
    return ZoneInfo("America/New_York")


def shift(account: Account, starts: str, ends: str, step: int = 1) -> Shift:
    """In UTC."""
    moments = (datetime.fromisoformat(f"{text}+00:00") for text in (starts, ends))
    return Shift.objects.create(account=account, starts=next(moments), ends=next(moments), step=step)


def told(gaps: list[rota.Gap]) -> list[str]:
    return [f"{gap.starts:%a %H:%M}-{gap.until}" for gap in gaps]


def text_of(client: Client, address: str = ROTA) -> str:
    """What the page says, without its markup."""
    page = client.get(address).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<main")[2]).split())


# --- a week ---------------------------------------------------------------------------------------------------------


def test_a_week_begins_on_monday_and_a_shift_over_midnight_stands_on_both_days(moderator: Account) -> None:
    shift(moderator, "2026-12-01 22:00", "2026-12-02 06:00")
    week = rota.week_of(date(2026, 12, 4), moderator, NOW)
    assert (week.first, week.last) == (MONDAY, date(2026, 12, 6))
    tuesday, wednesday = week.days[1].turns[0], week.days[2].turns[0]
    assert (f"{tuesday.starts:%H:%M}", tuesday.until, tuesday.goes_on) == ("22:00", "24:00", True)
    assert (f"{wednesday.starts:%H:%M}", wednesday.until, wednesday.began_before) == ("00:00", "06:00", True)
    assert not week.days[3].turns


def test_a_shift_that_began_in_the_week_before_is_there(moderator: Account) -> None:
    shift(moderator, "2026-11-28 22:00", "2026-11-30 06:00")
    assert rota.week_of(MONDAY, moderator, NOW).days[0].turns[0].began_before


def test_the_hours_that_nobody_covers_are_told_on_each_day(moderator: Account, clinician: Account) -> None:
    shift(moderator, "2026-11-30 00:00", "2026-12-05 02:00")
    shift(clinician, "2026-12-05 08:00", "2026-12-07 00:00")
    week = rota.week_of(MONDAY, moderator, NOW)
    assert [told(day.unattended) for day in week.days] == [[], [], [], [], [], ["Sat 02:00-08:00"], []]


def test_where_a_moderator_is_there_and_no_clinician_that_is_told_apart(
    moderator: Account, clinician: Account, coordinator: Account
) -> None:
    shift(moderator, "2026-12-01 08:00", "2026-12-01 20:00")
    shift(clinician, "2026-12-01 10:00", "2026-12-01 12:00")
    shift(coordinator, "2026-12-01 00:00", "2026-12-02 00:00")  # attends nothing
    tuesday = rota.week_of(MONDAY, moderator, NOW).days[1]
    assert told(tuesday.unattended) == ["Tue 00:00-08:00", "Tue 20:00-24:00"]
    assert told(tuesday.without_clinician) == ["Tue 08:00-10:00", "Tue 12:00-20:00"]


def test_what_is_over_is_no_gap_any_more(moderator: Account) -> None:
    shift(moderator, "2026-11-30 09:00", "2026-12-07 00:00")
    week = rota.week_of(MONDAY, moderator, NOW + timedelta(hours=2))
    assert told(week.days[0].unattended) == ["Mon 08:00-09:00"]
    week = rota.week_of(MONDAY, moderator, NOW + timedelta(days=8))
    assert not any(day.unattended for day in week.days)


def test_a_whole_day_without_anybody_is_said_as_such_also_when_the_clocks_change(
    moderator: Account, in_new_york: ZoneInfo
) -> None:
    shift(moderator, "2026-10-26 12:00", "2026-10-26 14:00")
    week = rota.week_of(date(2026, 11, 1), moderator, datetime(2026, 10, 26, tzinfo=UTC))
    sunday = week.days[6]
    assert sunday.hours == timedelta(hours=25)
    assert sunday.all_day
    assert not week.days[0].all_day


def test_days_are_those_of_the_programs_zone(moderator: Account, in_new_york: ZoneInfo) -> None:
    shift(moderator, "2026-12-02 03:00", "2026-12-02 05:00")  # ten in the evening on Tuesday, in New York
    week = rota.week_of(MONDAY, moderator, NOW)
    assert len(week.days[1].turns) == 1
    assert week.days[1].turns[0].until == "24:00"
    assert not week.days[2].turns


def test_the_next_gap_is_the_first_hour_that_nobody_covers(moderator: Account) -> None:
    now = timezone.now()
    on_call(moderator, left=2)
    on_call(moderator, since=-2.005, left=5)  # some seconds later
    gap = rota.next_gap(now)
    assert gap is not None
    assert timedelta(hours=4.9) < gap.starts - now < timedelta(hours=5.1)


def test_a_full_week_costs_as_many_queries_as_an_empty_one(
    moderator: Account, another_moderator: Account, clinician: Account
) -> None:
    client = signed_in(moderator)
    client.get(ROTA)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ROTA).status_code == 200
        counts.append(len(queries))
        for number, person in enumerate((moderator, another_moderator, clinician) * 10):
            on_call(person, since=20 - number, left=number + 21)
    assert counts[1] <= counts[0] + 1


# --- the page -------------------------------------------------------------------------------------------------------


def test_an_empty_rota_says_that_nobody_is_on_call_and_what_happens_then(moderator: Account) -> None:
    text = text_of(signed_in(moderator))
    assert "Nobody is on call now. In a crisis all moderators, clinicians and coordinators are told at once." in text
    assert "Nobody is planned in this week" in text


def test_the_page_names_who_is_on_call_in_order_and_the_zone(
    moderator: Account, another_moderator: Account, clinician: Account, in_new_york: ZoneInfo
) -> None:
    on_call(another_moderator, 2)
    on_call(moderator, 1)
    on_call(clinician, 1)
    text = text_of(signed_in(clinician))
    assert "America/New_York" in text
    places = [text.index(name) for name in ("Hollis Achterberg", "Dr. Priya Raghunathan", "Bertrand Okafor")]
    assert places == sorted(places)
    assert "You are on call until" in text


def test_one_press_on_and_one_press_off(moderator: Account) -> None:
    client = signed_in(moderator)
    page = client.post(f"{ROTA}start/", {"hours": "4"}, follow=True).content.decode()
    assert "You are on call until" in page
    left = Shift.objects.get().ends - timezone.now()
    assert timedelta(hours=3.9) < left <= timedelta(hours=4)
    page = client.post(f"{ROTA}stop/", follow=True).content.decode()
    assert "You are not on call any more." in page
    assert "That time on call is over already." in client.post(f"{ROTA}stop/", follow=True).content.decode()


@pytest.mark.parametrize("hours", ["", "0", "-4", "3", "1000000", "x"])
def test_other_lengths_than_those_offered_change_nothing(moderator: Account, hours: str) -> None:
    signed_in(moderator).post(f"{ROTA}start/", {"hours": hours})
    assert not Shift.objects.exists()


def planned(client: Client, starts: str, ends: str, **more: str) -> "tuple[int, str]":
    answer = client.post(
        f"{ROTA}plan/", {"starts": starts, "ends": ends, "step": "1", "weeks": "1", **more}, follow=True
    )
    return answer.status_code, answer.content.decode()


def day_at(days: int, hour: str) -> str:
    return f"{timezone.localdate() + timedelta(days=days)}T{hour}"


def test_a_moderator_plans_their_own_shift_in_the_programs_time(moderator: Account, in_new_york: ZoneInfo) -> None:
    status, page = planned(signed_in(moderator), day_at(3, "22:00"), day_at(4, "06:00"), step="2")
    assert status == 200
    assert "It is on the rota." in page
    stored = Shift.objects.get()
    local = stored.starts.astimezone(in_new_york)
    assert (local.hour, stored.step, stored.account) == (22, 2, moderator)


def test_weeks_in_a_row_keep_the_time_of_the_wall_clock(moderator: Account, in_new_york: ZoneInfo) -> None:
    planned(signed_in(moderator), day_at(1, "08:00"), day_at(1, "16:00"), weeks="12")
    hours = {each.starts.astimezone(in_new_york).hour for each in Shift.objects.all()}
    assert (Shift.objects.count(), hours) == (12, {8})


def test_a_moderator_who_names_somebody_else_plans_for_themselves(
    moderator: Account, another_moderator: Account
) -> None:
    planned(signed_in(moderator), day_at(1, "08:00"), day_at(1, "16:00"), person=str(another_moderator.pk))
    assert Shift.objects.get().account == moderator


def test_a_coordinator_plans_for_everybody_who_can_be_on_call(
    coordinator: Account, clinician: Account, a_client: Account
) -> None:
    client = signed_in(coordinator)
    page = client.get(ROTA).content.decode()
    assert "Dr. Priya Raghunathan (Clinician)" in page
    assert "Ines Valdovinos" not in page
    planned(client, day_at(1, "08:00"), day_at(1, "16:00"), person=str(clinician.pk))
    assert Shift.objects.get().account == clinician
    for nobody in ("", str(a_client.pk), "99999", "x"):
        status, _ = planned(client, day_at(2, "08:00"), day_at(2, "16:00"), person=nobody)
        assert status == 422
    assert Shift.objects.count() == 1


@pytest.mark.parametrize(
    ("starts", "ends", "says"),
    [
        ("", "", "Please fill this in."),
        ("tomorrow", "2026-13-40T99:99", "Enter a valid date/time."),
        (day_at(2, "08:00"), day_at(1, "08:00"), "A shift ends after it starts."),
        (day_at(-3, "08:00"), day_at(-3, "09:00"), "Please choose a time that is still to come."),
        (day_at(1, "08:00"), day_at(20, "08:00"), "A shift is 7 days at most"),
        ("9999-12-31T23:00", "9999-12-31T23:30", "A shift is 7 days at most"),
        ("0001-01-01T00:00", "0001-01-01T01:00", ""),
    ],
)
def test_what_cannot_be_comes_back_with_its_reason_and_what_was_typed(
    moderator: Account, starts: str, ends: str, says: str
) -> None:
    status, page = planned(signed_in(moderator), starts, ends)
    assert status == 422
    assert says in page
    assert not Shift.objects.exists()


def test_of_some_weeks_one_that_cannot_be_leaves_none(moderator: Account) -> None:
    status, _ = planned(signed_in(moderator), day_at(365, "08:00"), day_at(365, "16:00"), weeks="4")
    assert status == 422
    assert not Shift.objects.exists()


def test_only_own_shifts_can_be_taken_off_and_a_coordinator_takes_any(
    moderator: Account, another_moderator: Account, coordinator: Account
) -> None:
    theirs = on_call(another_moderator, since=-24, left=30)
    address = f"{ROTA}{theirs.pk}/remove/"
    week = {"week": timezone.localdate(theirs.starts).isoformat()}
    assert address not in signed_in(moderator).get(ROTA, week).content.decode()
    page = signed_in(moderator).post(address, follow=True).content.decode()
    assert "Only a coordinator plans for somebody else." in page
    assert Shift.objects.exists()
    assert address in signed_in(coordinator).get(ROTA, week).content.decode()
    assert "It is off the rota." in signed_in(coordinator).post(address, follow=True).content.decode()
    assert not Shift.objects.exists()
    assert signed_in(coordinator).post(address).status_code == 404


def test_a_crisis_that_waits_too_long_is_told_without_a_word_of_what_it_is(
    moderator: Account, clinician: Account, coordinator: Account, room: Room
) -> None:
    queued(room, Severity.CRISIS, minutes_left=-1)
    queued(room, Severity.URGENT, minutes_left=-1)
    says = {
        moderator: "Go to the queue",
        clinician: "Go to your hand-overs",
        coordinator: "Please call a moderator or a clinician who can sign in now.",
    }
    for person, sentence in says.items():
        text = text_of(signed_in(person))
        assert "1 crisis has waited longer than it should." in text
        assert sentence in text
        assert room.name not in text


@pytest.mark.parametrize("week", ["", "x", "2026-13-01", "0001-01-01", "9999-12-31", "2026-11-24' OR 1"])
def test_an_address_that_names_no_week_shows_this_one(moderator: Account, week: str) -> None:
    answer = signed_in(moderator).get(ROTA, {"week": week})
    assert answer.status_code == 200
    assert answer.context["week"].first <= timezone.localdate() <= answer.context["week"].last


@pytest.mark.parametrize("path", ["", "start/", "stop/", "plan/", "1/remove/"])
def test_to_clients_mentors_and_visitors_there_is_no_rota(path: str, a_client: Account, mentor: Account) -> None:
    for browser in (Client(), signed_in(a_client), signed_in(mentor)):
        ask = browser.post if path else browser.get
        assert ask(f"{ROTA}{path}").status_code == 404
