"""One transaction for many changes: each is checked again, sealed, numbered and stored. The only code that changes messages.

Called on the writer thread by the log, and by doors that store in a thread of their own (posting).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeGuard

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Role
from rooms import reading, rows
from rooms.access import Seat
from rooms.changes import (
    Announcement,
    Change,
    Done,
    Edit,
    Kept,
    Outcome,
    Post,
    Posted,
    React,
    Redact,
    Settle,
    Veil,
    room_of,
)
from rooms.faces import Face, face_of
from rooms.gates import Flag
from rooms.identity import new_message_id
from rooms.models import HeldMessage, Message, Raised, Reaction, epoch_of
from rooms.reading import OpenMessage, Quote
from rooms.refusals import Held, Refused
from vault.sealing import Sealed, seal

_CHANGING = ["changed", "edited_at", "redacted_at", "removed_at", "blurred_at", "reply_to", "body", "warning"]
_KEEPERS = {Role.MODERATOR.badge, Role.CLINICIAN.badge, Role.COORDINATOR.badge}
_LOOK_BACK = 500  # numbers: in a slow room nobody's last message of a minute ago is further back


def write(changes: Sequence[Change]) -> tuple[list[Outcome], list[Announcement]]:
    """Commits the changes in their order. One outcome a change; what was refused left no trace."""
    try:
        with transaction.atomic():
            return _Commit(changes).run()
    except (
        IntegrityError
    ):  # two processes, one key: the transaction that lost the race sees the winner's row the second time
        if len(changes) == 1:
            with transaction.atomic():
                return _Commit(changes).run()
        parts = [write([change]) for change in changes]
        return [outcomes[0] for outcomes, _ in parts], [each for _, announcements in parts for each in announcements]


class _Commit:
    """One transaction. What changes rows of others' making is rare and asks the ORM; posting does not (rows)."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = changes
        self.new: dict[str, rows.NewMessage] = {}
        self.opened: dict[str, OpenMessage] = {}  # what was posted here, still open in memory
        self.touched: dict[str, Message] = {}
        self.raised: list[Raised] = []

    def run(self) -> tuple[list[Outcome], list[Announcement]]:
        self.rooms = rows.lock_rooms({room_of(change) for change in self.changes})
        self.after = {id: counter.number for id, counter in self.rooms.items()}
        self.standing = rows.standing({change.seat.member_id for change in self.changes if _is_members(change)})
        self.replays = self._first_messages()
        self.waiting = self._waiting()
        self.targets = self._targets()
        outcomes = [self._try(change) for change in self.changes]
        if self.new:
            rows.insert(self.new.values())
        if self.touched:
            Message.objects.bulk_update(self.touched.values(), _CHANGING)
        if self.raised:
            Raised.objects.bulk_create(self.raised)
        moved = {id: room.number for id, room in self.rooms.items() if room.number != self.after[id]}
        rows.set_numbers(moved)
        return outcomes, [self._announcement(id, number) for id, number in moved.items()]

    def _first_messages(self) -> dict[tuple[int, str], Posted | Kept]:
        """What resent keys stand for already."""
        keys = {change.key for change in self.changes if isinstance(change, Post)}
        ids = rows.with_keys(keys) if keys else []
        if not ids:
            return {}
        held = HeldMessage.objects.filter(pk__in=ids).only("id", "author_id", "key", "posted_at")
        found = Message.objects.filter(pk__in=ids).only("id", "author_id", "key", "seq", "posted_at")
        kept = {(row.author_id, row.key): Kept(row.pk, row.posted_at, None) for row in held}
        return kept | {(row.author_id, row.key): Posted(row.pk, row.seq, row.posted_at) for row in found}

    def _waiting(self) -> dict[str, HeldMessage]:
        """The held messages that moderators settle here."""
        ids = [change.id for change in self.changes if isinstance(change, Settle)]
        found = HeldMessage.objects.filter(pk__in=ids).select_related("author__account") if ids else ()
        return {row.pk: row for row in found}

    def _targets(self) -> dict[str, Message]:
        """The messages that the changes speak of: edited, redacted, reacted to, answered."""
        ids = {id for change in self.changes if (id := self._target_of(change))}
        found = Message.objects.filter(pk__in=ids).select_related("author__account") if ids else ()
        return {row.pk: row for row in found}

    def _target_of(self, change: Change) -> str | None:
        match change:
            case Post():
                return change.reply_to
            case Settle():
                held = self.waiting.get(change.id)
                return (held.replaces_id or held.reply_to_id) if held else None
        return change.id

    def _try(self, change: Change) -> Outcome:
        try:
            if room_of(change) not in self.rooms:
                raise Refused("not_found")
            match change:
                case Veil():
                    return self._veil(change)
                case Settle():
                    return self._settle(change)
            if change.seat.member_id not in self.standing:
                raise Refused("not_found")
            match change:
                case Post():
                    return self._post(change)
                case Edit():
                    return self._edit(change)
                case Redact():
                    return self._redact(change)
                case React():
                    self._check_open(change.seat)
                    return self._react(change)
        except Refused as refusal:
            return refusal

    def _check_open(self, seat: Seat) -> None:
        """Raises Refused where this person cannot write here now. Those who keep the room may write while it is shut for others."""
        room = self.rooms[seat.room_id]
        if room.read_only:
            raise Refused("read_only")
        if not self.standing[seat.member_id]:
            raise Refused("muted")
        if seat.face.badge in _KEEPERS:
            return
        if room.locked:
            raise Refused("locked")
        if not room.is_open:
            raise Refused("closed")

    def _held_back(self, change: Post | Edit) -> Held | None:
        """Why this must wait for a moderator, if it must. Raises Refused where it cannot be written at all.

        A crisis is never refused: written where nobody may write now, it waits, and a moderator hears of it (DESIGN 9).
        """
        try:
            self._check_open(change.seat)
            if isinstance(change, Post):
                self._check_pace(change)
        except Refused as refusal:
            outside = refusal.reason == "closed" and self.rooms[change.seat.room_id].holds_outside
            if outside or any(flag.crisis for flag in change.flags):
                return Held(refusal.reason, partial(_explain_waiting, refusal.reason))
            raise
        return change.held

    def _check_pace(self, post: Post) -> None:
        """Slow mode: so many seconds from one message of a person to the next."""
        room = self.rooms[post.seat.room_id]
        if not room.slow_seconds or post.seat.face.badge in _KEEPERS:
            return
        now = timezone.now()
        mine = Message.objects.filter(
            room_id=post.seat.room_id,
            author_id=post.seat.member_id,
            seq__gt=room.number - _LOOK_BACK,
            posted_at__gt=now - timedelta(seconds=room.slow_seconds),
        )
        if (last := mine.order_by("-seq").values_list("posted_at", flat=True).first()) is not None:
            raise Refused("too_fast", room.slow_seconds - (now - last).total_seconds())

    def _post(self, post: Post) -> Posted | Kept:
        seat = post.seat
        if first := self.replays.get((seat.member_id, post.key)):
            return first
        if held := self._held_back(post):
            kept = self.replays[seat.member_id, post.key] = self._keep(post, held, replaces="")
            return kept
        answered = self._target(post.reply_to, seat.room_id) if post.reply_to else None
        posted = self._add(seat.room_id, seat.member_id, seat.face, post, self._quote(answered))
        self.replays[seat.member_id, post.key] = posted
        self._raise(seat, post.id, post.flags)
        return posted

    def _add(self, room_id: str, member_id: int, face: Face, post: Post | _Written, quote: Quote | None) -> Posted:
        """Gives the message its number and shows it to the room."""
        number = self._next(room_id)
        body, warning = _sealed(room_id, post.id, epoch_of(post.at), post.body, post.warning)
        self.new[post.id] = rows.NewMessage(
            post.id, room_id, member_id, post.key, number, post.at, post.reply_to, body, warning
        )
        self.opened[post.id] = OpenMessage(
            post.id, number, number, post.at, face, post.body, post.warning or None, quote
        )
        return Posted(post.id, number, post.at)

    def _keep(self, change: Post | Edit, held: Held, *, replaces: str) -> Kept:
        seat = change.seat
        id, at = (change.id, change.at) if isinstance(change, Post) else (new_message_id(), timezone.now())
        body, warning = _sealed(seat.room_id, id, epoch_of(at), change.body, change.warning)
        HeldMessage.objects.create(
            id=id,
            room_id=seat.room_id,
            author_id=seat.member_id,
            key=change.key,
            posted_at=at,
            reply_to_id=(isinstance(change, Post) and change.reply_to) or "",
            replaces_id=replaces,
            body=body,
            warning=warning,
            reason=held.reason,
        )
        self._raise(seat, id, change.flags, is_held=True)
        return Kept(id, at, held)

    def _raise(self, seat: Seat, id: str, flags: tuple[Flag, ...], *, is_held: bool = False) -> None:
        if flags or is_held:
            told = [flag.as_dict() for flag in flags]
            self.raised.append(
                Raised(room_id=seat.room_id, author_id=seat.member_id, message_id=id, is_held=is_held, flags=told)
            )

    def _edit(self, edit: Edit) -> Done | Kept:
        row = self._own(edit.id, edit.seat)
        if row.is_gone:
            raise Refused("not_found")
        if timezone.now() - row.posted_at > timedelta(seconds=settings.EDIT_SECONDS):
            raise Refused("too_late")
        if held := self._held_back(edit):
            HeldMessage.objects.filter(replaces_id=row.pk, state=HeldMessage.State.WAITING).update(
                state=HeldMessage.State.REFUSED, settled_at=timezone.now()
            )
            return self._keep(edit, held, replaces=row.pk)
        self._raise(edit.seat, row.pk, edit.flags)
        return self._reword(row, edit.body, edit.warning)

    def _reword(self, row: Message, body: str, warning: str) -> Done:
        row.body, row.warning = _sealed(row.room_id, row.pk, row.epoch, body, warning)
        row.edited_at = timezone.now()
        return self._touch(row)

    def _redact(self, redact: Redact) -> Done:
        row = self._own(redact.id, redact.seat)
        if row.redacted_at:
            return Done()
        row.redacted_at = timezone.now()
        row.body = row.warning = row.reply_to = None
        Reaction.objects.filter(message=row).delete()
        return self._touch(row)

    def _react(self, react: React) -> Done:
        row = self._target(react.id, react.seat.room_id)
        if row.is_gone:
            raise Refused("not_found")
        mine = Reaction.objects.filter(message=row, member_id=react.seat.member_id, kind=react.kind)
        if mine.exists() == react.on:
            return Done()
        if react.on:
            Reaction.objects.create(message=row, member_id=react.seat.member_id, kind=react.kind)
        else:
            mine.delete()
        return self._touch(row)

    def _own(self, id: str, seat: Seat) -> Message:
        row = self._target(id, seat.room_id)
        if row.author_id != seat.member_id:
            raise Refused("not_yours")
        return row

    def _veil(self, veil: Veil) -> Done:
        row = self._target(veil.id, veil.room_id)
        if row.redacted_at:
            raise Refused("not_found")
        name = "removed_at" if veil.kind in ("redact", "restore") else "blurred_at"
        on = veil.kind in ("redact", "blur")
        if (getattr(row, name) is not None) == on:
            return Done()
        setattr(row, name, timezone.now() if on else None)
        return self._touch(row)

    def _settle(self, settle: Settle) -> Done:
        held = self.waiting.get(settle.id)
        if held is None or held.room_id != settle.room_id:
            raise Refused("not_found")
        if held.state != HeldMessage.State.WAITING:
            raise Refused("settled")
        held.state = HeldMessage.State.RELEASED if settle.release else HeldMessage.State.REFUSED
        held.settled_at = timezone.now()
        held.save(update_fields=["state", "settled_at"])
        if settle.release:
            self._release(held)
        return Done()

    def _release(self, held: HeldMessage) -> None:
        """Under the id and key it was held with; at the end of the conversation, with the time of its release."""
        text = reading.open_held(held)
        if held.replaces_id:
            row = self._target(held.replaces_id, held.room_id)
            if row.is_gone:
                raise Refused("not_found")
            self._reword(row, text.body, text.warning)
            return
        answered = self.targets.get(held.reply_to_id)
        post = _Written(held.pk, held.key, text.body, text.warning, answered.pk if answered else None, timezone.now())
        self._add(held.room_id, held.author_id, face_of(held.author), post, self._quote(answered))

    def _target(self, id: str, room_id: str) -> Message:
        row = self.targets.get(id)
        if row is None or row.room_id != room_id:
            raise Refused("not_found")
        return row

    def _touch(self, row: Message) -> Done:
        row.changed = self._next(row.room_id)
        self.touched[row.pk] = row
        return Done()

    def _next(self, room_id: str) -> int:
        self.rooms[room_id].number += 1
        return self.rooms[room_id].number

    def _quote(self, answered: Message | None) -> Quote | None:
        return None if answered is None else reading.quote(answered, face_of(answered.author))

    def _announcement(self, room_id: str, number: int) -> Announcement:
        posted = [message for id, message in self.opened.items() if self.new[id].room_id == room_id]
        changed = reading.opened([row for row in self.touched.values() if row.room_id == room_id])
        messages = sorted([*posted, *changed], key=lambda message: message.changed)
        return Announcement(room_id, self.after[room_id], number, messages)


@dataclass(frozen=True, slots=True)
class _Written:
    """What `Post` and a released message have in common."""

    id: str
    key: str
    body: str
    warning: str
    reply_to: str | None
    at: datetime


def _is_members(change: Change) -> TypeGuard[Post | Edit | Redact | React]:
    return not isinstance(change, Veil | Settle)


def _explain_waiting(reason: str) -> str:
    return gettext("%(reason)s What you wrote was kept, and somebody will look at it.") % {
        "reason": Refused(reason).text
    }


def _sealed(room_id: str, id: str, epoch: str, body: str, warning: str) -> tuple[Sealed, Sealed | None]:
    owner = f"room:{room_id}"
    return (
        seal(body, owner=owner, purpose="message.body", place=id, epoch=epoch),
        seal(warning, owner=owner, purpose="message.warning", place=id, epoch=epoch) if warning else None,
    )
