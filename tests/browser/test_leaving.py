"""Leave quickly: one press, a neutral site, the session over, and nothing of the room behind the back button."""

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.visitor import Visitor, Windows
from tests.live.house import House

pytestmark = pytest.mark.browser


def go_back_and_forth(page: Page) -> str:
    """All that the tab's history shows."""
    shown = []
    for step in (*[page.go_back] * 4, *[page.go_forward] * 4):
        step()
        page.wait_for_load_state()
        shown.append(page.content() + page.url)
    return "\n".join(shown)


@pytest.fixture
def reader(windows: Windows, house: House) -> Visitor:
    """Somebody who came by the room list into a room, like everybody does."""
    room = house.room("Willow group")
    person, other = house.people(room, 2)
    house.office("post", cookie=other.cookie, room=room, body="Nobody else may read this.")
    visitor = windows(person.cookie)
    visitor.open("/")
    visitor.page.get_by_role("link", name="Willow group").click()
    expect(visitor.message("Nobody else may read this.")).to_be_visible()
    expect(visitor.page.get_by_text("1 here now").first).to_be_visible()
    return visitor


@pytest.mark.parametrize("way", ["key", "button"])
def test_leaving_goes_to_the_neutral_site_and_leaves_no_trace(reader: Visitor, elsewhere: str, way: str) -> None:
    page = reader.page
    room = page.url
    reader.write("A draft")
    if way == "key":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="Leave quickly").click()
    page.wait_for_url(elsewhere)
    expect(page.get_by_role("heading", name="Sunny")).to_be_visible()
    trace = go_back_and_forth(page)
    assert "Willow" not in trace
    assert "Nobody else may read this." not in trace
    assert "/rooms/" not in trace
    page.goto(room)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_neutral_site_that_takes_its_time_is_where_it_ends(reader: Visitor, elsewhere: str) -> None:
    """The server signs the person out, and closes their socket, before that site has answered."""

    def late(route: Route) -> None:
        time.sleep(2.5)
        route.continue_()

    reader.page.route(elsewhere, late)
    reader.page.keyboard.press("Escape")
    reader.page.wait_for_url(elsewhere)
    expect(reader.page.get_by_role("heading", name="Sunny")).to_be_visible()


def test_a_draft_or_an_unsent_message_does_not_hold_up_leaving(reader: Visitor, elsewhere: str) -> None:
    reader.watch.expect("ERR_INTERNET_DISCONNECTED")
    dialogs = reader.answer_dialogs(stay=False)
    reader.page.context.set_offline(True)
    reader.say("Not sent")
    expect(reader.waiting("Not sent")).to_be_visible()
    reader.page.context.set_offline(False)
    reader.page.keyboard.press("Escape")
    reader.page.wait_for_url(elsewhere)
    assert not dialogs


def test_going_from_page_to_page_leaves_no_trail_of_rooms(reader: Visitor) -> None:
    page = reader.page
    before = page.evaluate("history.length")
    page.get_by_label("Menu", exact=True).click()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    page.get_by_role("link", name="Rooms").click()
    expect(page.get_by_role("heading", name=re.compile("Good to see you"))).to_be_visible()
    assert page.evaluate("history.length") == before


def test_signing_out_leaves_nothing_behind_the_back_button(reader: Visitor) -> None:
    page = reader.page
    page.get_by_label("Menu", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    trace = go_back_and_forth(page)
    assert "Willow" not in trace
    assert "Nobody else may read this." not in trace
