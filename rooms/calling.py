"""The live side of calls, one a process: which socket is in which call, what its people hear, and what browsers tell one another.

It holds nothing that the store does not know, but which socket here belongs to a side of a call. What passes between the two browsers goes to
the one socket of the other side that is in the call, is never stored and never logged.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import Error

from rooms import call_ends, call_returns, calls, frames, media_servers, rates
from rooms.access import Seat
from rooms.call_now import ANSWERED, CallNow
from rooms.live_room import LiveRoom
from rooms.refusals import Refused
from rooms.threads import reading, writing

if TYPE_CHECKING:
    from rooms.conversation import Conversation
    from rooms.hub import Hub

_log = logging.getLogger(__name__)


class Calling:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._now: dict[str, CallNow] = {}  # by room: the newest call of which anybody here has heard
        self._sides: dict[tuple[str, int], Conversation] = {}  # by call and membership: the socket here that is in it
        self._tasks: set[asyncio.Task[None]] = set()

    # --- what a socket does -----------------------------------------------------------------------------------------

    async def act(self, who: Conversation, seat: Seat, frame: frames.Call) -> CallNow:
        """Raises Refused."""
        _take_token(("call", seat.account_id), settings.CALL_ACTS_A_MINUTE)
        try:
            now = await self._carry_out(seat, frame)
        except Refused:
            if frame.act == "stay":  # another page of theirs has come back, on whichever process
                self._lose_side(who, frame.call, seat)
            raise
        if frame.act == "away":
            self._lose_side(who, now.id, seat)
        elif now.is_open and frame.act in ("ring", "accept", "stay", "back") and seat.room_id in who.seats:
            self._sides[now.id, seat.member_id] = who
        self._learn(now, but=who)
        return now

    async def _carry_out(self, seat: Seat, frame: frames.Call) -> CallNow:
        match frame.act:
            case "ring":
                return await writing(calls.ring, seat=seat, id=frame.call, way=frame.way or "", page=frame.page)
            case "accept":
                return await writing(calls.accept, seat=seat, id=frame.call, page=frame.page)
            case "stay":
                return await writing(calls.stay, seat=seat, id=frame.call, page=frame.page, heard=frame.heard is True)
            case "away":
                return await writing(call_returns.step_away, seat=seat, id=frame.call, page=frame.page)
            case "back":
                return await writing(call_returns.come_back, seat=seat, id=frame.call, page=frame.page)
            case "notice":
                return await writing(calls.notice, seat=seat, id=frame.call)
            case _:
                act = frame.act
                return await writing(calls.end, seat=seat, id=frame.call, declines=act == "decline", lost=act == "lost")

    def signal(self, who: Conversation, seat: Seat, frame: frames.Signal) -> None:
        """To the other side's socket in this call, wherever that is. Raises Refused for every socket that is not in it itself."""
        _take_token(("signal", seat.account_id), settings.SIGNALS_A_MINUTE)
        now = self._of(who, seat, frame.call)
        if now.state != ANSWERED:
            raise Refused("not_found")
        other = now.other_than(seat.member_id)
        text = frames.signal(frame)
        if here := self._sides.get((now.id, other)):
            here.outbox.answer(text)
        # Also where a socket is here: it may be the dead one of a page that came back elsewhere. Pages take each word once, by its number.
        if self._hub.relay:
            self._hub.relay.tell(frame.room, what="signal", call=now.id, member=other, frame=text)

    def servers(self, who: Conversation, seat: Seat, call: str) -> list[dict[str, Any]]:
        """Raises Refused."""
        self._of(who, seat, call)
        return media_servers.for_a_call()

    def _of(self, who: Conversation, seat: Seat, call: str) -> CallNow:
        now = self._now.get(seat.room_id)
        if now is None or now.id != call or not now.is_open or self._sides.get((call, seat.member_id)) is not who:
            raise Refused("not_found")
        return now

    def left(self, who: Conversation, seat: Seat) -> None:
        """This socket is not in the room any more. Its page may come back with another."""
        if now := self._now.get(seat.room_id):
            self._lose_side(who, now.id, seat)

    def _lose_side(self, who: Conversation, call: str, seat: Seat) -> None:
        if self._sides.get((call, seat.member_id)) is who:
            del self._sides[call, seat.member_id]

    def shut_out(self, who: Conversation) -> None:
        """Its person was signed out, locked out or suspended: nobody comes back to a call that this socket is in."""
        for room_id, seat in who.seats.items():
            now = self._now.get(room_id)
            if now and now.is_open and self._sides.get((now.id, seat.member_id)) is who:
                self._start(self._hang_up(seat, now.id))

    async def _hang_up(self, seat: Seat, call: str) -> None:
        try:
            self._learn(await writing(calls.end, seat=seat, id=call), but=None)
        except (Refused, Error):
            return  # they are no member any more, or the store is away: the beat, or the clock, ends it

    # --- what its people hear ---------------------------------------------------------------------------------------

    def moved(self, room_id: str) -> None:
        """Something happened to a call of this room: the store says what."""
        if room_id in self._hub.rooms:
            self._start(self._look(room_id, None))

    def tell_newcomer(self, live: LiveRoom, who: Conversation) -> None:
        """Whether somebody rings or talks. Asked once the socket is in its place: what comes later reaches it anyway."""
        self._start(self._look(live.id, who))

    async def _look(self, room_id: str, newcomer: Conversation | None) -> None:
        try:
            now = await reading(calls.newest_in, room_id)
        except Error:
            return  # the next pulse, or the page's own next word, finds it
        if now is None or (newcomer and not now.is_open):
            return
        self._learn(now, but=newcomer)
        if newcomer and (live := self._hub.rooms.get(room_id)) and _is_there(live, newcomer):
            newcomer.outbox.answer(_said(now, live))

    def _learn(self, now: CallNow, *, but: Conversation | None) -> None:
        if not now.is_newer_than(self._now.get(now.room_id)):
            return
        before = self._now.get(now.room_id)
        self._now[now.room_id] = now
        if not now.is_open or (before and before.id != now.id):
            ended = now.id if not now.is_open else before.id if before else ""
            for member in (now.caller, now.callee):
                self._sides.pop((ended, member), None)
        live = self._hub.rooms.get(now.room_id)
        if live is None:
            return
        said = _said(now, live)
        for conversation in [*live.seats, *live.watchers]:
            if conversation is not but:
                conversation.outbox.answer(said)

    def hear_signal(self, event: dict[str, Any]) -> None:
        """From another process."""
        if here := self._sides.get((event["call"], event["member"])):
            here.outbox.answer(event["frame"])

    # --- the clock --------------------------------------------------------------------------------------------------

    @property
    def is_any(self) -> bool:
        return any(now.is_open for now in self._now.values())

    async def beat(self) -> None:
        """Ends what rang too long or whose people have gone for good, asks what became of the others, forgets what is over and closed."""
        known = [now for now in self._now.values() if now.is_open]
        await writing(call_ends.end_left_over, [now.id for now in known])
        for now in known:
            await self._look(now.room_id, None)
        for room_id in [room for room in self._now if room not in self._hub.rooms and not self._now[room].is_open]:
            del self._now[room_id]

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _is_there(live: LiveRoom, who: Conversation) -> bool:
    return who in live.seats or who in live.watchers


def _said(now: CallNow, live: LiveRoom) -> str:
    return frames.call(now, live.roster.faces)


def _take_token(who: tuple[str, int], a_minute: int) -> None:
    if wait := rates.calls.take(who, a_minute):
        raise Refused("too_fast", wait)
