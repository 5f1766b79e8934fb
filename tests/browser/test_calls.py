"""Two people call each other, in two browsers with made-up cameras: what each sees, hears and reads."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.calling import Caller, a_pair, until
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.harness.server import Stores
from tests.live.house import House, embedded

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def quiet_house(stores: Stores) -> Iterator[House]:
    """A house of these tests' own, in which a call rings for a few seconds only."""
    with embedded(stores, PEERCHAT_RING_SECONDS="6") as house:
        yield house


def test_both_see_and_hear_each_other(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.call()
        expect(client.state()).to_have_text(f"Calling {mentor.name}…")
        expect(mentor.dialog).to_be_visible()
        expect(mentor.dialog).to_contain_text(f"{client.name} is calling you")
        expect(mentor.dialog.get_by_role("button", name="Answer with video")).to_be_focused()
        mentor.answer()
        for person in (client, mentor):
            person.talks()
            expect(person.window).to_contain_text("Not recorded")
            assert person.statistics()["dtls"] == "connected"
        client.press("Hang up")
        expect(client.window).to_be_hidden()
        expect(mentor.window).to_be_hidden()
        expect(mentor.said).to_have_text("The call has ended.")
        (kept,) = quiet_house.office("calls", room=client.person.room)
        assert (kept["end"], kept["answered"], kept["way"]) == ("hung_up", True, "video")


def test_a_voice_call_shows_no_picture_and_the_camera_may_come_later(
    browsers: list[Browser], quiet_house: House
) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        mentor.call("Voice")
        expect(client.dialog).to_contain_text("A voice call.")
        expect(client.dialog.get_by_role("button", name="Answer with video")).to_be_hidden()
        client.answer("Answer with voice only")
        for person in (client, mentor):
            person.is_connected()
            person.hears_the_other()
            expect(person.window).to_contain_text("Your camera is off.")
            assert person.moved() == 0
        mentor.press("Camera off")
        client.sees_the_other_move()
        assert client.moved("own") == 0
        mentor.press("Camera off")
        expect(client.window.locator("[data-slot=face]")).to_be_visible()
        mentor.press("Camera off")
        client.sees_the_other_move()
        client.press("Camera off")
        mentor.sees_the_other_move()


def test_a_video_call_may_be_answered_with_the_voice_alone(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        mentor.call()
        client.answer("Answer with voice only")
        client.is_connected()
        client.sees_the_other_move()
        mentor.hears_the_other()
        expect(mentor.window.locator("[data-slot=face]")).to_be_visible()
        assert mentor.moved() == 0


def test_who_mutes_is_not_heard_and_the_other_reads_it(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.call("Voice")
        mentor.answer("Answer with voice only")
        mentor.hears_the_other()
        client.press("Microphone off")
        expect(client.window.get_by_role("button", name="Microphone off")).to_have_attribute("aria-pressed", "true")
        expect(mentor.window).to_contain_text(f"{client.name} has the microphone off.")
        until(lambda: _is_silent(mentor))
        client.press("Microphone off")
        mentor.hears_the_other()
        expect(mentor.window).not_to_contain_text("has the microphone off.")


def _is_silent(person: Caller) -> bool:
    before = person.statistics()["sounds"]
    person.page.wait_for_timeout(1500)  # the made-up microphone beeps once a second
    sounded: float = person.statistics()["sounds"] - before
    return sounded < 1e-6


def test_a_blurred_picture_leaves_the_device_blurred(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.call()
        mentor.answer()
        mentor.sees_the_other_move()
        sharp = mentor.sharpness()
        client.press("Blur my picture")
        until(lambda: mentor.sharpness() < sharp / 4)
        mentor.sees_the_other_move()
        assert client.sharpness("own") < sharp / 4
        client.press("Blur my picture")
        until(lambda: mentor.sharpness() > sharp / 2)


def test_another_camera_and_microphone_are_chosen_while_talking(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.call()
        mentor.answer()
        mentor.sees_the_other_move()
        client.window.locator("summary").click()
        cameras, microphones = (client.window.locator(f"[data-slot={name}]") for name in ("cameras", "microphones"))
        for devices in (cameras, microphones):
            expect(devices.locator("option").nth(2)).to_be_attached()
            devices.select_option(index=2)  # Chromium's second camera gives depths, which no call can send
        used = "document.querySelector('[data-slot=own]').srcObject.getTracks()[0].label"
        until(lambda: client.page.evaluate(used) == cameras.locator("option").nth(2).inner_text())
        mentor.gets_frames()
        mentor.hears_the_other()


def test_not_now_tells_the_caller_and_leaves_no_missed_call(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.call()
        mentor.answer("Not now")
        expect(mentor.dialog).to_be_hidden()
        expect(client.said).to_have_text(f"{mentor.name} cannot talk right now.")
        expect(client.window).to_be_hidden()
        expect(mentor.page.locator(".missed-call")).to_have_count(0)


def test_a_call_that_nobody_answers_leaves_a_line_until_it_is_put_away(
    browsers: list[Browser], quiet_house: House
) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.call()
        expect(mentor.dialog).to_be_visible()
        expect(client.said).to_have_text(f"{mentor.name} did not answer. They will see that you called.")
        expect(mentor.dialog).to_be_hidden()
        line = mentor.page.locator(".missed-call")
        expect(line).to_contain_text(f"{client.name} tried to reach you by video")
        mentor.enter()
        expect(line).to_have_count(1)
        line.get_by_role("button", name="Put away").click()
        expect(line).to_have_count(0)
        mentor.enter()
        expect(line).to_have_count(0)


def test_who_was_away_finds_the_missed_call_and_calls_back(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        mentor.visitor.open("/help/")
        client.call("Voice")
        expect(client.said).to_contain_text("did not answer")
        mentor.enter()
        mentor.page.locator(".missed-call").get_by_role("button", name="Call back").click()
        client.answer("Answer with voice only")
        client.is_connected()
        mentor.is_connected()


def test_the_caller_may_think_again(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.call()
        expect(mentor.dialog).to_be_visible()
        client.press("Hang up")
        expect(mentor.dialog).to_be_hidden()
        expect(mentor.page.locator(".missed-call")).to_have_count(1)


def test_both_ring_at_once_and_talk(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        # Neither hears of the other's ring before their own is on its way.
        both = [person.page.get_by_role("button", name="Video call").element_handle() for person in (client, mentor)]
        for button in both:
            button.evaluate("(button) => setTimeout(() => button.click(), 300)")
        for person in (client, mentor):
            person.is_connected()
            person.sees_the_other_move()
        assert len(quiet_house.office("calls", room=client.person.room)) == 1


def test_the_call_goes_on_while_the_socket_is_cut_and_ends_well_after(
    browsers: list[Browser], quiet_house: House
) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.call()
        mentor.answer()
        client.is_connected()
        mentor.sees_the_other_move()
        for person in (client, mentor):
            person.visitor.watch.expect("WebSocket connection", "ERR_CONNECTION", "ERR_EMPTY_RESPONSE")
        quiet_house.server.restart()
        for person in (client, mentor):
            expect(person.visitor.connection).to_be_empty(timeout=30_000)
            person.is_connected()
            person.sees_the_other_move()
        mentor.press("Hang up")
        expect(client.window).to_be_hidden()


def test_a_line_that_broke_is_found_again(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.call()
        mentor.answer()
        client.sees_the_other_move()
        # A new way through the network, as after a change from one net to another: all is negotiated anew.
        before = client.page.evaluate("window.lines.at(-1).localDescription.sdp.match(/ice-ufrag:(\\S+)/)[1]")
        client.page.evaluate("window.lines.at(-1).restartIce()")
        until(
            lambda: (
                client.page.evaluate("window.lines.at(-1).localDescription.sdp.match(/ice-ufrag:(\\S+)/)[1]") != before
            )
        )
        for person in (client, mentor):
            person.is_connected()
            person.sees_the_other_move()


def test_who_closes_the_page_while_it_rings_calls_off(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.call()
        expect(mentor.dialog).to_be_visible()
        client.visitor.open("/help/")
        expect(mentor.dialog).to_be_hidden(timeout=4_000)


def test_without_permission_nobody_is_rung_and_the_reason_is_plain(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house, allowed=False) as (client, mentor):
        client.call()
        expect(client.window).to_contain_text("The call did not start.")
        expect(client.window.get_by_role("alert")).to_contain_text(
            "Your browser does not let this page use your camera"
        )
        assert quiet_house.office("calls", room=client.person.room) == []
        client.press("Close")
        expect(client.window).to_be_hidden()
        mentor.page.context.grant_permissions(["camera", "microphone"])
        mentor.call()
        client.answer()
        expect(client.dialog.get_by_role("alert")).to_contain_text(
            "Your browser does not let this page use your camera"
        )
        client.answer("Not now")
        expect(mentor.said).to_contain_text("cannot talk right now.")


def test_where_the_camera_cannot_be_had_the_voice_is_enough(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.page.context.clear_permissions()
        client.page.context.grant_permissions(["microphone"])
        client.call()
        mentor.answer()
        client.is_connected()
        expect(client.window.get_by_role("alert")).to_contain_text("You are in this call with your voice only.")
        client.sees_the_other_move()
        mentor.hears_the_other()


def test_it_rings_on_every_page_and_stops_where_it_was_not_answered(
    browsers: list[Browser], quiet_house: House
) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        second, rooms, home = (mentor.page.context.new_page() for _ in range(3))
        second.goto(f"{mentor.visitor.home}/rooms/{mentor.person.room}/")
        rooms.goto(f"{mentor.visitor.home}/")
        home.goto(f"{mentor.visitor.home}/mentoring/")
        expect(second.locator(".member--here").first).to_be_attached()
        client.call()
        for page in (mentor.page, second):
            expect(page.get_by_role("alertdialog")).to_be_visible()
        notes = [page.locator("[data-part=call-note]") for page in (rooms, home)]
        for note in notes:
            expect(note).to_contain_text(f"{client.name} is calling you")
            assert note.get_by_role("link").get_attribute("href").endswith(f"/rooms/{mentor.person.room}/")
        second.get_by_role("alertdialog").get_by_role("button", name="Answer with voice only").click()
        expect(mentor.dialog).to_be_hidden()
        for note in notes:
            expect(note).to_be_hidden()
        client.hears_the_other()
        expect(mentor.window).to_be_hidden()


def test_a_browser_without_calls_shows_no_buttons_for_them(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, _):
        client.page.add_init_script("delete window.RTCPeerConnection")
        client.enter()
        expect(client.page.locator("[data-call]").first).to_be_hidden()


def test_a_group_has_no_calls_and_no_camera(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, _):
        room = quiet_house.room("Lantern group")
        quiet_house.member(room, client.person.cookie)
        client.visitor.enter(room)
        expect(client.page.locator("[data-call]")).to_have_count(0)
        assert client.page.evaluate("document.featurePolicy.allowsFeature('camera')") is False
        client.enter()
        assert client.page.evaluate("document.featurePolicy.allowsFeature('camera')") is True


def test_leaving_quickly_ends_sight_and_sound_at_once(browsers: list[Browser], quiet_house: House) -> None:
    with a_pair(browsers, quiet_house) as (client, mentor):
        client.call()
        mentor.answer()
        client.is_connected()
        client.page.route("**/*weather*/**", lambda route: route.abort())
        client.visitor.watch.expect("asked another host", "ERR_FAILED")
        client.page.keyboard.press("Escape")
        expect(mentor.window).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
def test_a_call_can_be_read_pressed_and_fits(
    browsers: list[Browser], quiet_house: House, width: int, height: int
) -> None:
    with a_pair(browsers, quiet_house, width=width, height=height) as (client, mentor):
        client.call()
        expect(mentor.dialog).to_be_visible()
        check_readable(mentor.page)
        check_targets(mentor.page, 44, of="dialog[open] button")
        mentor.answer()
        for person in (client, mentor):
            person.is_connected()
            check_readable(person.page)
            check_fits(person.page)
            check_targets(person.page, 44, of=".call__tool")
        client.window.locator("summary").click()
        check_readable(client.page)
        check_fits(client.page)
