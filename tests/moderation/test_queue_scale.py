"""However many cases there are, a page of the queue is read through an index and sorts nothing. Speed: benchmarks/moderation.py."""

import json
import re
import subprocess
import sys

import pytest

from tests.harness.engines import Postgres, Redis
from tests.harness.server import HERE, Store, Stores

pytestmark = pytest.mark.servers

CASES = 20_000

# What each question is answered from, in the order that it is asked for.
INDEX = {
    "open": "case_queue",
    "waiting": "case_queue",
    "resolved": "case_history",
    "waiting crisis": "case_by_severity",
    "waiting urgent": "case_by_severity",
    "waiting routine": "case_by_severity",
    "category": "case_by_category",
    "room": "case_by_room",
    "open, far down": "case_queue",
    "resolved, far down": "case_history",
    "the next one": "case_queue",
}


def plans(store: Store) -> dict[str, str]:
    command = [sys.executable, "-m", "tests.moderation.plans", str(CASES)]
    done = subprocess.run(command, cwd=HERE, env=store.env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def on_sqlite(stores: Stores) -> dict[str, str]:
    return plans(stores.embedded())


@pytest.fixture(scope="module")
def on_postgresql(stores: Stores, postgres: Postgres, redis: Redis) -> dict[str, str]:
    return plans(stores.on_engines(postgres, redis))


@pytest.mark.parametrize("question", INDEX)
def test_on_sqlite_a_page_is_read_from_an_index_and_nothing_is_sorted(on_sqlite: dict[str, str], question: str) -> None:
    plan = on_sqlite[question]
    assert f"USING INDEX {INDEX[question]}" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.engines
@pytest.mark.parametrize("question", INDEX)
def test_on_postgresql_a_page_is_read_from_an_index_and_nothing_is_sorted(
    on_postgresql: dict[str, str], question: str
) -> None:
    plan = on_postgresql[question]
    assert "Index Scan" in plan
    assert " on moderation_case" in plan
    assert "Seq Scan on moderation_case" not in plan
    # PostgreSQL may sort a handful that it found through an index, never what grows with the queue.
    assert all(int(rows) < 100 for rows in re.findall(r"Sort +\(cost=\S+ rows=(\d+)", plan))


@pytest.mark.parametrize("question", ["open, far down", "resolved, far down"])
def test_the_way_far_down_is_one_step_in_the_index(on_sqlite: dict[str, str], question: str) -> None:
    assert "SEARCH moderation_case USING INDEX" in on_sqlite[question]
