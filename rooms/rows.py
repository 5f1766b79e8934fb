"""The statements of the message path, written by hand: compiling them anew for each commit cost Django four times what
the store itself did (docs/performance.md). Everything that is not on that path asks the ORM.

Called by commit only, inside its transaction, on the default database.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Account
from rooms.models import HeldMessage, Membership, Message, Room
from rooms.opening_hours import hours_of
from vault.sealing import Sealed

_ROOM, _MEMBER, _ACCOUNT, _MESSAGE, _HELD = (
    model._meta.db_table for model in (Room, Membership, Account, Message, HeldMessage)
)


@dataclass(slots=True)
class Counter:
    """A room's number and whether it takes messages now, locked until the transaction ends."""

    number: int
    read_only: bool
    locked: bool = False
    is_open: bool = True
    holds_outside: bool = False  # outside its hours messages wait for a moderator instead of being refused
    slow_seconds: int = 0


@dataclass(frozen=True, slots=True)
class NewMessage:
    id: str
    room_id: str
    author_id: int
    key: str
    seq: int
    posted_at: datetime
    reply_to_id: str | None
    body: Sealed
    warning: Sealed | None


def lock_rooms(ids: Collection[str]) -> dict[str, Counter]:
    """In the order of their ids, so that two processes cannot wait for each other. SQLite has locked the whole file already."""
    lock = " FOR NO KEY UPDATE" if connection.features.has_select_for_update else ""
    moment = timezone.now()
    now = _moment(moment)
    found = _select(
        f"SELECT id, number, read_only, locked_until > %s, opening, hours, attended_until > %s, outside, "
        f"CASE WHEN slow_until > %s THEN slow_seconds ELSE 0 END "
        f"FROM {_ROOM} WHERE id IN ({_marks(ids)}) ORDER BY id{lock}",
        [now, now, now, *sorted(ids)],
    )
    return {
        id: Counter(
            number,
            bool(read_only),
            bool(locked),
            opening == Room.Opening.ALWAYS or _is_open(opening, hours, bool(attended), moment),
            outside == Room.Outside.HELD,
            slow,
        )
        for id, number, read_only, locked, opening, hours, attended, outside, slow in found
    }


def _is_open(opening: str, hours: str | list[Any], attended: bool, now: datetime) -> bool:
    if opening == Room.Opening.ATTENDED:
        return attended
    return hours_of(opening, json.loads(hours) if isinstance(hours, str) else hours, None).is_open(now)


def standing(members: Collection[int]) -> dict[int, bool]:
    """Which of these memberships belong here now (`MembershipQuerySet.standing`, as a test holds), and whether they may write."""
    if not members:
        return {}
    found = _select(
        f"SELECT m.id, m.muted_until > %s "
        f"FROM {_MEMBER} m JOIN {_ROOM} r ON r.id = m.room_id JOIN {_ACCOUNT} a ON a.id = m.account_id "
        f"WHERE m.id IN ({_marks(members)}) AND m.removed_at IS NULL AND a.is_active "
        "AND m.pseudonym_index IS NOT NULL AND m.accepted_version = r.agreement_version",
        [_moment(timezone.now()), *members],
    )
    return {id: not muted for id, muted in found}


def with_keys(keys: Collection[str]) -> list[str]:
    """The ids of messages and held messages stored under one of these keys, by whomever."""
    marks = _marks(keys)
    found = _select(
        f"SELECT id FROM {_MESSAGE} WHERE key IN ({marks}) UNION ALL SELECT id FROM {_HELD} WHERE key IN ({marks})",
        [*keys, *keys],
    )
    return [id for (id,) in found]


def insert(messages: Iterable[NewMessage]) -> None:
    """Raises IntegrityError where another process was faster with the same key."""
    rows = [
        (m.id, m.room_id, m.author_id, m.key, m.seq, m.seq, _moment(m.posted_at), m.reply_to_id, m.body, m.warning)
        for m in messages
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_MESSAGE} (id, room_id, author_id, key, seq, changed, posted_at, reply_to_id, body, warning) "
            f"VALUES ({_marks(range(10))})",
            rows,
        )


def set_numbers(numbers: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {_ROOM} SET number = %s WHERE id = %s", [(n, id) for id, n in numbers.items()])


def _select(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _marks(values: Collection[Any]) -> str:
    return ",".join(["%s"] * len(values))


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
