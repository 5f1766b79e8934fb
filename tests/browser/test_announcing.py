"""What a screen reader is told: each new message once and politely, the history not at all."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor, Windows
from tests.live.house import House

pytestmark = pytest.mark.browser

_LISTEN = """
window.said = [];
const isLive = (element) => element?.closest("[aria-live], [role=status], [role=alert], [role=log]");
const politeness = (region) => region.getAttribute("aria-live") ?? { status: "polite", alert: "assertive", log: "polite" }[region.role];
new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    const region = isLive(target.nodeType === 1 ? target : target.parentElement);
    const text = addedNodes.length ? [...addedNodes].map((node) => node.textContent).join("") : target.textContent;
    if (region && text.trim() && politeness(region) !== "off") window.said.push([politeness(region), text.trim()]);
  }
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


def said(visitor: Visitor) -> list[list[str]]:
    """How urgent and what, in the order in which it was said."""
    spoken: list[list[str]] = visitor.page.evaluate("window.said")
    return spoken


def test_a_new_message_is_announced_once_and_the_history_is_not_read_out(windows: Windows, house: House) -> None:
    room = house.room()
    listener, other = house.people(room, 2)
    house.office("post_many", cookie=other.cookie, room=room, count=120, length=10)
    visitor = windows(listener.cookie)
    visitor.page.add_init_script(_LISTEN)
    visitor.enter(room)
    expect(visitor.page.get_by_text("1 here now").first).to_be_visible()
    for first in ("69 mmm", "19 mmm", "0 mmm"):
        visitor.page.get_by_role("log").press("Home")
        expect(visitor.message(first).first).to_be_attached()
    assert not [text for _, text in said(visitor) if "mmm" in text]

    visitor.page.evaluate("window.said.length = 0")
    house.office("post", cookie=other.cookie, room=room, body="Good morning")
    house.office("post", cookie=other.cookie, room=room, body="and good luck", warning="Luck")
    expect(visitor.message("and good luck")).to_have_count(1)
    visitor.say("Thank you")
    expect(visitor.message("Thank you")).to_be_visible()
    messages = [
        (how, text) for how, text in said(visitor) if "good" in text.lower() or "Luck" in text or "Thank" in text
    ]
    assert messages == [
        ("polite", f"{other.pseudonym} wrote: Good morning"),
        ("polite", f"{other.pseudonym} wrote a message with a content warning: Luck"),
    ]


def test_a_burst_is_told_in_one_sentence_and_changes_are_not_told(windows: Windows, house: House) -> None:
    room = house.room()
    listener, other = house.people(room, 2)
    visitor = windows(listener.cookie)
    visitor.page.add_init_script(_LISTEN)
    visitor.enter(room)
    visitor.watch.expect("ERR_INTERNET_DISCONNECTED")
    visitor.page.context.set_offline(True)
    expect(visitor.connection).to_have_text("Reconnecting…")
    house.office("post_many", cookie=other.cookie, room=room, count=8, length=10)
    visitor.page.evaluate("window.said.length = 0")
    visitor.page.context.set_offline(False)
    expect(visitor.message("7 mmm")).to_be_visible()
    assert ["polite", "8 new messages"] in said(visitor)
    assert not [text for _, text in said(visitor) if "mmm" in text]


def test_a_held_message_and_a_lost_connection_are_told(windows: Windows, house: House) -> None:
    room = house.room()
    visitor = windows(house.person(room).cookie)
    visitor.page.add_init_script(_LISTEN)
    visitor.enter(room)
    visitor.say("Call me at 415 555 2671")
    expect(visitor.waiting("415 555 2671")).to_contain_text("Not sent yet")
    assert any(how == "assertive" and "it was not sent" in text for how, text in said(visitor))
    visitor.watch.expect("ERR_INTERNET_DISCONNECTED")
    visitor.page.context.set_offline(True)
    expect(visitor.connection).to_contain_text("Reconnecting…")
    assert any(how == "polite" and "Reconnecting" in text for how, text in said(visitor))


def test_the_page_has_its_landmarks_and_headings(windows: Windows, house: House) -> None:
    room = house.room("Meadow group")
    visitor = windows(house.person(room).cookie)
    visitor.enter(room)
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Meadow group")
    for role, name in (
        ("navigation", "Your rooms"),
        ("region", "Meadow group"),
        ("complementary", "About this room"),
        ("log", "Conversation"),
    ):
        expect(page.get_by_role(role, name=name, exact=True)).to_have_count(1)  # type: ignore[arg-type]
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
