"""A room that somebody has open in this process: who sits in it, who watches it from another page, what they were told last.

In memory only; the hub makes it, feeds it and lets it go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rooms import frames
from rooms.access import Seat
from rooms.marks import Marks
from rooms.presence import Presence
from rooms.reading import OpenMessage
from rooms.roster import Roster

if TYPE_CHECKING:
    from rooms.conversation import Conversation


@dataclass(frozen=True, slots=True)
class Piece:
    """All that changed in a room from `after` (exclusive) to `seq`, encoded once; `authors` has one entry a new message."""

    after: int
    seq: int
    authors: list[str]
    frame: str


def piece_of(room_id: str, after: int, seq: int, messages: list[OpenMessage]) -> Piece:
    authors = [message.author.id for message in messages if message.seq > after]
    return Piece(after, seq, authors, frames.messages(room_id, after, seq, messages))


@dataclass
class LiveRoom:
    """`number` is the last change its sockets were told; `late` are pieces that came before the ones they follow."""

    id: str
    number: int
    roster: Roster
    presence: Presence
    seats: dict[Conversation, Seat] = field(default_factory=dict)
    watchers: dict[Conversation, Seat] = field(default_factory=dict)
    late: dict[int, Piece] = field(default_factory=dict)  # by `after`
    promised: int = 0  # the store's number when it was last asked
    repairing: bool = False
    was_open: bool = True  # within its hours, when its people were last told
    marks: Marks | None = None  # of a thread
    news: int = 0  # messages posted since the watchers heard of any

    @property
    def is_empty(self) -> bool:
        return not self.seats and not self.watchers

    def broadcast(self, frame: str) -> None:
        event = {"type": "websocket.send", "text": frame}
        for conversation in self.seats:
            conversation.outbox.broadcast(event, self.id)

    def tell_others(self, handle: str, frame: str) -> None:
        """To those who sit here, but not to this member."""
        for conversation, seat in self.seats.items():
            if seat.face.id != handle:
                conversation.outbox.answer(frame)

    def tell_news(self) -> None:
        """That there is something new, and how much; never what."""
        posted, self.news = self.news, 0
        frame = frames.news(self.id, posted)
        for conversation in self.watchers:
            conversation.outbox.answer(frame)

    def forget_overtaken(self) -> None:
        self.late = {after: piece for after, piece in self.late.items() if piece.seq > self.number}
