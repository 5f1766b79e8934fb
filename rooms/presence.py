"""Who is in one room right now and who is typing, over all processes. In memory only: the store knows nothing of it."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable

SETTLE = 0.5  # seconds in which arrivals are gathered into one frame
TYPING = 5.0  # seconds a sign of typing holds
REMOTE = 25.0  # seconds until a silent process's people count as away; it speaks every 10


class Presence:
    """`moved` is called SETTLE seconds after the first of some changes; it then asks `settle` what they come to."""

    def __init__(self, moved: Callable[[], None]) -> None:
        self._moved = moved
        self._local: Counter[str] = Counter()
        self._remote: dict[str, tuple[frozenset[str], float]] = {}
        self._typing: dict[str, float] = {}
        self._shown: frozenset[str] = frozenset()
        self._shown_typing: frozenset[str] = frozenset()
        self._timer: asyncio.TimerHandle | None = None

    def came(self, handle: str) -> None:
        self._local[handle] += 1
        self._stir()

    def went(self, handle: str) -> None:
        self._local[handle] -= 1
        if self._local[handle] <= 0:
            del self._local[handle]
            self._typing.pop(handle, None)
        self._stir()

    def heard(self, process: str, handles: list[str]) -> None:
        here = frozenset(handles)
        known = self._remote.get(process)
        self._remote[process] = (here, time.monotonic() + REMOTE)
        if known is None or known[0] != here:
            self._stir()

    def typed(self, handle: str) -> None:
        self._typing[handle] = time.monotonic() + TYPING
        self._stir()

    def is_here(self, handle: str) -> bool:
        return handle in self._local or any(handle in here for here, _ in self._remote.values())

    def here_locally(self) -> list[str]:
        return list(self._local)

    def count(self) -> int:
        return len(self._shown)

    def settle(self) -> tuple[list[str], list[str], list[str] | None]:
        """Who came and who went since the last time, and who is typing now (None where that is as it was)."""
        self._timer = None
        now = time.monotonic()
        self._remote = {process: kept for process, kept in self._remote.items() if kept[1] > now}
        here = frozenset(self._local).union(*(handles for handles, _ in self._remote.values()))
        came, went = here - self._shown, self._shown - here
        self._shown = here
        self._typing = {handle: until for handle, until in self._typing.items() if until > now}
        typing = frozenset(self._typing)
        moved = typing != self._shown_typing
        self._shown_typing = typing
        # A process that was killed said no goodbye for its people: look again when its time is over.
        if ends := [*self._typing.values(), *(until for _, until in self._remote.values())]:
            self._stir(min(ends) - now + 0.05)
        return list(came), list(went), list(typing) if moved else None

    def wrote(self, handles: list[str]) -> None:
        """Messages arrived: their authors are not typing them any more."""
        if self._typing and [handle for handle in handles if self._typing.pop(handle, None)]:
            self._stir()

    def _stir(self, after: float = SETTLE) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is None:
            self._timer = loop.call_later(after, self._moved)
        elif self._timer.when() > loop.time() + after:
            self._timer.cancel()
            self._timer = loop.call_later(after, self._moved)
