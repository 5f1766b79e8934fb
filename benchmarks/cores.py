"""One core for the server that is measured, another for all that measures it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_MINE = sorted(os.sched_getaffinity(0))
SERVER, GENERATOR = _MINE[-1], _MINE[0]


@contextmanager
def only(core: int) -> Iterator[None]:
    """This process, and what it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
