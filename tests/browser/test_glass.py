"""Break-glass in a browser: asked, confirmed, agreed to live by a second person, looked at, and there in the review."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.live.house import House, Person
from tests.live.pages import Browser

pytestmark = pytest.mark.browser

PASSWORD = "a lantern on the quiet water"
WHY = "They answered a message that is further up."
PRESSED = ".button, .glass-back, textarea, summary"


class Matter:
    """A flagged message in a room of its own, and the moderator who claimed its case."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.room = house.room("Lantern group")
        self.author = house.person(self.room, pseudonym="Quiet Heron")
        flagger = house.person(self.room, pseudonym="Steady River")
        for number in range(30):
            message = self.say(self.author if number % 2 else flagger, f"Message number {number}.")
            if number == 15:
                flagged = message
        path = f"/rooms/{self.room}/flag/?message={flagged}"
        Browser(house.server.url, flagger.cookie).post(path, category="harassment", words="It hurt.")
        self.case = next(case["id"] for case in house.office("cases") if case["room_id"] == self.room)
        self.moderator = house.stranger(role="moderator", password=PASSWORD)
        self.by(self.moderator).post(f"/moderation/cases/{self.case}/claim/")

    def by(self, cookie: str) -> Browser:
        return Browser(self.house.server.url, cookie)

    def say(self, person: Person, body: str) -> str:
        message: str = self.house.office("post", cookie=person.cookie, room=self.room, body=body)["id"]
        return message

    def path(self, kind: str) -> str:
        return f"/moderation/cases/{self.case}/glass/{kind}/"


@pytest.fixture
def matter(house: House) -> Matter:
    return Matter(house)


def confirm(visitor: Visitor) -> None:
    """Says once more who one is."""
    expect(visitor.page.get_by_role("heading", name="Is it you?")).to_be_visible()
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.get_by_role("button", name="Continue").click()


def ask(visitor: Visitor, button: str) -> None:
    confirm(visitor)
    visitor.page.get_by_label("Why do you need it?").fill(WHY)
    visitor.page.get_by_role("button", name=button).click()


def test_more_of_the_conversation_is_asked_for_read_and_in_the_review(
    windows: Windows, house: House, matter: Matter
) -> None:
    moderator = windows(matter.moderator)
    moderator.watch.expect("status of 422")
    moderator.open(f"/moderation/cases/{matter.case}/")
    moderator.page.get_by_role("link", name="More of the conversation").click()
    confirm(moderator)
    moderator.page.get_by_label("Why do you need it?").fill("Because.")
    moderator.page.get_by_role("button", name="Open for 15 minutes").click()
    expect(moderator.page.get_by_text("Please say it in a sentence")).to_be_visible()
    expect(moderator.page.get_by_label("Why do you need it?")).to_have_value("Because.")
    moderator.page.get_by_label("Why do you need it?").fill(WHY)
    moderator.page.get_by_role("button", name="Open for 15 minutes").click()
    shown = moderator.page.locator(".glass-message")
    expect(shown).to_have_count(20)
    expect(moderator.page.locator(".glass-message--flagged")).to_contain_text("Message number 15.")
    moderator.page.get_by_role("link", name="Older messages").click()
    expect(shown.first).to_contain_text("Message number 0.")

    coordinator = windows(house.stranger(role="coordinator"))
    coordinator.open("/moderation/review/?open=1")
    row = coordinator.page.locator(".review", has_text=WHY).first
    expect(row).to_contain_text("More of the conversation")
    expect(row).to_contain_text("2 times")
    expect(row).to_contain_text("You can review it once it is closed.")
    expect(coordinator.page.get_by_text("Message number")).to_have_count(0)


