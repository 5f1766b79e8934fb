"""Two people in a private thread, from the first hello to the summary that is kept: on one process, and on two that share a store."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Locator, WebSocketRoute, expect

from rooms.presence import SETTLE
from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.harness.engines import Postgres, Redis
from tests.harness.server import Stores
from tests.live.house import House, embedded, two_processes

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
TOMORROW = (date.today() + timedelta(days=1)).isoformat()


@pytest.fixture(scope="module")
def small(stores: Stores) -> Iterator[House]:
    with embedded(stores) as house:
        yield house


@pytest.fixture(scope="module")
def big(stores: Stores, postgres: Postgres, redis: Redis) -> Iterator[House]:
    with two_processes(stores, postgres, redis) as house:
        yield house


@pytest.fixture(
    params=[
        pytest.param("small", id="SQLite, one process"),
        pytest.param("big", id="PostgreSQL and Redis, two processes", marks=pytest.mark.engines),
    ]
)
def thread_house(request: pytest.FixtureRequest) -> House:
    found: House = request.getfixturevalue(request.param)
    return found


@dataclass
class Two:
    """A client at the first process and their mentor at the last, in windows of their own."""

    house: House
    room: str
    cookies: tuple[str, str]
    windows: tuple[Windows, Windows]

    def enter(self, **window: int) -> tuple[Visitor, Visitor]:
        """Both have the thread open and live."""
        found = []
        for cookie, windows in zip(self.cookies, self.windows, strict=True):
            visitor = windows(cookie, **window)  # type: ignore[arg-type]
            visitor.enter(self.room)
            found.append(visitor)
        return found[0], found[1]

    @property
    def address(self) -> str:
        return f"/thread/{self.house.office('thread_of', room=self.room)}/"


@pytest.fixture
def two(thread_house: House, browser: Browser) -> Iterator[Two]:
    client, mentor = thread_house.stranger(), thread_house.stranger(role="mentor")
    made = thread_house.office("make_thread", client=client, mentor=mentor)
    windows = tuple(Windows(browser, thread_house.servers[number].url) for number in (0, -1))
    yield Two(thread_house, made["room"], (client, mentor), (windows[0], windows[1]))
    for each in windows:
        each.close()


def side(visitor: Visitor) -> Locator:
    return visitor.page.locator("[data-part=thread-side]")


def section(visitor: Visitor, name: str) -> Locator:
    return side(visitor).get_by_role("region", name=name)


def unfold(visitor: Visitor, name: str) -> None:
    side(visitor).locator("summary", has_text=re.compile(f"^{name}$")).click()


def about(visitor: Visitor) -> None:
    """On a phone what stands beside the talk is a sheet over it."""
    opener = visitor.page.get_by_role("button", name="About", exact=True)
    if opener.is_visible():
        opener.click()


def write_goal(visitor: Visitor, text: str) -> None:
    unfold(visitor, "Write a goal")
    side(visitor).get_by_label("The goal").fill(text)
    side(visitor).get_by_role("button", name="Add the goal").click()


def propose(visitor: Visitor, time: str) -> None:
    unfold(visitor, "Propose a time")
    form = side(visitor).locator("details[data-fold=appointment]")
    form.get_by_label("Day").fill(TOMORROW)
    form.get_by_label("Time", exact=True).fill(time)
    form.get_by_label("How", exact=True).select_option("video")
    form.get_by_role("button", name="Propose it").click()


@pytest.mark.parametrize("window", [pytest.param({}, id="desktop"), pytest.param(PHONE, id="phone")])
def test_they_talk_both_ways_and_celebrate_a_milestone_without_loading_again(two: Two, window: dict[str, int]) -> None:
    client, mentor = two.enter(**window)
    expect(client.page.get_by_role("heading", level=1)).to_have_text("Juniper")
    expect(mentor.page.get_by_role("heading", level=1)).to_have_text("Gray Wren")
    expect(client.page.locator(".room__here")).to_have_text("here now")
    client.say("I walked to the river today.")
    expect(mentor.message("I walked to the river today.")).to_be_visible()
    mentor.say("How was the light?")
    expect(client.message("How was the light?")).to_be_visible()
    for visitor in (client, mentor):
        visitor.page.evaluate("window.notLoadedAgain = true")

    about(client)
    about(mentor)
    write_goal(mentor, "One walk a week")
    goals = section(client, "Goals")
    expect(goals).to_contain_text("One walk a week")
    goals.get_by_role("button", name="Reached").click()
    expect(section(mentor, "Goals").get_by_role("button", name="Make it a milestone")).to_be_visible()
    goals.get_by_role("button", name="Make it a milestone").click()
    expect(section(mentor, "Milestones")).to_contain_text("One walk a week")
    expect(section(client, "Milestones")).to_contain_text("One walk a week")

    unfold(client, "Mark a milestone")
    form = side(client).locator("details[data-fold=milestone]")
    form.get_by_label("What happened").fill("Thirty days")
    form.get_by_label("Say it in the talk too").check()
    form.get_by_role("button", name="Mark it").click()
    expect(section(mentor, "Milestones")).to_contain_text("Thirty days")
    expect(mentor.message("Thirty days")).to_have_count(1)
    for visitor in (client, mentor):
        assert visitor.page.evaluate("window.notLoadedAgain") is True
        check_fits(visitor.page)


def test_what_the_other_does_takes_neither_words_nor_focus(two: Two) -> None:
    client, mentor = two.enter()
    unfold(client, "Write a goal")
    field = side(client).get_by_label("The goal")
    field.fill("Half a sentence, not yet")
    write_goal(mentor, "Sleep before midnight")
    expect(section(client, "Goals")).to_contain_text("Sleep before midnight")
    expect(field).to_have_value("Half a sentence, not yet")
    expect(field).to_be_focused()
    expect(client.page.locator("[data-part=thread-said]")).to_have_text("Something beside the talk is new.")


def test_words_that_will_not_do_come_back_with_a_sentence_and_are_not_lost(two: Two) -> None:
    client, mentor = two.enter()
    client.watch.expect("status of 422")
    write_goal(client, "Write to wren@mail.example")
    expect(section(client, "Goals").get_by_role("alert")).to_contain_text("a way to be reached outside")
    expect(side(client).get_by_label("The goal")).to_have_value("Write to wren@mail.example")
    expect(section(mentor, "Goals")).not_to_contain_text("wren@mail.example")


def test_they_agree_on_a_time_and_the_calendar_file_says_nothing(two: Two) -> None:
    client, mentor = two.enter()
    propose(client, "15:30")
    waiting = section(mentor, "Appointments")
    expect(waiting).to_contain_text("Gray Wren proposes this.")
    expect(waiting).to_contain_text("3:30 p.m.")
    expect(waiting).to_contain_text("All times are those of")
    waiting.get_by_role("button", name="Agree").click()
    link = section(client, "Appointments").get_by_role("link", name="Put it in my calendar")
    with client.page.expect_download() as started:
        link.click()
    assert started.value.suggested_filename == "appointment.ics"
    text = Path(started.value.path()).read_text(encoding="utf-8")
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Appointment"
    for secret in ("Juniper", "Wren", two.room, "eerchat"):
        assert secret not in text

    section(mentor, "Appointments").get_by_role("button", name="Call it off").click()
    unfold(client, "Past appointments")
    expect(section(client, "Appointments")).to_contain_text("called off")


@pytest.mark.parametrize("window", [pytest.param({}, id="desktop"), pytest.param(PHONE, id="phone")])
def test_outside_the_mentors_hours_somebody_else_is_here_and_words_can_be_left(
    two: Two, window: dict[str, int]
) -> None:
    group = two.house.room("Lantern group")
    two.house.member(group, two.cookies[0])
    inside = two.windows[0](two.house.person(group).cookie)
    inside.enter(group)
    inside.page.wait_for_timeout(1000 * SETTLE + 500)  # a group's list counts who has settled in
    day = (date.today().weekday() + 3) % 7
    two.house.office("hours", cookie=two.cookies[1], hours=[{"days": [day], "from": "09:00", "to": "12:00"}])
    client, mentor = two.enter(**window)
    strip = client.page.get_by_role("region", name="Talk now is not possible: here is who is")
    expect(strip).to_contain_text("9 a.m. to noon")
    expect(strip.get_by_role("link", name="Lantern group · 1 here now")).to_be_visible()
    expect(strip.get_by_role("link", name="Help now")).to_be_visible()
    expect(mentor.page.get_by_text("It is outside your hours.")).to_be_visible()
    check_readable(client.page)
    check_fits(client.page)
    expect(client.composer).to_be_in_viewport()
    client.say("For when you are back.")
    expect(client.message("For when you are back.")).to_be_visible()
    strip.get_by_role("link", name="Lantern group").click()
    expect(client.page.get_by_role("heading", level=1)).to_have_text("Lantern group")


@pytest.mark.parametrize("thread_house", ["small"], indirect=True)
def test_what_is_shared_between_the_page_and_its_socket_shows_by_itself(two: Two) -> None:
    mentor = two.windows[1](two.cookies[1])

    def shared_first(socket: WebSocketRoute) -> None:
        two.house.office("share", cookie=two.cookies[0], room=two.room, line="note", text="I go quiet sometimes.")
        time.sleep(1.5)  # until every process has told those who followed by then
        socket.connect_to_server()

    mentor.page.route_web_socket("**/ws/**", shared_first)
    mentor.enter(two.room)
    expect(side(mentor)).to_contain_text("I go quiet sometimes.")
    assert not mentor.has_heard('"topic":"mine"')


def test_asking_for_another_mentor_takes_two_presses_and_no_reason(two: Two) -> None:
    client, mentor = two.enter()
    client.say("Thank you for the walks.")
    unfold(client, "Ask for another mentor")
    words = side(client).locator("#thread-another")
    expect(words).to_contain_text("You need no reason, and nobody will ask you for one.")
    expect(words.locator("textarea, input:not([type=hidden]), select")).to_have_count(0)
    words.get_by_role("button", name="Ask for another mentor").click()
    expect(client.page.get_by_role("heading", name="Past threads")).to_be_visible()
    expect(mentor.page.get_by_text("this is not about you")).to_be_visible()
    expect(mentor.composer).to_be_disabled()
    expect(mentor.page.locator("[data-part=thread-top], [data-part=thread-side]").first).not_to_contain_text(
        "another mentor"
    )
    expect(side(mentor)).not_to_contain_text("another mentor")


def test_a_thread_ends_with_words_that_the_client_keeps(two: Two) -> None:
    client, mentor = two.enter(**PHONE)
    expect(client.page.get_by_role("button", name="Voice call")).to_be_visible()
    about(mentor)
    unfold(mentor, "Close this thread")
    side(mentor).get_by_role("link", name="Close it with a few words").click()
    mentor.page.get_by_label("A goodbye").fill("It was good to walk with you.")
    mentor.page.get_by_label("A summary to keep").fill("We worked on sleep.\n\nWhat helped: short walks.")
    check_readable(mentor.page)
    check_fits(mentor.page)
    mentor.page.get_by_role("button", name="Close the thread").click()
    expect(mentor.page).to_have_url(re.compile(two.room))

    strip = client.page.get_by_text("There is a summary for you to keep.")
    expect(strip).to_be_visible()
    expect(client.composer).to_be_disabled()
    expect(client.page.get_by_role("button", name="Voice call")).to_be_hidden()  # nobody can be called here any more
    expect(side(client).get_by_role("heading", name="Appointments")).to_have_count(0)
    client.page.get_by_role("link", name="Read and save it").click()
    expect(client.page.get_by_text("What helped: short walks.")).to_be_visible()
    expect(client.page.get_by_text("It was good to walk with you.")).to_be_visible()
    expect(client.page.get_by_text("Then it is erased for good.")).to_be_visible()
    check_readable(client.page)
    check_fits(client.page)
    with client.page.expect_download() as started:
        client.page.get_by_role("link", name="Save it as a text file").click()
    kept = Path(started.value.path()).read_text(encoding="utf-8")
    assert "What helped: short walks." in kept
    client.open("/mentor/")
    expect(client.page.get_by_role("link", name="Read and save the summary")).to_be_visible()
    client.open(f"/rooms/{two.room}/")
    expect(client.page.get_by_text("This thread is closed. You can read it until")).to_be_visible()


def test_without_javascript_all_of_it_is_forms(two: Two) -> None:
    client, mentor = (
        windows(cookie, script=False, width=390, height=844)
        for windows, cookie in zip(two.windows, two.cookies, strict=True)
    )
    client.open(f"/rooms/{two.room}/#about-panel")
    write_goal(client, "One walk a week")
    expect(section(client, "Goals")).to_contain_text("One walk a week")
    section(client, "Goals").get_by_role("button", name="Reached").click()
    section(client, "Goals").get_by_role("button", name="Make it a milestone").click()
    expect(section(client, "Milestones")).to_contain_text("One walk a week")
    propose(client, "15:30")
    mentor.open(f"/rooms/{two.room}/#about-panel")
    section(mentor, "Appointments").get_by_role("button", name="Agree").click()
    expect(section(mentor, "Appointments")).to_contain_text("by video")
    mentor.watch.expect("status of 422")
    write_goal(mentor, "Write to wren@mail.example")
    expect(mentor.page.get_by_label("The goal")).to_have_value("Write to wren@mail.example")
    expect(mentor.page.get_by_role("alert")).to_contain_text("a way to be reached outside")


@pytest.mark.parametrize("thread_house", ["small"], indirect=True)  # the pages are the same on both
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_and_all_can_be_pressed(two: Two, width: int) -> None:
    for line in ("lived", "note"):
        two.house.office("share", cookie=two.cookies[0], room=two.room, line=line, text="Panic at night.")
    client, mentor = two.enter(width=width, height=900)
    for visitor in (client, mentor):
        check_fits(visitor.page)
        check_readable(visitor.page)
        about(visitor)
        side(visitor).evaluate("(side) => side.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        check_readable(visitor.page)
        check_fits(visitor.page)
        check_targets(
            visitor.page, 44, of="[data-part=thread-side] :is(.button, summary, input:not([type=checkbox]), select)"
        )
    for visitor, paths in ((client, ("/", "/mentor/")), (mentor, ("/", "/mentoring/"))):
        for path in (*paths, two.address):
            visitor.open(path)
            check_readable(visitor.page)
            check_fits(visitor.page)
