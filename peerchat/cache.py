"""Redis as the shared cache, with this process's own memory to stand in while Redis is away: signing in must not wait for it.

What it holds (counts of tries to sign in) is then counted by each process alone, and no longer than Redis is away.
"""

from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError


class RedisOrMemory(BaseCache):
    """The parts of the interface that Django's own `incr`, `get_or_set` and `*_many` are made of."""

    def __init__(self, location: str, parameters: dict[str, Any]) -> None:
        super().__init__(parameters)
        self._redis = RedisCache(location, parameters)
        self._spare = LocMemCache("spare", {key: value for key, value in parameters.items() if key != "OPTIONS"})

    def _ask(self, name: str, *given: Any, **named: Any) -> Any:
        try:
            return getattr(self._redis, name)(*given, **named)
        except (RedisError, OSError):
            return getattr(self._spare, name)(*given, **named)

    def add(self, *given: Any, **named: Any) -> bool:
        return bool(self._ask("add", *given, **named))

    def get(self, *given: Any, **named: Any) -> Any:
        return self._ask("get", *given, **named)

    def set(self, *given: Any, **named: Any) -> None:
        self._ask("set", *given, **named)

    def touch(self, *given: Any, **named: Any) -> bool:
        return bool(self._ask("touch", *given, **named))

    def delete(self, *given: Any, **named: Any) -> bool:
        return bool(self._ask("delete", *given, **named))

    def clear(self) -> None:
        self._ask("clear")
