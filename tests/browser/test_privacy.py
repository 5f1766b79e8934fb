"""A screen that nobody looks at shows nothing, and whoever is shown out sees and hears nothing more."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Windows
from tests.harness.server import Stores
from tests.live.house import House, embedded

pytestmark = pytest.mark.browser

PASSWORD = "a lantern on the quiet water"


def look_away(page: Page, *, hidden: bool = True) -> None:
    state = "hidden" if hidden else "visible"
    page.evaluate(
        "state => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        state,
    )


def test_a_hidden_tab_is_blurred(windows: Windows, house: House) -> None:
    room = house.room()
    visitor = windows(house.person(room).cookie)
    visitor.enter(room)
    body = visitor.page.locator("body")
    expect(body).to_have_css("filter", "none")
    look_away(visitor.page)
    expect(body).not_to_have_css("filter", "none")
    assert "blur" in body.evaluate("element => getComputedStyle(element).filter")
    look_away(visitor.page, hidden=False)
    expect(body).to_have_css("filter", "none")


def test_an_idle_screen_locks_and_the_password_opens_the_same_room(
    stores: Stores, windows_on: Callable[[House], Windows]
) -> None:
    with embedded(stores, PEERCHAT_LOCK_SECONDS="2") as house:
        room = house.room()
        person, other = house.person(room, password=PASSWORD), house.person(room)
        house.office("post", cookie=other.cookie, room=room, body="Nobody else may read this.")
        visitor = windows_on(house)(person.cookie)
        page = visitor.page
        visitor.enter(room)
        expect(page.get_by_role("heading", name="The screen is locked")).to_be_visible()
        assert "Nobody else may read this." not in page.content()
        visitor.open(f"/rooms/{room}/")
        expect(page.get_by_role("heading", name="The screen is locked")).to_be_visible()
        heard = len(visitor.heard)
        house.office("post", cookie=other.cookie, room=room, body="Said to a locked screen.")

        page.get_by_label("Password", exact=True).fill("not the password at all")
        page.get_by_role("button", name="Unlock").click()
        expect(page.locator(".errorlist")).to_be_visible()
        assert len(visitor.heard) == heard
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Unlock").click()
        page.wait_for_url(f"**/rooms/{room}/")
        expect(visitor.message("Said to a locked screen.")).to_be_visible()


def test_a_removed_member_is_told_and_hears_nothing_more(windows: Windows, house: House) -> None:
    room = house.room()
    removed, other = house.people(room, 2)
    visitor = windows(removed.cookie)
    visitor.watch.expect("status of 404")
    visitor.enter(room)
    visitor.write("Half a sentence")
    house.office("remove", cookie=removed.cookie, room=room)
    expect(visitor.error).to_be_visible()
    expect(visitor.error).to_contain_text("You are no longer a member of this room")
    expect(visitor.composer).to_be_disabled()
    house.office("post", cookie=other.cookie, room=room, body="Said without them")
    look_away(visitor.page)
    look_away(visitor.page, hidden=False)
    visitor.open(f"/rooms/{room}/")
    expect(visitor.page.get_by_role("heading", name="There is nothing here for you")).to_be_visible()
    assert not visitor.has_heard("Said without them")


def test_a_suspended_person_is_at_the_sign_in_page_within_seconds(windows: Windows, house: House) -> None:
    room = house.room()
    person = house.person(room)
    visitor = windows(person.cookie)
    visitor.enter(room)
    house.office("suspend", cookie=person.cookie)
    expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=5_000)


def test_signing_out_everywhere_ends_the_room_on_the_other_device(windows: Windows, house: House) -> None:
    room = house.room()
    person = house.person(room)
    phone = windows(house.office("sign_in_again", cookie=person.cookie), width=390)
    desk = windows(person.cookie)
    phone.enter(room)
    desk.open("/account/sessions/")
    desk.page.get_by_role("button", name="Sign out everywhere").click()
    expect(phone.page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=5_000)


def test_a_room_that_turns_read_only_says_so_at_once_and_keeps_what_was_typed(windows: Windows, house: House) -> None:
    room = house.room()
    visitor = windows(house.person(room).cookie)
    visitor.enter(room)
    visitor.write("Too late for this")
    house.office("change_room", room=room, read_only=True)
    expect(visitor.composer).to_be_disabled()
    expect(visitor.composer).to_have_value("Too late for this")
    expect(visitor.page.get_by_text("This room takes no messages at the moment.")).to_be_visible()
    visitor.page.reload()
    expect(visitor.composer).to_be_disabled()
    expect(visitor.page.get_by_text("This room takes no messages at the moment.")).to_be_visible()
