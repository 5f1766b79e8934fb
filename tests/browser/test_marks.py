"""Under one's own newest messages in a thread: Sent, Delivered, Read. In words, quietly, and nowhere else."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Windows
from tests.live.house import House

pytestmark = pytest.mark.browser

_MAY_BE_HIDDEN = (
    "Object.defineProperty(document, 'visibilityState', { get: () => (window.away ? 'hidden' : 'visible') })"
)


def test_a_message_is_sent_then_delivered_then_read(windows: Windows, house: House) -> None:
    client, mentor = house.thread()
    writing, reading = windows(client.cookie), windows(mentor.cookie)
    writing.enter(client.room)
    writing.say("Nobody is there yet.")
    first = writing.message("Nobody is there yet.")
    expect(first.locator(".message__mark")).to_have_text("Sent")

    reading.page.add_init_script(_MAY_BE_HIDDEN)
    reading.page.add_init_script("window.away = true")
    reading.enter(mentor.room)
    expect(first.locator(".message__mark")).to_have_text("Delivered")
    writing.say("And one more.")
    second = writing.message("And one more.")
    expect(second.locator(".message__mark")).to_have_text("Delivered")
    expect(first.locator(".message__mark")).to_be_hidden()

    reading.page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(second.locator(".message__mark")).to_have_text("Read")
    assert writing.page.locator("[data-part=announcer]").inner_text() == ""
    expect(reading.page.locator(".message__mark:visible")).to_have_count(0)

    writing.enter(client.room)
    expect(writing.message("And one more.").locator(".message__mark")).to_have_text("Read")


def test_a_group_shows_no_marks(windows: Windows, house: House) -> None:
    room = house.room()
    one, other = house.people(room, 2)
    writing, reading = windows(one.cookie), windows(other.cookie)
    for visitor in (writing, reading):
        visitor.enter(room)
    writing.say("Hello all.")
    expect(reading.message("Hello all.")).to_be_visible()
    reading.page.wait_for_timeout(1500)
    expect(writing.page.locator(".message__mark:visible")).to_have_count(0)
    assert not writing.has_heard('"marks"')
