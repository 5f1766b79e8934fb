"""The way from the event loop to the store: a few reader threads and one writer thread, each with its own connection.

One hop an event. A connection that broke is dropped, so that the next call finds the store again after a restart.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import Error, connections

P = ParamSpec("P")
T = TypeVar("T")

_readers = ThreadPoolExecutor(4, thread_name_prefix="peerchat-reader")
_writer = ThreadPoolExecutor(1, thread_name_prefix="peerchat-writer")


async def reading(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.get_running_loop().run_in_executor(_readers, lambda: _run(function, *args, **kwargs))


async def writing(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.get_running_loop().run_in_executor(_writer, lambda: _run(function, *args, **kwargs))


def _run(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return function(*args, **kwargs)
    except Error:
        connections.close_all()
        raise
