"""What can happen to the messages of a room, and what can come of it. Plain values: made by posting, carried out by commit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from rooms import identity
from rooms.access import Seat
from rooms.reading import OpenMessage
from rooms.refusals import Refused


@dataclass(frozen=True, slots=True)
class Post:
    seat: Seat
    key: str
    body: str
    warning: str = ""
    reply_to: str | None = None
    id: str = field(default_factory=identity.new_message_id)
    at: datetime = field(default_factory=timezone.now)


@dataclass(frozen=True, slots=True)
class Edit:
    seat: Seat
    id: str
    body: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Redact:
    seat: Seat
    id: str


@dataclass(frozen=True, slots=True)
class React:
    seat: Seat
    id: str
    kind: str
    on: bool


Change = Post | Edit | Redact | React


@dataclass(frozen=True, slots=True)
class Posted:
    """Stored for good. The same for each resend of the same key."""

    id: str
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """Stored, or nothing was left to change."""


Outcome = Posted | Done | Refused


@dataclass(frozen=True, slots=True)
class Announcement:
    """All that changed in a room from `after` (exclusive) to `seq` (inclusive), each message once, by `changed`."""

    room_id: str
    after: int
    seq: int
    messages: list[OpenMessage]
