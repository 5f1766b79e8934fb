"""The shared cache, and what stands in for it while Redis is away."""

import pytest

from peerchat.cache import RedisOrMemory
from tests.harness.engines import Redis

pytestmark = [pytest.mark.engines, pytest.mark.servers]


def test_what_one_process_counts_another_sees(redis: Redis) -> None:
    here, there = (RedisOrMemory(redis.url, {}) for _ in range(2))
    assert here.add("tries", 1)
    assert not there.add("tries", 1)
    assert there.incr("tries") == 2
    assert here.get("tries") == 2


def test_without_redis_a_process_goes_on_counting_alone() -> None:
    cache = RedisOrMemory("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 1}})
    assert cache.add("tries", 1)
    assert not cache.add("tries", 1)
    cache.set("tries", 5, 60)
    assert cache.touch("tries")
    assert cache.get("tries") == 5
    assert cache.delete("tries")
    cache.clear()
