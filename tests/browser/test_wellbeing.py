"""Mentors stay well: time away hands over to a cover mentor and back, the weekly check with and without consent, the load board."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.harness.engines import Postgres, Redis
from tests.harness.server import Stores
from tests.live.house import House, two_processes
from tests.live.pages import Browser

pytestmark = pytest.mark.browser

PRESSED = ".button, .load__who a, .check__step, .fold > summary"
BAD = {"rested": 0, "worn": 4, "stayed": 4, "matters": 0, "someone": 0, "own": 0}


class Pair:
    """A client and a mentor in a thread, and another mentor who could stand in."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.mentor, self.cover, self.client = (
            house.stranger(role="mentor"),
            house.stranger(role="mentor"),
            house.stranger(),
        )
        self.mentor_id = house.office("certify", cookie=self.mentor, called="Juniper")
        self.cover_id = house.office("certify", cookie=self.cover, called="Wren")
        self.room = house.office("make_thread", client=self.client, mentor=self.mentor, pseudonym="Gray Heron")["room"]

    def by(self, cookie: str) -> Browser:
        return Browser(self.house.server.url, cookie)


@pytest.fixture
def pair(house: House) -> Pair:
    return Pair(house)


def strip(visitor: Visitor) -> Locator:
    return visitor.page.locator("[data-part=thread-top]")


def plan_a_week_from_today(page: Page, cover: int) -> None:
    """The two steps of the page, as a mentor does them."""
    page.get_by_label("First day away").fill(date.today().isoformat())
    page.get_by_label("Back on").first.fill((date.today() + timedelta(days=7)).isoformat())
    page.get_by_role("button", name="Who can stand in?").click()
    page.locator(f'[name="cover"][value="{cover}"]').check()
    page.get_by_role("button", name="Plan it").click()


def hand_over_and_back(pair: Pair, client: Visitor, mentor: Visitor, cover: Visitor) -> None:
    client.enter(pair.room)
    client.say("Are you there tomorrow?")
    expect(client.message("Are you there tomorrow?")).to_be_visible()

    mentor.open("/mentoring/respite/")
    plan_a_week_from_today(mentor.page, pair.cover_id)
    expect(mentor.page.get_by_text("Wren stands in.")).to_be_visible()

    # The client's page is open all the while and says so by itself.
    expect(strip(client)).to_contain_text("Juniper is away and comes back on")
    expect(client.composer).to_be_disabled()
    strip(client).get_by_role("link", name="Wren is there for you meanwhile").click()
    expect(client.page.get_by_role("heading", level=1)).to_have_text("Wren")
    expect(strip(client)).to_contain_text("Wren stands in for Juniper until")
    expect(client.page.locator(".member--here").first).to_be_attached()
    expect(client.page.get_by_text("Are you there tomorrow?")).to_have_count(0)
    client.say("Hello, I am new to you.")

    cover.open("/")
    cover.page.get_by_role("link", name="Gray Heron").first.click()
    expect(cover.message("Hello, I am new to you.")).to_be_visible()
    expect(cover.page.get_by_text("You stand in for Juniper until")).to_be_visible()
    expect(cover.page.locator(".member--here").first).to_be_attached()
    cover.say("Good that you are here.")
    expect(client.message("Good that you are here.")).to_be_visible()
    assert not cover.has_heard("Are you there tomorrow?")

    mentor.page.get_by_role("button", name="I am back").click()
    expect(mentor.page.get_by_text("Welcome back.")).to_be_visible()
    expect(client.composer).to_be_disabled()
    expect(cover.composer).to_be_disabled()
    client.enter(pair.room)
    expect(client.composer).to_be_enabled()
    client.say("You are back.")
    mentor.enter(pair.room)
    expect(mentor.message("You are back.")).to_be_visible()
    expect(mentor.page.get_by_text("Good that you are here.")).to_have_count(0)


def test_time_away_hands_over_to_the_cover_mentor_and_back(windows: Windows, pair: Pair) -> None:
    hand_over_and_back(pair, windows(pair.client, width=390, height=844), windows(pair.mentor), windows(pair.cover))


@pytest.mark.engines
def test_it_does_on_postgresql_and_redis_with_two_processes(
    stores: Stores, postgres: Postgres, redis: Redis, windows_on: Callable[[House], Windows]
) -> None:
    with two_processes(stores, postgres, redis) as house:
        pair = Pair(house)
        here = windows_on(house)
        there = Windows(here.browser, house.servers[1].url)
        try:
            hand_over_and_back(pair, here(pair.client), there(pair.mentor), there(pair.cover))
            coordinator = there(house.stranger(role="coordinator"))
            coordinator.open("/mentoring/load/")
            line = coordinator.page.locator(f'[data-mentor="{pair.mentor_id}"]')
            expect(line).to_contain_text("0 weeks since a break")
        finally:
            there.close()


def test_without_javascript_the_client_is_led_to_who_stands_in(windows: Windows, pair: Pair) -> None:
    days = {"starts": date.today().isoformat(), "ends": (date.today() + timedelta(days=3)).isoformat()}
    pair.by(pair.mentor).post("/mentoring/respite/", **days, cover=str(pair.cover_id))
    client = windows(pair.client, script=False)
    client.open(f"/rooms/{pair.room}/")
    client.page.get_by_role("link", name="Wren is there for you meanwhile").click()
    client.page.get_by_label("Your message").fill("Hello.")
    client.page.get_by_role("button", name="Send").click()
    expect(client.message("Hello.")).to_be_visible()