def test_an_identity_opens_when_a_second_person_agrees_and_both_see_it_live(
    windows: Windows, house: House, matter: Matter
) -> None:
    second = windows(house.stranger(role="moderator", password=PASSWORD))
    second.open("/moderation/glass/")
    first = windows(matter.moderator)
    first.open(matter.path("identity"))
    ask(first, "Ask for a second person")
    expect(first.page.get_by_role("heading", name="Waiting for a second person")).to_be_visible()

    request = second.page.locator("li.card", has_text=WHY)
    expect(request).to_have_count(1)
    request.get_by_role("link", name="Answer").click()
    confirm(second)
    expect(second.page.get_by_text(WHY)).to_be_visible()
    expect(second.page.get_by_text("Quiet Heron")).to_have_count(0)
    second.page.get_by_role("button", name="I agree").click()
    expect(second.page.get_by_text("You agreed.")).to_be_visible()

    expect(first.page.get_by_role("heading", name="agreed")).to_be_visible()
    expect(first.page.locator(".glass-identity")).to_have_count(0)
    first.page.get_by_role("button", name="Show who it is").click()
    expect(first.page.locator(".glass-identity")).to_contain_text("@live.example")
    expect(first.page.locator(".glass-identity")).to_contain_text("Family")

    coordinator = windows(house.stranger(role="coordinator"))
    coordinator.open("/moderation/review/")
    row = coordinator.page.locator(".review", has_text="Who the person is").first
    expect(row).to_contain_text(re.compile(r"Given\d+ Family\d+ agreed"))
    expect(row).to_contain_text("1 time")
    expect(coordinator.page.get_by_text("@live.example")).to_have_count(0)


def test_a_no_reaches_the_one_who_asked_at_once(windows: Windows, house: House, matter: Matter) -> None:
    first = windows(matter.moderator)
    first.open(matter.path("identity"))
    ask(first, "Ask for a second person")
    expect(first.page.get_by_role("heading", name="Waiting for a second person")).to_be_visible()
    clinician = windows(house.stranger(role="clinician", password=PASSWORD))
    clinician.open("/moderation/glass/")
    clinician.page.locator("li.card", has_text=WHY).last.get_by_role("link", name="Answer").click()
    confirm(clinician)
    clinician.page.get_by_role("button", name="I do not agree").click()
    expect(clinician.page.get_by_text("You did not agree.")).to_be_visible()
    expect(first.page.get_by_text("did not agree")).to_be_visible()
    expect(first.page.get_by_label("Why do you need it?")).to_be_visible()


def test_it_works_where_no_script_runs(windows: Windows, house: House, matter: Matter) -> None:
    moderator = windows(matter.moderator, script=False)
    moderator.open(matter.path("identity"))
    ask(moderator, "Ask for a second person")
    expect(moderator.page.get_by_role("link", name="Look again")).to_be_visible()
    second = windows(house.stranger(role="coordinator", password=PASSWORD), script=False)
    second.open("/moderation/glass/")
    second.page.locator("li.card", has_text=WHY).last.get_by_role("link", name="Answer").click()
    confirm(second)
    second.page.get_by_role("button", name="I agree").click()
    moderator.page.get_by_role("link", name="Look again").click()
    moderator.page.get_by_role("button", name="Show who it is").click()
    expect(moderator.page.locator(".glass-identity")).to_contain_text("@live.example")


@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_of_it_is_readable(windows: Windows, house: House, matter: Matter, width: int) -> None:
    def check(visitor: Visitor) -> None:
        check_readable(visitor.page)
        check_fits(visitor.page)
        check_targets(visitor.page)
        check_targets(visitor.page, 44, of=PRESSED)

    first = windows(matter.moderator, width=width)
    second = windows(house.stranger(role="moderator", password=PASSWORD), width=width)
    coordinator = windows(house.stranger(role="coordinator"), width=width)
    first.open(matter.path("context"))
    confirm(first)
    check(first)
    first.page.get_by_label("Why do you need it?").fill(WHY)
    first.page.get_by_role("button", name="Open for 15 minutes").click()
    expect(first.page.locator(".glass-message")).to_have_count(20)
    check(first)
    first.open(matter.path("identity"))
    first.page.get_by_label("Why do you need it?").fill(WHY)
    first.page.get_by_role("button", name="Ask for a second person").click()
    expect(first.page.get_by_role("heading", name="Waiting for a second person")).to_be_visible()
    check(first)
    second.open("/moderation/glass/")
    check(second)
    second.page.locator("li.card", has_text=WHY).last.get_by_role("link", name="Answer").click()
    confirm(second)
    check(second)
    second.page.get_by_role("button", name="I agree").click()
    expect(second.page.get_by_text("You agreed.")).to_be_visible()
    check(second)
    expect(first.page.get_by_role("heading", name="agreed")).to_be_visible()
    check(first)
    first.page.get_by_role("button", name="Show who it is").click()
    expect(first.page.locator(".glass-identity")).to_be_visible()
    check(first)
    coordinator.open("/moderation/review/")
    check(coordinator)
    coordinator.open("/moderation/review/?open=1")
    check(coordinator)
