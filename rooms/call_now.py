"""How a call stands, as live pages are told: plain values, made by calls, said by frames, kept by calling."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

RINGING, ANSWERED, OVER = "ringing", "answered", "over"
Side = Literal["caller", "callee"]
SIDES: Final[tuple[Side, Side]] = ("caller", "callee")


@dataclass(frozen=True, slots=True)
class CallNow:
    """`caller` and `callee` are memberships; `at` is when it rang; `end` is one of Call.End once it is over.

    `turn` grows when it is answered, and whenever a side goes away or comes back; `away` are the sides that are away.
    """

    id: str
    room_id: str
    caller: int
    callee: int
    way: str
    at: datetime
    state: str
    end: str = ""
    turn: int = 0
    away: tuple[int, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state != OVER

    def is_newer_than(self, other: "CallNow | None") -> bool:
        """States and turns only move forward; what comes late says nothing new."""
        if other is None:
            return True
        if self.id != other.id:
            return self.at > other.at
        return (_ORDER[self.state], self.turn) > (_ORDER[other.state], other.turn)

    def other_than(self, member: int) -> int:
        return self.callee if member == self.caller else self.caller


_ORDER = {RINGING: 0, ANSWERED: 1, OVER: 2}


@dataclass(frozen=True, slots=True)
class Missed:
    """A call that rang in vain."""

    id: str
    way: str
    at: datetime
