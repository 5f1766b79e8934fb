"""Clients of the live socket, written from docs/protocol.md alone: a bare one, and one that keeps its rules.

They share no code with the server, so that what the page promises is what gets tested.
"""

import asyncio
import json
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

Frame = dict[str, Any]

SUBPROTOCOL = "peerchat.v1"
_STAY_AWAY = {4401}  # signed out, expired, locked, suspended
_TOO_MANY = 4408
_LARGEST_ANSWER = 16 * 1024 * 1024  # bytes; a catch-up of 200 long messages fits many times


async def dial(
    url: str,
    cookie: str | None,
    *,
    subprotocol: str | None = SUBPROTOCOL,
    headers: Mapping[str, str] | None = None,
) -> ClientConnection:
    """Open a socket; raises InvalidStatus where the handshake is refused. `cookie` is "name=value"."""
    return await connect(
        url,
        additional_headers={**({"Cookie": cookie} if cookie else {}), **(headers or {})},
        subprotocols=[Subprotocol(subprotocol)] if subprotocol else None,
        compression=None,
        max_size=_LARGEST_ANSWER,
        open_timeout=20,
        proxy=None,
    )


class BareClient:
    """Sends what it is told, however wrong, and hands over what comes."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, cookie: str | None, **handshake: Any) -> AsyncIterator[Self]:
        connection = await dial(url, cookie, **handshake)
        try:
            yield cls(connection)
        finally:
            await connection.close()

    async def send(self, frame: Any) -> None:
        await self.connection.send(json.dumps(frame))

    async def send_raw(self, data: str | bytes) -> None:
        await self.connection.send(data)

    async def receive(self, *, within: float = 10) -> Frame:
        """The next frame, whatever it is."""
        async with asyncio.timeout(within):
            frame: Frame = json.loads(await self.connection.recv())
            return frame

    async def expect(self, *types: str, within: float = 10) -> Frame:
        """The next frame of one of these types; others on the way are passed over."""
        async with asyncio.timeout(within):
            while (frame := await self.receive(within=within))["type"] not in types:
                pass
            return frame

    async def ask(self, frame: Frame, *, within: float = 10) -> Frame:
        """Send a frame and return its direct answer, found by `ref`."""
        ref = uuid.uuid4().hex
        await self.send({**frame, "ref": ref})
        async with asyncio.timeout(within):
            while (answer := await self.receive(within=within)).get("ref") != ref:
                pass
            return answer

    async def silence(self, *, lasts: float = 0.5) -> bool:
        """Whether nothing but presence and typing comes for this long."""
        try:
            await self.expect("messages", "entered", "history", "posted", "found", within=lasts)
        except TimeoutError:
            return True
        return False

    async def closed(self, *, within: float = 10) -> int | None:
        """Read on until the server closes, and say with which code."""
        async with asyncio.timeout(within):
            with suppress(ConnectionClosed):
                while True:
                    await self.connection.recv()
            await self.connection.wait_closed()
        return self.connection.close_code


@dataclass
class Post:
    """A message on its way, until `answer` is the frame that settled it (posted, held, refused)."""

    key: str
    body: str
    extra: Frame
    answer: asyncio.Future[Frame]


@dataclass
class FaithfulClient:
    """Keeps "A client in ten lines": reconnects, catches up by number, resends by key, shows none twice."""

    url: str
    cookie: str
    room: str
    patience: float = 15  # seconds, the longest wait between two tries to connect
    seq: int | None = None
    you: Frame = field(default_factory=dict)
    messages: dict[str, Frame] = field(default_factory=dict)  # by id, the newest state of each
    pending: dict[str, Post] = field(default_factory=dict)  # by key
    posted: dict[str, Frame] = field(default_factory=dict)  # by key, the acknowledgements
    notices: list[Frame] = field(default_factory=list)
    connects: int = 0  # how often it got through, the first time included
    gaps: int = 0  # how often the numbers showed that frames were missed
    closed_with: int | None = None  # set when the server said not to come back

    def __post_init__(self) -> None:
        self.entered = asyncio.Event()  # clear means: the page says "Reconnecting"
        self._connection: ClientConnection | None = None
        self._catching_up = False
        self._heard_of = 0  # the newest number any frame has named
        self._task: asyncio.Task[None] | None = None
        self._waits: set[asyncio.Task[None]] = set()  # what is tried again later

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._stay(), name=f"client {self.room}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._task is not None
        tasks = [self._task, *self._waits]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def post(self, body: str, **extra: Any) -> Frame:
        """Send a message, again under the same key where need be; return the frame that settled it."""
        post = Post(str(uuid.uuid4()), body, extra, asyncio.get_running_loop().create_future())
        self.pending[post.key] = post
        await self._send_post(post)
        return await post.answer

    async def until(self, true: Callable[[Self], bool], *, within: float = 20) -> None:
        """Wait until `true(self)`."""
        async with asyncio.timeout(within):
            while not true(self):
                if self._task is not None and self._task.done():
                    self._task.result()
                await asyncio.sleep(0.02)

    @property
    def bodies(self) -> list[str | None]:
        """What is on the screen, top to bottom."""
        return [message["body"] for message in self.shown]

    @property
    def shown(self) -> list[Frame]:
        return sorted(self.messages.values(), key=lambda message: int(message["seq"]))

    # --- staying connected ---

    async def _stay(self) -> None:
        wait = 0.5
        while self.closed_with is None:
            code = None
            try:
                self._connection = await dial(self.url, self.cookie)
                self.connects += 1
                await self._ask_to_enter()
                async for data in self._connection:
                    wait = 0.5
                    await self._take(json.loads(data))
                code = self._connection.close_code
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else None
            except (OSError, InvalidHandshake, TimeoutError):
                pass
            finally:
                self.entered.clear()
                await self._hang_up()
            if code in _STAY_AWAY:
                self.closed_with = code
                return
            jittered = min(wait, self.patience) * random.uniform(0.5, 1)
            await asyncio.sleep(60 if code == _TOO_MANY else jittered)
            wait *= 2

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _send(self, frame: Frame) -> None:
        """Send if there is a connection; if not, what matters is sent after the next `entered`."""
        if self._connection is None:
            return
        with suppress(ConnectionClosed):
            await self._connection.send(json.dumps(frame))

    async def _send_post(self, post: Post) -> None:
        if post.key in self.pending and self.entered.is_set():
            await self._send({"type": "post", "room": self.room, "key": post.key, "body": post.body, **post.extra})

    async def _ask_to_enter(self) -> None:
        self._catching_up = True
        since = {} if self.seq is None else {"since": self.seq}
        await self._send({"type": "enter", "room": self.room, **since})

    # --- what comes ---

    async def _take(self, frame: Frame) -> None:
        if frame.get("room") != self.room:
            return
        match frame["type"]:
            case "entered":
                await self._take_entered(frame)
            case "messages":
                await self._take_messages(frame)
            case "posted":
                self.posted[frame["key"]] = frame
                self._settle(frame)
            case "held":
                self._settle(frame)
            case "refused" if frame["what"] == "post":
                self._take_refused_post(frame)
            case "refused" if frame["what"] == "enter" and _may_try_again(frame):
                self._later(frame, self._ask_to_enter)
            case "resync":
                self.gaps += 1
                await self._ask_to_enter()
            case "notice":
                self.notices.append(frame)

    async def _take_entered(self, frame: Frame) -> None:
        self._catching_up = False
        self.you = frame["you"]
        behind_before = self.seq is not None and frame["more"]
        self._apply(frame["messages"])
        self.seq = max(self.seq or 0, frame["seq"])
        if behind_before or self.seq < self._heard_of:
            await self._ask_to_enter()
            return
        self.entered.set()
        for post in list(self.pending.values()):
            await self._send_post(post)

    async def _take_messages(self, frame: Frame) -> None:
        if self.seq is None or frame["seq"] <= self.seq:
            return
        if frame["after"] <= self.seq:
            self._apply(frame["messages"])
            self.seq = frame["seq"]
            return
        self._heard_of = max(self._heard_of, frame["seq"])
        if not self._catching_up:
            self.gaps += 1
            await self._ask_to_enter()

    def _take_refused_post(self, frame: Frame) -> None:
        post = self.pending.get(frame["key"])
        if post is not None and _may_try_again(frame):
            self._later(frame, lambda: self._send_post(post))
            return
        self._settle(frame)

    def _later(self, frame: Frame, act: Callable[[], Awaitable[None]]) -> None:
        async def wait() -> None:
            await asyncio.sleep(frame.get("retry_after") or 0.5)
            await act()

        task = asyncio.create_task(wait())
        self._waits.add(task)
        task.add_done_callback(self._waits.discard)

    def _settle(self, frame: Frame) -> None:
        if (post := self.pending.pop(frame["key"], None)) and not post.answer.done():
            post.answer.set_result(frame)

    def _apply(self, messages: list[Frame]) -> None:
        for message in messages:
            known = self.messages.get(message["id"])
            if known is None or known["changed"] < message["changed"]:
                self.messages[message["id"]] = message


def _may_try_again(frame: Frame) -> bool:
    return "retry_after" in frame or frame["reason"] == "busy"
