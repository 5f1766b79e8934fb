"""A content warning folds a message until its reader chooses to open it."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Windows
from tests.live.house import House

pytestmark = pytest.mark.browser


def test_a_content_warning_folds_for_the_reader_and_stays_open_for_the_author(windows: Windows, house: House) -> None:
    room = house.room()
    writer, reader = house.people(room, 2)
    writing, reading = windows(writer.cookie), windows(reader.cookie)
    writing.enter(room)
    reading.enter(room)
    writing.warn("Panic at night")
    writing.say("My heart would not slow down.")

    expect(writing.message("My heart").get_by_text("My heart would not slow down.")).to_be_visible()
    expect(writing.message("My heart")).to_contain_text("Content warning: Panic at night")
    expect(writing.warning).to_be_hidden()  # the next message starts without one

    words = reading.message("My heart").get_by_text("My heart would not slow down.")
    fold = reading.message("My heart").locator("summary")
    expect(fold).to_have_text("Content warning: Panic at night")
    expect(words).to_be_hidden()
    fold.focus()
    reading.page.keyboard.press("Enter")
    expect(words).to_be_visible()
    expect(fold).to_be_focused()
    reading.page.keyboard.press("Space")
    expect(words).to_be_hidden()

    reading.page.reload()
    expect(fold).to_be_visible()
    expect(words).to_be_hidden()
    writing.page.reload()
    expect(writing.message("My heart").get_by_text("My heart would not slow down.")).to_be_visible()


def test_neither_a_reply_nor_a_search_nor_a_screen_reader_unfolds_a_warning(windows: Windows, house: House) -> None:
    room = house.room()
    writer, reader = house.people(room, 2)
    visitor = windows(reader.cookie)
    visitor.enter(room)
    house.office("post", cookie=writer.cookie, room=room, body="The folded words", warning="Fireworks")
    expect(visitor.message("The folded words")).to_have_count(1)
    expect(visitor.page.locator("[data-part=announcer]")).to_have_text(
        f"{writer.pseudonym} wrote a message with a content warning: Fireworks"
    )
    visitor.choose("The folded words", "Reply")
    expect(visitor.page.locator(".composer__context")).to_contain_text("a message that is folded or was taken back")
    visitor.say("Thank you for the warning")
    expect(visitor.message("Thank you for the warning")).not_to_contain_text("The folded words")
    visitor.page.get_by_role("button", name="Search", exact=True).first.click()
    visitor.page.get_by_label("Words to look for").fill("folded words")
    visitor.page.keyboard.press("Enter")
    result = visitor.page.locator("[data-slot=results] li")
    expect(result).to_contain_text("Content warning: Fireworks")
    expect(result).not_to_contain_text("The folded words")
