"""Every page for everybody: axe finds nothing, nothing scrolls sideways, everything is large enough to press."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.live.house import House

pytestmark = pytest.mark.browser

PASSWORD = "a lantern on the quiet water"
PRIMARY = (
    ".button, .menu__item, .tool, .header__help, .header__leave, .menu > summary, .message__more, .room-link, textarea"
)


@pytest.fixture
def room(house: House) -> str:
    """A room with a bit of everything in it."""
    room = house.room("Lantern group")
    mentor, client = house.person(room, role="mentor"), house.person(room)
    first = house.office("post", cookie=mentor.cookie, room=room, body="Good evening.", days_ago=1)
    house.office("post", cookie=client.cookie, room=room, body="A hard night.", warning="Panic", reply_to=first["id"])
    house.office("post_many", cookie=client.cookie, room=room, count=12, length=60)
    return room


@pytest.fixture
def pages(windows: Windows, house: House, room: str) -> Callable[[int], Iterator[Visitor]]:
    """Every page and every state of the room, one after the other, in windows of this width."""

    def walk(width: int) -> Iterator[Visitor]:
        def person(cookie: str = "") -> Visitor:
            visitor = windows(cookie, width=width, height=844 if width < 500 else 900)
            visitor.watch.expect("status of 404", "status of 422")
            return visitor

        yield from _outside(person())
        member = house.person(room, password=PASSWORD)
        yield from _in_the_room(person(member.cookie), room)
        yield from _own_pages(person(member.cookie))
        newcomer = house.stranger()
        house.office("admit", cookie=newcomer, room=room)
        yield from _joining(person(newcomer), room)
        yield from _coordinators(person(house.office("sign_in", email="coordinator@demo.example")), room)

    return walk


def _outside(visitor: Visitor) -> Iterator[Visitor]:
    for path in ("/account/login/", "/help/", "/nothing/", "/account/password/reset/", "/join/nothing/"):
        visitor.open(path)
        yield visitor


def _in_the_room(visitor: Visitor, room: str) -> Iterator[Visitor]:
    page = visitor.page
    visitor.open("/")
    yield visitor
    page.get_by_label("Menu", exact=True).click()
    yield visitor
    visitor.enter(room)
    yield visitor
    visitor.say("A message of my own")
    visitor.choose("A message of my own", "Heart")
    visitor.choose("A message of my own", "Reply")
    visitor.warn("Sleep")
    visitor.ask_what_to_do("A message of my own")
    yield visitor
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    visitor.say("Call me at 415 555 2671")
    expect(page.locator(".message--held")).to_be_visible()
    yield visitor
    if visitor.page.get_by_role("button", name="About").is_visible():
        for name in ("Rooms", "About"):
            page.get_by_role("button", name=name, exact=True).first.click()
            yield visitor
            page.keyboard.press("Escape")
    page.get_by_role("button", name="Search", exact=True).first.click()
    page.get_by_label("Words to look for").fill("evening")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 message found")).to_be_visible()
    yield visitor


def _own_pages(visitor: Visitor) -> Iterator[Visitor]:
    for path in ("/account/", "/account/sessions/", "/account/password/change/"):
        visitor.open(path)
        yield visitor
    visitor.page.get_by_label("Menu", exact=True).click()
    visitor.page.get_by_role("button", name="Lock the screen").click()
    expect(visitor.page.get_by_role("heading", name="The screen is locked")).to_be_visible()
    yield visitor


def _joining(visitor: Visitor, room: str) -> Iterator[Visitor]:
    visitor.open(f"/rooms/{room}/join/")
    yield visitor
    visitor.page.get_by_label("Your name in this room").fill("Moderator")
    visitor.page.get_by_label("I have read").check()
    visitor.page.get_by_role("button", name="Enter the room").click()
    expect(visitor.page.locator(".errorlist")).to_be_visible()
    yield visitor


def _coordinators(visitor: Visitor, room: str) -> Iterator[Visitor]:
    paths = ("/rooms/", "/rooms/new/", f"/rooms/{room}/edit/", f"/rooms/{room}/people/", "/people/", "/people/invite/")
    for path in paths:
        visitor.open(path)
        yield visitor


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_in_the_light_and_in_the_dark(pages: Callable[[int], Iterator[Visitor]], width: int) -> None:
    for visitor in pages(width):
        check_readable(visitor.page)
        check_fits(visitor.page)


def test_nothing_scrolls_sideways_and_everything_can_be_pressed_on_the_smallest_phone(
    pages: Callable[[int], Iterator[Visitor]],
) -> None:
    for visitor in pages(320):
        check_fits(visitor.page)
        check_targets(visitor.page)
        check_targets(visitor.page, 44, of=PRIMARY)


def test_text_at_twice_its_size_still_fits(windows: Windows, house: House, room: str) -> None:
    visitor = windows(house.person(room).cookie, width=720, height=800)
    visitor.enter(room)
    visitor.page.evaluate("document.documentElement.style.fontSize = '212.5%'")
    check_fits(visitor.page)
    expect(visitor.composer).to_be_in_viewport()
    expect(visitor.page.get_by_role("link", name="Help now")).to_be_in_viewport()
    expect(visitor.page.get_by_role("button", name="Leave quickly")).to_be_in_viewport()


def test_help_and_leaving_are_in_the_same_place_on_every_page(windows: Windows, house: House, room: str) -> None:
    visitor = windows(house.person(room).cookie, width=390, height=844)
    places = set()
    for path in ("/", f"/rooms/{room}/", "/help/", "/account/", "/account/sessions/"):
        visitor.open(path)
        for found in (
            visitor.page.get_by_role("link", name="Help now"),
            visitor.page.get_by_role("button", name="Leave quickly"),
        ):
            box = found.bounding_box()
            assert box is not None
            places.add((round(box["x"]), round(box["y"])))
    assert len(places) == 2


def test_a_theme_that_was_chosen_holds_on_every_page(windows: Windows, house: House, room: str) -> None:
    visitor = windows(house.person(room).cookie, scheme="light")
    visitor.open("/")
    page = visitor.page
    light = page.locator("body").evaluate("element => getComputedStyle(element).backgroundColor")
    page.get_by_label("Menu", exact=True).click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("body")).not_to_have_css("background-color", light)
    visitor.enter(room)
    expect(page.locator("body")).not_to_have_css("background-color", light)
    page.get_by_label("Menu", exact=True).click()
    page.get_by_role("button", name="As on this device").click()
    expect(page.locator("body")).to_have_css("background-color", light)


def test_who_wants_less_motion_gets_none(windows: Windows, house: House, room: str) -> None:
    visitor = windows(house.person(room).cookie)
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.enter(room)
    moving = visitor.page.evaluate(
        "document.getAnimations().filter((each) => each.effect.getTiming().duration > 10).length"
    )
    assert moving == 0
    assert visitor.page.locator(".button").first.evaluate(
        "element => getComputedStyle(element).transitionDuration"
    ) in ("0s", "0s, 0s")
