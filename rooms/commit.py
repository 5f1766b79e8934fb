"""One transaction for many changes: each is checked again, sealed, numbered and stored. The only code that changes messages.

Called on the writer thread by the log, and by doors that store in a thread of their own (posting).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from rooms import reading, rows
from rooms.access import Seat
from rooms.changes import Announcement, Change, Done, Edit, Outcome, Post, Posted, React, Redact
from rooms.faces import face_of
from rooms.models import Message, Reaction, epoch_of
from rooms.reading import OpenMessage, Quote
from rooms.refusals import Refused
from vault.sealing import Sealed, seal


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

    def run(self) -> tuple[list[Outcome], list[Announcement]]:
        self.rooms = rows.lock_rooms({change.seat.room_id for change in self.changes})
        self.after = {id: counter.number for id, counter in self.rooms.items()}
        self.standing = rows.standing({change.seat.member_id for change in self.changes})
        self.replays = self._first_messages()
        self.targets = self._targets()
        outcomes = [self._try(change) for change in self.changes]
        if self.new:
            rows.insert(self.new.values())
        if self.touched:
            fields = ["changed", "edited_at", "redacted_at", "reply_to", "body", "warning"]
            Message.objects.bulk_update(self.touched.values(), fields)
        moved = {id: room.number for id, room in self.rooms.items() if room.number != self.after[id]}
        rows.set_numbers(moved)
        return outcomes, [self._announcement(id, number) for id, number in moved.items()]

    def _first_messages(self) -> dict[tuple[int, str], Posted]:
        """What resent keys stand for already."""
        keys = {change.key for change in self.changes if isinstance(change, Post)}
        ids = rows.with_keys(keys) if keys else []
        found = Message.objects.filter(pk__in=ids).only("id", "author_id", "key", "seq", "posted_at") if ids else ()
        return {(row.author_id, row.key): Posted(row.pk, row.seq, row.posted_at) for row in found}

    def _targets(self) -> dict[str, Message]:
        """The messages that the changes speak of: edited, redacted, reacted to, answered."""
        ids = {id for change in self.changes if (id := change.reply_to if isinstance(change, Post) else change.id)}
        found = Message.objects.filter(pk__in=ids).select_related("author__account") if ids else ()
        return {row.pk: row for row in found}

    def _try(self, change: Change) -> Outcome:
        try:
            if change.seat.member_id not in self.standing or change.seat.room_id not in self.rooms:
                raise Refused("not_found")
            if self.rooms[change.seat.room_id].read_only and not self._is_open_always(change):
                raise Refused("read_only")
            match change:
                case Post():
                    return self._post(change)
                case Edit():
                    return self._edit(change)
                case Redact():
                    return self._redact(change)
                case React():
                    return self._react(change)
        except Refused as refusal:
            return refusal

    def _is_open_always(self, change: Change) -> bool:
        """Taking back what one wrote, and hearing again that it was stored."""
        match change:
            case Redact():
                return True
            case Post():
                return (change.seat.member_id, change.key) in self.replays
        return False

    def _post(self, post: Post) -> Posted:
        seat = post.seat
        if first := self.replays.get((seat.member_id, post.key)):
            return first
        answered = self._target(post.reply_to, seat) if post.reply_to else None
        number = self._next(seat.room_id)
        body, warning = _sealed(seat.room_id, post.id, epoch_of(post.at), post.body, post.warning)
        self.new[post.id] = rows.NewMessage(
            post.id, seat.room_id, seat.member_id, post.key, number, post.at, post.reply_to, body, warning
        )
        self.opened[post.id] = OpenMessage(
            post.id, number, number, post.at, seat.face, post.body, post.warning or None, self._quote(answered)
        )
        posted = self.replays[seat.member_id, post.key] = Posted(post.id, number, post.at)
        return posted

    def _edit(self, edit: Edit) -> Done:
        row = self._own(edit.id, edit.seat)
        if row.redacted_at:
            raise Refused("not_found")
        if timezone.now() - row.posted_at > timedelta(seconds=settings.EDIT_SECONDS):
            raise Refused("too_late")
        row.body, row.warning = _sealed(row.room_id, row.pk, row.epoch, edit.body, edit.warning)
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
        row = self._target(react.id, react.seat)
        if row.redacted_at:
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
        row = self._target(id, seat)
        if row.author_id != seat.member_id:
            raise Refused("not_yours")
        return row

    def _target(self, id: str, seat: Seat) -> Message:
        row = self.targets.get(id)
        if row is None or row.room_id != seat.room_id:
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


def _sealed(room_id: str, id: str, epoch: str, body: str, warning: str) -> tuple[Sealed, Sealed | None]:
    owner = f"room:{room_id}"
    return (
        seal(body, owner=owner, purpose="message.body", place=id, epoch=epoch),
        seal(warning, owner=owner, purpose="message.warning", place=id, epoch=epoch) if warning else None,
    )
