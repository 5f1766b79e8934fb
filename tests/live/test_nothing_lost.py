"""Nothing lost, nothing twice: people go on writing while servers, Redis and PostgreSQL are pulled from under them."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.harness.client import FaithfulClient, Frame
from tests.harness.engines import Postgres, Redis
from tests.harness.server import Server, Stores
from tests.live.house import House, embedded, two_processes
from tests.live.waiting import eventually

pytestmark = pytest.mark.servers

PEOPLE = 20
KILLS = 5
FEWEST = 6  # messages each person writes, however fast the trouble is over
PACE = 0.2  # seconds between an acknowledgement and the next message
PATIENCE = 60.0  # seconds for what should take one or two


@dataclass
class Reader(FaithfulClient):
    """Writes down in which order it came to see each message for the first time."""

    arrivals: list[tuple[int, str]] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    closings: Counter[int | None] = field(default_factory=Counter)

    def _apply(self, messages: list[Frame]) -> None:
        self.arrivals += [(each["seq"], each["id"]) for each in messages if each["id"] not in self.messages]
        super()._apply(messages)

    def _take_refused_post(self, frame: Frame) -> None:
        self.refusals[frame["reason"]] += 1
        super()._take_refused_post(frame)

    async def _hang_up(self) -> None:
        if self._connection is not None:
            self.closings[self._connection.close_code] += 1
        await super()._hang_up()


class Talk:
    """Everybody writes one message after another, each once the one before is acknowledged, until the trouble is over."""

    def __init__(self, readers: list[Reader]) -> None:
        self.readers = readers
        self.said: list[list[tuple[str, Frame]]] = [[] for _ in readers]
        self.is_over = asyncio.Event()

    @property
    def acknowledged(self) -> int:
        return sum(map(len, self.said))

    async def more(self, count: int) -> None:
        """Wait for so many acknowledgements more."""
        wanted = self.acknowledged + count
        await eventually(lambda: self.acknowledged >= wanted, within=PATIENCE)

    async def everybody_is_here(self) -> None:
        for reader in self.readers:
            await reader.until(lambda each: each.entered.is_set(), within=PATIENCE)

    async def write(self, number: int) -> None:
        reader = self.readers[number]
        for count in itertools.count():
            if count >= FEWEST and self.is_over.is_set():
                return
            body = f"Person {number} says sentence {count}."
            answer = await reader.post(body)
            assert answer["type"] == "posted", answer
            self.said[number].append((body, answer))
            await asyncio.sleep(PACE)


Trouble = Callable[[Talk], Awaitable[None]]


async def _talk_through(house: House, trouble: Trouble, *, rooms: int = 1) -> list[Reader]:
    """People in `rooms` rooms talk while `trouble` happens; then everything is compared with everything."""
    places = [house.room() for _ in range(rooms)]
    people = [house.person(places[number % rooms]) for number in range(PEOPLE)]
    async with AsyncExitStack() as stack:
        readers = [
            Reader(house.url(number // rooms), person.cookie, person.room, patience=1.5)
            for number, person in enumerate(people)
        ]
        for reader in readers:
            await stack.enter_async_context(reader)
        talk = Talk(readers)
        writing = [asyncio.create_task(talk.write(number)) for number in range(PEOPLE)]
        try:
            async with asyncio.timeout(4 * PATIENCE):
                await talk.more(PEOPLE)
                await trouble(talk)
                talk.is_over.set()
                await asyncio.gather(*writing)
        finally:
            for task in writing:
                task.cancel()
        for room in places:
            await _agree_on(room, talk, house)
    return readers


async def _agree_on(room: str, talk: Talk, house: House) -> None:
    """Store, acknowledgements and every reader's screen tell the same story."""
    stored: list[dict[str, Any]] = await asyncio.to_thread(house.office, "stored", room=room)
    story = [(row["seq"], row["id"], row["body"]) for row in stored]
    here = [number for number, reader in enumerate(talk.readers) if reader.room == room]
    said = [(answer["seq"], answer["id"], body) for number in here for body, answer in talk.said[number]]
    assert sorted(said) == story, "each acknowledged message is stored once, under the number it was given"
    assert [row[0] for row in story] == list(range(1, len(story) + 1)), "the numbers have no hole"
    for number in here:
        seqs = [answer["seq"] for _, answer in talk.said[number]]
        assert seqs == sorted(seqs), "what one person writes keeps its order"
        reader = talk.readers[number]
        await reader.until(lambda each: len(each.messages) >= len(story), within=PATIENCE)
        screen = [(each["seq"], each["id"], each["body"]) for each in reader.shown]
        assert screen == story, f"reader {number} sees what is stored"
        assert reader.arrivals == [row[:2] for row in story], f"reader {number} saw each message once and in order"
        assert not reader.pending


def _killing(*servers: Server) -> Trouble:
    async def kill(talk: Talk) -> None:
        for server in itertools.islice(itertools.cycle(servers), KILLS):
            await talk.everybody_is_here()
            await talk.more(PEOPLE)
            server.kill()
            await asyncio.to_thread(server.start)

    return kill


async def test_nothing_is_lost_when_the_only_process_is_killed_five_times(stores: Stores) -> None:
    with embedded(stores) as house:
        readers = await _talk_through(house, _killing(house.server))
    assert all(reader.connects > KILLS for reader in readers)


async def test_nothing_is_lost_in_several_rooms_at_once(stores: Stores) -> None:
    with embedded(stores) as house:
        await _talk_through(house, _killing(house.server), rooms=4)


@pytest.mark.engines
@pytest.mark.parametrize(
    "layer",
    [{"PEERCHAT_CHANNEL_CAPACITY": "1"}, {"PEERCHAT_CHANNEL_LAYER": "tests.harness.layers.Dropping"}],
    ids=["with a layer of capacity one", "with a layer that drops a third"],
)
async def test_nothing_is_lost_between_two_processes(
    stores: Stores, postgres: Postgres, redis: Redis, layer: dict[str, str]
) -> None:
    with two_processes(stores, postgres, redis, **layer) as house:
        await _talk_through(house, _killing(*house.servers), rooms=2)


@pytest.mark.engines
async def test_nothing_is_lost_when_redis_is_killed_and_comes_back_empty(
    stores: Stores, postgres: Postgres, redis: Redis
) -> None:
    async def trouble(talk: Talk) -> None:
        for _ in range(3):
            await talk.more(PEOPLE)
            redis.kill()
            try:
                await talk.more(PEOPLE)
            finally:
                await asyncio.to_thread(redis.start)

    with two_processes(stores, postgres, redis) as house:
        readers = await _talk_through(house, trouble)
    assert all(reader.connects == 1 for reader in readers), "nobody needs to notice"


@pytest.mark.engines
async def test_nothing_is_lost_when_postgres_restarts(stores: Stores, postgres: Postgres, redis: Redis) -> None:
    async def trouble(talk: Talk) -> None:
        for _ in range(2):
            await talk.everybody_is_here()
            await talk.more(PEOPLE)
            await asyncio.to_thread(postgres.restart)
        await talk.everybody_is_here()
        await talk.more(PEOPLE)
        postgres.stop()
        try:
            for reader in talk.readers:
                await reader.until(lambda each: not each.entered.is_set(), within=PATIENCE)
        finally:
            await asyncio.to_thread(postgres.start)

    with two_processes(stores, postgres, redis) as house:
        readers = await _talk_through(house, trouble)
    for reader in readers:
        assert reader.connects > 1
        assert reader.closings[1013], "the server says that the store is out of reach"
