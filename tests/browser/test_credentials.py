"""A mentor's papers in a browser: from nothing to valid, from valid to over, and what is refused in between with a sentence."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import FilePayload, expect

from mentoring.curriculum import module
from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.live.house import House

pytestmark = pytest.mark.browser

PDF: FilePayload = {"name": "anything.txt", "mimeType": "text/plain", "buffer": b"%PDF-1.7 one page"}
FAKE: FilePayload = {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": b"<script>alert(1)</script>"}


def at(windows: Windows, cookie: str, path: str, **about: object) -> Visitor:
    visitor = windows(cookie, **about)  # type: ignore[arg-type]
    visitor.watch.expect("status of 422")
    visitor.open(path)
    return visitor


def fill_in(visitor: Visitor, document: FilePayload) -> None:
    page, today = visitor.page, date.today()
    page.get_by_label("Who certified").fill("Board of Peer Recovery")
    page.get_by_label("Number").fill("PRS-48213")
    page.get_by_label("From").fill((today - timedelta(days=30)).isoformat())
    page.get_by_label("Until").fill((today + timedelta(days=400)).isoformat())
    page.get_by_label("Document").set_input_files(document)
    page.get_by_role("button", name="Send it to a coordinator").click()


def answer(visitor: Visitor, right: list[int], *, wrong: int | None = None) -> None:
    """Every question, one of them wrong."""
    for place, choice in enumerate(right):
        chosen = (choice + 1) % 3 if place == wrong else choice
        visitor.page.locator(f"input[name=question_{place}]").nth(chosen).check()
    visitor.page.get_by_role("button", name="Check").click()


def right_answers() -> list[int]:
    return [question.right for question in module("communication").quiz]


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without one"])
def test_from_nothing_to_valid(windows: Windows, house: House, script: bool) -> None:
    cookie = house.stranger(role="mentor")
    house.office("train", cookie=cookie, but="communication")
    mentor = at(windows, cookie, "/mentoring/", script=script)
    page = mentor.page
    expect(page.get_by_role("heading", name="No new clients for now")).to_be_visible()

    page.get_by_role("link", name="Add a certification").click()
    fill_in(mentor, FAKE)
    expect(page.get_by_text("Please choose a PDF, PNG or JPEG file.")).to_be_visible()
    fill_in(mentor, PDF)
    expect(page.get_by_text("Thank you. A coordinator will look at it.")).to_be_visible()
    expect(page.get_by_text("Waits for a check")).to_be_visible()

    name = house.office("name_of", cookie=cookie)
    coordinator = at(windows, house.stranger(role="coordinator"), "/mentoring/mentors/?show=todo", script=script)
    row = coordinator.page.get_by_role("row", name=name)
    expect(row).to_contain_text("1 paper to check")
    row.get_by_role("link", name="Open the file").click()
    with coordinator.page.expect_download() as download:
        coordinator.page.get_by_role("link", name="Look at the document").click()
    assert download.value.suggested_filename == "certificate.pdf"
    assert download.value.path().read_bytes() == PDF["buffer"]
    coordinator.page.get_by_role("button", name="I have checked this").click()
    expect(coordinator.page.get_by_text("Checked. It counts from now on.")).to_be_visible()

    mentor.open("/mentoring/")
    page.get_by_role("link", name="Read the agreement").click()
    expect(page.get_by_text("I stay a peer.")).to_be_visible()
    page.get_by_label("I have read this agreement").check()
    page.get_by_role("button", name="I accept").click()
    expect(page.get_by_text("You have accepted the ethics agreement.")).to_be_visible()

    page.get_by_role("link", name="Read this training").click()
    expect(page.get_by_role("heading", name="Communication", exact=True)).to_be_visible()
    page.get_by_role("link", name="Answer the questions").click()
    right = right_answers()
    answer(mentor, right, wrong=0)
    expect(page.get_by_text(f"{len(right) - 1} of {len(right)} are right.")).to_be_visible()
    expect(page.get_by_text("Not quite.")).to_have_count(1)
    page.locator("input[name=question_0]").nth(right[0]).check()
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("All of it right. “Communication” is done.")).to_be_visible()

    mentor.open("/mentoring/")
    expect(page.get_by_text("Valid until")).to_be_visible()
    expect(page.get_by_role("heading", name="No new clients for now")).to_have_count(0)


def test_as_the_days_go_by_reminded_then_over_then_supervised(windows: Windows, house: House) -> None:
    room = house.room("Alder group")
    person = house.person(room, role="mentor", pseudonym="Juniper")
    client = house.person(room)
    house.office("certify", cookie=person.cookie, called="Juniper", days=20)
    house.office("pair", client=client.cookie, mentor=person.cookie)
    house.office("lead", cookie=person.cookie, room=room)
    name = house.office("name_of", cookie=person.cookie)

    watching = windows(client.cookie)
    watching.enter(room)
    leads = watching.page.locator("[data-member]", has_text="Juniper").get_by_text("Leads this group")
    expect(leads).to_be_visible()

    house.office("remind")
    mentor = at(windows, person.cookie, "/mentoring/")
    expect(mentor.page.get_by_text("(in 20 days)")).to_be_visible()
    coordinator = at(windows, house.stranger(role="coordinator"), "/mentoring/mentors/?show=ending")
    expect(coordinator.page.get_by_role("row", name=name)).to_contain_text("Valid for 20 more days")

    house.office("certify_until", cookie=person.cookie, days=-1)
    house.office("remind")
    expect(leads).to_be_hidden(timeout=5000)

    coordinator.open("/mentoring/mentors/")
    page = coordinator.page
    expect(page.get_by_role("row", name=name)).to_contain_text("The certification expired on")
    page.get_by_role("link", name=f"Name one for {name}").click()
    options = page.get_by_label("Supervisor").locator("option")
    choice = options.filter(has_text="(Clinician)").first.inner_text()
    page.get_by_label("Supervisor").select_option(label=choice)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"{choice} supervises.")).to_be_visible()

    mentor.open("/mentoring/")
    expect(mentor.page.get_by_text(f"{choice} supervises the threads that run.")).to_be_visible()

    coordinator.open(f"/rooms/{room}/people/")
    while page.get_by_role("button", name=f"Let {name} lead this group").count() == 0:
        page.get_by_role("link", name="Next").click()
    page.get_by_role("button", name=f"Let {name} lead this group").click()
    expect(page.get_by_text("The certification expired on")).to_be_visible()
    expect(leads).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_of_papers_can_be_read_and_pressed_by_everybody(windows: Windows, house: House, width: int) -> None:
    new, over = house.stranger(role="mentor"), house.stranger(role="mentor")
    number = house.office("certify", cookie=over, called=f"Rowan {width}", days=-3)
    house.office("pair", client=house.stranger(), mentor=over)
    house.office("train", cookie=over)
    house.office("remind")
    mentors = (
        "/mentoring/",
        "/mentoring/certification/",
        "/mentoring/ethics/",
        "/mentoring/trainings/",
        "/mentoring/trainings/self_care/",
        "/mentoring/trainings/self_care/questions/",
    )
    files = ("/mentoring/mentors/", f"/mentoring/mentors/{number}/", "/mentoring/mentors/agreement/")
    coordinator = house.office("sign_in", email="coordinator@demo.example")
    for cookie, paths in ((new, mentors), (over, mentors), (coordinator, files)):
        visitor = windows(cookie, width=width, height=844 if width < 500 else 900)
        visitor.watch.expect("status of 422")
        for path in paths:
            visitor.open(path)
            check_readable(visitor.page)
            check_fits(visitor.page)
            check_targets(visitor.page)
        if cookie == new:
            visitor.page.get_by_role("button", name="Check my answers").click()
            check_readable(visitor.page)
            visitor.open("/mentoring/certification/")
            visitor.page.get_by_role("button", name="Send it to a coordinator").click()
            check_readable(visitor.page)
            check_fits(visitor.page)
