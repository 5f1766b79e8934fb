"""Somebody in a call loses their page, by a reload or on a phone that threw it away: what both see, and how the talk goes on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.calling import Caller, a_pair, until
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.harness.server import Stores
from tests.live.house import House, embedded

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def small_house(stores: Stores) -> Iterator[House]:
    with embedded(stores) as house:
        yield house


@pytest.fixture(scope="module")
def brief_house(stores: Stores) -> Iterator[House]:
    """A house that waits for somebody who left only a few seconds."""
    with embedded(stores, PEERCHAT_CALL_BACK_SECONDS="8") as house:
        yield house


def talking(client: Caller, mentor: Caller, way: str = "Video") -> None:
    client.call(way)
    mentor.answer("Answer with video" if way == "Video" else "Answer with voice only")
    for person in (client, mentor):
        person.is_connected()


def reload(person: Caller) -> None:
    person.page.reload()
    expect(person.page.locator(".member--here").first).to_be_attached()


@pytest.mark.parametrize("side", [0, 1])
def test_who_reloads_the_page_comes_back_with_one_press(browsers: list[Browser], small_house: House, side: int) -> None:
    with a_pair(browsers, small_house) as two:
        talking(*two)
        away, waiting = two[side], two[1 - side]
        for turn in (1, 2):
            reload(away)
            expect(waiting.state()).to_have_text(f"Waiting for {away.name} to come back…")
            expect(away.way_back).to_contain_text(f"Your call with {waiting.name} is waiting for you.")
            expect(away.window).to_be_hidden()
            assert waiting.moved("other") == 0
            away.come_back()
            expect(away.way_back).to_be_hidden()
            for person in two:
                person.talks()
            assert waiting.page.evaluate("window.lines.length") == turn + 1
        waiting.press("Hang up")
        expect(away.window).to_be_hidden()
        (kept,) = small_house.office("calls", room=away.person.room)
        assert (kept["end"], kept["answered"]) == ("hung_up", True)


def test_both_reload_at_once_and_both_come_back(browsers: list[Browser], small_house: House) -> None:
    with a_pair(browsers, small_house) as two:
        talking(*two)
        for person in two:
            person.page.reload()
        for person in two:
            person.come_back()
        for person in two:
            person.talks()


def test_who_comes_back_with_the_voice_alone_shows_no_picture(browsers: list[Browser], small_house: House) -> None:
    with a_pair(browsers, small_house) as (client, mentor):
        talking(client, mentor)
        reload(client)
        client.come_back("Come back with voice only")
        client.sees_the_other_move()
        mentor.hears_the_other()
        expect(mentor.window.locator("[data-slot=face]")).to_be_visible()
        expect(client.window).to_contain_text("Your camera is off.")


def test_a_voice_call_is_come_back_to_by_voice_and_the_button_for_a_call_leads_back_too(
    browsers: list[Browser], small_house: House
) -> None:
    with a_pair(browsers, small_house) as (client, mentor):
        talking(client, mentor, "Voice")
        reload(client)
        expect(client.way_back.get_by_role("button")).to_have_text(
            ["Come back to the call", "End the call"], use_inner_text=True
        )
        client.come_back("Come back to the call")
        mentor.hears_the_other()
        reload(mentor)
        expect(mentor.way_back).to_be_visible()
        mentor.call("Voice")
        client.hears_the_other()
        assert len(small_house.office("calls", room=client.person.room)) == 1


def test_who_does_not_come_back_is_not_waited_for_any_longer(browsers: list[Browser], brief_house: House) -> None:
    with a_pair(browsers, brief_house) as (client, mentor):
        talking(client, mentor)
        reload(client)
        expect(client.way_back).to_be_visible()
        expect(mentor.state()).to_have_text(f"{client.name} did not come back. You can call again.")
        expect(client.way_back).to_be_hidden()
        expect(client.page.locator(".missed-call")).to_have_count(0)
        assert mentor.page.locator("[data-slot=own]").evaluate("(video) => video.srcObject") is None
        (kept,) = brief_house.office("calls", room=client.person.room)
        assert (kept["end"], kept["answered"]) == ("lost", True)
        mentor.press("Call again")
        client.answer()
        for person in (client, mentor):
            person.is_connected()


def test_who_is_away_may_end_the_call_and_so_may_the_other(browsers: list[Browser], small_house: House) -> None:
    with a_pair(browsers, small_house) as (client, mentor):
        talking(client, mentor)
        reload(client)
        client.come_back("End the call")
        expect(client.way_back).to_be_hidden()
        expect(mentor.window).to_be_hidden()
        expect(mentor.said).to_have_text("The call has ended.")
        talking(client, mentor)
        reload(client)
        expect(client.way_back).to_be_visible()
        mentor.press("Hang up")
        expect(client.way_back).to_be_hidden()


def test_a_second_window_takes_no_call_from_the_first_and_may_come_back_in_its_place(
    browsers: list[Browser], small_house: House
) -> None:
    with a_pair(browsers, small_house) as (client, mentor):
        second = client.page.context.new_page()
        second.goto(f"{client.visitor.home}/rooms/{client.person.room}/")
        expect(second.locator(".member--here").first).to_be_attached()
        offer = second.locator("[data-part=way-back]")
        talking(client, mentor)
        expect(offer).to_be_hidden()
        client.visitor.open("/help/")
        expect(offer).to_be_visible()
        client.enter()
        expect(client.way_back).to_be_visible()
        offer.get_by_role("button", name="Come back with voice only").click()
        mentor.hears_the_other()
        expect(client.way_back).to_be_hidden()


def test_a_page_that_was_thrown_away_without_a_word_is_come_back_to(
    browsers: list[Browser], small_house: House
) -> None:
    with a_pair(browsers, small_house) as (client, mentor):
        talking(client, mentor)
        # As where a phone ends the page: no farewell is said, everything is simply gone.
        client.page.evaluate("window.addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true)")
        client.page.evaluate("for (const line of window.lines) line.close()")
        reload(client)
        expect(mentor.state()).to_have_text(f"Waiting for {client.name} to come back…", timeout=40_000)
        client.come_back()
        for person in (client, mentor):
            person.talks()


@pytest.mark.parametrize("how", ["Sign out", "Lock the screen"])
def test_who_signs_out_or_locks_the_screen_hangs_up_at_once(
    browsers: list[Browser], small_house: House, how: str
) -> None:
    with a_pair(browsers, small_house) as (client, mentor):
        talking(client, mentor)
        client.page.locator("header summary[aria-label=Menu]").click()
        client.page.get_by_role("button", name=how).click()
        expect(mentor.window).to_be_hidden(timeout=5_000)
        expect(mentor.said).to_have_text("The call has ended.")
        (kept,) = small_house.office("calls", room=client.person.room)
        assert kept["end"] == "hung_up"


def test_a_session_that_is_ended_elsewhere_hangs_up_at_once(browsers: list[Browser], small_house: House) -> None:
    with a_pair(browsers, small_house) as (client, mentor):
        talking(client, mentor)
        client.visitor.watch.expect("WebSocket connection")
        small_house.office("end_sessions", cookie=client.person.cookie)
        expect(mentor.window).to_be_hidden(timeout=5_000)
        expect(client.page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
def test_the_way_back_can_be_read_pressed_and_fits(
    browsers: list[Browser], small_house: House, width: int, height: int, scheme: str
) -> None:
    with a_pair(browsers, small_house, width=width, height=height) as (client, mentor):
        for person in (client, mentor):
            person.page.emulate_media(color_scheme=scheme)
        talking(client, mentor)
        reload(client)
        expect(client.way_back).to_be_visible()
        expect(mentor.state()).to_contain_text("Waiting for")
        for person in (client, mentor):
            check_readable(person.page)
            check_fits(person.page)
        check_targets(client.page, 24, of=".way-back button")
        until(lambda: mentor.moved("own") > 20)
