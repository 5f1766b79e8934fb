"""The frames on their way to one socket: in order, bounded, and never waiting for a slow peer."""

import asyncio
import json
from typing import Any

import pytest

from rooms.outbox import WAITING, Outbox


class Peer:
    """A socket's other end that reads, or does not."""

    def __init__(self, *, reads: bool = True) -> None:
        self.got: list[dict[str, Any]] = []
        self.broken = False
        self._reads = asyncio.Event()
        if reads:
            self._reads.set()

    async def send(self, event: dict[str, Any]) -> None:
        if self.broken:
            raise ConnectionResetError
        await self._reads.wait()
        self.got.append(event)

    async def read_on(self) -> None:
        self._reads.set()
        for _ in range(2000):
            await asyncio.sleep(0)

    def stop_reading(self) -> None:
        self._reads.clear()

    @property
    def texts(self) -> list[str]:
        return [event["text"] for event in self.got if event["type"] == "websocket.send"]

    @property
    def resyncs(self) -> list[str]:
        frames = [json.loads(text) for text in self.texts if text.startswith("{")]
        return [frame["room"] for frame in frames if frame["type"] == "resync"]


def event(text: object) -> dict[str, Any]:
    return {"type": "websocket.send", "text": str(text)}


async def test_a_peer_that_reads_has_its_frame_before_the_call_returns() -> None:
    peer = Peer()
    outbox = Outbox(peer.send)
    outbox.answer("one")
    outbox.broadcast(event("two"), "r")
    assert peer.texts == ["one", "two"]


async def test_what_waits_for_a_slow_peer_arrives_in_order() -> None:
    peer = Peer(reads=False)
    outbox = Outbox(peer.send)
    for number in range(20):
        outbox.answer(f"answer {number}")
        outbox.broadcast(event(f"frame {number}"), "r")
    assert peer.texts == []
    await peer.read_on()
    assert peer.texts == [f"{kind} {number}" for number in range(20) for kind in ("answer", "frame")]
    outbox.answer("after")
    assert peer.texts[-1] == "after"


async def test_a_peer_that_falls_behind_gets_a_bounded_number_and_one_resync_a_room() -> None:
    peer = Peer(reads=False)
    outbox = Outbox(peer.send)
    for number in range(1000):
        outbox.broadcast(event(f"a {number}"), "a")
    for number in range(1000):
        outbox.broadcast(event(f"b {number}"), "b")
    assert len(outbox._waiting) <= WAITING
    await peer.read_on()
    assert peer.texts[: WAITING + 1] == [f"a {number}" for number in range(WAITING + 1)]
    assert sorted(peer.resyncs) == ["a", "b"]
    assert len(peer.texts) == WAITING + 3


async def test_after_a_gap_nothing_of_that_room_arrives_before_its_resync() -> None:
    peer = Peer(reads=False)
    outbox = Outbox(peer.send)
    for number in range(WAITING + 5):
        outbox.broadcast(event(f"a {number}"), "a")
    outbox._waiting.popleft()  # the peer took one: there would be space again
    outbox.broadcast(event("a too early"), "a")
    await peer.read_on()
    assert "a too early" not in peer.texts
    outbox.broadcast(event("a later"), "a")
    assert peer.resyncs == ["a"]
    assert peer.texts[-1] == "a later"


async def test_who_catches_up_and_falls_behind_again_is_told_again() -> None:
    peer = Peer(reads=False)
    outbox = Outbox(peer.send)
    for _ in range(2):
        peer.stop_reading()
        for number in range(2 * WAITING):
            outbox.broadcast(event(f"a {number}"), "a")
        await peer.read_on()
    assert peer.resyncs == ["a", "a"]


async def test_a_direct_answer_is_kept_where_a_broadcast_is_not() -> None:
    peer = Peer(reads=False)
    outbox = Outbox(peer.send)
    for number in range(2 * WAITING):
        outbox.broadcast(event(f"a {number}"), "a")
    outbox.answer("posted")
    await peer.read_on()
    assert "posted" in peer.texts
    assert not outbox.overflowed


async def test_a_peer_that_asks_and_never_listens_is_noticed() -> None:
    peer = Peer(reads=False)
    outbox = Outbox(peer.send)
    for number in range(4 * WAITING + 1):
        outbox.answer(f"answer {number}")
    assert not outbox.overflowed
    outbox.answer("one too many")
    assert outbox.overflowed
    assert len(outbox._waiting) == 4 * WAITING


@pytest.mark.parametrize("reads", [True, False])
async def test_after_the_close_frame_nothing_more_is_sent(reads: bool) -> None:
    peer = Peer(reads=reads)
    outbox = Outbox(peer.send)
    for number in range(10):
        outbox.broadcast(event(number), "a")
    closing = asyncio.ensure_future(outbox.close(4401))
    await asyncio.sleep(0)
    outbox.answer("late")
    outbox.broadcast(event("late"), "a")
    await peer.read_on()
    await closing
    assert peer.got[-1] == {"type": "websocket.close", "code": 4401}
    assert "late" not in peer.texts
    assert peer.texts == ([str(number) for number in range(10)] if reads else [])
    await outbox.close(1000)
    assert sum(each["type"] == "websocket.close" for each in peer.got) == 1


async def test_a_connection_that_ended_is_sent_nothing_more() -> None:
    peer = Peer(reads=False)
    outbox = Outbox(peer.send)
    outbox.answer("one")
    outbox.answer("two")
    outbox.drop()
    await peer.read_on()
    outbox.answer("three")
    assert peer.got == []


async def test_a_peer_that_breaks_is_closed_and_raises_nowhere() -> None:
    peer = Peer()
    peer.broken = True
    outbox = Outbox(peer.send)
    outbox.answer("one")
    assert outbox.closed

    slow = Peer(reads=False)
    other = Outbox(slow.send)
    other.answer("one")
    other.answer("two")
    slow.broken = True
    await slow.read_on()
    assert other.closed
    assert slow.texts == ["one"]


async def test_a_slow_peer_holds_up_nobody_else() -> None:
    slow, quick = Peer(reads=False), Peer()
    outboxes = [Outbox(slow.send), Outbox(quick.send)]
    for number in range(500):
        for outbox in outboxes:
            outbox.broadcast(event(number), "a")
    assert quick.texts == [str(number) for number in range(500)]
    assert slow.texts == []
