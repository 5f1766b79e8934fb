"""What every test may ask for: real servers, real engines, a cast of signed-in people. Nothing else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from django.utils import translation
from playwright.sync_api import Browser

from peerchat import words
from tests.harness import engines
from tests.harness.browser import CHROMIUM, chromium
from tests.harness.engines import Postgres, Redis
from tests.harness.server import Server, Store, Stores


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        words.compile_all()


@pytest.fixture(autouse=True)
def _no_language_left_over() -> Iterator[None]:
    """A page in Spanish leaves its thread in Spanish: the next test starts anew."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """Makes fresh stores for real servers, each in a moment."""
    return Stores(tmp_path_factory.mktemp("stores"))


@pytest.fixture
def store(stores: Stores) -> Store:
    """An empty embedded store of this test's own."""
    return stores.embedded()


@pytest.fixture
def server(store: Store) -> Iterator[Server]:
    """A running server on `store`."""
    with Server(store) as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if reason := engines.missing():
        pytest.skip(reason)
    with engines.postgres() as running:
        yield running


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    if reason := engines.missing():
        pytest.skip(reason)
    with engines.redis() as running:
        yield running


@pytest.fixture
def real_store(stores: Stores, postgres: Postgres, redis: Redis) -> Store:
    """An empty store on PostgreSQL and Redis of this test's own."""
    return stores.on_engines(postgres, redis)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for as long as one module needs it: asyncio, which other tests use, must wait until it is closed."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with chromium() as running:
        yield running


@dataclass(frozen=True)
class Seat:
    """One member of one room, as `peerchat cast` writes it."""

    room: str
    cookie: str


class Cast(Protocol):
    def __call__(self, store: Store, *, rooms: int = 1, members: int = 2) -> list[Seat]: ...


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    """Fills a store with rooms of signed-in members and says how to be each of them."""

    def fill(store: Store, *, rooms: int = 1, members: int = 2) -> list[Seat]:
        out = tmp_path / "cast.json"
        store.command("cast", "--rooms", str(rooms), "--members", str(members), "--out", str(out))
        return [Seat(**seat) for seat in json.loads(out.read_text(encoding="utf-8"))]

    return fill
