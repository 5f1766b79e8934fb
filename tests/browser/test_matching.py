"""From asking for a mentor to the first words between two: in real browsers, on a phone, without script, with an expired certificate."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.live.house import House

pytestmark = pytest.mark.browser

PRIMARY = ".button, .fold > summary, .times__part, .field--choices label, .filters__one"
_numbers = count(1)


@dataclass(frozen=True)
class People:
    client: str
    mentor: str
    coordinator: str
    file: int  # the mentor's number
    called: str
    client_name: str


@pytest.fixture
def people(house: House) -> Iterator[People]:
    """The one mentor who takes clients here. They speak a language that nobody else does, and lose their papers at the end."""
    house.office("no_mentor_takes_clients")
    client, mentor = house.stranger(), house.stranger(role="mentor")
    called = f"Aster {next(_numbers)}"
    house.office("certify", cookie=mentor, called=called)
    file = house.office(
        "describe", cookie=mentor, about="I like long walks.", lived=["grief", "work"], languages=["ht"], gender="woman"
    )
    house.office("hours", cookie=mentor, hours=[{"days": [0, 2], "from": "18:00", "to": "21:00"}])
    yield People(
        client, mentor, house.stranger(role="coordinator"), file, called, house.office("name_of", cookie=client)
    )
    house.office("certify_until", cookie=mentor, days=-1)


def ask(visitor: Visitor) -> None:
    """Some steps are filled in, others skipped."""
    page = visitor.page
    visitor.open("/mentor/")
    page.get_by_role("link", name="Ask for a mentor").click()
    page.get_by_label("Grief").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("In your own words").fill("To get through Sundays.")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Who would be good for you?")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Haitian Creole").check()
    page.get_by_role("group", name="Monday").get_by_label("evening").check()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("In your own words")).to_have_value("To get through Sundays.")
    page.get_by_role("button", name="Skip to the end").click()
    page.get_by_role("radio", name="What they have been through themselves").check()
    page.get_by_role("button", name="Send it to my coordinator").click()
    expect(page.get_by_role("heading", name="You are in line for a mentor")).to_be_visible()


def open_request(page: Page, home: str, people: People) -> None:
    page.goto(f"{home}/mentoring/matching/")
    page.get_by_role("link", name=f"What they wish for ({people.client_name})").click()


def test_a_client_asks_a_coordinator_confirms_the_client_accepts_and_they_talk(
    windows: Windows, people: People
) -> None:
    client, desk = windows(people.client, width=390, height=844, touch=True), windows(people.coordinator)
    ask(client)

    open_request(desk.page, windows.home, people)
    expect(desk.page.get_by_text("To get through Sundays.")).to_be_visible()
    proposal = desk.page.locator(".proposal", has_text=people.called)
    expect(proposal).to_contain_text("Knows from their own life: grief. This matters most to them.")
    expect(proposal).to_contain_text("Both have time: Monday evening.")
    proposal.get_by_role("button", name="Confirm").click()
    expect(desk.page.get_by_text("Offered. The client is told")).to_be_visible()

    page = client.page
    client.open("/mentor/")
    page.get_by_role("link", name="See who it is").click()
    expect(page.get_by_text("I like long walks.")).to_be_visible()
    expect(page.get_by_text("They know from their own life: grief.")).to_be_visible()
    expect(page.get_by_label("What I would like to work on")).to_have_value("")
    page.get_by_label("Your name in this thread").fill("Gray Wren")
    page.get_by_role("button", name="Fill in what I wrote").click()
    expect(page.get_by_label("What I would like to work on")).to_have_value("To get through Sundays.")
    expect(page.get_by_label("Your name in this thread")).to_have_value("Gray Wren")
    page.get_by_label("How I like to be spoken with").fill("Slowly.")
    page.get_by_label("I have read what we can expect").check()
    page.get_by_role("button", name=f"Yes, talk with {people.called}").click()
    client.say("Hello, I am a little nervous.")
    expect(client.message("Hello, I am a little nervous.")).to_be_visible()

    mentor = windows(people.mentor)
    mentor.open("/")
    mentor.page.get_by_role("link", name="Gray Wren").first.click()
    expect(mentor.message("Hello, I am a little nervous.")).to_be_visible()
    expect(mentor.page.get_by_text("To get through Sundays.").first).to_be_attached()
    mentor.say("So was I, the first time.")
    expect(client.message("So was I, the first time.")).to_be_visible()
    client.open("/")
    expect(page.get_by_role("link", name=people.called).first).to_be_visible()


def test_an_expired_certificate_blocks_the_confirm_with_a_sentence_that_says_why(
    windows: Windows, house: House, people: People
) -> None:
    house.office("ask_for_mentor", cookie=people.client, languages=["ht"])
    desk = windows(people.coordinator)
    open_request(desk.page, windows.home, people)
    house.office("certify_until", cookie=people.mentor, days=-1)
    desk.page.locator(".proposal", has_text=people.called).get_by_role("button", name="Confirm").click()
    expect(desk.page.locator(".notice--error")).to_contain_text("The certification expired on")
    expect(desk.page.get_by_text("Nobody fits right now.")).to_be_visible()


def test_not_this_one_needs_no_reason_and_keeps_the_place(windows: Windows, house: House, people: People) -> None:
    request = house.office("ask_for_mentor", cookie=people.client, days=9, languages=["ht"])
    offer = house.office("offer_mentor", request=request, mentor=people.file)
    client, desk = windows(people.client), windows(people.coordinator)
    client.open(f"/mentor/offers/{offer}/")
    client.page.get_by_role("button", name="Not this one").click()
    expect(client.page.get_by_text("You keep your place in line")).to_be_visible()
    desk.open("/mentoring/matching/")
    line = desk.page.locator("li.card", has_text=people.client_name)
    expect(line).to_contain_text("Waits for 9 days")
    expect(line).to_contain_text("They asked for somebody else than 1 mentor.")


def test_asking_and_accepting_work_without_script(windows: Windows, house: House, people: People) -> None:
    client = windows(people.client, script=False)
    ask(client)
    client.page.get_by_role("link", name="Change what I wish for").click()
    expect(client.page.get_by_label("Grief")).to_be_checked()
    client.open("/mentor/")
    client.page.get_by_text("Take it back").first.click()
    client.page.get_by_role("button", name="Yes, take it back").click()
    expect(client.page.get_by_role("heading", name="Would you like a mentor?")).to_be_visible()
    request = house.office("ask_for_mentor", cookie=people.client, languages=["ht"])
    client.open(f"/mentor/offers/{house.office('offer_mentor', request=request, mentor=people.file)}/")
    client.page.get_by_label("Your name in this thread").fill("Gray Wren")
    client.page.get_by_label("I have read what we can expect").check()
    client.page.get_by_role("button", name="Yes, talk with").click()
    expect(client.page.get_by_label("Your message")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_of_asking_and_matching_read_well(windows: Windows, house: House, people: People, width: int) -> None:
    client, desk = windows(people.client, width=width), windows(people.coordinator, width=width)
    mentor = windows(people.mentor, width=width)
    client.watch.expect("status of 422")
    for visitor, path in ((client, "/mentor/"), (mentor, "/mentoring/profile/"), (mentor, "/mentoring/")):
        visitor.open(path)
        check(visitor)
    client.open("/mentor/ask/")
    for _step in range(4):
        check(client)
        client.page.get_by_role("button", name="Next").click()
    check(client)
    request = house.office("ask_for_mentor", cookie=people.client, days=3, languages=["ht"], lived=["grief", "ptsd"])
    house.office("ask_for_mentor", cookie=house.stranger(), days=5, languages=["ko"])
    house.office("past_requests", days=[3, 5, 8, 13, 21, 30, 41], languages=["en"])
    client.open("/mentor/")
    check(client)
    for path in ("", "?show=offered", "waits/", f"{request}/"):
        desk.open(f"/mentoring/matching/{path}")
        for fold in desk.page.locator(".fold > summary").all():
            fold.click()
        check(desk)
    offer = house.office("offer_mentor", request=request, mentor=people.file)
    client.open("/mentor/")
    check(client)
    client.open(f"/mentor/offers/{offer}/")
    check(client)
    client.page.get_by_role("button", name="Yes, talk with").click()
    expect(client.page.locator(".errorlist").first).to_be_visible()
    check(client)
    desk.open("/mentoring/matching/?show=offered")
    check(desk)


def check(visitor: Visitor) -> None:
    check_readable(visitor.page)
    check_fits(visitor.page)
    check_targets(visitor.page)
    check_targets(visitor.page, 44, of=PRIMARY)
