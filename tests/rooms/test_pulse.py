"""What the pulse tells people while the store is away."""

import asyncio

from django.db import OperationalError

from rooms.hub import Hub
from rooms.pulse import Pulse
from tests.rooms.test_hub import Person


async def test_while_the_store_is_away_everybody_is_told_and_also_who_comes_back_too_early() -> None:
    hub = Hub()
    pulse = Pulse(hub)
    early, later = Person(hub, 1), Person(hub, 2)
    hub.welcome(early.conversation, 10)
    for _ in range(3):
        assert not early.conversation.outbox.closed
        await pulse._missed(OperationalError())
    hub.welcome(later.conversation, 10)
    await pulse._missed(OperationalError())
    await asyncio.sleep(0)
    assert early.heard == later.heard == [{"type": "websocket.close", "code": 1013}]
