"""Ten moderators claim from one queue at the same time: no case has two holders, none is left behind, nobody gets an error."""

import json
import sys
from collections.abc import Callable
from subprocess import PIPE, Popen
from typing import Any

import pytest

from tests.harness.server import HERE, Store

pytestmark = pytest.mark.servers

CASES, MODERATORS = 60, 10
Race = Callable[..., list[Any]]


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.engines)])
def house(request: pytest.FixtureRequest) -> Store:
    store: Store = request.getfixturevalue("store" if request.param == "SQLite" else "real_store")
    return store


@pytest.fixture
def race(house: Store) -> Race:
    """Runs tests.moderation.race, once for each list of words, all at the same time; what each of them printed."""

    def run(*starts: list[str]) -> list[Any]:
        command = [sys.executable, "-m", "tests.moderation.race"]
        running = [
            Popen([*command, *words], cwd=HERE, env=house.env, text=True, stdout=PIPE, stderr=PIPE) for words in starts
        ]
        ended = [process.communicate(timeout=120) for process in running]
        assert not any(process.returncode for process in running), [error[-2000:] for _, error in ended]
        assert not any("Traceback" in error for _, error in ended), [error[-2000:] for _, error in ended]
        return [json.loads(out.splitlines()[-1]) for out, _ in ended]

    return run


def test_no_case_is_held_by_two_and_none_is_left(race: Race, house: Store) -> None:
    [made] = race(["seed", str(CASES), str(MODERATORS)])
    people = list(map(str, made["moderators"]))
    # Two processes, five moderators in each: neither knows of the other but through the store.
    first, second = race(["next", *people[:5]], ["next", *people[5:]])
    got = {**first, **second}
    assert set(got) == set(people)
    assert sum(map(bool, got.values())) > 1  # they did work side by side
    taken = [case for cases in got.values() for case in cases]
    assert sorted(taken) == sorted(made["cases"])
    [found] = race(["found"])
    assert found["held"] == {case: int(person) for person, cases in got.items() for case in cases}
    assert found["claims"] == sorted(made["cases"])
    assert "whole" in house.command("trail", "verify")


def test_of_ten_who_claim_one_case_one_gets_it_and_nine_are_told_who(race: Race) -> None:
    [made] = race(["seed", "1", str(MODERATORS)])
    people = list(map(str, made["moderators"]))
    [case] = made["cases"]
    first, second = race(["same", case, *people[:5]], ["same", case, *people[5:]])
    told = {**first, **second}
    [winner] = [person for person, answer in told.items() if answer == "mine"]
    name = f"Moderator {people.index(winner)}"
    assert [answer for answer in told.values() if answer != "mine"] == [f"{name} has this case."] * 9
    [found] = race(["found"])
    assert found == {"held": {case: int(winner)}, "claims": [case]}
