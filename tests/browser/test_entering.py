"""The first time in a room: its agreement, a pseudonym that is one's own, and again when the agreement changes."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Windows
from tests.live.house import House

pytestmark = pytest.mark.browser


def test_a_client_who_was_admitted_reads_the_agreement_and_chooses_a_pseudonym(windows: Windows, house: House) -> None:
    visitor = windows(house.office("sign_in", email="client.four@demo.example"))
    page = visitor.page
    visitor.watch.expect("status of 422")
    visitor.open("/")
    page.get_by_role("link", name="Anxiety group").click()
    expect(page.get_by_role("heading", name="Group agreement")).to_be_visible()
    expect(page.get_by_text("What is said here stays here.")).to_be_visible()

    name = page.get_by_label("Your name in this room")
    enter = page.get_by_role("button", name="Enter the room")
    page.get_by_label("I have read the group agreement").check()
    for taken in ("Quiet Heron", "quiet  heron", "Qu1et Her0n", "Quіеt Неrоn"):  # the last is half Cyrillic
        name.fill(taken)
        enter.click()
        refusal = page.locator(".errorlist")
        expect(refusal).to_be_visible()
        expect(refusal).to_contain_text("letters of one alphabet" if "і" in taken else "Somebody here has this name")
        expect(name).to_have_value(taken)
        expect(page.get_by_label("I have read the group agreement")).to_be_checked()
    for name_too_telling, why in (
        ("Moderator", "sounds like a member of staff"),
        ("Dario D.", "a part of your real name"),
        ("Al", "Choose a name of 3 to 24 characters"),
    ):
        name.fill(name_too_telling)
        enter.click()
        expect(page.locator(".errorlist")).to_contain_text(why)

    page.get_by_role("group", name="Ideas for a name").get_by_role("button").first.click()
    expect(name).not_to_have_value("Al")
    expect(name).to_be_focused()
    name.fill("Gentle Otter")
    enter.click()
    expect(page.get_by_role("heading", name="Anxiety group")).to_be_visible()
    expect(page.get_by_role("complementary", name="About this room")).to_contain_text("Gentle Otter")
    visitor.say("Hello, I am new.")
    expect(visitor.message("Hello, I am new.")).to_be_visible()


def test_nobody_enters_without_accepting_the_agreement(windows: Windows, house: House) -> None:
    room = house.room()
    cookie = house.stranger()
    house.office("admit", cookie=cookie, room=room)
    visitor = windows(cookie, script=False)
    visitor.watch.expect("status of 422")
    visitor.open(f"/rooms/{room}/")
    expect(visitor.page.get_by_role("heading", name="Group agreement")).to_be_visible()
    visitor.page.get_by_label("Your name in this room").fill("Gentle Otter")
    visitor.page.get_by_role("button", name="Enter the room").click()
    visitor.open(f"/rooms/{room}/")
    expect(visitor.page.get_by_role("heading", name="Group agreement")).to_be_visible()


def test_an_open_page_asks_again_when_the_coordinator_changes_the_agreement(windows: Windows, house: House) -> None:
    room = house.room("Cedar group")
    client = windows(house.person(room, pseudonym="Silver Fern").cookie)
    coordinator = windows(house.office("sign_in", email="coordinator@demo.example"))
    client.enter(room)
    coordinator.open(f"/rooms/{room}/edit/")
    coordinator.page.get_by_label("Group agreement").fill("We are kinder still.")
    coordinator.page.get_by_role("button", name="Save").click()
    expect(coordinator.page.get_by_text("Saved.")).to_be_visible()

    expect(client.page.get_by_text("The group agreement has changed.")).to_be_visible()
    expect(client.page.get_by_text("We are kinder still.")).to_be_visible()
    expect(client.page.get_by_label("Your name in this room")).to_have_count(0)
    client.page.get_by_label("I have read the group agreement").check()
    client.page.get_by_role("button", name="Enter the room").click()
    client.say("Back again.")
    expect(client.message("Back again.")).to_be_visible()
    expect(client.page.get_by_role("complementary", name="About this room")).to_contain_text("Silver Fern")
