"""The pulse of a process: twice a second it asks the store what it may have missed.

Whatever the channel layer lost, whoever was signed out, suspended or removed by another process or a command: it is found here,
so that nothing about delivery or revocation rests on a message between processes.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from django.conf import settings
from django.db import Error, transaction

from accounts import closings, sessions
from accounts.models import Closing
from rooms import rates, topics
from rooms.entering import marks_of
from rooms.hub import Hub
from rooms.models import Membership, Room
from rooms.roster import Roster, roster_of
from rooms.threads import reading, writing

_log = logging.getLogger(__name__)
_LOST = 3  # pulses without an answer until people are told to reconnect
_SLOW = 60.0  # seconds between looks at sessions, and at what can be forgotten
_POSITIONS = 2.0  # seconds between writes of read positions
_MARKS = 5.0  # seconds between looks at what other processes wrote of threads
_PRESENCE = 10.0  # seconds between words to the other processes on who is here


@dataclass(frozen=True)
class Seen:
    numbers: dict[str, int]
    rosters: dict[str, Roster]
    closings: list[Closing]
    moves: list[tuple[int, str]]


class Pulse:
    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._lost = 0
        self._due: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        task = asyncio.get_running_loop().create_task(self._beat_on())
        self._tasks.add(task)

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(settings.PULSE_SECONDS)
            try:
                await self._beat()
                self._lost = 0
            except Error as error:
                await self._missed(error)
            except Exception as error:
                _log.error("A pulse failed (%s).", type(error).__name__)

    async def _beat(self) -> None:
        known = {room.id: room.roster.version for room in self.hub.rooms.values()}
        seen = await reading(_look, known, self.hub.closings, self.hub.moves)
        self._close(seen.closings)
        self._tell(seen.moves)
        for room_id, new in seen.rosters.items():
            if room_id in self.hub.rooms:
                self.hub.renew(self.hub.rooms[room_id], new)
        for room_id, number in seen.numbers.items():
            if live := self.hub.rooms.get(room_id):
                if live.number < live.promised:
                    self.hub.repair(live)
                live.promised = number
        self.hub.look_at_the_clock()
        self.hub.close_empty()
        if self._is_due("positions", _POSITIONS):
            if self.hub.positions:
                await self._keep(dict(self.hub.positions))
            if self.hub.arrivals:
                await self._keep_arrivals(dict(self.hub.arrivals))
            if self.hub.calling.is_any:
                await self.hub.calling.beat()
        if self.hub.relay and self._is_due("marks", _MARKS):
            await self._find_marks()
        if self._is_due("presence", _PRESENCE):
            for live in self.hub.rooms.values():
                self.hub.tell_presence(live)
        if self._is_due("sessions", _SLOW):
            rates.posts.prune()
            rates.frames.prune()
            rates.calls.prune()
            await self._look_at_sessions()

    async def _keep(self, positions: dict[int, int]) -> None:
        """The hub still knows them for a while: who asks the store just now may get the answer from before."""
        await writing(_keep_furthest, "read", positions)
        self.hub.kept_positions = positions
        for member_id, read in positions.items():
            if self.hub.positions[member_id] == read:
                del self.hub.positions[member_id]

    async def _keep_arrivals(self, arrivals: dict[int, int]) -> None:
        await writing(_keep_furthest, "got", arrivals)
        for member_id, got in arrivals.items():
            if self.hub.arrivals[member_id] == got:
                del self.hub.arrivals[member_id]

    async def _find_marks(self) -> None:
        """What another process wrote of the threads that are open here, where its word was lost."""
        threads = [live.id for live in self.hub.rooms.values() if live.marks]
        if threads:
            for room_id, found in (await reading(marks_of, threads)).items():
                self.hub.learn_marks(room_id, found)

    def _close(self, rows: list[Closing]) -> None:
        for row in rows:
            self.hub.closings = row.pk
            for conversation in self.hub.conversations():
                is_meant = conversation.account_id == row.account or conversation.session_handle == row.session_key
                if is_meant and row.pk > conversation.closing:
                    conversation.end(4401)

    def _tell(self, moves: list[tuple[int, str]]) -> None:
        """Once more for those who heard of it already: to ask anew costs little, to miss it much."""
        if self.hub.moves is not None:
            for topic in dict.fromkeys(topic for _, topic in moves):
                self.hub.tell_move(topic)
        else:  # what moved between the first socket and this first beat is behind the number that counting begins with
            for live in self.hub.rooms.values():
                if live.marks:
                    self.hub.calling.moved(live.id)
        self.hub.moves = max([self.hub.moves or 0, *(id for id, _ in moves)])

    async def _look_at_sessions(self) -> None:
        """Touches the sessions of those who did something, ends the sockets of those that are over."""
        conversations = list(self.hub.conversations())
        awake = [each.session_key for each in conversations if each.take_sign_of_life()]
        ended = await reading(_renew_sessions, awake, {each.session_key for each in conversations})
        for conversation in conversations:
            if conversation.session_key in ended:
                conversation.end(4401)

    async def _missed(self, error: Error) -> None:
        self._lost += 1
        if self._lost == _LOST:
            _log.error(
                "The store is out of reach (%s): people are asked to reconnect until it answers.", type(error).__name__
            )
        if self._lost >= _LOST:  # who came back while it answered for a moment is told as well
            for conversation in self.hub.conversations():
                conversation.end(1013)

    def _is_due(self, what: str, every: float) -> bool:
        now = asyncio.get_running_loop().time()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every
        return True


def _look(known: dict[str, int], newest_closing: int | None, newest_move: int | None) -> Seen:
    """Three small queries; a fourth for a room whose roster moved."""
    found = closings.since(newest_closing) if newest_closing is not None else []
    moves = topics.since(newest_move) if newest_move is not None else [(topics.newest(), "")]
    numbers: dict[str, int] = {}
    rosters: dict[str, Roster] = {}
    if known:
        for room_id, number, version in Room.objects.filter(pk__in=known).values_list("pk", "number", "roster"):
            numbers[room_id] = number
            if version > known[room_id]:
                rosters[room_id] = roster_of(room_id, version)
    return Seen(numbers, rosters, found, moves)


def _keep_furthest(field: str, positions: dict[int, int]) -> None:
    """`field` is read or got: both only move forward."""
    with transaction.atomic():
        behind = [
            row
            for row in Membership.objects.filter(pk__in=positions).only("pk", field)
            if getattr(row, field) < positions[row.pk]
        ]
        for row in behind:
            setattr(row, field, positions[row.pk])
        Membership.objects.bulk_update(behind, [field])


def _renew_sessions(awake: list[str], all_keys: set[str]) -> set[str]:
    sessions.touch(awake)
    return sessions.gone(all_keys)
