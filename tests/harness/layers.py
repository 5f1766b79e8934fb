"""Channel layers that lose what they are given, to show that nothing depends on them.

A server process takes one through PEERCHAT_CHANNEL_LAYER. A layer of capacity 1 is Redis' own with
PEERCHAT_CHANNEL_CAPACITY=1.
"""

import random
from typing import Any

from channels_redis.core import RedisChannelLayer


class Dropping(RedisChannelLayer):  # type: ignore[misc]
    """Loses a third of everything at random."""

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        if random.random() >= 1 / 3:
            await super().send(channel, message)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        if random.random() >= 1 / 3:
            await super().group_send(group, message)
