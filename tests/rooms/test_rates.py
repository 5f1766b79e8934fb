"""A minute's allowance, refilled evenly. The clock is the test's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.rates import Buckets


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_minutes_allowance_may_be_spent_at_once_and_then_one_waits(clock: Clock) -> None:
    buckets = Buckets(clock)
    assert [buckets.take("ines", 6) for _ in range(6)] == [0.0] * 6
    assert buckets.take("ines", 6) == pytest.approx(10)
    clock.now += 4
    assert buckets.take("ines", 6) == pytest.approx(6)
    clock.now += 6
    assert buckets.take("ines", 6) == 0.0
    assert buckets.take("ines", 6) == pytest.approx(10)


def test_being_refused_costs_nothing(clock: Clock) -> None:
    buckets = Buckets(clock)
    buckets.take("ines", 1)
    waits = [buckets.take("ines", 1) for _ in range(50)]
    assert waits == pytest.approx([60] * 50)
    clock.now += 60
    assert buckets.take("ines", 1) == 0.0


def test_each_has_their_own_and_none_grows_beyond_a_minute(clock: Clock) -> None:
    buckets = Buckets(clock)
    buckets.take("ines", 1)
    assert buckets.take("teodor", 1) == 0.0
    clock.now += 3600
    assert [buckets.take("ines", 2) > 0 for _ in range(3)] == [False, False, True]


def test_where_nothing_is_allowed_one_waits(clock: Clock) -> None:
    assert Buckets(clock).take("ines", 0) == 60.0


def test_a_limit_that_was_lowered_holds_at_once(clock: Clock) -> None:
    buckets = Buckets(clock)
    buckets.take("ines", 100)
    assert [buckets.take("ines", 2) > 0 for _ in range(3)] == [False, False, True]


def test_who_did_nothing_for_a_minute_is_forgotten_and_nobody_else(clock: Clock) -> None:
    buckets = Buckets(clock)
    buckets.take("ines", 1)
    clock.now += 59
    buckets.take("teodor", 1)
    clock.now += 2
    buckets.prune()
    assert set(buckets._levels) == {"teodor"}
    assert buckets.take("teodor", 1) > 0


@given(st.lists(st.floats(0, 30), max_size=200), st.integers(1, 50))
def test_nobody_gets_more_than_the_allowance_and_what_time_refilled(pauses: list[float], a_minute: int) -> None:
    clock = Clock()
    buckets = Buckets(clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        taken += buckets.take("ines", a_minute) == 0.0
    assert taken <= a_minute + sum(pauses) * a_minute / 60 + 1e-6
