"""Calls where a real house has them: on two processes over PostgreSQL and Redis, and through a relay that hides each from the other."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.calling import a_pair, a_pair_behind_a_relay, until
from tests.harness import turn
from tests.harness.engines import Postgres, Redis
from tests.harness.server import Stores
from tests.live.house import two_processes

pytestmark = pytest.mark.browser


@pytest.mark.engines
def test_two_processes_one_call(stores: Stores, postgres: Postgres, redis: Redis, browsers: list[Browser]) -> None:
    with two_processes(stores, postgres, redis) as house, a_pair(browsers, house) as (client, mentor):
        client.visitor.say("Shall we talk?")
        expect(client.visitor.message("Shall we talk?")).to_contain_text("Read")
        client.call()
        mentor.answer()
        for person in (client, mentor):
            person.talks()
            # Without a relay the two find each other directly: what they show and say passes no server.
            statistics = person.statistics()
            assert {statistics["local"], statistics["remote"]} <= {"host", "prflx"}
        for person, server in ((client, house.servers[0]), (mentor, house.servers[1])):
            person.visitor.watch.expect("WebSocket connection", "ERR_CONNECTION", "ERR_EMPTY_RESPONSE")
            server.kill()
            server.start()
        for person in (client, mentor):
            expect(person.visitor.connection).to_be_empty(timeout=30_000)
            person.is_connected()
            person.sees_the_other_move()
        mentor.press("Hang up")
        expect(client.window).to_be_hidden()
        expect(client.said).to_have_text("The call has ended.")
        (kept,) = house.office("calls", room=client.person.room)
        assert (kept["end"], kept["answered"]) == ("hung_up", True)


@pytest.mark.skipif(turn.TURNSERVER is None, reason="coturn is not installed")
def test_with_a_relay_neither_learns_the_address_of_the_other(
    stores: Stores, tmp_path: Path, browsers: list[Browser]
) -> None:
    with a_pair_behind_a_relay(browsers, stores, tmp_path) as (client, mentor, _, relay):
        client.call()
        mentor.answer()
        for person in (client, mentor):
            person.talks()
            statistics = person.statistics()
            assert (statistics["policy"], statistics["local"], statistics["dtls"]) == ("relay", "relay", "connected")
            signals = [frame for frame in person.visitor.heard if '"type":"signal"' in frame]
            candidates = [frame for frame in signals if "candidate:" in frame]
            assert candidates
            assert not [frame for frame in candidates if " typ host" in frame or " typ srflx" in frame]
        log = relay.log()
        assert "ALLOCATE processed, success" in log
        for person in (client, mentor):
            assert person.person.room not in log
        client.page.evaluate("window.lines.at(-1).restartIce()")
        client.is_connected()
        mentor.sees_the_other_move()


@pytest.mark.skipif(turn.TURNSERVER is None, reason="coturn is not installed")
def test_where_the_network_between_them_breaks_both_are_told_and_the_talk_comes_back(
    stores: Stores, tmp_path: Path, browsers: list[Browser]
) -> None:
    with a_pair_behind_a_relay(browsers, stores, tmp_path) as (client, mentor, _, relay):
        client.call()
        mentor.answer()
        lines = []
        for person in (client, mentor):
            person.talks()
            lines.append(person.statistics()["ice"])
        relay.kill()
        for person in (client, mentor):
            expect(person.state()).to_have_text("The line broke. Reconnecting…", timeout=30_000)
        relay.start()  # the ways that went through it before are gone: only new ones bring the media back
        for person, before in zip((client, mentor), lines, strict=True):
            person.talks()
            assert person.statistics()["ice"] != before
            assert person.page.evaluate("window.lines.length") == 1


@pytest.mark.skipif(turn.TURNSERVER is None, reason="coturn is not installed")
def test_a_relay_lets_nobody_in_without_its_secret(stores: Stores, tmp_path: Path, browsers: list[Browser]) -> None:
    with a_pair_behind_a_relay(browsers, stores, tmp_path, secret="another") as (client, mentor, _, relay):
        client.call()
        mentor.answer()
        until(lambda: "Cannot find credentials" in relay.log())
        assert "ALLOCATE processed, success" not in relay.log()
        expect(client.state()).to_have_text("Connecting…")
        client.press("Hang up")
        expect(mentor.window).to_be_hidden()
