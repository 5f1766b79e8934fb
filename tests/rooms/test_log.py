"""The group commit: what arrives while a commit runs goes together into the next; senders hear before the room does."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import OperationalError

from rooms import log as log_module
from rooms.access import Seat
from rooms.changes import Announcement, Change, Done, Outcome, Redact
from rooms.faces import Face
from rooms.log import Log
from rooms.refusals import Refused
from vault.sealing import CannotOpen

SEAT = Seat(1, "room", 1, Face("m_1", "Quiet Heron", 0, None))


def change(number: int) -> Redact:
    return Redact(SEAT, f"{number:032x}")


class Store:
    """Instead of commit.write on the writer thread: commits when it is let, and remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[Change]] = []
        self.fails: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def writing(self, function: object, changes: Sequence[Change]) -> tuple[list[Outcome], list[Announcement]]:
        self.batches.append(list(changes))
        await self.open.wait()
        if self.fails:
            raise self.fails
        return [Done()] * len(changes), [Announcement("room", 0, len(changes), [])]


@pytest.fixture
async def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store()
    monkeypatch.setattr(log_module, "writing", store.writing)
    monkeypatch.setattr(log_module, "_BREATH", 0.0)
    return store


async def test_what_arrives_while_a_commit_runs_goes_into_the_next_in_its_order(store: Store) -> None:
    log = Log(lambda announcement: None)
    store.open.clear()
    first = log.submit(change(0))
    await asyncio.sleep(0)
    others = [log.submit(change(number)) for number in range(1, 50)]
    await asyncio.sleep(0)
    assert store.batches == [[change(0)]]
    store.open.set()
    assert await asyncio.gather(first, *others) == [Done()] * 50
    assert store.batches == [[change(0)], [change(number) for number in range(1, 50)]]


async def test_a_batch_is_bounded_and_nothing_is_left_behind(store: Store) -> None:
    log = Log(lambda announcement: None)
    await asyncio.gather(*(log.submit(change(number)) for number in range(1000)))
    assert [len(batch) for batch in store.batches] == [256, 256, 256, 232]
    assert [each for batch in store.batches for each in batch] == [change(number) for number in range(1000)]


async def test_the_sender_has_the_outcome_before_the_room_hears(store: Store) -> None:
    seen: list[bool] = []
    log = Log(lambda announcement: seen.append(outcome.done()))
    outcome = log.submit(change(1))
    await outcome
    assert seen == [True]


async def test_where_too_many_wait_one_is_told_to_try_again(store: Store) -> None:
    log = Log(lambda announcement: None)
    store.open.clear()
    waiting = [log.submit(change(number)) for number in range(log_module._WAITING)]
    with pytest.raises(Refused, match="busy"):
        log.submit(change(9999))
    store.open.set()
    await asyncio.gather(*waiting)
    assert await log.submit(change(9999)) == Done()


@pytest.mark.parametrize(
    "failure", [OperationalError("the words"), CannotOpen("the words"), OSError("the words"), KeyError("the words")]
)
async def test_a_commit_that_fails_refuses_its_own_and_the_next_goes_on(
    store: Store, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    announced: list[Announcement] = []
    log = Log(announced.append)
    store.fails = failure
    outcomes = await asyncio.gather(log.submit(change(1)), log.submit(change(2)))
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Refused)] == ["busy", "busy"]
    assert all(isinstance(outcome, Refused) and outcome.retry_after for outcome in outcomes)
    assert announced == []
    assert "the words" not in caplog.text
    store.fails = None
    assert await log.submit(change(3)) == Done()
    assert len(announced) == 1


async def test_a_sender_who_went_away_stops_nobody(store: Store) -> None:
    log = Log(lambda announcement: None)
    gone, stays = log.submit(change(1)), log.submit(change(2))
    gone.cancel()
    assert await stays == Done()
    assert store.batches == [[change(1), change(2)]]


async def test_a_listener_that_fails_loses_no_later_change(store: Store) -> None:
    """Whoever announces may have a fault; those who wait for a commit must not pay for it."""
    calls: list[Any] = []

    def announce(announcement: Announcement) -> None:
        calls.append(announcement)
        if len(calls) == 1:
            raise RuntimeError

    listener: Callable[[Announcement], None] = announce
    log = Log(listener)
    store.open.clear()
    first = log.submit(change(1))
    await asyncio.sleep(0)
    second = log.submit(change(2))
    store.open.set()
    async with asyncio.timeout(5):
        assert await first == Done()
        assert await second == Done()
