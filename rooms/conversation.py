"""One person's live socket: each frame is translated to one call of a door, each outcome to one frame.

Frames are taken in their order. Posts, edits and the like do not wait for their commit before the next frame is heard.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any, assert_never

from django.conf import settings
from django.db import Error
from django.utils import timezone, translation

from accounts.closings import handle
from accounts.sessions import Signed
from rooms import changes, entering, flagging, frames, posting, rates, searching, topics
from rooms.access import Seat
from rooms.frames import BadFrame, Incoming
from rooms.hub import Hub
from rooms.live_room import LiveRoom
from rooms.log import Log
from rooms.muting import mute
from rooms.outbox import Outbox, Send
from rooms.reading import OpenMessage
from rooms.refusals import Held, Refused
from rooms.threads import reading, writing

_log = logging.getLogger(__name__)
_NOTHING_SINCE = 2**53  # a number that no room reaches: a watcher reads no messages
_PATIENCE = 20  # bad or too many frames in a minute until the socket is closed


class Conversation:
    __slots__ = (
        "_closing",
        "_faults",
        "_hub",
        "_log",
        "_search",
        "_searching",
        "_sign_of_life",
        "account_id",
        "closing",
        "language",
        "outbox",
        "role",
        "seats",
        "session_handle",
        "session_key",
        "topics",
        "watched",
    )

    def __init__(self, signed: Signed, language: str, hub: Hub, send: Send, closing: int = 0) -> None:
        """`closing` is the newest one that the person was admitted after: it and those before are not about this socket."""
        self.closing = closing
        self.account_id = signed.account_id
        self.role = signed.role
        self.session_key = signed.session_key
        self.session_handle = handle(signed.session_key)
        self.language = language
        self.outbox = Outbox(send)
        self.seats: dict[str, Seat] = {}
        self.watched: set[str] = set()
        self.topics: set[str] = set()
        self._hub = hub
        self._log: Log = hub.log
        self._search = ""
        self._searching: asyncio.Task[None] | None = None
        self._sign_of_life = False
        self._faults: list[float] = []  # when bad frames came in the last minute
        self._closing: asyncio.Task[None] | None = None

    def end(self, code: int) -> None:
        """From here on the socket hears nothing more, whether its peer closes it or not."""
        if code == 4401:
            self._hub.calling.shut_out(self)
        self._hub.farewell(self)
        self.stop_search()
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self.outbox.close(code))

    def take_sign_of_life(self) -> bool:
        """Whether the person did something since the last time this was asked."""
        sign, self._sign_of_life = self._sign_of_life, False
        return sign

    async def hear(self, text: str | None) -> None:
        """One frame. Whatever is wrong with it concerns this socket alone."""
        if self.outbox.closed:
            return
        try:
            if text is None:
                raise BadFrame("malformed")
            frame = frames.parse(text, settings.FRAME_BYTES)
            if self._admits(frame):
                self._sign_of_life = True
                await self._carry_out(frame)
        except BadFrame as bad:
            with translation.override(self.language):
                self.outbox.answer(frames.error(bad))
            self._lose_patience()
        if self.outbox.overflowed:
            self.end(4408)

    def _admits(self, frame: Incoming) -> bool:
        if wait := rates.frames.take(self.account_id, settings.FRAMES_A_MINUTE):
            self._refuse(frame, Refused("too_fast", wait))
            self._lose_patience()
        return not wait

    def _lose_patience(self) -> None:
        now = asyncio.get_running_loop().time()
        self._faults = [*(each for each in self._faults if each > now - 60), now]
        if len(self._faults) >= _PATIENCE:
            self.end(4408)

    async def _carry_out(self, frame: Incoming) -> None:
        try:
            match frame:
                case frames.Post() | frames.Edit() | frames.Redact() | frames.React():
                    self._change(frame)
                case frames.Enter():
                    await self._enter(frame)
                case frames.Watch():
                    await self._watch(frame)
                case frames.Leave():
                    self._hub.leave(self, frame.room)
                    self._done(frame)
                case frames.History():
                    self._seat(frame)
                    page = await reading(entering.history, self.account_id, frame.room, frame.before, frame.limit)
                    self.outbox.answer(frames.history(frame.room, page.messages, page.more, frame.ref))
                case frames.Read():
                    self._read(frame)
                case frames.Got():
                    self._hub.mark(self._live(frame), self._seat(frame), got=frame.seq)
                    self._done(frame)
                case frames.Call():
                    await self._call(frame)
                case frames.Signal():
                    self._hub.calling.signal(self, self._seat(frame), frame)
                    self._done(frame)
                case frames.Servers():
                    self._servers(frame)
                case frames.Typing():
                    self._hub.typing(self._live(frame), self._seat(frame).face.id)
                    self._done(frame)
                case frames.Mute():
                    await writing(mute, self._seat(frame), frame.member, on=frame.on)
                    self._done(frame)
                case frames.Flag():
                    await writing(flagging.flag, self._seat(frame), frame)
                    self._done(frame)
                case frames.Follow():
                    self._hub.follow(self, topics.followed(frame.topic, self.account_id, self.role))
                    self._done(frame)
                case frames.Search():
                    self._begin_search(frame, self._seat(frame))
                case frames.Stop():
                    if self._search == frame.search:
                        self.stop_search()
                    self.outbox.answer(frames.searched(frame.room, frame.search, 0, stopped=True, ref=frame.ref))
                case _:
                    assert_never(frame)
        except (Refused, Held) as no:
            self._refuse(frame, no)
        except Error:
            self._refuse(frame, Refused("busy", 1.0))

    # --- changes ----------------------------------------------------------------------------------------------------

    def _change(self, frame: frames.Post | frames.Edit | frames.Redact | frames.React) -> None:
        change = self._prepared(frame, self._seat(frame))
        card = _card_of(change)
        self._log.submit(change).add_done_callback(lambda outcome: self._settle(frame, outcome.result(), card))

    def _prepared(self, frame: frames.Post | frames.Edit | frames.Redact | frames.React, seat: Seat) -> changes.Change:
        match frame:
            case frames.Post():
                return posting.prepare(
                    seat,
                    self._live(frame).roster,
                    key=frame.key,
                    body=frame.body,
                    warning=frame.warning,
                    reply_to=frame.reply_to,
                )
            case frames.Edit():
                roster = self._live(frame).roster
                return posting.prepare_edit(seat, roster, id=frame.id, body=frame.body, warning=frame.warning)
            case frames.Redact():
                return changes.Redact(seat, frame.id)
            case frames.React():
                return changes.React(seat, frame.id, frame.kind, frame.on)

    def _settle(
        self, frame: frames.Post | frames.Edit | frames.Redact | frames.React, outcome: changes.Outcome, card: str
    ) -> None:
        match outcome:
            case Refused():
                self._refuse(frame, outcome)
            case changes.Kept():
                key = frame.key if isinstance(frame, frames.Post) else None
                with translation.override(self.language):
                    self.outbox.answer(
                        frames.kept(_name(frame), frame.room, outcome, key=key, ref=frame.ref, card=card)
                    )
            case changes.Posted() if isinstance(frame, frames.Post):
                self.outbox.answer(
                    frames.posted(frame.room, frame.key, outcome.id, outcome.seq, outcome.at, frame.ref, card)
                )
            case _:
                self.outbox.answer(frames.done(_name(frame), frame.room, frame.ref, card))

    # --- entering -----------------------------------------------------------------------------------------------------

    async def _enter(self, frame: frames.Enter) -> None:
        """Reads until nothing moved between the reading and the seat: then no frame, and no removal, is missed."""
        entrance = latest = await reading(entering.enter, self.account_id, frame.room, frame.since)
        shown = {message.id: message for message in entrance.messages}
        live = self._hub.open(frame.room, latest.number, latest.roster)
        more_changes = frame.since is not None and entrance.more
        while live.roster.version > latest.roster.version or (live.number > latest.number and not more_changes):
            latest = await reading(entering.enter, self.account_id, frame.room, latest.number)
            shown.update((message.id, message) for message in latest.messages)
            more_changes = latest.more
            live = self._hub.open(frame.room, latest.number, latest.roster)
        if self.outbox.closed:
            return
        self._hub.seat(live, self, latest.seat)
        self.outbox.answer(
            frames.entered(
                frame.room,
                seq=latest.number,
                you=latest.seat.face,
                read=entrance.read,
                muted=entrance.muted,
                members=[
                    frames.member(face, here=live.presence.is_here(face.id)) for face in live.roster.faces.values()
                ],
                shown=_in_order(shown.values(), frame.since),
                more=entrance.more,
                rules=live.roster.rules.shown(timezone.now(), live.roster.muted.get(latest.seat.member_id)),
                held=latest.held,
                ref=frame.ref,
                of_two=self._of_two(live, latest),
            )
        )
        if live.marks:
            self._hub.calling.tell_newcomer(live, self)

    def _of_two(self, live: LiveRoom, entrance: entering.Entrance) -> dict[str, Any] | None:
        if live.marks is None:
            return None
        self._hub.learn_marks(live.id, entrance.marks)
        return frames.of_two(((who, *how_far) for who, how_far in live.marks.shown().items()), entrance.missed)

    async def _watch(self, frame: frames.Watch) -> None:
        found = await reading(entering.enter, self.account_id, frame.room, _NOTHING_SINCE)
        if not self.outbox.closed:
            live = self._hub.open(frame.room, found.number, found.roster)
            self._hub.watch(live, self, found.seat)
            self._done(frame)
            if live.marks:
                self._hub.calling.tell_newcomer(live, self)

    # --- smaller things ---------------------------------------------------------------------------------------------------

    def _read(self, frame: frames.Read) -> None:
        seat, live = self._seat(frame), self._live(frame)
        if frame.seq <= max(live.number, live.promised):
            known = self._hub.positions.get(seat.member_id, 0)
            self._hub.positions[seat.member_id] = max(known, frame.seq)
            if live.marks:
                self._hub.mark(live, seat, read=frame.seq)
        self._done(frame)

    async def _call(self, frame: frames.Call) -> None:
        seat, live = self._seat(frame), self._live(frame)
        now = await self._hub.calling.act(self, seat, frame)
        self.outbox.answer(frames.call(now, live.roster.faces, frame.ref))

    def _servers(self, frame: frames.Servers) -> None:
        found = self._hub.calling.servers(self, self._seat(frame), frame.call)
        self.outbox.answer(frames.servers(frame.room, frame.call, found, relay_only=settings.RELAY_ONLY, ref=frame.ref))

    def _begin_search(self, frame: frames.Search, seat: Seat) -> None:
        words = searching.words_of(frame.query)
        if not words:
            raise BadFrame("invalid", "query", frame.ref)
        self.stop_search()
        self._search = frame.search
        self._searching = asyncio.get_running_loop().create_task(self._look_for(frame, words))

    async def _look_for(self, frame: frames.Search, words: tuple[str, ...]) -> None:
        before: int | None = None
        opened = 0
        try:
            while True:
                found, before = await reading(searching.search_slice, self.account_id, frame.room, words, before)
                opened += searching.SLICE
                if found:
                    self.outbox.answer(frames.found(frame.room, frame.search, found))
                if before is None:
                    break
            self.outbox.answer(frames.searched(frame.room, frame.search, opened, stopped=False, ref=frame.ref))
        except Refused as refusal:
            self._refuse(frame, refusal)
        except Error:
            self._refuse(frame, Refused("busy", 1.0))

    def stop_search(self) -> None:
        if self._searching is not None:
            self._searching.cancel()
        self._search, self._searching = "", None

    # --- who and where --------------------------------------------------------------------------------------------------

    def _seat(self, frame: Incoming) -> Seat:
        """The permission checked at each frame: the seat goes when the person is shown out of the room."""
        seat = self.seats.get(frame.room)
        if seat is None:
            raise Refused("not_entered")
        return seat

    def _live(self, frame: Incoming) -> LiveRoom:
        live = self._hub.rooms.get(frame.room)
        if live is None:
            raise Refused("not_entered")
        return live

    def _done(self, frame: Incoming) -> None:
        self.outbox.answer(frames.done(_name(frame), frame.room, frame.ref))

    def _refuse(self, frame: Incoming, no: Refused | Held) -> None:
        key = frame.key if isinstance(frame, frames.Post) else None
        with translation.override(self.language):
            answer = frames.refused if isinstance(no, Refused) else frames.held
            self.outbox.answer(answer(_name(frame), frame.room, no, key=key, ref=frame.ref))  # type: ignore[arg-type]


def _name(frame: Incoming) -> str:
    return type(frame).__name__.lower()


def _card_of(change: changes.Change) -> str:
    """What the author is shown at once, privately, because of what they wrote."""
    if not isinstance(change, changes.Post | changes.Edit):
        return ""
    return next((flag.card for flag in change.flags if flag.card), "")


def _in_order(messages: Iterable[OpenMessage], since: int | None) -> list[OpenMessage]:
    return sorted(messages, key=lambda message: message.seq if since is None else message.changed)
