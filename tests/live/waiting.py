"""Waiting for something to become true, never for an amount of time."""

import asyncio
from collections.abc import Callable


async def eventually(true: Callable[[], object], *, within: float = 20) -> None:
    """Raises TimeoutError where it does not."""
    async with asyncio.timeout(within):
        while True:
            if true():
                return
            await asyncio.sleep(0.02)
