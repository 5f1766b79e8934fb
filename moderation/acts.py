"""What a moderator does about a case they hold: to a message, to the room, to the person. Called by the case page alone.

Each verb is one transaction and takes its locks in this order: the rooms, the case, what it changes, the trail last. It
raises Refused (of moderation or of rooms) and has then changed nothing. Taking an act back is `undo`; what an act is
called is in `kinds`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import people
from accounts.models import Account
from moderation import access, cases, letters, live, sanctions, sealed, trails
from moderation.identity import new_id
from moderation.kinds import Kind
from moderation.models import Act, Case, Letter, Sanction
from moderation.refusals import Refused
from rooms import steward
from rooms.models import Membership, Message, Room
from rooms.rules import rules_of

LONGEST = 2000  # characters of a letter, a reason or a notice
BEFORE = "act.before"  # the purpose under which an act's former state is sealed


def release(case_id: str, by: Account, held_id: str) -> Act:
    """The message goes into the room now; its author hears that it did."""
    with _turn(case_id, by, Kind.RELEASE, held_id) as turn:
        _waits_here(turn.case, held_id)
        steward.release(held_id)
        letters.write(turn.case, Letter.Kind.RELEASED, by, about=held_id)
    return turn.act


def refuse(case_id: str, by: Account, held_id: str, why: str) -> Act:
    """The message stays out; its author, who still has it, reads why."""
    why = _words(why)
    with _turn(case_id, by, Kind.REFUSE, held_id) as turn:
        _waits_here(turn.case, held_id)
        steward.refuse(held_id)
        letter = letters.write(turn.case, Letter.Kind.REFUSED, by, text=why, about=held_id)
        turn.before = {"letter": letter.pk}
    return turn.act


def redact(case_id: str, by: Account, message_id: str) -> Act:
    """Everybody in the room sees it go. It can be put back."""
    with _turn(case_id, by, Kind.REDACT, message_id) as turn:
        if _message(turn.room, message_id).removed_at:
            raise Refused("done")
        steward.redact(turn.room.pk, message_id)
    return turn.act


def restore(case_id: str, by: Account, message_id: str) -> Act:
    with _turn(case_id, by, Kind.RESTORE, message_id) as turn:
        if not _message(turn.room, message_id).removed_at:
            raise Refused("done")
        steward.restore(turn.room.pk, message_id)
    return turn.act


def blur(case_id: str, by: Account, message_id: str) -> Act:
    """It stays in the room, folded until a reader asks for it."""
    with _turn(case_id, by, Kind.BLUR, message_id) as turn:
        if _message(turn.room, message_id).blurred_at:
            raise Refused("done")
        steward.blur(turn.room.pk, message_id)
    return turn.act


def unblur(case_id: str, by: Account, message_id: str) -> Act:
    with _turn(case_id, by, Kind.UNBLUR, message_id) as turn:
        if not _message(turn.room, message_id).blurred_at:
            raise Refused("done")
        steward.unblur(turn.room.pk, message_id)
    return turn.act


def slow(case_id: str, by: Account, seconds: int, until: datetime) -> Act:
    """So many seconds between two messages of one person; 0 ends it."""
    with _turn(case_id, by, Kind.SLOW) as turn:
        turn.before = {"seconds": turn.room.slow_seconds, "until": _spelled(turn.room.slow_until)}
        steward.slow(turn.room.pk, seconds, _to_come(until))
    return turn.act


def lock(case_id: str, by: Account, until: datetime) -> Act:
    """Nobody writes in the room until then. Reading goes on."""
    with _turn(case_id, by, Kind.LOCK) as turn:
        turn.before = {"until": _spelled(turn.room.locked_until)}
        steward.lock(turn.room.pk, _to_come(until))
    return turn.act


def unlock(case_id: str, by: Account) -> Act:
    with _turn(case_id, by, Kind.UNLOCK) as turn:
        steward.unlock(turn.room.pk)
    return turn.act


def notice(case_id: str, by: Account, text: str, until: datetime) -> Act:
    """Stands at the top of the room until then, in place of the notice before."""
    text = _words(text)
    with _turn(case_id, by, Kind.NOTICE) as turn:
        turn.before = {"text": rules_of(turn.room).notice, "until": _spelled(turn.room.notice_until)}
        steward.notice(turn.room.pk, text, _to_come(until))
    return turn.act


def warn(case_id: str, by: Account, text: str) -> Act:
    """A private letter. Not taken back: it may be read by then."""
    return _letter(case_id, by, Kind.WARN, Letter.Kind.WARNING, text)


def check_in(case_id: str, by: Account, text: str) -> Act:
    """A private letter that the person can answer."""
    return _letter(case_id, by, Kind.CHECK_IN, Letter.Kind.CHECK_IN, text)


def sanction(case_id: str, by: Account, kind: Sanction.Kind, reason: str, until: datetime | None) -> Act:
    """`until` None: until somebody lifts it. The person reads the reason."""
    reason = _words(reason)
    with _turn(case_id, by, Kind(kind.value), everywhere=True) as turn:
        imposed = sanctions.impose(turn.case, kind, by, reason, until and _to_come(until))
        turn.target = imposed.pk
    return turn.act


def lift(case_id: str, by: Account, sanction_id: str, why: str) -> Act:
    """`why` goes on the trail."""
    with _turn(case_id, by, Kind.LIFT, sanction_id, everywhere=True) as turn:
        running = turn.case.sanctions.filter(pk=sanction_id, ended_at=None).first()
        if running is None:
            raise Refused("done")
        sanctions.lift(running, by, _words(why))
    return turn.act


@dataclass
class _Turn:
    """One act as it is being done. `before` is what an undo needs to know; it is sealed with the case."""

    case: Case
    rooms: dict[str, Room]
    kind: Kind
    target: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    _act: Act | None = None

    @property
    def room(self) -> Room:
        """As it was locked. Raises Refused("not_found") where the case is about no room."""
        if self.case.room_id is None:
            raise Refused("not_found")
        return self.rooms[self.case.room_id]

    @property
    def act(self) -> Act:
        assert self._act is not None
        return self._act

    def store(self, by: Account) -> None:
        id = new_id()
        before = (
            sealed.close(json.dumps(self.before), case_id=self.case.pk, purpose=BEFORE, place=id)
            if self.before
            else None
        )
        self._act = Act.objects.create(
            pk=id,
            case=self.case,
            room_id=self.case.room_id,
            by=by,
            kind=self.kind,
            target=self.target,
            before=before,
        )
        trails.did(by, self.kind, self.case)
        live.queue_moved()


@contextmanager
def _turn(case_id: str, by: Account, kind: Kind, target: str = "", *, everywhere: bool = False) -> Iterator[_Turn]:
    """`everywhere`: the act reaches the person in all their rooms."""
    with transaction.atomic():
        rooms = lock_rooms(access.case_for(by, case_id), everywhere=everywhere)
        turn = _Turn(cases.holds(case_id, by), rooms, kind, target)
        yield turn
        turn.store(by)


def lock_rooms(case: Case, *, everywhere: bool) -> dict[str, Room]:
    """The rooms that an act may change, locked in the order in which rooms.commit takes them.

    Before them comes the person, where the act may suspend or let them in again (accounts.people).
    """
    if everywhere:
        people.hold(case.account)
    theirs = Membership.objects.filter(account=case.account_id).values_list("room", flat=True) if everywhere else ()
    locked = Room.objects.select_for_update(no_key=True).filter(pk__in={case.room_id, *theirs} - {None}).order_by("pk")
    return {room.pk: room for room in locked}


def _letter(case_id: str, by: Account, kind: Kind, letter: Letter.Kind, text: str) -> Act:
    text = _words(text)
    with _turn(case_id, by, kind) as turn:
        turn.target = letters.write(turn.case, letter, by, text=text).pk
    return turn.act


def _waits_here(case: Case, held_id: str) -> None:
    if not case.flags.filter(message_id=held_id, is_held=True).exists():
        raise Refused("not_found")


def _message(room: Room, message_id: str) -> Message:
    found = Message.objects.filter(pk=message_id, room=room, redacted_at=None).first()
    if found is None:
        raise Refused("not_found")
    return found


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("empty")
    if len(text) > LONGEST:
        raise Refused("too_long")
    return text


def _to_come(until: datetime) -> datetime:
    if until <= timezone.now():
        raise Refused("past")
    return until


def _spelled(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
