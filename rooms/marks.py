"""How far each of two has received and read, in a private thread. Groups have none: there nobody is shown who has read what.

In memory beside the live room; the pulse writes it to the memberships, where whoever comes later finds it.
"""

import asyncio
from collections.abc import Callable

SETTLE = 0.3  # seconds in which marks are gathered into one frame


class Marks:
    """By handle: (got, read). `moved` is called SETTLE seconds after the first change; it then asks `settle` what moved."""

    def __init__(self, moved: Callable[[], None]) -> None:
        self._moved = moved
        self._now: dict[str, tuple[int, int]] = {}
        self._changed: dict[str, bool] = {}  # by handle: whether it moved in this process
        self._timer: asyncio.TimerHandle | None = None

    def advance(self, handle: str, got: int, read: int, *, here: bool) -> None:
        """Marks only move forward. What was read has arrived."""
        before = self._now.get(handle, (0, 0))
        now = (max(before[0], got, read), max(before[1], read))
        if now == before:
            return
        self._now[handle] = now
        self._changed[handle] = self._changed.get(handle, False) or here
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SETTLE, self._moved)

    def shown(self) -> dict[str, tuple[int, int]]:
        return dict(self._now)

    def settle(self) -> list[tuple[str, int, int, bool]]:
        """(handle, got, read, whether it moved here) for each that moved since the last time."""
        self._timer = None
        changed, self._changed = self._changed, {}
        return [(handle, *self._now[handle], here) for handle, here in changed.items()]
