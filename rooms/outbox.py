"""The frames on their way to one socket, in order and bounded: a slow reader never holds up its room.

A send on uvicorn ends without waiting unless the peer is slow, so its coroutine is stepped once right here; only what
has to wait costs a task (docs/performance.md has what this saves).
"""

from __future__ import annotations

import asyncio
import types
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from rooms import frames

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
WAITING = 64  # frames kept for a slow socket before its rooms are told to resync


class Outbox:
    __slots__ = ("_behind", "_send", "_task", "_waiting", "closed", "overflowed")

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[dict[str, Any]] = deque()
        self._behind: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self.closed = False
        self.overflowed = False  # direct answers piled up: the peer asks and does not listen

    def answer(self, frame: str) -> None:
        """A direct answer. Dropped only when the peer asks and asks and reads nothing."""
        if self.closed:
            return
        if len(self._waiting) >= 4 * WAITING:
            self.overflowed = True
            return
        self._push({"type": "websocket.send", "text": frame})

    def broadcast(self, event: dict[str, Any], room: str) -> None:
        """A ready event that every socket of `room` gets; a reader too slow for it gets `resync` instead, later."""
        if self.closed:
            return
        if self._task is not None and (room in self._behind or len(self._waiting) >= WAITING):
            self._behind.add(room)
            return
        self._push(event)

    def close(self, code: int) -> Coroutine[Any, Any, None]:
        """From this call on nothing more is sent but the close frame, which the coroutine sends."""
        is_over = self.closed
        self.drop()
        return self._say_goodbye(code, said=is_over)

    async def _say_goodbye(self, code: int, *, said: bool) -> None:
        if said:
            return
        try:
            async with asyncio.timeout(1):
                await self._send({"type": "websocket.close", "code": code})
        except Exception:  # noqa: S110  (the peer is gone or stuck: the server drops the connection)
            pass

    def drop(self) -> None:
        """The connection ended."""
        self.closed = True
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _push(self, event: dict[str, Any]) -> None:
        if self._task is not None:
            self._waiting.append(event)
            return
        step = self._send(event)
        try:
            future = step.send(None)
        except StopIteration:
            return
        except Exception:
            self.closed = True
            return
        self._task = asyncio.get_running_loop().create_task(self._drain(step, future))

    async def _drain(self, step: Coroutine[Any, Any, None], future: Any) -> None:
        try:
            await _resumed(step, future)  # type: ignore[misc]  # a generator-based coroutine is awaitable
            while self._waiting or self._behind:
                while self._waiting:
                    await self._send(self._waiting.popleft())
                rooms, self._behind = self._behind, set()
                self._waiting.extend({"type": "websocket.send", "text": frames.resync(room)} for room in rooms)
        except Exception:
            self.closed = True
            self._waiting.clear()
        finally:
            self._task = None


@types.coroutine
def _resumed(step: Coroutine[Any, Any, None], future: Any) -> Generator[Any, Any, None]:
    """Goes on with a coroutine whose first step ended in waiting for `future`."""
    try:
        while True:
            yield future
            try:
                future = step.send(None)
            except StopIteration:
                return
    finally:
        step.close()
