"""What a room allows now: opened for reading only, locked or slowed by a moderator, within its hours or not, and its notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rooms.models import Room
from rooms.opening_hours import Hours, hours_of
from rooms.times import moment
from vault.sealing import CannotOpen, Sealed, seal, unseal


@dataclass(frozen=True, slots=True)
class Rules:
    read_only: bool
    slow_seconds: int
    slow_until: datetime | None
    locked_until: datetime | None
    hours: Hours
    outside: str
    notice: str
    notice_until: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.hours.is_open(now)

    def shown(self, now: datetime, muted_until: datetime | None = None) -> dict[str, Any]:
        """As docs/protocol.md says: what is over is not there any more."""
        is_open = self.is_open(now)
        slow = self.slow_seconds and _still(self.slow_until, now)
        return {
            "read_only": self.read_only,
            "open": is_open,
            "opens_at": None if is_open else _moment(self.hours.opens_at(now)),
            "turns": [moment(at) for at in self.hours.turns(now)],
            "outside": self.outside,
            "slow": self.slow_seconds if slow else 0,
            "slow_until": _moment(self.slow_until) if slow else None,
            "locked_until": _moment(self.locked_until) if _still(self.locked_until, now) else None,
            "notice": self.notice if self.notice and _still(self.notice_until, now) else None,
            "notice_until": _moment(self.notice_until) if self.notice and _still(self.notice_until, now) else None,
            "muted_until": _moment(muted_until) if _still(muted_until, now) else None,
        }


ALWAYS_OPEN = Rules(False, 0, None, None, hours_of(Room.Opening.ALWAYS, [], None), Room.Outside.READ_ONLY, "", None)


def rules_of(room: Room) -> Rules:
    return Rules(
        read_only=room.read_only,
        slow_seconds=room.slow_seconds,
        slow_until=room.slow_until,
        locked_until=room.locked_until,
        hours=hours_of(room.opening, room.hours, room.attended_until),
        outside=room.outside,
        notice=_open_notice(room),
        notice_until=room.notice_until,
    )


def seal_notice(text: str, room_id: str) -> Sealed:
    return seal(text, owner=f"room:{room_id}", purpose="room.notice", place=room_id)


def _open_notice(room: Room) -> str:
    if room.notice is None:
        return ""
    try:
        return unseal(room.notice, owner=room.owner, purpose="room.notice", place=room.pk)
    except CannotOpen:
        return ""


def _still(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


def _moment(at: datetime | None) -> str | None:
    return None if at is None else moment(at)
