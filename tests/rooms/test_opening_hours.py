"""When a room is open, on ordinary days and on the two days when the clocks change."""

import timeit
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from rooms.opening_hours import ALWAYS, MOST, Hours, check, hours_of

NEW_YORK = ZoneInfo("America/New_York")
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]


@pytest.fixture(autouse=True)
def _in_new_york(settings: Settings) -> None:
    settings.TIME_ZONE = "America/New_York"


def line(days: list[int], start: str, end: str) -> dict[str, Any]:
    return {"days": days, "from": start, "to": end}


def hours(*lines: dict[str, Any]) -> Hours:
    return hours_of("hours", list(lines), None)


def at(text: str, *, fold: int = 0) -> datetime:
    """A moment by the clock on the wall in New York, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold).astimezone(UTC)


# 2026-11-23 is a Monday.
EVENINGS = line([0, 1, 2, 3, 4], "18:00", "21:30")


def test_an_open_room_is_open_always() -> None:
    found = hours_of("always", [EVENINGS], None)
    assert found is ALWAYS
    assert found.is_open(at("2026-11-23 03:00"))
    assert found.opens_at(at("2026-11-23 03:00")) == at("2026-11-23 03:00")
    assert found.closes_at(at("2026-11-23 03:00")) is None


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 17:59:59", False),
        ("2026-11-23 18:00", True),
        ("2026-11-23 21:29:59", True),
        ("2026-11-23 21:30", False),
        ("2026-11-28 19:00", False),  # a Saturday
    ],
)
def test_hours_begin_with_their_first_minute_and_end_before_their_last(moment: str, is_open: bool) -> None:
    assert hours(EVENINGS).is_open(at(moment)) is is_open


def test_on_friday_night_it_opens_on_monday() -> None:
    assert hours(EVENINGS).opens_at(at("2026-11-27 22:00")) == at("2026-11-30 18:00")


def test_while_it_is_open_it_says_when_it_closes() -> None:
    found = hours(EVENINGS)
    assert found.closes_at(at("2026-11-23 19:00")) == at("2026-11-23 21:30")
    assert found.opens_at(at("2026-11-23 19:00")) == at("2026-11-23 19:00")
    assert found.closes_at(at("2026-11-23 22:00")) is None


def test_hours_may_go_over_midnight_into_a_day_without_hours() -> None:
    found = hours(line([4], "22:00", "02:00"))  # Friday
    assert found.is_open(at("2026-11-28 01:59"))
    assert not found.is_open(at("2026-11-28 02:00"))
    assert not found.is_open(at("2026-11-27 01:00"))
    assert found.closes_at(at("2026-11-27 23:00")) == at("2026-11-28 02:00")


def test_from_and_to_the_same_is_a_whole_day() -> None:
    found = hours(line([0], "09:00", "09:00"))
    assert found.is_open(at("2026-11-23 09:00"))
    assert found.is_open(at("2026-11-24 08:59"))
    assert not found.is_open(at("2026-11-24 09:00"))


def test_hours_that_touch_or_overlap_are_one() -> None:
    found = hours(line([0], "18:00", "20:00"), line([0], "20:00", "21:00"), line([0], "20:30", "20:45"))
    assert found.closes_at(at("2026-11-23 18:30")) == at("2026-11-23 21:00")


def test_every_hour_of_the_week_does_not_close() -> None:
    found = hours(line(EVERY_DAY, "00:00", "00:00"))
    assert found.is_open(at("2026-11-23 00:00"))
    assert found.closes_at(at("2026-11-23 12:00")) is None


def test_no_hours_at_all_are_never_open_and_nobody_knows_when() -> None:
    assert not hours().is_open(at("2026-11-23 19:00"))
    assert hours().opens_at(at("2026-11-23 19:00")) is None


def test_an_attended_room_is_open_as_long_as_somebody_is_on_call() -> None:
    until = at("2026-11-23 20:00")
    found = hours_of("attended", [], until)
    assert found.is_open(until - timedelta(seconds=1))
    assert found.closes_at(until - timedelta(hours=1)) == until
    assert not found.is_open(until)
    assert found.opens_at(until) is None


def test_a_room_that_nobody_ever_attended_is_closed() -> None:
    found = hours_of("attended", [], None)
    assert not found.is_open(at("2026-11-23 19:00"))
    assert found.closes_at(at("2026-11-23 19:00")) is None


def test_the_next_turns_are_known_so_that_a_page_can_follow_them() -> None:
    found = hours(line([0], "18:00", "19:00"), line([0], "20:00", "21:00"))
    later = [at("2026-11-23 19:00"), at("2026-11-23 20:00"), at("2026-11-23 21:00"), at("2026-11-30 18:00")]
    assert found.turns(at("2026-11-23 18:30")) == later
    assert found.turns(at("2026-11-23 18:30"), most=1) == later[:1]
    assert found.turns(at("2026-11-23 19:00"))[0] == at("2026-11-23 20:00")


def test_what_never_turns_or_turns_by_people_says_what_it_knows() -> None:
    now = at("2026-11-23 18:30")
    assert ALWAYS.turns(now) == hours().turns(now) == hours(line(EVERY_DAY, "00:00", "00:00")).turns(now) == []
    assert hours_of("attended", [], now + timedelta(hours=1)).turns(now) == [now + timedelta(hours=1)]
    assert hours_of("attended", [], now).turns(now) == []


def test_evening_hours_keep_to_the_clock_on_the_wall_all_year() -> None:
    found = hours(line(EVERY_DAY, "18:00", "21:30"))
    summer, winter = found.opens_at(at("2026-10-31 12:00")), found.opens_at(at("2026-11-01 12:00"))
    assert summer == datetime(2026, 10, 31, 22, 0, tzinfo=UTC)
    assert winter == datetime(2026, 11, 1, 23, 0, tzinfo=UTC)


def test_in_spring_a_skipped_time_counts_at_the_change_of_clocks() -> None:
    change = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)  # 02:00 becomes 03:00
    opens = hours(line([6], "02:30", "06:00"))
    assert opens.opens_at(change - timedelta(hours=1)) == change
    assert opens.closes_at(change) == at("2026-03-08 06:00")
    closes = hours(line([5], "20:00", "02:30"))
    assert closes.closes_at(at("2026-03-08 00:00")) == change


def test_in_spring_hours_that_are_skipped_wait_for_the_next_week() -> None:
    found = hours(line([6], "02:15", "02:45"))
    assert found.opens_at(at("2026-03-08 01:00")) == at("2026-03-15 02:15")


def test_a_night_over_the_spring_change_is_an_hour_shorter() -> None:
    found = hours(line([5], "22:00", "06:00"))
    start = found.opens_at(at("2026-03-07 12:00"))
    assert start is not None
    end = found.closes_at(start)
    assert end is not None
    assert end - start == timedelta(hours=7)


def test_in_autumn_a_time_that_comes_twice_opens_at_its_first_and_closes_at_its_second() -> None:
    found = hours(line([6], "01:15", "01:45"))
    start = found.opens_at(at("2026-11-01 00:00"))
    assert start == at("2026-11-01 01:15", fold=0)
    assert found.closes_at(start) == at("2026-11-01 01:45", fold=1)
    assert found.is_open(at("2026-11-01 01:05", fold=1))
    assert not found.is_open(at("2026-11-01 01:45", fold=1))


def test_hours_are_those_of_the_program_wherever_it_is(settings: Settings) -> None:
    settings.TIME_ZONE = "Pacific/Kiritimati"  # 14 hours before UTC
    found = hours(line([0], "18:00", "19:00"))
    assert found.is_open(datetime(2026, 11, 23, 4, 30, tzinfo=UTC))
    settings.TIME_ZONE = "America/Los_Angeles"
    assert hours(line([0], "18:00", "19:00")).is_open(datetime(2026, 11, 24, 2, 30, tzinfo=UTC))


def test_the_text_that_the_store_keeps_gives_the_same_hours() -> None:
    assert hours_of("hours", '[{"days": [0], "from": "18:00", "to": "21:30"}]', None) == hours(
        line([0], "18:00", "21:30")
    )


def test_asking_costs_a_commit_next_to_nothing() -> None:
    found, now = (
        hours(*[line(EVERY_DAY, f"{hour:02d}:00", f"{hour:02d}:30") for hour in range(24)]),
        at("2026-11-23 19:00"),
    )
    found.is_open(now)
    assert (
        min(timeit.repeat(lambda: found.is_open(now), number=1000, repeat=5)) < 0.05
    )  # 50 µs each, ten times the need


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("always", "list"),
        ({}, "list"),
        ([EVENINGS] * (MOST + 1), "too many"),
        ([5], "Each line"),
        ([{"days": [0], "from": "18:00"}], "Each line"),
        ([{**EVENINGS, "room": "x"}], "Each line"),
        ([line([], "18:00", "19:00")], "at least one day"),
        ([line([0, 0], "18:00", "19:00")], "twice"),
        ([line([7], "18:00", "19:00")], "0 (Monday)"),
        ([line([-1], "18:00", "19:00")], "0 (Monday)"),
        ([{"days": [True], "from": "18:00", "to": "19:00"}], "0 (Monday)"),
        ([{"days": "0", "from": "18:00", "to": "19:00"}], "0 (Monday)"),
        ([line([0], "24:00", "19:00")], "times like 18:00"),
        ([line([0], "6pm", "19:00")], "times like 18:00"),
        ([line([0], "18:00\n", "19:00")], "times like 18:00"),
        ([line([0], "18:00", "١٩:00")], "times like 18:00"),
        ([{"days": [0], "from": None, "to": "19:00"}], "times like 18:00"),
    ],
)
def test_hours_that_are_none_are_refused_in_plain_words(bad: object, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check(bad)
    assert words in refused.value.message % (refused.value.params or {})


def test_good_hours_pass() -> None:
    check([EVENINGS, line([5, 6], "22:00", "02:00")])
    check([])
