"""On PostgreSQL: who changes one person, their rooms and their case at the same moment waits for the other, and never for ever."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.harness.server import HERE, Store

pytestmark = [pytest.mark.engines, pytest.mark.servers]

TIMES = 15
BY_CHANCE = {"offer", "coordinate"}  # may be refused each time


def together(store: Store, *words: str) -> Any:
    command = [sys.executable, "-m", "tests.moderation.together", *words]
    ran = subprocess.run(command, cwd=HERE, env=store.env, text=True, capture_output=True, timeout=240, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "Traceback" not in ran.stderr, ran.stderr[-2000:]
    return json.loads(next(line for line in ran.stdout.splitlines() if line.startswith("{")))  # besides it, letters


def test_roles_sanctions_offers_flags_and_notes_at_the_same_time_and_none_fails(real_store: Store) -> None:
    told = together(real_store, str(TIMES))
    for name, counted in told.items():
        assert set(counted) <= {"done", "refused"}, f"{name}: {counted}"
        assert name in BY_CHANCE or counted.get("done", 0) > 0, f"{name} was never done: {counted}"
    assert "whole" in real_store.command("trail", "verify")


@pytest.mark.parametrize("count", [8])
def test_a_case_that_many_raise_at_the_same_moment_is_raised_once_and_told_once(real_store: Store, count: int) -> None:
    told = together(real_store, "crisis", str(count))
    assert told == {
        "severity": "crisis",
        "flags": [count, count],
        "raised": 1,
        "told": ["email", "email"],
        "step": 1,
    }
