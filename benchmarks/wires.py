"""How the generator speaks to a server: `peerchat.v1` as docs/protocol.md says it, and the plain reference.

A wire makes the frames that a member sends and reads a frame into a `Heard`. It keeps no state.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Protocol

from benchmarks import sentences


@dataclass(frozen=True, slots=True)
class Seat:
    """One member of one room, as the cast file names them."""

    room: str
    cookie: str = ""


@dataclass(slots=True)
class Heard:
    """What one frame said. `kind` is the frame's type; the rest is filled as far as that type has it."""

    kind: str
    room: str = ""
    after: int = 0
    seq: int = 0
    numbers: list[int] = field(default_factory=list)  # of the measured messages in it
    key: str = ""
    reason: str = ""
    more: bool = False


class Wire(Protocol):
    acknowledges: bool

    def path(self, seat: Seat) -> str: ...
    def headers(self, seat: Seat) -> list[tuple[str, str]]: ...
    def enter(self, room: str, since: int | None = None) -> bytes | None: ...
    def post(self, room: str, key: str, body: str) -> bytes: ...
    def read(self, payload: bytes) -> Heard: ...


class Peerchat:
    acknowledges = True

    def path(self, seat: Seat) -> str:
        return "/ws/"

    def headers(self, seat: Seat) -> list[tuple[str, str]]:
        return [("Cookie", seat.cookie), ("Sec-WebSocket-Protocol", "peerchat.v1")]

    def enter(self, room: str, since: int | None = None) -> bytes:
        frame: dict[str, Any] = {"type": "enter", "room": room}
        if since is not None:
            frame["since"] = since
        return json.dumps(frame).encode()

    def post(self, room: str, key: str, body: str) -> bytes:
        return f'{{"type":"post","room":"{room}","key":"{key}","body":"{body}"}}'.encode()

    def read(self, payload: bytes) -> Heard:
        frame = json.loads(payload)
        kind = frame["type"]
        heard = Heard(kind, frame.get("room", ""), key=frame.get("key", ""), reason=frame.get("reason", ""))
        if kind in ("messages", "entered"):
            heard.after, heard.seq = frame.get("after", 0), frame["seq"]
            heard.more = bool(frame.get("more"))
            heard.numbers = _numbers(message["body"] for message in frame["messages"])
        return heard


class Plain:
    """The tutorial's wire: the room is in the address, `{"message": ...}` both ways, no acknowledgement."""

    acknowledges = False

    def path(self, seat: Seat) -> str:
        return f"/ws/chat/{seat.room}/"

    def headers(self, seat: Seat) -> list[tuple[str, str]]:
        return []

    def enter(self, room: str, since: int | None = None) -> None:
        return None

    def post(self, room: str, key: str, body: str) -> bytes:
        return f'{{"message":"{body}"}}'.encode()

    def read(self, payload: bytes) -> Heard:
        return Heard("messages", numbers=_numbers([json.loads(payload)["message"]]))


WIRES: dict[str, Wire] = {"peerchat": Peerchat(), "plain": Plain()}


def _numbers(bodies: Any) -> list[int]:
    numbers = []
    for body in bodies:
        try:
            numbers.append(sentences.number(body or ""))
        except ValueError:
            continue  # a redacted message, or one that was there before
    return numbers
