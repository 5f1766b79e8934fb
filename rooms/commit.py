"""One transaction for many changes: each is checked again, sealed, numbered and stored. The only code that changes messages.

Called on the writer thread by the log, and by doors that store in a thread of their own (posting).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from rooms import reading
from rooms.access import Seat
from rooms.changes import Announcement, Change, Done, Edit, Outcome, Post, Posted, React, Redact
from rooms.faces import face_of
from rooms.models import Membership, Message, Reaction, Room, epoch_of
from rooms.reading import OpenMessage, Quote
from rooms.refusals import Refused
from vault.sealing import seal


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
    """One transaction. Rooms are locked in the order of their ids, so that two processes cannot wait for each other."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = changes
        self.new: dict[str, Message] = {}
        self.opened: dict[str, OpenMessage] = {}  # what was posted here, still open in memory
        self.touched: dict[str, Message] = {}

    def run(self) -> tuple[list[Outcome], list[Announcement]]:
        ids = {change.seat.room_id for change in self.changes}
        self.rooms = {
            room.pk: room
            for room in Room.objects.select_for_update()
            .filter(pk__in=ids)
            .order_by("pk")
            .only("pk", "number", "read_only")
        }
        self.after = {room.pk: room.number for room in self.rooms.values()}
        self.standing = set(
            Membership.objects.standing()
            .filter(pk__in={change.seat.member_id for change in self.changes})
            .values_list("pk", flat=True)
        )
        self._load()
        outcomes = [self._try(change) for change in self.changes]
        Message.objects.bulk_create(self.new.values())
        Message.objects.bulk_update(
            self.touched.values(), ["changed", "edited_at", "redacted_at", "reply_to", "body", "warning"]
        )
        moved = [room for room in self.rooms.values() if room.number != self.after[room.pk]]
        for room in moved:
            Room.objects.filter(pk=room.pk).update(number=room.number)
        return outcomes, [self._announcement(room) for room in moved]

    def _load(self) -> None:
        """Rows that the changes speak of: first messages of resent keys, targets of edits, quoted messages."""
        keys = {change.key for change in self.changes if isinstance(change, Post)}
        self.replays = {(row.author_id, row.key): row for row in Message.objects.filter(key__in=keys)} if keys else {}
        ids = {id for change in self.changes if (id := change.reply_to if isinstance(change, Post) else change.id)}
        self.targets = (
            {row.pk: row for row in Message.objects.filter(pk__in=ids).select_related("author__account")} if ids else {}
        )

    def _try(self, change: Change) -> Outcome:
        try:
            if change.seat.member_id not in self.standing or change.seat.room_id not in self.rooms:
                raise Refused("not_found")
            if self.rooms[change.seat.room_id].read_only:
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

    def _post(self, post: Post) -> Posted:
        seat = post.seat
        first = self.replays.get((seat.member_id, post.key))
        if first is not None:
            return Posted(first.pk, first.seq, first.posted_at)
        answered = self._target(post.reply_to, seat) if post.reply_to else None
        number = self._next(seat.room_id)
        row = Message(
            id=post.id,
            room_id=seat.room_id,
            author_id=seat.member_id,
            key=post.key,
            seq=number,
            changed=number,
            posted_at=post.at,
            reply_to=answered,
            **_sealed(seat.room_id, post.id, epoch_of(post.at), post.body, post.warning),
        )
        self.new[post.id] = self.replays[seat.member_id, post.key] = row
        self.opened[post.id] = OpenMessage(
            post.id, number, number, post.at, seat.face, post.body, post.warning or None, self._quote(answered)
        )
        return Posted(post.id, number, post.at)

    def _edit(self, edit: Edit) -> Done:
        row = self._own(edit.id, edit.seat)
        if row.redacted_at:
            raise Refused("not_found")
        if timezone.now() - row.posted_at > timedelta(seconds=settings.EDIT_SECONDS):
            raise Refused("too_late")
        for name, sealed in _sealed(row.room_id, row.pk, row.epoch, edit.body, edit.warning).items():
            setattr(row, name, sealed)
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

    def _announcement(self, room: Room) -> Announcement:
        posted = [message for id, message in self.opened.items() if self.new[id].room_id == room.pk]
        changed = reading.opened([row for row in self.touched.values() if row.room_id == room.pk])
        return Announcement(
            room.pk, self.after[room.pk], room.number, sorted([*posted, *changed], key=lambda each: each.changed)
        )


def _sealed(room_id: str, id: str, epoch: str, body: str, warning: str) -> dict[str, Any]:
    owner = f"room:{room_id}"
    return {
        "body": seal(body, owner=owner, purpose="message.body", place=id, epoch=epoch),
        "warning": seal(warning, owner=owner, purpose="message.warning", place=id, epoch=epoch) if warning else None,
    }
