"""What can happen to the messages of a room, and what can come of it. Plain values: made by posting, carried out by commit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from rooms import identity
from rooms.access import Seat
from rooms.gates import Flag
from rooms.reading import OpenMessage
from rooms.refusals import Held, Refused


@dataclass(frozen=True, slots=True)
class Post:
    seat: Seat
    key: str
    body: str
    warning: str = ""
    reply_to: str | None = None
    id: str = field(default_factory=identity.new_message_id)
    at: datetime = field(default_factory=timezone.now)
    flags: tuple[Flag, ...] = ()
    held: Held | None = None  # why it waits for a moderator instead of going to the room


@dataclass(frozen=True, slots=True)
class Edit:
    """`key` names the new wording where it has to wait for a moderator."""

    seat: Seat
    id: str
    body: str
    warning: str = ""
    key: str = field(default_factory=identity.new_key)
    flags: tuple[Flag, ...] = ()
    held: Held | None = None


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


@dataclass(frozen=True, slots=True)
class Veil:
    """What a moderator does to one message: `kind` is redact, restore, blur or unblur."""

    room_id: str
    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Settle:
    """A held message is released to its room, or refused for good."""

    room_id: str
    id: str
    release: bool


Change = Post | Edit | Redact | React | Veil | Settle


def room_of(change: Change) -> str:
    return change.room_id if isinstance(change, Veil | Settle) else change.seat.room_id


@dataclass(frozen=True, slots=True)
class Posted:
    """Stored for good. The same for each resend of the same key."""

    id: str
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """Stored, and waiting for a moderator. `held` says why; None where an earlier try of the same key is waiting."""

    id: str
    at: datetime
    held: Held | None


@dataclass(frozen=True, slots=True)
class Done:
    """Stored, or nothing was left to change."""


Outcome = Posted | Kept | Done | Refused


@dataclass(frozen=True, slots=True)
class Announcement:
    """All that changed in a room from `after` (exclusive) to `seq` (inclusive), each message once, by `changed`."""

    room_id: str
    after: int
    seq: int
    messages: list[OpenMessage]
