"""Readers who are too slow are told to catch up and hold nobody up; those who are gone leave nothing behind."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.client import BareClient, FaithfulClient, Frame
from tests.harness.server import Server, Stores
from tests.live.house import House, open_house
from tests.live.raw import RawSocket
from tests.live.waiting import eventually

pytestmark = pytest.mark.servers

LATE = 1.0  # seconds
LONG = "A long evening, told slowly. " * 130  # characters; some hundred of these fill every buffer on the way


async def test_a_reader_who_stops_reading_is_told_to_resync_and_catches_up(small_house: House) -> None:
    room = await asyncio.to_thread(small_house.room, posts_a_minute=100_000)
    slow, *others = await asyncio.to_thread(small_house.people, room, 3)
    url = small_house.url()
    async with (
        FaithfulClient(url, others[0].cookie, room) as writer,
        FaithfulClient(url, others[1].cookie, room) as reader,
    ):
        for each in (writer, reader):
            await each.until(lambda client: client.entered.is_set())
        sleeper = await RawSocket.open(url, slow.cookie, receive_buffer=4096)
        await sleeper.send({"type": "enter", "room": room})
        seq: int = (await sleeper.expect("entered"))["seq"]
        slowest = 0.0
        count, began = 0, time.monotonic()
        while count < 1500 and time.monotonic() - began < 12:  # the sleeper answers no ping for this long
            batch = await asyncio.gather(*(writer.post(f"{count + number} {LONG}") for number in range(3)))
            count += len(batch)
            posted = time.monotonic()
            last = max(answer["seq"] for answer in batch)
            await reader.until(lambda client, last=last: (client.seq or 0) >= last)  # type: ignore[misc]
            slowest = max(slowest, time.monotonic() - posted)
        assert slowest < LATE, "the room goes on"

        heard: dict[str, Frame] = {}
        resyncs = 0
        async with asyncio.timeout(60):
            while len(heard) < count:
                frame = await sleeper.expect("messages", "resync", "entered", within=30)
                if frame["type"] == "resync":
                    resyncs += 1
                    await sleeper.send({"type": "enter", "room": room, "since": seq})
                    continue
                if frame["type"] == "messages" and frame["after"] > seq:
                    continue  # after a gap: the catch-up brings it
                heard |= {message["id"]: message for message in frame["messages"]}
                seq = max(seq, frame["seq"])
                if frame["type"] == "entered" and frame["more"]:
                    await sleeper.send({"type": "enter", "room": room, "since": seq})
        assert resyncs >= 1
        assert sorted(message["seq"] for message in heard.values()) == list(range(1, count + 1))
        answer = await writer.post("And on it goes.")
        while (frame := await sleeper.expect("messages"))["seq"] < answer["seq"]:
            pass
        assert frame["messages"][-1]["body"] == "And on it goes."
        await sleeper.hang_up()
        assert (writer.connects, reader.connects) == (1, 1)


@pytest.fixture
def watched(stores: Stores, tmp_path: Path) -> Iterator[tuple[House, Path]]:
    store = stores.embedded()
    server = Server(store, program="tests.live.watched", WATCHED=str(tmp_path / "watched"))
    with open_house(store, server) as house:
        yield house, tmp_path / "watched"


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines(keepends=True) if file.exists() else []


async def _kept(house: House, file: Path) -> dict[str, int]:
    """What the process keeps now."""
    before = len(_lines(file))
    os.kill(house.server.pid, signal.SIGUSR1)
    await eventually(lambda: len(lines := _lines(file)) > before and lines[-1].endswith("\n"))
    found: dict[str, int] = json.loads(_lines(file)[-1])
    return found


def _memory(pid: int) -> int:
    """Resident memory in KiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


async def test_five_hundred_sockets_come_and_go_and_leave_nothing_behind(watched: tuple[House, Path]) -> None:
    house, file = watched
    room, other = await asyncio.to_thread(house.room), await asyncio.to_thread(house.room)
    people = await asyncio.to_thread(house.people, room, 5)
    for person in people:
        await asyncio.to_thread(house.member, other, person.cookie)

    async def visit(number: int) -> None:
        cookie = people[number % len(people)].cookie
        way_out = number % 4
        if way_out == 3:
            raw = await RawSocket.open(house.url(), cookie)
            await raw.send({"type": "enter", "room": room})
            await raw.send({"type": "search", "room": room, "search": "s", "query": "nothing"})
            if number % 8 == 3:
                await raw.expect("entered")
            await raw.hang_up()
            return
        async with BareClient.open(house.url(), cookie) as client:
            await client.ask({"type": "enter", "room": room})
            await client.send({"type": "enter", "room": other})
            await client.send({"type": "typing", "room": room})
            post = {"type": "post", "room": room, "key": f"visit-{number:05}", "body": f"Visit {number}."}
            if way_out == 0:
                assert (await client.ask(post))["type"] == "posted"
            elif way_out == 1:
                await client.send(post)
            else:
                for _ in range(20):
                    await client.send_raw("{")
                assert await client.closed() == 4408

    async def visits(first: int, count: int) -> None:
        for begin in range(first, first + count, 20):
            await asyncio.gather(*(visit(number) for number in range(begin, begin + 20)))

    async def settled() -> dict[str, int]:
        async with asyncio.timeout(30):
            while True:
                kept = await _kept(house, file)
                if not (kept["rooms"] or kept["people"] or kept["conversations"]) and kept["tasks"] <= 5:
                    return kept

    await visits(0, 100)
    first = await settled()
    memory = _memory(house.server.pid)
    await visits(100, 500)
    last = await settled()
    assert (last["rooms"], last["people"], last["conversations"]) == (0, 0, 0)
    assert last["tasks"] <= first["tasks"]
    assert _memory(house.server.pid) - memory < 8 * 1024, "KiB more after five hundred visits"
