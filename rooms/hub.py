"""One hub a process: which sockets are in which room here, and what they hear.

A frame is encoded once for a room and a batch, and the same event is handed to every socket. Nothing is announced before it is
committed. The numbers show what went missing on the way from another process; the store is then asked (`repair`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import Error
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rooms import call_rows, frames, reading
from rooms.access import Seat
from rooms.calling import Calling
from rooms.changes import Announcement
from rooms.live_room import LiveRoom, Piece, piece_of
from rooms.log import Log
from rooms.marks import Marks
from rooms.models import Room
from rooms.presence import Presence
from rooms.relay import Relay
from rooms.roster import Roster, forget
from rooms.threads import reading as in_store

if TYPE_CHECKING:
    from rooms.conversation import Conversation

_log = logging.getLogger(__name__)
_NEWS = 1.0  # seconds in which new messages are gathered for those who watch from another room
_TOPICS = "topics"  # shorter than any room's id: what processes tell one another about topics
_PATIENCE = 0.05  # seconds to wait for a late announcement of another process before asking the store


class Hub:
    def __init__(self) -> None:
        self.rooms: dict[str, LiveRoom] = {}
        self.people: dict[int, set[Conversation]] = {}
        self.positions: dict[int, int] = {}  # membership -> read up to; written by the pulse
        self.kept_positions: dict[int, int] = {}  # those that it wrote last
        self.arrivals: dict[int, int] = {}  # membership -> taken up to, in threads; written by the pulse
        self.closings: int | None = None  # the newest closing carried out here; None until somebody comes
        self.followers: dict[str, set[Conversation]] = {}  # by topic
        self.moves: int | None = None  # the newest move that the pulse told here
        self.log = Log(self.announce)
        self.relay = Relay(self._hear) if Relay.is_needed() else None
        self._loop = asyncio.get_running_loop()
        self.calling = Calling(self)

    # --- who is here ------------------------------------------------------------------------------------------

    def closed_up_to(self, newest: int) -> bool:
        """Whether nothing newer than this closing was carried out here. The first to come says where to begin."""
        if self.closings is None:
            self.closings = newest
        return self.closings <= newest

    def welcome(self, conversation: Conversation, most: int) -> bool:
        """False where the person has `most` sockets already."""
        theirs = self.people.setdefault(conversation.account_id, set())
        if len(theirs) >= most:
            return False
        theirs.add(conversation)
        return True

    def farewell(self, conversation: Conversation) -> None:
        for room_id in {*conversation.seats, *conversation.watched}:
            self.leave(conversation, room_id)
        for topic in conversation.topics:
            self.followers.get(topic, set()).discard(conversation)
            if not self.followers.get(topic):
                self.followers.pop(topic, None)
        conversation.topics.clear()
        theirs = self.people.get(conversation.account_id, set())
        theirs.discard(conversation)
        if not theirs:
            self.people.pop(conversation.account_id, None)

    def conversations(self) -> Iterable[Conversation]:
        return [each for theirs in self.people.values() for each in theirs]

    def open(self, room_id: str, number: int, roster: Roster) -> LiveRoom:
        """The live room, made on first use with what was just read; a newer roster takes the place of the one it has."""
        live = self.rooms.get(room_id)
        if live is None:
            live = self.rooms[room_id] = LiveRoom(
                room_id, number, roster, Presence(lambda: self._presence_moved(room_id))
            )
            live.was_open = roster.rules.is_open(timezone.now())
            if roster.kind == Room.Kind.THREAD:
                live.marks = Marks(lambda: self._marks_moved(room_id))
            if self.relay:
                self.relay.join(room_id)
        elif roster.version > live.roster.version:
            self.renew(live, roster)
        live.promised = max(live.promised, number)
        return live

    def seat(self, live: LiveRoom, conversation: Conversation, seat: Seat) -> None:
        if conversation not in live.seats:
            live.presence.came(seat.face.id)
        live.seats[conversation] = conversation.seats[live.id] = seat
        live.watchers.pop(conversation, None)

    def watch(self, live: LiveRoom, conversation: Conversation, seat: Seat) -> None:
        """Tells the conversation that something is new in a room it does not sit in, until it enters or leaves."""
        if conversation not in live.seats:
            live.watchers[conversation] = seat
            conversation.watched.add(live.id)

    def follow(self, conversation: Conversation, topic: str) -> None:
        """Tells the conversation whenever there is something new in a topic, until its end."""
        self.followers.setdefault(topic, set()).add(conversation)
        conversation.topics.add(topic)

    def leave(self, conversation: Conversation, room_id: str) -> None:
        conversation.seats.pop(room_id, None)
        conversation.watched.discard(room_id)
        live = self.rooms.get(room_id)
        if live is None:
            return
        live.watchers.pop(conversation, None)
        if seat := live.seats.pop(conversation, None):
            live.presence.went(seat.face.id)
            if live.marks:
                self.calling.left(conversation, seat)

    def close_empty(self) -> None:
        """Rooms that nobody has open here any more; called by the pulse, so that a reload does not close one."""
        for room_id in [room.id for room in self.rooms.values() if room.is_empty]:
            del self.rooms[room_id]
            forget(room_id)
            if self.relay:
                self.relay.tell(room_id, what="presence", here=[])
                self.relay.leave(room_id)

    # --- what they hear ---------------------------------------------------------------------------------------

    def announce(self, announcement: Announcement) -> None:
        """What this process committed: to its own sockets, and to the other processes."""
        room = announcement.room_id
        piece = piece_of(room, announcement.after, announcement.seq, announcement.messages)
        self._deliver(room, piece)
        if self.relay:
            self.relay.tell(room, what="messages", piece=asdict(piece))

    def announce_from_thread(self, announcements: list[Announcement]) -> None:
        for each in announcements:
            self._loop.call_soon_threadsafe(self.announce, each)

    def _deliver(self, room_id: str, piece: Piece) -> None:
        live = self.rooms.get(room_id)
        if live is None or piece.seq <= live.number:
            return
        if piece.after > live.number:
            live.late[piece.after] = piece
            self._loop.call_later(_PATIENCE, self._miss, live)
            return
        live.number = piece.seq
        live.broadcast(piece.frame)
        live.presence.wrote(piece.authors)
        if live.watchers and piece.authors:
            self._spread_news(live, len(piece.authors))
        if live.late and (follower := live.late.pop(piece.seq, None)):
            self._deliver(room_id, follower)

    def _spread_news(self, live: LiveRoom, posted: int) -> None:
        if not live.news:
            self._loop.call_later(_NEWS, live.tell_news)
        live.news += posted

    def _miss(self, live: LiveRoom) -> None:
        live.forget_overtaken()
        if live.late:
            self.repair(live)

    def repair(self, live: LiveRoom) -> None:
        """Asks the store for what was announced nowhere near here."""
        if not live.repairing:
            live.repairing = True
            self._loop.create_task(self._repair(live))

    async def _repair(self, live: LiveRoom) -> None:
        try:
            while True:
                after = live.number
                seq, page = await in_store(_since, live.id, after)
                if live.number == after and seq > after:
                    self._deliver(live.id, piece_of(live.id, after, seq, page.messages))
                if not page.more and live.number >= seq:
                    break
        except Error:
            _log.warning("The store is out of reach; a room is caught up at the next pulse.")
        finally:
            live.repairing = False
        live.forget_overtaken()

    # --- rosters ----------------------------------------------------------------------------------------------

    def renew(self, live: LiveRoom, roster: Roster) -> None:
        """The roster moved: members came, went or changed, or the agreement has a new version."""
        old, live.roster = live.roster, roster
        gone = [face.id for member, face in old.faces.items() if member not in roster.faces]
        news = [face for member, face in roster.faces.items() if old.faces.get(member) != face]
        for conversation, seat in list(live.seats.items()):
            if seat.member_id not in roster.faces:
                self._show_out(live, conversation, "removed")
            elif roster.agreement_version != old.agreement_version:
                self._show_out(live, conversation, "agreement")
        for conversation, seat in list(live.watchers.items()):
            if seat.member_id not in roster.faces or roster.agreement_version != old.agreement_version:
                self.leave(conversation, live.id)
        if roster.rules != old.rules or roster.muted != old.muted:
            self.tell_rules(live)
        if gone or news:
            members = [frames.member(face, here=live.presence.is_here(face.id)) for face in news]
            live.broadcast(frames.presence(live.id, members=members, gone=gone))

    def tell_rules(self, live: LiveRoom) -> None:
        """What the room allows now, to each who sits in it; who may not write for a while hears until when."""
        now = timezone.now()
        live.was_open = live.roster.rules.is_open(now)
        shown: dict[datetime | None, str] = {}
        for conversation, seat in live.seats.items():
            until = live.roster.muted.get(seat.member_id)
            if until not in shown:
                shown[until] = frames.rules(live.id, live.roster.rules.shown(now, until))
            conversation.outbox.answer(shown[until])

    def look_at_the_clock(self) -> None:
        """Rooms that opened or closed since the last time; called by the pulse."""
        now = timezone.now()
        for live in self.rooms.values():
            if live.roster.rules.is_open(now) != live.was_open:
                self.tell_rules(live)

    def _show_out(self, live: LiveRoom, conversation: Conversation, reason: str) -> None:
        self.leave(conversation, live.id)
        with translation.override(conversation.language):
            text = (
                _("You are no longer a member of this room.")
                if reason == "removed"
                else _("The group agreement has changed. Please read it and accept it to go on.")
            )
        conversation.outbox.answer(frames.notice(live.id, reason, text))

    # --- topics ---------------------------------------------------------------------------------------------------

    def tell_move(self, topic: str) -> None:
        """To those here who follow it; of a call, to the people of its thread."""
        if topic.startswith(call_rows.TOPIC):
            self.calling.moved(topic.removeprefix(call_rows.TOPIC))
            return
        followers = self.followers.get(topic)
        if followers:
            frame = frames.moved(wire_name(topic))
            for conversation in followers:
                conversation.outbox.answer(frame)

    def tell_move_everywhere(self, topic: str) -> None:
        self.tell_move(topic)
        if self.relay:
            self.relay.tell(_TOPICS, what="move", topic=topic)

    # --- marks, in threads only -----------------------------------------------------------------------------------

    def mark(self, live: LiveRoom, seat: Seat, *, got: int = 0, read: int = 0) -> None:
        """How far a member of a thread has received or read."""
        if live.marks and max(got, read) <= max(live.number, live.promised):
            live.marks.advance(seat.face.id, got, read, here=True)
            arrived = max(self.arrivals.get(seat.member_id, 0), got, read)
            self.arrivals[seat.member_id] = arrived

    def learn_marks(self, room_id: str, found: Iterable[tuple[str, int, int]]) -> None:
        """What the store says: (handle, got, read)."""
        live = self.rooms.get(room_id)
        if live and live.marks:
            for handle, got, read in found:
                live.marks.advance(handle, got, read, here=False)

    def _marks_moved(self, room_id: str) -> None:
        live = self.rooms.get(room_id)
        if live is None or live.marks is None:
            return
        for handle, got, read, is_from_here in live.marks.settle():
            live.tell_others(handle, frames.marks(room_id, handle, got, read))
            if is_from_here and self.relay:
                self.relay.tell(room_id, what="marks", mark=[handle, got, read])

    # --- presence and typing ------------------------------------------------------------------------------------

    def typing(self, live: LiveRoom, handle: str) -> None:
        live.presence.typed(handle)
        if self.relay:
            self.relay.tell(live.id, what="typing", member=handle)

    def _presence_moved(self, room_id: str) -> None:
        """Some time after something moved, so that a hundred arrivals make a few frames."""
        live = self.rooms.get(room_id)
        if live is None:
            return
        came, went, typing = live.presence.settle()
        if came or went:
            live.broadcast(frames.presence(room_id, here=came, away=went))
        if typing is not None:
            live.broadcast(frames.typing(room_id, typing))
        self.tell_presence(live)

    def tell_presence(self, live: LiveRoom) -> None:
        if self.relay:
            self.relay.tell(live.id, what="presence", here=live.presence.here_locally())

    def _hear(self, event: dict[str, Any]) -> None:
        """From another process, through the relay."""
        if event["what"] == "move":
            self.tell_move(event["topic"])
            return
        live = self.rooms.get(event["room"])
        match event["what"]:
            case "messages":
                self._deliver(event["room"], Piece(**event["piece"]))
            case "presence" if live:
                live.presence.heard(event["from"], event["here"])
            case "typing" if live:
                live.presence.typed(event["member"])
            case "marks":
                self.learn_marks(event["room"], [tuple(event["mark"])])
            case "signal":
                self.calling.hear_signal(event)


def _since(room_id: str, number: int) -> tuple[int, reading.Page]:
    """The number is read first: what comes in between is read twice rather than never."""
    seq = Room.objects.filter(pk=room_id).values_list("number", flat=True).first() or number
    page = reading.since(room_id, number)
    return (page.messages[-1].changed if page.more else seq), page


_hub: Hub | None = None


def here() -> Hub:
    """This process's hub, on the running loop. Started with its pulse at first use."""
    global _hub
    if _hub is None or _hub._loop is not asyncio.get_running_loop():
        from rooms.pulse import Pulse

        _hub = Hub()
        if _hub.relay:
            _hub.relay.start()
            _hub.relay.join(_TOPICS)
        Pulse(_hub).start()
    return _hub


def announce_from_thread(announcements: list[Announcement]) -> None:
    """For doors that wrote in a thread of their own. Without a running hub (a command), the pulse of the servers finds it."""
    if _hub is not None and _hub._loop.is_running():
        _hub.announce_from_thread(announcements)


def tell_move_from_thread(topic: str) -> None:
    """For whoever moved a topic in a thread of their own; without a running hub here, the pulse of the servers finds it."""
    if _hub is not None and _hub._loop.is_running():
        _hub._loop.call_soon_threadsafe(_hub.tell_move_everywhere, topic)


def wire_name(topic: str) -> str:
    """How a follower knows the topic: each person's own is `mine` to them."""
    return "mine" if topic.startswith("person:") else topic


def people_in(room_id: str) -> int:
    """How many are in a room now, as far as this process knows. May be asked from any thread."""
    live = _hub.rooms.get(room_id) if _hub else None
    return live.presence.count() if live else 0


def read_up_to(member_id: int) -> int:
    """How far a member has read that the store may not say yet, 0 where it does. May be asked from any thread."""
    return max(_hub.positions.get(member_id, 0), _hub.kept_positions.get(member_id, 0)) if _hub else 0
