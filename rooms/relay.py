"""What one process tells the others: one channel a process, one group a room, over the channel layer.

At most once, by nature: the relay only makes things fast. What it loses, the hub finds by the numbers and the pulse.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings

_log = logging.getLogger(__name__)
_WAITING = 2000  # events on their way to the layer; more are dropped
_JOIN_AGAIN = 60 * 60  # seconds; a group's membership expires in Redis after a day, or with a restart of it


class Relay:
    """`hear` is called on the loop with each event of another process: a dict with `type`, `room` and more."""

    def __init__(self, hear: Callable[[dict[str, Any]], None]) -> None:
        self._hear = hear
        self._layer: Any = get_channel_layer()
        self._channel = ""
        self._rooms: set[str] = set()
        self._outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_WAITING)
        self._tasks: list[asyncio.Task[None]] = []

    @staticmethod
    def is_needed() -> bool:
        """The in-memory layer reaches no other process."""
        return bool(settings.REDIS_URL)

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._speak())]

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    def join(self, room: str) -> None:
        self._rooms.add(room)
        self._put({"join": room})

    def leave(self, room: str) -> None:
        self._rooms.discard(room)
        self._put({"leave": room})

    def tell(self, room: str, **event: Any) -> None:
        """To every other process in which the room is open."""
        self._put({"tell": room, "event": {"type": "peerchat.told", "room": room, **event}})

    def _put(self, order: dict[str, Any]) -> None:
        try:
            self._outgoing.put_nowait(order)
        except asyncio.QueueFull:
            _log.warning("The channel layer is too slow: something for other processes was dropped.")

    async def _speak(self) -> None:
        while True:
            order = await self._outgoing.get()
            try:
                await self._carry_out(order)
            except Exception as error:
                _log.warning("The channel layer is out of reach (%s).", type(error).__name__)
                await asyncio.sleep(0.2)

    async def _carry_out(self, order: dict[str, Any]) -> None:
        match order:
            case {"join": room}:
                await self._layer.group_add(_group(room), await self._own_channel())
            case {"leave": room}:
                await self._layer.group_discard(_group(room), await self._own_channel())
            case {"tell": room, "event": event}:
                await self._layer.group_send(_group(room), {**event, "from": await self._own_channel()})

    async def _listen(self) -> None:
        again = 0.0
        loop = asyncio.get_running_loop()
        while True:
            try:
                channel = await self._own_channel()
                if loop.time() >= again:
                    again = loop.time() + _JOIN_AGAIN
                    for room in list(self._rooms):
                        await self._layer.group_add(_group(room), channel)
                async with asyncio.timeout(30):
                    event = await self._layer.receive(channel)
                if event["from"] != channel:
                    self._hear(event)
            except TimeoutError:
                continue
            except Exception as error:
                _log.warning("The channel layer is out of reach (%s).", type(error).__name__)
                again = 0.0
                await asyncio.sleep(0.5)

    async def _own_channel(self) -> str:
        if not self._channel:
            self._channel = await self._layer.new_channel("peerchat")
        return self._channel


def _group(room: str) -> str:
    return f"room.{room}"
