"""The crowd a measured server serves: every socket of a cast, what each has seen, the counts of one step.

Open loop: a post leaves when it is due, however slow the server is. A member behaves as docs/protocol.md
tells a client: keeps the room's number, and enters with `since` after a gap or a `resync`.
Called by load.py only.
"""

import asyncio
import secrets
import time
from array import array
from collections import Counter

from picows import WSFrame, WSListener, WSMsgType, WSTransport

from benchmarks import sentences
from benchmarks.tally import Times
from benchmarks.wires import Heard, Seat, Wire

_CACHED_FRAMES = 2000
_TICK = 0.001  # seconds; sleeping less would be spinning, and look like work


class Room:
    """The sockets of one room, and which of its messages were acknowledged (a byte each)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.members: list[Member] = []
        self.acknowledged = bytearray()


class Crowd:
    """All rooms and sockets. Message `n` of the crowd is message `n // rooms` of room `n % rooms`."""

    def __init__(self, wire: Wire, seats: list[Seat]) -> None:
        self.wire = wire
        rooms = {seat.room: Room(seat.room) for seat in seats}
        self.rooms = list(rooms.values())
        self.members = [Member(self, rooms[seat.room], seat) for seat in seats]
        for member in self.members:
            member.room.members.append(member)
        self.run = secrets.token_hex(4)
        self.sent = array("d")  # when message n left
        self.frames: dict[bytes, Heard] = {}  # the same bytes reach every socket of a room: read them once
        self.news = asyncio.Event()  # somebody entered, or a socket closed
        self.begin()

    def begin(self) -> None:
        """Start the counts of a step."""
        self.first = self.timed = len(self.sent)  # of this step; whose times are kept
        self.latency, self.late, self.answer = Times(), Times(), Times()
        self.arrived = self.frames_heard = self.acknowledged = self.repeated = 0
        self.resyncs = self.gaps = self.held = 0
        self.refused: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.closed: Counter[str] = Counter()

    def time_from_here(self) -> None:
        """The warm-up is over: keep the times of messages from now on."""
        self.timed = len(self.sent)
        self.late = Times()

    async def post(self, rate: int, seconds: float) -> None:
        """Send at `rate` messages a second, in turn over rooms and members."""
        count = max(1, int(rate * seconds))
        self._make_space(count)
        start, done = time.perf_counter(), 0
        while done < count:
            due = min(count, int((time.perf_counter() - start) * rate) + 1)
            while done < due:
                self._send(due=start + done / rate)
                done += 1
            await asyncio.sleep(max(_TICK, start + done / rate - time.perf_counter()))

    def _make_space(self, count: int) -> None:
        size = (len(self.sent) + count) // len(self.rooms) + 1
        for room in self.rooms:
            room.acknowledged.extend(bytes(size - len(room.acknowledged)))
            for member in room.members:
                member.seen.extend(bytes(size - len(member.seen)))

    def _send(self, *, due: float) -> None:
        number = len(self.sent)
        room, place = self.rooms[number % len(self.rooms)], number // len(self.rooms)
        member = room.members[place % len(room.members)]
        frame = self.wire.post(room.name, f"{self.run}-{number}", sentences.body(number))
        now = time.perf_counter()
        self.sent.append(now)
        self.late.add(now - due)
        if not self.wire.acknowledges:
            room.acknowledged[place] = 1
            self.acknowledged += 1
        if member.transport is not None:
            member.transport.send(WSMsgType.TEXT, frame)

    def unanswered(self) -> int:
        answered = self.acknowledged + self.held + sum(self.refused.values())
        return len(self.sent) - self.first - answered

    def expected(self) -> int:
        """Arrivals owed for all that was acknowledged, of all steps so far."""
        return sum(room.acknowledged.count(1) * len(room.members) for room in self.rooms)

    def missing(self) -> int:
        """Acknowledged messages that a member of their room has not seen, of all steps so far."""
        missing = 0
        for room in self.rooms:
            acknowledged = int.from_bytes(room.acknowledged, "little")
            for member in room.members:
                missing += (acknowledged & ~int.from_bytes(member.seen, "little")).bit_count()
        return missing

    def understand(self, payload: bytes) -> Heard:
        heard = self.frames.get(payload)
        if heard is None:
            heard = self.wire.read(payload)
            if heard.kind == "messages":
                if len(self.frames) >= _CACHED_FRAMES:
                    self.frames.clear()
                self.frames[payload] = heard
        return heard


class Member(WSListener):
    """One socket of one member. What it hears is counted in the crowd's fields."""

    def __init__(self, crowd: Crowd, room: Room, seat: Seat) -> None:
        self.crowd, self.room, self.seat = crowd, room, seat
        self.transport: WSTransport | None = None
        self.number = 0  # of the room, as far as this socket knows
        self.entered = self.catching_up = self.caught_up = False
        self.seen = bytearray()  # a byte for each message of the room
        self.part = b""

    def enter(self, since: int | None = None) -> None:
        frame = self.crowd.wire.enter(self.room.name, since)
        if frame is not None and self.transport is not None:
            self.transport.send(WSMsgType.TEXT, frame)

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.transport = None
        received = transport.close_handshake.recv if transport.close_handshake else None
        self.crowd.closed[str(received.code.value if received else 1006)] += 1
        self.crowd.news.set()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        now = time.perf_counter()
        kind = frame.msg_type
        if kind is WSMsgType.CLOSE:
            transport.send_close()
            transport.disconnect()
        elif kind is WSMsgType.TEXT and frame.fin:
            self._hear(frame.get_payload_as_bytes(), now)
        elif kind is WSMsgType.TEXT or kind is WSMsgType.CONTINUATION:
            self.part += frame.get_payload_as_bytes()
            if frame.fin:
                whole, self.part = self.part, b""
                self._hear(whole, now)

    def _hear(self, payload: bytes, now: float) -> None:
        heard = self.crowd.understand(payload)
        if heard.kind == "messages":
            self._messages(heard, now)
        elif heard.kind == "posted":
            self._posted(heard, now)
        else:
            self._other(heard, now)

    def _messages(self, heard: Heard, now: float) -> None:
        crowd, seen = self.crowd, self.seen
        crowd.frames_heard += 1
        if heard.after > self.number:
            crowd.gaps += 1
            self._catch_up()
        elif heard.seq > self.number:
            self.number = heard.seq
        rooms, sent, timed, counts = len(crowd.rooms), crowd.sent, crowd.timed, crowd.latency.counts
        for number in heard.numbers:
            place = number // rooms
            if seen[place]:
                crowd.repeated += not self.caught_up
                continue
            seen[place] = 1
            crowd.arrived += 1
            if number >= timed:
                counts[min(int((now - sent[number]) * Times.PER_SECOND), Times.LAST)] += 1

    def _posted(self, heard: Heard, now: float) -> None:
        crowd, number = self.crowd, int(heard.key.rpartition("-")[2])
        self.room.acknowledged[number // len(crowd.rooms)] = 1
        if number >= crowd.first:
            crowd.acknowledged += 1
        if number >= crowd.timed:
            crowd.answer.add(now - crowd.sent[number])

    def _other(self, heard: Heard, now: float) -> None:
        crowd = self.crowd
        if heard.kind == "entered":
            self._entered(heard, now)
        elif heard.kind == "refused":
            crowd.refused[heard.reason] += 1
        elif heard.kind == "held":
            crowd.held += 1
        elif heard.kind == "error":
            crowd.errors[heard.reason] += 1
        elif heard.kind == "resync":
            crowd.resyncs += 1
            self._catch_up()

    def _catch_up(self) -> None:
        if not self.catching_up:
            self.catching_up = self.caught_up = True
            self.enter(since=self.number)

    def _entered(self, heard: Heard, now: float) -> None:
        if self.catching_up:
            self.catching_up = False
            self._messages(Heard("messages", seq=heard.seq, numbers=heard.numbers), now)
            if heard.more:
                self._catch_up()
        self.number = max(self.number, heard.seq)
        self.entered = True
        self.crowd.news.set()
