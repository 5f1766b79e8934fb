"""Limits on the live path: a token bucket a person and purpose, in the memory of the process.

Sign-in is limited by allauth; here it is posts a minute in a room and frames a minute on all of a person's sockets.
"""

import time
from collections.abc import Callable, Hashable


class Buckets:
    """A bucket holds a minute's allowance and refills evenly. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._levels: dict[Hashable, tuple[float, float]] = {}

    def take(self, who: Hashable, a_minute: int) -> float:
        """0 where there was a token to take, else the seconds until there is one."""
        now = self._clock()
        level, then = self._levels.get(who, (float(a_minute), now))
        level = min(float(a_minute), level + (now - then) * a_minute / 60)
        if level >= 1:
            self._levels[who] = (level - 1, now)
            return 0.0
        self._levels[who] = (level, now)
        return (1 - level) * 60 / a_minute if a_minute else 60.0

    def prune(self) -> None:
        """Forgets who did nothing for a minute: their buckets are full again."""
        full = self._clock() - 60
        self._levels = {who: kept for who, kept in self._levels.items() if kept[1] > full}


posts = Buckets()
frames = Buckets()
calls = Buckets()  # acts of calls, and what their browsers tell one another
