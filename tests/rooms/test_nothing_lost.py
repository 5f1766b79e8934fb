"""Nothing lost, nothing twice: twenty people write while what carries their words is taken away and comes back.

Every test here ends in the same demand, `_everybody_has`: what was acknowledged is there once, in one order, for all.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.conftest import Cast, Seat
from tests.harness.client import FaithfulClient, Frame
from tests.harness.engines import Postgres, Redis
from tests.harness.server import Server, Store, Stores

pytestmark = pytest.mark.servers

PEOPLE = 20
DROPPING = "tests.harness.layers.Dropping"

Outage = Callable[[], Awaitable[None]]


@asynccontextmanager
async def _people(seats: Sequence[Seat], servers: Sequence[Server]) -> AsyncIterator[list[FaithfulClient]]:
    """Everybody in the room, spread over the servers, each following docs/protocol.md."""
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                FaithfulClient(servers[number % len(servers)].socket_url, seat.cookie, seat.room, patience=1)
            )
            for number, seat in enumerate(seats)
        ]
        for client in clients:
            await client.until(lambda each: each.entered.is_set())
        yield clients


async def _talk(clients: Sequence[FaithfulClient], outage: Outage) -> dict[str, Frame]:
    """Everybody writes, one message after the other, from before the outage until after it. Returns what was acknowledged."""
    over = asyncio.Event()
    acknowledged: dict[str, Frame] = {}

    async def write(number: int, client: FaithfulClient) -> None:
        for line in range(10_000):
            if over.is_set():
                return
            body = f"writer {number} line {line}"
            answer = await client.post(body)
            assert answer["type"] == "posted"
            acknowledged[body] = answer
            await asyncio.sleep(0.1)

    writers = [asyncio.create_task(write(number, client)) for number, client in enumerate(clients)]
    await asyncio.sleep(0.5)
    await outage()
    await asyncio.sleep(0.5)
    over.set()
    async with asyncio.timeout(60):
        await asyncio.gather(*writers)
    return acknowledged


async def _everybody_has(acknowledged: dict[str, Frame], clients: Sequence[FaithfulClient]) -> None:
    assert len(acknowledged) > len(clients)
    last = max(frame["seq"] for frame in acknowledged.values())
    for client in clients:
        await client.until(lambda each: (each.seq or 0) >= last, within=30)
        assert not client.pending
        times = Counter(client.bodies)
        assert {body for body in acknowledged if times[body] != 1} == set()
        assert {body: times[body] for body in times if times[body] > 1} == {}
        places = {message["id"]: message["seq"] for message in client.shown}
        assert all(places[frame["id"]] == frame["seq"] for frame in acknowledged.values())
        assert client.shown == clients[0].shown


def _each_writer_in_order(client: FaithfulClient) -> None:
    lines: dict[str, int] = {}
    for body in client.bodies:
        assert body is not None
        writer, line = body.split(" line ")
        assert int(line) == lines.get(writer, -1) + 1
        lines[writer] = int(line)


async def test_a_server_killed_five_times_loses_nothing(store: Store, cast: Cast) -> None:
    seats = cast(store, members=PEOPLE)
    with Server(store) as server:

        async def killed_five_times() -> None:
            for _ in range(5):
                server.kill()
                await asyncio.to_thread(server.start)
                await asyncio.sleep(1)

        async with _people(seats, [server]) as clients:
            acknowledged = await _talk(clients, killed_five_times)
            await _everybody_has(acknowledged, clients)
            assert all(client.connects > 1 for client in clients)
            _each_writer_in_order(clients[0])


@pytest.mark.engines
@pytest.mark.parametrize(
    "layer",
    [
        pytest.param({"PEERCHAT_CHANNEL_CAPACITY": "1"}, id="a channel layer of capacity 1"),
        pytest.param({"PEERCHAT_CHANNEL_LAYER": DROPPING}, id="a channel layer that drops a third"),
    ],
)
async def test_two_processes_over_a_poor_channel_layer_lose_nothing(
    layer: dict[str, str], stores: Stores, postgres: Postgres, redis: Redis, cast: Cast
) -> None:
    store = stores.on_engines(postgres, redis, **layer)
    seats = cast(store, members=PEOPLE)
    with Server(store) as one, Server(store) as other:

        async def one_is_killed() -> None:
            await asyncio.sleep(2)
            one.kill()
            await asyncio.to_thread(one.start)
            await asyncio.sleep(1)

        async with _people(seats, [one, other]) as clients:
            acknowledged = await _talk(clients, one_is_killed)
            await _everybody_has(acknowledged, clients)
            _each_writer_in_order(clients[0])


@pytest.mark.engines
async def test_two_processes_lose_nothing_while_redis_restarts(
    stores: Stores, postgres: Postgres, redis: Redis, cast: Cast
) -> None:
    store = stores.on_engines(postgres, redis)
    seats = cast(store, members=PEOPLE)

    async def redis_restarts() -> None:
        await asyncio.to_thread(redis.stop)
        try:
            await asyncio.sleep(1.5)
        finally:
            await asyncio.to_thread(redis.start)
        await asyncio.sleep(1)

    with Server(store) as one, Server(store) as other:
        async with _people(seats, [one, other]) as clients:
            acknowledged = await _talk(clients, redis_restarts)
            await _everybody_has(acknowledged, clients)


@pytest.mark.engines
async def test_two_processes_lose_nothing_while_postgres_restarts(
    stores: Stores, postgres: Postgres, redis: Redis, cast: Cast
) -> None:
    store = stores.on_engines(postgres, redis)
    seats = cast(store, members=PEOPLE)

    async def postgres_restarts() -> None:
        await asyncio.to_thread(postgres.stop)
        try:
            await asyncio.sleep(1.5)
        finally:
            await asyncio.to_thread(postgres.start)
        await asyncio.sleep(1)

    with Server(store) as one, Server(store) as other:
        async with _people(seats, [one, other]) as clients:
            acknowledged = await _talk(clients, postgres_restarts)
            await _everybody_has(acknowledged, clients)


async def test_the_development_server_loses_nothing_either(store: Store, cast: Cast) -> None:
    seats = cast(store, members=5)
    with Server(store, daphne=True) as server:

        async def killed_once() -> None:
            server.kill()
            await asyncio.to_thread(server.start)
            await asyncio.sleep(1)

        async with _people(seats, [server]) as clients:
            acknowledged = await _talk(clients, killed_once)
            await _everybody_has(acknowledged, clients)