def test_a_check_stays_with_its_mentor_until_they_show_the_band_and_from_when_they_stop(
    windows: Windows, house: House, pair: Pair
) -> None:
    mentor, coordinator = windows(pair.mentor, width=390, height=844), windows(house.stranger(role="coordinator"))
    line = coordinator.page.locator(f'[data-mentor="{pair.mentor_id}"]')
    mentor.open("/mentoring/")
    mentor.page.get_by_role("link", name="Check of the week").click()
    for name, value in BAD.items():
        mentor.page.locator(f'[name="{name}"][value="{value}"]').check()
    mentor.page.get_by_label("Anything you want to keep for yourself").fill("I cried on Tuesday.")
    mentor.page.get_by_role("button", name="Keep it").click()
    expect(mentor.page.get_by_role("heading", name="This sounds like a lot")).to_be_visible()
    expect(mentor.page.get_by_role("link", name="Plan days away")).to_be_visible()

    coordinator.open("/mentoring/load/")
    expect(line).to_be_visible()
    expect(line).not_to_contain_text("Needs rest")

    mentor.page.get_by_role("button", name="Show my band to coordinators").click()
    expect(mentor.page.get_by_text("Each look is recorded.").first).to_be_visible()
    coordinator.open("/mentoring/load/")
    expect(line).to_contain_text("Needs rest")
    expect(coordinator.page.get_by_text("I cried on Tuesday.")).to_have_count(0)

    mentor.page.get_by_role("button", name="Stop showing my band").click()
    expect(mentor.page.get_by_text("Nobody but you sees your band any more.")).to_be_visible()
    coordinator.open("/mentoring/load/")
    expect(line).not_to_contain_text("Needs rest")


def test_the_board_shows_whose_load_rises_and_its_action_reaches_the_mentor(
    windows: Windows, house: House, pair: Pair
) -> None:
    house.office("busy_weeks", mentor=pair.mentor, weeks=[2, 2, 2, 2, 16, 18, 20, 24], crises=2)
    coordinator, mentor = windows(house.stranger(role="coordinator")), windows(pair.mentor)
    coordinator.open("/mentoring/load/")
    line = coordinator.page.locator(f'[data-mentor="{pair.mentor_id}"]')
    expect(line).to_contain_text("Load rises")
    expect(line).to_contain_text("2 crises in two weeks")
    line.get_by_role("button", name="Offer a talk").click()
    expect(coordinator.page.get_by_text("A talk is offered.")).to_be_visible()
    mentor.open("/mentoring/")
    mentor.page.get_by_role("button", name="Yes, I would like to talk").click()
    coordinator.open("/mentoring/load/")
    expect(line).to_contain_text("Asked for a talk")
    line.get_by_role("button", name="The talk took place").click()

    line.get_by_role("link", name="Lower the cap").click()
    coordinator.page.get_by_label("Clients at most").fill("3")
    coordinator.page.locator("#cap").get_by_label("Why").fill("We agreed on less for a month.")
    coordinator.page.get_by_role("button", name="Change the cap").click()
    expect(coordinator.page.get_by_text("The cap is 3 now.")).to_be_visible()
    mentor.open("/mentoring/")
    expect(mentor.page.get_by_text("1 of 3 clients at most")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_of_it_reads_well(windows: Windows, house: House, pair: Pair, width: int) -> None:
    def look(visitor: Visitor) -> None:
        for fold in visitor.page.locator("main .fold > summary").all():
            fold.click()
        visitor.page.evaluate("window.scrollTo(0, 0)")  # what hides under the header while scrolled is no small target
        check_readable(visitor.page)
        check_fits(visitor.page)
        check_targets(visitor.page, 44, of=PRESSED)

    coordinator, mentor = windows(house.stranger(role="coordinator"), width=width), windows(pair.mentor, width=width)
    mentor.watch.expect("status of 422")
    house.office("busy_weeks", mentor=pair.mentor, weeks=[1, 2, 3, 4, 16, 18, 20, 24], crises=2)
    mentor.open("/mentoring/check/")
    look(mentor)
    mentor.page.get_by_role("button", name="Keep it").click()
    expect(mentor.page.get_by_text("Some answers are still open.")).to_be_visible()
    look(mentor)
    pair.by(pair.mentor).post("/mentoring/check/", **{name: str(value) for name, value in BAD.items()}, words="Rain.")
    pair.by(pair.mentor).post("/mentoring/check/share/", shares="yes")
    first, back = (date.today() + timedelta(days=number) for number in (2, 9))
    days = {"starts": first.isoformat(), "ends": back.isoformat()}
    mentor.open(f"/mentoring/respite/?starts={first}&ends={back}")
    look(mentor)
    pair.by(pair.mentor).post("/mentoring/respite/", **days, cover=str(pair.cover_id))
    for path in (
        "/mentoring/",
        "/mentoring/wellbeing/",
        "/mentoring/check/",
        "/mentoring/hours/",
        "/mentoring/respite/",
    ):
        mentor.open(path)
        look(mentor)
    for path in ("load/", f"load/{pair.mentor_id}/", f"load/{pair.mentor_id}/respite/"):
        coordinator.open(f"/mentoring/{path}")
        look(coordinator)
