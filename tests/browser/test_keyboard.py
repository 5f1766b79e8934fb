"""Everything by keyboard: the focus is always seen and never lost, and Escape closes before it leaves."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from rooms.demo_program import PASSWORD
from tests.browser.visitor import Windows
from tests.live.house import House

pytestmark = pytest.mark.browser

_FOCUS = """
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return "lost";
  const { top, bottom, left, right, width } = element.getBoundingClientRect();
  if (bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth || width < 2) return "out of sight";
  const shows = (each, part) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each, part);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow.includes("0px 0px 0px 1px");
  };
  const inside = element.querySelector(":scope > .message__bubble");
  const places = [[element], [element, "::after"], [element.parentElement], ...(inside ? [[inside]] : [])];
  return places.some((place) => shows(...place)) ? "seen" : "not shown";
}
"""


def focus_of(page: Page) -> str:
    place: str = page.evaluate(_FOCUS)
    return place


def tab_to(page: Page, target: Locator, *, back: bool = False) -> None:
    """Presses Tab until the focus is there; on the whole way it must be seen."""
    for _ in range(80):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        at = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert focus_of(page) == "seen", (focus_of(page), at)
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not get to {target}")


def test_a_person_without_a_mouse_signs_in_writes_answers_reacts_and_searches(windows: Windows, house: House) -> None:
    visitor = windows()
    page = visitor.page
    visitor.open("/account/login/")
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type("client.three@demo.example")
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Good to see you"))).to_be_visible()

    tab_to(page, page.get_by_role("link", name="Anxiety group"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Anxiety group")).to_be_visible()
    expect(page.get_by_text("1 here now").first).to_be_visible()

    tab_to(page, page.get_by_role("link", name="Skip to writing"))
    page.keyboard.press("Enter")
    expect(visitor.composer).to_be_focused()
    page.keyboard.type("Typed without a mouse.")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("On two lines.")
    page.keyboard.press("Enter")
    expect(visitor.message("On two lines.")).to_be_visible()
    expect(visitor.composer).to_be_focused()

    more = visitor.message("On two lines.").get_by_role("button", name="What you can do")
    tab_to(page, more, back=True)
    page.keyboard.press("Enter")
    expect(visitor.menu).to_be_visible()
    assert focus_of(page) == "seen"
    page.keyboard.press("Escape")
    expect(visitor.menu).to_be_hidden()
    expect(more).to_be_focused()

    page.keyboard.press("Enter")
    tab_to(page, visitor.menu.get_by_role("button", name="Reply"))
    page.keyboard.press("Enter")
    expect(visitor.composer).to_be_focused()
    expect(page.get_by_text("Reply to Amber Finch")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Reply to Amber Finch")).to_be_hidden()
    expect(visitor.composer).to_be_focused()

    tab_to(page, more, back=True)
    page.keyboard.press("Enter")
    tab_to(page, visitor.menu.get_by_role("button", name="Reply"))
    page.keyboard.press("Enter")
    page.keyboard.type("My own answer.")
    page.keyboard.press("Enter")
    expect(visitor.message("My own answer.")).to_contain_text("Typed without a mouse.")

    tab_to(page, more, back=True)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the first one: a heart
    chip = visitor.message("On two lines.").get_by_role("button", name="Heart: 1 person")
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(more).to_be_focused()
    tab_to(page, chip, back=True)
    page.keyboard.press("Space")
    expect(chip).to_have_count(0)
    expect(more).to_be_focused()

    search = page.get_by_role("button", name="Search", exact=True).first
    tab_to(page, search, back=True)
    page.keyboard.press("Space")
    expect(page.get_by_label("Words to look for")).to_be_focused()
    page.keyboard.type("judgmental pigeon")
    page.keyboard.press("Enter")
    result = page.get_by_role("button", name=re.compile("judgmental pigeon"))
    tab_to(page, result)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Search this room")).to_be_hidden()
    expect(visitor.message("judgmental pigeon")).to_be_focused()
    assert focus_of(page) == "seen"
    expect(visitor.message("judgmental pigeon")).to_be_in_viewport()
    tab_to(page, search, back=True)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Words to look for")).to_be_focused()
    page.keyboard.press("Escape")
    expect(search).to_be_focused()

    menu = page.locator("summary", has=page.locator("svg")).and_(page.get_by_label("Menu", exact=True))
    tab_to(page, menu, back=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    page.keyboard.press("Tab")
    assert focus_of(page) == "seen"
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Settings")).to_be_hidden()
    expect(menu).to_be_focused()
    expect(page.get_by_role("heading", name="Anxiety group")).to_be_visible()


def test_taking_back_asks_and_gives_the_focus_back(windows: Windows, house: House) -> None:
    room = house.room()
    visitor = windows(house.person(room).cookie)
    page = visitor.page
    visitor.enter(room)
    visitor.say("A message of mine")
    more = visitor.message("A message of mine").get_by_role("button", name="What you can do")
    more.focus()
    page.keyboard.press("Enter")
    tab_to(page, visitor.menu.get_by_role("button", name="Take back"))
    page.keyboard.press("Enter")
    keep = page.get_by_role("button", name="Keep it")
    expect(keep).to_be_focused()
    page.keyboard.press("Escape")
    expect(keep).to_be_hidden()
    expect(more).to_be_focused()
    expect(visitor.message("A message of mine")).to_be_visible()
    page.keyboard.press("Enter")
    tab_to(page, visitor.menu.get_by_role("button", name="Take back"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Take it back"))
    page.keyboard.press("Enter")
    expect(visitor.message("This message was taken back.")).to_be_focused()
    assert focus_of(page) == "seen"


def test_on_a_phone_a_sheet_takes_the_focus_and_gives_it_back(windows: Windows, house: House) -> None:
    visitor = windows(house.office("sign_in", email="client.one@demo.example"), width=390, height=844)
    page = visitor.page
    visitor.enter(house.office("room_named", name="Anxiety group"))
    for name, title in (("Rooms", "Your rooms"), ("About", "About this room"), ("Search", "Search this room")):
        opener = page.get_by_role("button", name=name, exact=True).first
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        assert focus_of(page) == "seen"
        expect(visitor.composer).to_be_hidden()
        page.keyboard.press("Escape")
        expect(page.get_by_role("heading", name=title)).to_be_hidden()
        expect(opener).to_be_focused()
