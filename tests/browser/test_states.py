"""How the room looks when it is empty, endless, crowded, cut off, or full of strange words."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits
from tests.live.house import House

pytestmark = pytest.mark.browser


class SlowServer:
    """Between page and server: keeps answers of some kinds back until they are let go; may be out of reach at first."""

    def __init__(self, visitor: Visitor, *kinds: str, reachable: bool = True) -> None:
        self.kept: list[str | bytes] = []
        self.reachable = reachable
        self._kinds = kinds
        self._route: WebSocketRoute | None = None
        visitor.page.route_web_socket("**/ws/", self._connect)

    def keep(self, *kinds: str) -> None:
        self._kinds = kinds

    def let_go(self) -> None:
        assert self._route is not None
        self._kinds = ()
        for frame in self.kept:
            self._route.send(frame)

    def _connect(self, route: WebSocketRoute) -> None:
        if not self.reachable:
            route.close(code=1011)
            return
        self._route = route
        route.connect_to_server().on_message(self._forward)

    def _forward(self, frame: str | bytes) -> None:
        assert self._route is not None
        if json.loads(frame)["type"] in self._kinds:
            self.kept.append(frame)
        else:
            self._route.send(frame)


def open_search(visitor: Visitor, words: str) -> None:
    visitor.page.get_by_role("button", name="Search", exact=True).first.click()
    visitor.page.get_by_label("Words to look for").fill(words)
    visitor.page.keyboard.press("Enter")


def test_an_empty_room_invites_to_a_first_hello(windows: Windows, house: House) -> None:
    room = house.room()
    visitor = windows(house.person(room).cookie)
    visitor.enter(room)
    expect(visitor.page.get_by_text("It is quiet here")).to_be_visible()
    expect(visitor.page.get_by_text("This is where the conversation begins.")).to_be_hidden()
    visitor.say("Hello")
    expect(visitor.message("Hello")).to_be_visible()
    expect(visitor.page.get_by_text("It is quiet here")).to_be_hidden()


def test_history_comes_in_without_a_jump_and_one_press_leads_back_to_the_newest(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    house.office("post_many", cookie=other.cookie, room=room, count=260, length=30)
    visitor = windows(person.cookie)
    slow = SlowServer(visitor, "history")
    visitor.open(f"/rooms/{room}/")
    jump = visitor.page.locator(".jump")
    expect(visitor.message("259 mmm")).to_have_count(1)
    expect(visitor.page.get_by_text("1 here now").first).to_be_visible()
    expect(visitor.message("210 mmm")).to_have_count(1)
    visitor.message("212 mmm").scroll_into_view_if_needed()
    expect(visitor.page.get_by_text("Loading older messages…")).to_be_attached()
    top: Any = visitor.message("215 mmm").bounding_box()
    slow.let_go()
    expect(visitor.message("190 mmm")).to_have_count(1)
    now: Any = visitor.message("215 mmm").bounding_box()
    assert abs(now["y"] - top["y"]) < 2

    house.office("post", cookie=other.cookie, room=room, body="Said while reading far above")
    expect(jump).to_have_text("1 new message")
    now = visitor.message("215 mmm").bounding_box()
    assert abs(now["y"] - top["y"]) < 2

    messages = visitor.page.locator("[data-part=messages] > li")
    for count in (111, 161, 211, 261):
        visitor.page.get_by_role("log").press("Home")
        expect(messages.nth(count - 1)).to_be_attached()
    expect(messages).to_have_count(261)
    expect(visitor.page.get_by_text("This is where the conversation begins.")).to_have_count(1)
    jump.click()
    expect(visitor.message("Said while reading far above")).to_be_in_viewport()
    expect(jump).to_be_hidden()


def test_three_hundred_members_fit_into_the_page(windows: Windows, house: House, tmp_path: Path) -> None:
    out = tmp_path / "cast.json"
    house.store.command("cast", "--rooms", "1", "--members", "300", "--out", str(out))
    cast = json.loads(out.read_text(encoding="utf-8"))
    visitor = windows(cast[0]["cookie"])
    visitor.enter(cast[0]["room"])
    expect(visitor.page.locator("[data-part=members] > li")).to_have_count(300)
    expect(visitor.page.locator("[data-part=members] > li").first).to_contain_text("you · here now")
    another = windows(cast[299]["cookie"])
    another.enter(cast[299]["room"])
    expect(visitor.page.get_by_text("2 here now").first).to_be_visible()
    another.say("Hello from the crowd")
    expect(visitor.message("Hello from the crowd")).to_be_in_viewport()
    check_fits(visitor.page)


def test_very_long_words_addresses_and_pictures_break_nothing(windows: Windows, house: House) -> None:
    room = house.room("A room with a name that is as long as a name of a room may be")
    person, other = house.people(room, 2)
    words = [
        "W" * 600,
        "/a/path/of/a/file/" + "very-long-name/" * 30,
        "👩🏽‍🚀" * 80,
        "مرحبا بكم في هذه الغرفة الهادئة",
        "<b>not bold</b> <script>not run</script> &amp; {{ not filled }}",
        "one\n\n\n\nfive lines later",
    ]
    for body in words:
        posted = house.office("post", cookie=other.cookie, room=room, body=body)
        house.office("post", cookie=other.cookie, room=room, body="An answer", reply_to=posted["id"], warning="L" * 100)
    for width in (320, 1440):
        visitor = windows(person.cookie, width=width)
        visitor.enter(room)
        for body in words:
            expect(visitor.message(body.split("\n")[0])).to_have_count(1)
        check_fits(visitor.page)
        timeline = visitor.page.get_by_role("log")
        assert timeline.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
        assert visitor.message("not bold").locator("b, script").count() == 0


def test_what_is_new_is_marked_where_the_reader_left_off(windows: Windows, house: House) -> None:
    room = house.room("Heath group")
    person, other = house.people(room, 2)
    house.office("post", cookie=other.cookie, room=room, body="Read already")
    visitor = windows(person.cookie)
    visitor.enter(room)
    expect(visitor.message("Read already")).to_be_visible()
    visitor.open("/")
    card = visitor.page.locator("li", has=visitor.page.get_by_role("link", name="Heath group"))
    expect(card).to_be_visible()
    expect(card.locator("[data-slot=unread]")).to_be_hidden()
    for number in range(3):
        house.office("post", cookie=other.cookie, room=room, body=f"New {number}")
    visitor.page.reload()
    expect(card.locator("[data-slot=unread]")).to_contain_text("3")

    visitor.enter(room)
    line = visitor.page.get_by_text("New since you were here").locator("visible=true")
    expect(line).to_have_count(1)
    expect(visitor.message("New 0").get_by_text("New since you were here")).to_be_visible()
    visitor.page.reload()
    expect(visitor.message("New 2")).to_be_visible()
    expect(line).to_have_count(0)


def test_what_is_new_in_other_rooms_shows_in_the_list_and_beside_the_open_room(windows: Windows, house: House) -> None:
    here, there = house.room("Harbour group"), house.room("Island group")
    person, other = house.person(here), house.person(there)
    house.member(there, person.cookie)
    visitors = [windows(person.cookie), windows(person.cookie)]
    for visitor, path in zip(visitors, (f"/rooms/{here}/", "/"), strict=True):
        visitor.page.clock.install()
        with visitor.page.expect_websocket() as waiting:
            visitor.open(path)
        waiting.value.wait_for_event("framereceived", lambda frame: '"watch"' in str(frame))
    for words in ("1 new message", "2 new messages"):
        house.office("post", cookie=other.cookie, room=there, body=words)
        for visitor in visitors:
            unread = visitor.page.locator(f'[data-room-link="{there}"] [data-slot=unread]')
            visitor.page.clock.run_for(11_000)
            expect(unread).to_contain_text(words)
    assert not any(visitor.has_heard("new message") for visitor in visitors)  # told that something is new, never what


def test_days_are_set_apart_in_the_words_of_a_calendar(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    for days, body in ((5, "Five days ago"), (1, "A day ago"), (0, "Just now")):
        house.office("post", cookie=other.cookie, room=room, body=body, days_ago=days)
    visitor = windows(person.cookie)
    visitor.enter(room)
    expect(visitor.message("Five days ago").locator(".message__day")).to_have_text(re.compile(r"^\w+day, \w+ \d+$"))
    expect(visitor.message("A day ago").locator(".message__day")).to_have_text("Yesterday")
    expect(visitor.message("Just now").locator(".message__day")).to_have_text("Today")
    visitor.say("The same day")
    expect(visitor.message("The same day").locator(".message__day")).to_be_hidden()


def test_a_search_finds_says_that_there_is_nothing_and_can_be_stopped(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    house.office("post", cookie=other.cookie, room=room, body="The café was quiet.")
    house.office("post_many", cookie=other.cookie, room=room, count=120, length=10)
    visitor = windows(person.cookie)
    slow = SlowServer(visitor)
    visitor.open(f"/rooms/{room}/")
    expect(visitor.page.get_by_text("1 here now").first).to_be_visible()
    status = visitor.page.locator("[data-part=search] [data-slot=status]")
    results = visitor.page.locator("[data-slot=results] li")
    open_search(visitor, "CAFE quiet")
    expect(status).to_have_text("1 message found")
    results.get_by_role("button").click()
    expect(visitor.message("The café was quiet.")).to_be_in_viewport()  # loaded, although far back

    open_search(visitor, "nobody said this")
    expect(status).to_have_text("Nothing found.")
    expect(results).to_have_count(0)
    visitor.page.get_by_label("Words to look for").fill("x")
    visitor.page.keyboard.press("Enter")
    expect(status).to_have_text("Write at least two letters.")

    slow.keep("searched")
    visitor.page.get_by_label("Words to look for").fill("mmm")
    visitor.page.keyboard.press("Enter")
    expect(status).to_contain_text("found so far")
    visitor.page.get_by_role("button", name="Stop").click()
    expect(status).to_have_text("Stopped.")
    expect(visitor.page.get_by_role("button", name="Stop")).to_be_hidden()


def test_a_page_that_cannot_reach_the_live_server_can_be_read_and_keeps_what_is_written(
    windows: Windows, house: House
) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    house.office("post", cookie=other.cookie, room=room, body="There before")
    visitor = windows(person.cookie)
    server = SlowServer(visitor, reachable=False)
    visitor.open(f"/rooms/{room}/")
    expect(visitor.connection).to_have_text("Reconnecting…")
    expect(visitor.message("There before")).to_be_visible()
    visitor.say("Kept for later")
    expect(visitor.connection).to_have_text("Reconnecting… your message is kept.")
    expect(visitor.waiting("Kept for later")).to_contain_text("Kept.")
    server.reachable = True
    expect(visitor.message("Kept for later")).to_have_count(1, timeout=30_000)
    expect(visitor.connection).to_be_empty()


def test_a_message_that_is_too_long_is_said_so_before_it_is_sent(windows: Windows, house: House) -> None:
    room = house.room()
    visitor = windows(house.person(room).cookie)
    visitor.enter(room)
    visitor.write("a" * 3990)
    expect(visitor.page.get_by_text("Characters left: 10")).to_be_visible()
    visitor.say("😀" * 4001)
    expect(visitor.page.get_by_text("Characters too many: 1")).to_be_visible()
    expect(visitor.error).to_contain_text("too long for one message")
    visitor.say("😀" * 4000)
    expect(visitor.message("😀")).to_be_visible()


def test_a_draft_is_in_this_page_only(windows: Windows, house: House) -> None:
    room = house.room()
    visitor = windows(house.person(room).cookie)
    visitor.enter(room)
    visitor.write("Not meant for anybody yet")
    visitor.page.reload()
    kept = visitor.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert kept == "[{},{}]"
    assert visitor.page.evaluate("indexedDB.databases()") == []
