"""Which servers help two browsers to find each other, and the passes to the relay, made for one call and for a few hours.

The pass is coturn's (draft-uberti-behave-turn-rest): `expiry:random` and the HMAC-SHA1 of it under the shared secret. No account and no
room is in it, so that the relay's log says only that somebody called.
"""

import base64
import hashlib
import hmac
import secrets
import time
from typing import Any

from django.conf import settings

LASTS = 5 * 60 * 60  # seconds; longer than the longest call


def for_a_call() -> list[dict[str, Any]]:
    """As RTCPeerConnection takes them. Empty where none are set: then only browsers in one network find each other."""
    found: list[dict[str, Any]] = []
    if settings.STUN_URLS:
        found.append({"urls": settings.STUN_URLS})
    if settings.TURN_URLS:
        name, word = _pass(int(time.time()) + LASTS)
        found.append({"urls": settings.TURN_URLS, "username": name, "credential": word})
    return found


def _pass(until: int) -> tuple[str, str]:
    name = f"{until}:{secrets.token_hex(8)}"
    return name, base64.b64encode(hmac.digest(settings.TURN_SECRET.encode(), name.encode(), hashlib.sha1)).decode()
