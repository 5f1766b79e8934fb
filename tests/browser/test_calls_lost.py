"""Where the network between two people breaks for good: what each reads, that no camera stays on, and how they call again."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.calling import Caller, a_pair_behind_a_relay
from tests.harness import turn
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.harness.server import Stores

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(turn.TURNSERVER is None, reason="coturn is not installed"),
]

# Keeps every track that a device gave, where a test can ask whether it was let go.
_KEEP_TRACKS = """
() => {
  window.taken = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (...all) => {
    const stream = await open(...all);
    window.taken.push(...stream.getTracks());
    return stream;
  };
}
"""


def test_a_line_that_does_not_come_back_ends_for_both_and_lets_every_device_go(
    stores: Stores, tmp_path: Path, browsers: list[Browser]
) -> None:
    with a_pair_behind_a_relay(browsers, stores, tmp_path) as (client, mentor, house, relay):
        for person in (client, mentor):
            person.page.evaluate(_KEEP_TRACKS)
        client.call()
        mentor.answer()
        for person in (client, mentor):
            person.is_connected()
            person.sees_the_other_move()
            assert _devices(person) == ["live", "live"]
        relay.stop()
        for person in (client, mentor):
            expect(person.state()).to_have_text("The line broke. Reconnecting…", timeout=30_000)
        _let_pass(mentor, seconds=45)
        for person in (client, mentor):
            expect(person.state()).to_have_text("The line was lost. You can call again.")
            assert _devices(person) == ["ended", "ended"]
            assert person.page.evaluate("window.lines.every(({ connectionState }) => connectionState === 'closed')")
            expect(person.window.get_by_role("button", name="Call again")).to_be_focused()
            check_readable(person.page)
            check_targets(person.page)
            check_fits(person.page)
        (kept,) = house.office("calls", room=client.person.room)
        assert (kept["end"], kept["answered"]) == ("lost", True)
        relay.start()
        client.press("Call again")
        mentor.answer()
        for person in (client, mentor):
            person.is_connected()
            person.sees_the_other_move()
        client.press("Hang up")
        expect(mentor.window).to_be_hidden()


def _devices(person: Caller) -> list[str]:
    states: list[str] = person.page.evaluate("window.taken.map(({ readyState }) => readyState)")
    return states


def _let_pass(person: Caller, *, seconds: int) -> None:
    """So much later by the page's clock, without the wait."""
    person.page.evaluate(
        "(seconds) => { const now = Date.now.bind(Date); Date.now = () => now() + seconds * 1000; }", seconds
    )
