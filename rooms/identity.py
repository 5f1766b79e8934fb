"""Identifiers that go over the wire. None of them can be guessed, and none links a person across rooms."""

import secrets
import time


def new_room_id() -> str:
    """16 URL-safe characters."""
    return secrets.token_urlsafe(12)


def new_handle() -> str:
    """What stands for one person in one room: `m_` and 16 URL-safe characters."""
    return "m_" + secrets.token_urlsafe(12)


def new_message_id() -> str:
    """32 hex digits, a UUID version 7 (RFC 9562 section 5.7): rising with time, so that the index grows at its end."""
    value = (time.time_ns() // 1_000_000) << 80 | 0x7 << 76 | 0b10 << 62
    return f"{value | secrets.randbits(12) << 64 | secrets.randbits(62):032x}"


def new_key() -> str:
    """A message's idempotency key, for callers that have no client to make one."""
    return secrets.token_urlsafe(16)
