"""The team view, the rules of a room and handing over: in a browser, live, by keyboard, on a phone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.live.house import House
from tests.live.pages import Browser

pytestmark = pytest.mark.browser

PRIMARY = ".button, .fold > summary, .opening-line__day, .field--choices label"


@pytest.fixture(scope="module")
def room(house: House) -> str:
    """A room with a busy week behind it."""
    room = house.room("Lantern group")
    client = house.person(room)
    house.office("past_cases", cookie=client.cookie, room=room, severity="crisis", minutes=[2, 3, 1, 400, 2])
    house.office("past_cases", cookie=client.cookie, room=room, severity="urgent", minutes=[5, 90, 20, 30])
    return room


@pytest.fixture(scope="module")
def moderator(house: House) -> str:
    return house.stranger(role="moderator")


@pytest.fixture(scope="module")
def coordinator(house: House) -> str:
    return house.stranger(role="coordinator")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_team_view_reads_well(windows: Windows, room: str, moderator: str, width: int) -> None:
    visitor = windows(moderator, width=width)
    for days in (7, 28, 90):
        visitor.open(f"/moderation/team/?days={days}")
        page = visitor.page
        expect(page.get_by_role("img", name="Crisis: time until somebody took the case")).to_be_visible()
        for fold in page.locator(".fold > summary").all():
            fold.click()
        check_readable(page)
        check_fits(page)
        check_targets(page, 44, of=PRIMARY)


def test_a_plot_tells_a_screen_reader_what_it_shows_and_its_table_opens_by_keyboard(
    windows: Windows, room: str, moderator: str
) -> None:
    page = windows(moderator).page
    page.goto(windows.home + "/moderation/team/")
    plot = page.get_by_role("img", name="Crisis: time until somebody took the case")
    description = page.evaluate(
        "(plot) => document.getElementById(plot.getAttribute('aria-labelledby').split(' ')[1]).textContent",
        plot.element_handle(),
    )
    assert re.search(
        r"Half of the cases were taken within .+, nine in ten within .+\. The clock is 5 min\.", description
    )
    figures = page.locator("summary", has_text="Figures: Crisis")
    figures.focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table", name="Crisis: time until somebody took the case")
    expect(table).to_be_visible()
    expect(table.get_by_role("columnheader", name="Half within")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_of_rooms_read_well(
    windows: Windows, room: str, moderator: str, coordinator: str, width: int
) -> None:
    for cookie in (moderator, coordinator):
        visitor = windows(cookie, width=width)
        for path in ("", f"{room}/"):
            visitor.open(f"/moderation/rooms/{path}")
            for fold in visitor.page.locator(".room-act > summary").all():
                fold.click()
            if visitor.page.get_by_label("in set hours").count():
                visitor.page.get_by_label("in set hours").check()
            check_readable(visitor.page)
            check_fits(visitor.page)
            check_targets(visitor.page, 44, of=PRIMARY)


def test_handing_over_reads_well(windows: Windows, moderator: str) -> None:
    for width in (390, 1440):
        visitor = windows(moderator, width=width)
        visitor.open("/moderation/handing-over/")
        expect(visitor.page.get_by_role("heading", name="Handing over")).to_be_visible()
        check_readable(visitor.page)
        check_fits(visitor.page)


def test_a_notice_without_a_case_is_in_the_room_within_a_second_and_comes_down_again(
    windows: Windows, house: House, moderator: str
) -> None:
    room = house.room("Quiet group")
    member = windows(house.person(room).cookie)
    member.enter(room)
    keeper = windows(moderator)
    keeper.open(f"/moderation/rooms/{room}/")
    keeper.page.locator("summary", has_text="Notice").click()
    keeper.page.get_by_label("What everybody in the room reads").fill("Please be gentle tonight.")
    keeper.page.get_by_role("button", name="Put the notice up").click()
    expect(member.page.get_by_text("Please be gentle tonight.")).to_be_visible()
    keeper.page.get_by_role("button", name="Take the notice down").click()
    expect(member.page.get_by_text("Please be gentle tonight.")).to_be_hidden()


def test_a_lock_without_a_case_closes_the_writing_field_of_everybody(
    windows: Windows, house: House, moderator: str
) -> None:
    room = house.room("Stormy group")
    member = windows(house.person(room).cookie)
    member.enter(room)
    keeper = windows(moderator)
    keeper.open(f"/moderation/rooms/{room}/")
    keeper.page.locator("summary", has_text="Lock").click()
    keeper.page.get_by_role("button", name="Lock the room").click()
    expect(member.page.get_by_role("button", name="Send")).to_be_disabled()
    keeper.page.get_by_role("button", name="Unlock the room").click()
    expect(member.page.get_by_role("button", name="Send")).to_be_enabled()


def test_a_coordinator_sets_hours_by_keyboard_and_the_room_says_when_it_opens(
    windows: Windows, house: House, coordinator: str
) -> None:
    room = house.room("Evening group")
    member = windows(house.person(room).cookie)
    member.enter(room)
    page = windows(coordinator).page
    page.goto(windows.home + f"/moderation/rooms/{room}/")
    expect(page.get_by_role("group", name="Set hours")).to_be_hidden()
    page.get_by_label("always").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("group", name="Set hours")).to_be_visible()
    tomorrow = page.evaluate("(new Date(Date.now() + 86400000).getUTCDay() + 6) % 7")  # 0 is Monday
    day = page.get_by_role("group", name="Line 1").get_by_role("checkbox").nth(tomorrow)
    day.focus()
    page.keyboard.press("Space")
    page.get_by_role("group", name="Line 1").get_by_label("From").fill("18:00")
    page.get_by_role("group", name="Line 1").get_by_label("To").fill("19:00")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator(".state--closed")).to_contain_text("Closed until")
    expect(member.page.get_by_text("opens", exact=False).first).to_be_visible()


def test_a_page_that_stays_open_follows_the_hours(windows: Windows, house: House, coordinator: str) -> None:
    room = house.room("Short group")
    start, end = datetime.now(UTC) - timedelta(hours=2), datetime.now(UTC) + timedelta(minutes=4)
    rules = {
        "opening": "hours",
        "outside": "read_only",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-days": str(start.weekday()),
        "lines-0-start": f"{start:%H:%M}",
        "lines-0-end": f"{end:%H:%M}",
    }
    assert Browser(windows.home, coordinator).post(f"/moderation/rooms/{room}/", **rules).status == 302
    page = windows(house.person(room).cookie).page
    page.clock.install()
    page.goto(f"{windows.home}/rooms/{room}/")
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
    page.clock.run_for("04:30")
    expect(page.get_by_text("This room is closed at this hour. It opens")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
