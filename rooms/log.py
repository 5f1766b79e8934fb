"""The group commit: every change that arrived while the last commit ran goes into the next one (commit.write).

The store is asked once for many people, and a busy room gets few large frames instead of many small ones.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from django.db import Error

from rooms import raised, stored
from rooms.changes import Announcement, Change, Outcome
from rooms.commit import write
from rooms.refusals import Refused
from rooms.threads import writing
from vault.sealing import CannotOpen

_log = logging.getLogger(__name__)
_WAITING = 4000  # changes that may wait; beyond, people are told to try again
_BATCH = 256
# From one commit's start to the next, in seconds, so that commits and frames carry more. A lone message never waits.
# Figures in docs/performance.md.
_BREATH = 0.025


class Log:
    """`announce` is called on the loop with what was committed, after those who wrote it have their outcome."""

    def __init__(self, announce: Callable[[Announcement], None]) -> None:
        self._announce = announce
        self._waiting: list[tuple[Change, asyncio.Future[Outcome]]] = []
        self._task: asyncio.Task[None] | None = None
        self._taking: asyncio.Task[None] | None = None
        self._not_before = 0.0

    def submit(self, change: Change) -> asyncio.Future[Outcome]:
        """Done when the change is stored for good or refused. Raises Refused("busy") where too many wait."""
        if len(self._waiting) >= _WAITING:
            raise Refused("busy", 1.0)
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Outcome] = loop.create_future()
        self._waiting.append((change, outcome))
        if self._task is None:
            self._task = loop.create_task(self._drain())
        return outcome

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._breathe()
                batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
                await self._commit(batch)
        finally:
            self._task = None

    async def _breathe(self) -> None:
        loop = asyncio.get_running_loop()
        if (early := self._not_before - loop.time()) > 0:
            await asyncio.sleep(early)
        self._not_before = loop.time() + _BREATH

    async def _commit(self, batch: list[tuple[Change, asyncio.Future[Outcome]]]) -> None:
        announcements: list[Announcement] = []
        try:
            outcomes, announcements = await writing(write, [change for change, _ in batch])
        except (Error, CannotOpen, OSError) as error:
            _log.error(
                "A commit of %d changes failed (%s); their senders are told to try again.",
                len(batch),
                type(error).__name__,
            )
            outcomes = [Refused("busy", 1.0)] * len(batch)
        except Exception as error:
            _log.critical("A commit of %d changes failed (%s).", len(batch), type(error).__name__)
            outcomes = [Refused("busy", 5.0)] * len(batch)
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if not future.cancelled():
                future.set_result(outcome)
        for announcement in announcements:
            try:
                self._announce(announcement)
            except Exception as error:  # it is stored: the pulse finds it, and those who wait must not pay for it
                _log.error("An announcement failed (%s).", type(error).__name__)
        stored.tell([change for change, _ in batch], outcomes)
        if raised.is_any([change for change, _ in batch], outcomes):
            self._taking = asyncio.get_running_loop().create_task(writing(raised.take))
