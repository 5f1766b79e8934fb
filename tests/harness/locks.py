"""On PostgreSQL: whether a door takes the rows that it changes before it takes the trail, as all of them must (docs/architecture.md)."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.harness.server import Store


def check_waits_before_the_trail(store: Store, held: str, values: Sequence[object], act: Callable[[], object]) -> None:
    """Somebody holds what the statement `held` selects, as doors do, and then needs the trail, while `act` waits for those rows."""
    url = store.env["PEERCHAT_DATABASE_URL"]
    with psycopg.connect(url) as door, ThreadPoolExecutor(1) as aside:
        door.execute(held.encode(), values)
        turn = aside.submit(act)
        _until_somebody_waits(url)
        door.execute("SET LOCAL lock_timeout = '3s'")
        door.execute("SELECT 1 FROM vault_trailhead FOR UPDATE")
        door.commit()
        turn.result(timeout=20)
    assert "whole" in store.command("trail", "verify")


def _until_somebody_waits(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as watcher:
        for _ in range(200):
            waiting = watcher.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
            if waiting and waiting[0]:
                return
            time.sleep(0.05)
    pytest.fail("nobody waits for the row")
