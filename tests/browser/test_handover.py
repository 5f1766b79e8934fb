"""A crisis from the moderator's hands into a clinician's, by name and live, on a phone too."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.live.house import House
from tests.live.pages import Browser

pytestmark = pytest.mark.browser

SAID = "It has been raining for days and I see no end."
NOTE = "She writes calmly, and that worries me."
LISTEN = """
window.notes = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.notes += 1; return start.apply(this, when); };
"""
PRESSED = ".button, .glass-back, textarea, summary"


class Crisis:
    """A message that another client flagged as a crisis, and the moderator who claimed its case."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.room = house.room("Lantern group")
        self.author = house.person(self.room, pseudonym="Quiet Heron")
        flagger = house.person(self.room, pseudonym="Steady River")
        message = house.office("post", cookie=self.author.cookie, room=self.room, body=SAID)["id"]
        about = {"category": "suicide", "words": "Please look at this."}
        self.by(flagger.cookie).post(f"/rooms/{self.room}/flag/?message={message}", **about)
        self.case = next(case["id"] for case in house.office("cases") if case["room_id"] == self.room)
        self.moderator = house.stranger(role="moderator")
        self.act("claim")

    def by(self, cookie: str) -> Browser:
        return Browser(self.house.server.url, cookie)

    def act(self, verb: str, **about: str) -> None:
        """What the moderator does on the page of the case."""
        answer = self.by(self.moderator).post(f"/moderation/cases/{self.case}/act/{verb}/", **about)
        assert answer.status == 302, (verb, answer.status)

    def hand_over(self) -> None:
        self.act("hand_over", to="on_call", text=NOTE)

    @property
    def path(self) -> str:
        return f"/moderation/handovers/{self.case}/"


@pytest.fixture
def crisis(house: House) -> Crisis:
    return Crisis(house)


def line(visitor: Visitor, crisis: Crisis) -> Locator:
    return visitor.page.locator(f'[data-handover="{crisis.case}"]')


def test_from_the_hand_over_to_its_end(windows: Windows, house: House, crisis: Crisis) -> None:
    clinician = windows(house.stranger(role="clinician"), width=390, height=844)
    clinician.page.add_init_script(LISTEN)
    clinician.open("/moderation/handovers/")
    clinician.page.get_by_role("heading", name="Hand-overs").click()  # a browser sounds only after a touch
    expect(line(clinician, crisis)).to_have_count(0)
    moderator = windows(crisis.moderator)
    moderator.open(f"/moderation/cases/{crisis.case}/")

    crisis.hand_over()
    expect(line(clinician, crisis)).to_contain_text("Suicide or self-harm")
    expect(line(clinician, crisis)).to_contain_text("4 min left")
    expect(clinician.page.get_by_text("A new hand-over is waiting.")).to_have_count(1)
    clinician.page.wait_for_function("window.notes > 0")
    expect(clinician.page.get_by_text(SAID)).to_have_count(0)

    line(clinician, crisis).get_by_role("button", name="I take this").click()
    page = clinician.page
    expect(page.get_by_text(SAID)).to_be_visible()
    expect(page.get_by_text(NOTE)).to_be_visible()
    expect(page.get_by_text("Please look at this.")).to_be_visible()
    expect(moderator.page.locator("[data-slot=standing]")).to_contain_text("took this hand-over")

    page.get_by_role("button", name="Show name and e-mail").click()
    expect(page.locator(".glass-identity")).to_contain_text("@live.example")

    page.get_by_label("has read this and will call you").check()
    expect(page.get_by_label("What the person reads")).not_to_be_empty()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Sent.")).to_be_visible()
    author = windows(crisis.author.cookie)
    author.open("/cards/all/")
    expect(author.page.get_by_text("has read this and will call you").first).to_be_visible()

    page.get_by_text("Close it").click()
    page.get_by_label("A clinician took over").check()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("Closed. Thank you.")).to_be_visible()
    expect(line(clinician, crisis)).to_have_count(0)

    coordinator = windows(house.stranger(role="coordinator"))
    coordinator.open("/moderation/review/")
    expect(coordinator.page.locator(".review").first).to_contain_text("None: a crisis that they took over")


def test_two_clinicians_see_who_was_faster(windows: Windows, house: House, crisis: Crisis) -> None:
    crisis.hand_over()
    one, other = (windows(house.stranger(role="clinician")) for _ in range(2))
    for visitor in (one, other):
        visitor.open("/moderation/handovers/")
        expect(line(visitor, crisis)).to_be_visible()
    line(one, crisis).get_by_role("button", name="I take this").click()
    expect(one.page.get_by_text(SAID)).to_be_visible()
    expect(line(other, crisis)).to_have_count(0)


def test_what_is_new_is_said_and_what_one_types_stays(windows: Windows, house: House, crisis: Crisis) -> None:
    crisis.hand_over()
    clinician = windows(house.stranger(role="clinician"))
    clinician.open(crisis.path)
    clinician.page.get_by_role("button", name="I take this").click()
    clinician.page.get_by_label("What the person reads").fill("I am on my way to the")
    crisis.act("note", text="Her mentor is with her now.")
    expect(clinician.page.get_by_text("There is something new here.")).to_be_visible()
    expect(clinician.page.get_by_label("What the person reads")).to_have_value("I am on my way to the")
    expect(clinician.page.get_by_text("Her mentor is with her now.")).to_have_count(0)
    clinician.page.get_by_role("link", name="Show it").click()
    expect(clinician.page.get_by_text("Her mentor is with her now.")).to_be_visible()


def test_it_works_where_no_script_runs(windows: Windows, house: House, crisis: Crisis) -> None:
    crisis.hand_over()
    clinician = windows(house.stranger(role="clinician"), script=False, width=390, height=844)
    clinician.open("/moderation/handovers/")
    line(clinician, crisis).get_by_role("button", name="I take this").click()
    clinician.page.get_by_label("has read this and will call you").check()
    clinician.page.get_by_role("button", name="Send").click()
    expect(clinician.page.get_by_text("Sent.")).to_be_visible()
    clinician.page.get_by_text("Hand back to moderation").click()
    clinician.page.get_by_role("button", name="Hand back").click()
    expect(clinician.page.get_by_text("Handed back.")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_of_it_is_readable(windows: Windows, house: House, crisis: Crisis, width: int) -> None:
    def check() -> None:
        check_readable(clinician.page)
        check_fits(clinician.page)
        check_targets(clinician.page)
        check_targets(clinician.page, 44, of=PRESSED)

    clinician = windows(house.stranger(role="clinician"), width=width)
    clinician.watch.expect("status of 422")
    clinician.open("/moderation/handovers/")
    check()
    crisis.hand_over()
    expect(line(clinician, crisis)).to_be_visible()
    check()
    clinician.open(crisis.path)
    check()
    clinician.page.get_by_role("button", name="I take this").click()
    expect(clinician.page.get_by_text(SAID)).to_be_visible()
    check()
    for fold in ("Write a note for the team", "Hand back to moderation", "Close it"):
        clinician.page.get_by_text(fold).click()
    check()
    clinician.page.get_by_role("button", name="Show name and e-mail").click()
    check()
    clinician.page.get_by_role("button", name="Send").click()
    expect(clinician.page.get_by_text("Please write a few words.")).to_be_visible()
    check()
    clinician.open("/moderation/handovers/")
    check()
