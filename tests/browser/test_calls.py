"""Two people call each other, in two browsers with made-up cameras: what each sees, hears and reads."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.calling import a_pair, two_browsers, until
from tests.harness.browser import CHROMIUM, check_fits, check_readable, check_targets
from tests.harness.server import Stores
from tests.live.house import House, embedded

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browsers() -> Iterator[list[Browser]]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with two_browsers() as both:
        yield both


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
            person.is_connected()
            expect(person.window).to_contain_text("Not recorded")
            person.sees_the_other_move()
            person.hears_the_other()
            assert person.statistics()["dtls"] == "connected"
        client.press("Hang up")
        expect(client.window).to_be_hidden()
        expect(mentor.window).to_be_hidden()
        expect(mentor.said).to_have_text("The call has ended.")
        (kept,) = quiet_house.office("calls", room=client.person.room)
        assert (kept["end"], kept["answered"], kept["way"]) == ("hung_up", True, "video")
