"""Houses that the tests of one module share: each test brings its own room and people."""

from collections.abc import Iterator

import pytest

from tests.harness.engines import Postgres, Redis
from tests.harness.server import Stores
from tests.live.house import House, embedded, two_processes


@pytest.fixture(scope="module")
def small_house(stores: Stores) -> Iterator[House]:
    """SQLite and one process."""
    with embedded(stores) as house:
        yield house


@pytest.fixture(scope="module")
def big_house(stores: Stores, postgres: Postgres, redis: Redis) -> Iterator[House]:
    """PostgreSQL, Redis and two processes."""
    with two_processes(stores, postgres, redis) as house:
        yield house


@pytest.fixture(scope="module")
def losing_house(stores: Stores, postgres: Postgres, redis: Redis) -> Iterator[House]:
    """Two processes, and a layer between them that loses a third of everything."""
    with two_processes(stores, postgres, redis, PEERCHAT_CHANNEL_LAYER="tests.harness.layers.Dropping") as house:
        yield house


@pytest.fixture(scope="module")
def daphne_house(stores: Stores) -> Iterator[House]:
    with embedded(stores, daphne=True) as house:
        yield house


@pytest.fixture(
    params=[
        pytest.param("small_house", id="one process on SQLite"),
        pytest.param("big_house", id="two processes on PostgreSQL and Redis", marks=pytest.mark.engines),
        pytest.param("daphne_house", id="daphne on SQLite"),
    ]
)
def house(request: pytest.FixtureRequest) -> House:
    found: House = request.getfixturevalue(request.param)
    return found


@pytest.fixture(
    params=[
        pytest.param("small_house", id="one process on SQLite"),
        pytest.param("big_house", id="two processes", marks=pytest.mark.engines),
        pytest.param("losing_house", id="two processes, a layer that loses", marks=pytest.mark.engines),
    ]
)
def any_house(request: pytest.FixtureRequest) -> House:
    """For what travels from process to process and must arrive where the layer loses it."""
    found: House = request.getfixturevalue(request.param)
    return found
