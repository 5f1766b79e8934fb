"""The server goes away in the middle of a sentence and comes back: nothing is lost and nothing comes twice."""

import os
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Windows
from tests.harness.server import Stores
from tests.live.house import House, embedded

pytestmark = pytest.mark.browser


def test_what_was_written_while_the_server_was_away_arrives_once(
    stores: Stores, windows_on: Callable[[House], Windows]
) -> None:
    with embedded(stores) as house:
        windows = windows_on(house)
        room = house.room()
        writer, reader, third = house.people(room, 3)
        writing, reading = windows(writer.cookie), windows(reader.cookie)
        for visitor in (writing, reading):
            visitor.watch.expect(
                "WebSocket connection", "ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET"
            )
            visitor.enter(room)

        os.kill(house.server.pid, signal.SIGSTOP)
        writing.say("On its way when the plug was pulled")
        expect(writing.waiting("On its way")).to_contain_text("Sending…")
        house.server.kill()
        expect(writing.connection).to_have_text("Reconnecting… your message is kept.")

        writing.write("Written while nobody")
        writing.composer.press("End")
        writing.composer.press_sequentially(" listened")
        writing.composer.press("Enter")
        waiting = writing.waiting("Written while nobody listened")
        expect(waiting).to_contain_text("Kept. It goes out when you are connected.")
        expect(reading.connection).to_contain_text("Reconnecting…")
        house.office("post", cookie=third.cookie, room=room, body="Missed by both")
        writing.write("A draft that goes on")

        house.server.start()
        for visitor in (writing, reading):
            expect(visitor.connection).to_be_empty(timeout=30_000)
            for text in ("On its way when the plug was pulled", "Written while nobody listened", "Missed by both"):
                expect(visitor.message(text)).to_have_count(1)
        expect(writing.page.locator("[data-part=pending] > li")).to_have_count(0)
        expect(writing.composer).to_have_value("A draft that goes on")
        stored = [message["body"] for message in house.office("stored", room=room)]
        assert sorted(stored) == [
            "Missed by both",
            "On its way when the plug was pulled",
            "Written while nobody listened",
        ]


def test_a_page_says_that_the_network_is_gone_and_goes_on_when_it_is_back(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    visitor = windows(person.cookie)
    visitor.enter(room)
    visitor.watch.expect("ERR_INTERNET_DISCONNECTED")
    visitor.page.context.set_offline(True)
    expect(visitor.connection).to_have_text("Reconnecting…")
    house.office("post", cookie=other.cookie, room=room, body="Said meanwhile")
    visitor.say("Said in the tunnel")
    expect(visitor.connection).to_have_text("Reconnecting… your message is kept.")
    visitor.page.context.set_offline(False)
    expect(visitor.message("Said in the tunnel")).to_have_count(1)
    expect(visitor.message("Said meanwhile")).to_have_count(1)
    expect(visitor.connection).to_be_empty()


def test_leaving_the_page_with_a_message_on_its_way_asks_first(windows: Windows, house: House) -> None:
    room = house.room()
    visitor = windows(house.person(room).cookie)
    visitor.enter(room)
    visitor.watch.expect("ERR_INTERNET_DISCONNECTED")
    visitor.page.context.set_offline(True)
    visitor.say("Not to be lost")
    expect(visitor.waiting("Not to be lost")).to_be_visible()
    asked = visitor.answer_dialogs(stay=True)
    visitor.page.close(run_before_unload=True)
    expect(visitor.waiting("Not to be lost")).to_be_visible()
    assert asked == ["beforeunload"]
