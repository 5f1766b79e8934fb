"""The team's figures: medians and percentiles, clocks, ages; and that no number points at somebody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Account, Role
from moderation import team
from moderation.models import Case, Category, Severity
from rooms import plots
from rooms.durations import spoken
from rooms.models import Room
from rooms.percentiles import percentile
from rooms.plots import Pile, Wait
from rooms.small_numbers import SMALL, Counted, covered
from tests.harness.server import Server, Store
from tests.live.house import open_house
from tests.live.pages import Browser
from tests.people import both_stores, make, open_room, signed_in

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


def case(about: Account, room: Room | None, opened: datetime, waited: timedelta | None, **fields: Any) -> Case:
    """A case that was taken `waited` after it was opened and is over now; None: nobody took it, it is open."""
    severity = Severity(fields.pop("severity", Severity.URGENT))
    due = fields.pop("due_at", opened + severity.clock)
    answered = None if waited is None else opened + waited
    return Case.objects.create(
        account=about,
        room=room,
        opened_at=opened,
        severity=severity,
        category=fields.pop("category", Category.HARASSMENT),
        due_at=due,
        first_response_at=answered,
        was_late=answered is not None and answered > due,
        state=fields.pop("state", Case.State.OPEN if waited is None else Case.State.RESOLVED),
        resolved_at=answered,
        **fields,
    )


@both_stores
def test_half_and_nine_in_ten_are_told_for_each_severity(a_client: Account, room: Room) -> None:
    for minutes in range(1, 12):
        case(a_client, room, NOW - _DAY, minutes * _MINUTE, severity=Severity.CRISIS)
    case(a_client, room, NOW - _DAY, 40 * _MINUTE)
    found = team.figures(7, NOW)
    crisis, urgent = found.by_severity[Severity.CRISIS], found.by_severity[Severity.URGENT]
    assert (crisis.cases, crisis.median, crisis.ninetieth, crisis.late) == (11, 6 * 60, 10 * 60, 6)
    assert (urgent.cases, urgent.median, urgent.ninetieth, urgent.late) == (1, 40 * 60, 40 * 60, 0)
    assert found.by_severity[Severity.ROUTINE].median is None
    assert found.all.cases == 12


@both_stores
def test_a_case_that_still_waits_is_late_after_its_clock_and_in_no_percentile(a_client: Account, room: Room) -> None:
    case(a_client, room, NOW - 61 * _MINUTE, None)
    case(a_client, None, NOW - 59 * _MINUTE, None)
    case(a_client, room, NOW - _DAY, 30 * _MINUTE)
    found = team.figures(7, NOW).by_severity[Severity.URGENT]
    assert (found.cases, found.answered, found.late, found.median) == (3, 1, 1, 30 * 60)


@both_stores
def test_days_are_those_of_the_programs_calendar(a_client: Account, room: Room, settings: Settings) -> None:
    settings.TIME_ZONE = "America/New_York"
    case(a_client, room, datetime(2026, 11, 23, 4, 59, tzinfo=UTC), _MINUTE)  # late on Sunday in New York
    case(a_client, room, datetime(2026, 11, 23, 5, 0, tzinfo=UTC), _MINUTE)  # as Monday begins
    case(a_client, room, datetime(2026, 11, 17, 4, 59, tzinfo=UTC), _MINUTE)  # as the day before the first ends
    steps = team.figures(7, NOW).steps
    assert [step.all.cases for step in steps] == [0, 0, 0, 0, 0, 1, 1]
    assert [step.first.day for step in steps] == [17, 18, 19, 20, 21, 22, 23]


@both_stores
def test_ninety_days_go_by_the_week_and_leave_no_case_out(a_client: Account, room: Room) -> None:
    for days in range(90):
        case(a_client, room, NOW - days * _DAY, _MINUTE)
    case(a_client, room, NOW - 90 * _DAY, _MINUTE)
    found = team.figures(90, NOW)
    assert found.by_week
    assert [step.all.cases for step in found.steps] == [6, *[7] * 12]
    assert found.all.cases == 90


@both_stores
def test_what_is_open_now_is_counted_by_age(a_client: Account, moderator: Account) -> None:
    for hours, severity in (
        (0.5, Severity.CRISIS),
        (3, Severity.URGENT),
        (30, Severity.URGENT),
        (400, Severity.ROUTINE),
    ):
        case(a_client, None, NOW - timedelta(hours=hours), None, severity=severity)
    held = {"state": Case.State.CLAIMED, "holder": moderator, "held_until": NOW + _MINUTE}
    case(a_client, None, NOW - timedelta(hours=5), None, severity=Severity.CRISIS, **held)
    case(a_client, None, NOW - _DAY, _MINUTE, severity=Severity.CRISIS)  # resolved
    crisis, urgent, routine = team.figures(7, NOW).open_now
    assert (crisis.counts, crisis.overdue) == ([1, 0, 1, 0, 0, 0], 1)
    assert (urgent.counts, urgent.overdue) == ([0, 1, 0, 1, 0, 0], 2)
    assert (routine.counts, routine.overdue, routine.total) == ([0, 0, 0, 0, 0, 1], 1, 1)


@both_stores
def test_a_hand_over_that_no_clinician_took_waits_as_well(a_client: Account) -> None:
    handed = {"state": Case.State.HANDED_OVER, "due_at": NOW - _MINUTE, "severity": Severity.CRISIS}
    case(a_client, None, NOW - _DAY, None, **handed)
    assert team.figures(7, NOW).open_now[0].overdue == 1


@both_stores
def test_the_questions_to_the_store_do_not_grow(
    a_client: Account, room: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        case(a_client, room, NOW - number * _DAY, number * _MINUTE)
    with django_assert_num_queries(3):
        team.figures(90, NOW)


def test_a_percentile_lies_between_two_values_as_in_postgresql() -> None:
    assert percentile([10], 0.9) == 10
    assert percentile([0, 10], 0.5) == 5
    assert percentile(list(range(101)), 0.9) == 90


def test_small_numbers_are_covered() -> None:
    found = covered([("Anxiety", 20), ("Grief", 3), ("PTSD", 2), ("Nothing", 0)])
    assert found == [Counted("Anxiety", 20), Counted("Grief", None, is_few=True), Counted("PTSD", None, is_few=True)]


def test_a_single_small_number_cannot_be_worked_out_from_the_rest() -> None:
    found = covered([("Anxiety", 20), ("Depression", 9), ("Grief", 3)])
    assert found == [Counted("Anxiety", 20), Counted("Depression", None), Counted("Grief", None, is_few=True)]


def test_small_numbers_that_add_up_to_a_small_number_take_one_more_with_them() -> None:
    found = covered([("Anxiety", 20), ("Depression", 9), ("Grief", 1), ("PTSD", 1)])
    assert [each.count for each in found] == [20, None, None, None]


def test_numbers_from_five_on_are_shown() -> None:
    assert covered([("Anxiety", SMALL), ("Grief", SMALL + 1)]) == [Counted("Grief", 6), Counted("Anxiety", 5)]


@both_stores
def test_rooms_of_one_name_are_counted_apart(a_client: Account) -> None:
    for room in (open_room("Evening"), open_room("Evening")):
        for _ in range(5):
            case(a_client, room, NOW - _DAY, _MINUTE)
    assert [each.count for each in team.figures(7, NOW).rooms] == [5, 5]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (12_000, "3 h 20 min"),
        (7200, "2 h"),
        (86_400, "24 h"),
        (187_200, "2 d 4 h"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert spoken(seconds) == words


def test_a_bar_is_as_high_as_its_share_of_the_clock() -> None:
    plot = plots.waits("w", "t", "d", [Wait("a", 30, 60), Wait("b", None, None)], clock=60, clock_label="1 min")
    (bar,), (clock,) = plot.bars, plot.rules
    assert bar.kind == "good"
    assert bar.height == pytest.approx((plot.floor - clock.y) / 2, abs=0.2)


def test_a_wait_far_beyond_the_clock_is_cut_and_says_so() -> None:
    plot = plots.waits("w", "t", "d", [Wait("a", 30, 90), Wait("b", 90, 9000)], clock=60, clock_label="1 min")
    assert [bar.kind for bar in plot.bars] == ["good", "late"]
    assert [whisker.is_cut for whisker in plot.whiskers] == [False, True]
    assert all(0 <= whisker.y <= plot.floor for whisker in plot.whiskers)


def test_piles_stand_on_each_other_and_end_at_a_round_number() -> None:
    plot = plots.piles("p", "t", "d", [Pile("a", 3, 2), Pile("b", 0, 0), Pile("c", 0, 1)])
    below, above, alone = plot.bars
    assert above.y + above.height == pytest.approx(below.y)
    assert alone.y + alone.height == pytest.approx(plot.floor)
    assert [rule.label for rule in plot.rules] == ["3", "6"]


@pytest.mark.parametrize("steps", [1, 7, 13, 28])
def test_everything_of_a_plot_stays_within_it(steps: int) -> None:
    plot = plots.piles("p", "t", "d", [Pile(str(number), number, number) for number in range(steps)])
    assert all(plot.left <= bar.x and bar.x + bar.width <= plot.right for bar in plot.bars)
    assert 1 <= len(plot.labels) <= 4
    assert plot.labels[-1].text == str(steps - 1)


def test_no_bar_is_too_low_to_be_seen() -> None:
    plot = plots.waits("w", "t", "d", [Wait("a", 0, 0)], clock=86_400, clock_label="1 d")
    assert plot.bars[0].height >= 2


@both_stores
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.COORDINATOR])
def test_moderators_and_the_coordinator_see_the_page_in_both_languages(
    role: Role, a_client: Account, room: Room
) -> None:
    for minutes in range(6):
        case(a_client, room, datetime.now(UTC) - minutes * _MINUTE, minutes * _MINUTE)
    for language in ("en", "es"):
        browser = signed_in(make(role, language=language))
        for days in (7, 28, 90):
            page = browser.get(f"/moderation/team/?days={days}")
            assert page.status_code == 200
            text = page.content.decode()
            assert "style=" not in text
            assert room.name in text
            assert 'width="100,0%"' not in text


@both_stores
def test_an_unknown_period_is_a_week_and_an_empty_house_says_so(moderator: Account) -> None:
    page = signed_in(moderator).get("/moderation/team/?days=4000")
    assert "No cases in this time" in page.content.decode()


@both_stores
@pytest.mark.parametrize("role", [Role.CLIENT, Role.MENTOR, Role.CLINICIAN])
def test_to_others_the_page_does_not_exist(role: Role) -> None:
    assert signed_in(make(role)).get("/moderation/team/").status_code == 404


@both_stores
def test_nobody_whom_a_case_is_about_is_named(a_client: Account, room: Room, coordinator: Account) -> None:
    for _ in range(6):
        case(a_client, room, datetime.now(UTC), _MINUTE)
    text = signed_in(coordinator).get("/moderation/team/").content.decode()
    assert a_client.name not in text
    assert a_client.email not in text


@both_stores
def test_the_page_asks_the_store_no_more_often_for_many_cases(
    a_client: Account, room: Room, moderator: Account
) -> None:
    browser = signed_in(moderator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/moderation/team/?days=28").status_code == 200
        return len(queries)

    case(a_client, room, datetime.now(UTC), _MINUTE)
    asked()
    few = asked()
    for category in (Category.SPAM, Category.SEXUAL, Category.OTHER):
        for _ in range(10):
            case(a_client, open_room(), datetime.now(UTC) - _DAY, _MINUTE, category=category)
    assert asked() <= few


@pytest.mark.servers
@pytest.mark.parametrize("engine", ["store", pytest.param("real_store", marks=pytest.mark.engines)])
def test_the_figures_are_the_same_on_sqlite_and_postgresql(engine: str, request: pytest.FixtureRequest) -> None:
    store: Store = request.getfixturevalue(engine)
    with open_house(store, Server(store)) as house:
        room = house.room("Lantern group")
        client, keeper = house.person(room), house.stranger(role="moderator")
        for severity, minutes in (("crisis", [1, 3, 9]), ("urgent", [30, 90])):
            house.office("past_cases", cookie=client.cookie, room=room, severity=severity, minutes=minutes)
        page = Browser(house.server.url, keeper).get("/moderation/team/")
    assert "Half of the cases were taken within 3 min, nine in ten within 7 min." in page.body
    assert "Half of the cases were taken within 1 h, nine in ten within 1 h 24 min." in page.body
    assert "5 cases, 2 of them after their clock (40 %)." in page.body
