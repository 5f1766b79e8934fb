"""The statements of the message path, written by hand: compiling them anew for each commit cost Django four times what
the store itself did (docs/performance.md). Everything that is not on that path asks the ORM.

Called by commit only, inside its transaction, on the default database.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import Account
from rooms.models import Membership, Message, Room
from vault.sealing import Sealed

_ROOM, _MEMBER, _ACCOUNT, _MESSAGE = (model._meta.db_table for model in (Room, Membership, Account, Message))


@dataclass(slots=True)
class Counter:
    """A room's number and whether it takes messages, locked until the transaction ends."""

    number: int
    read_only: bool


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
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    found = _select(
        f"SELECT id, number, read_only FROM {_ROOM} WHERE id IN ({_marks(ids)}) ORDER BY id{lock}", sorted(ids)
    )
    return {id: Counter(number, bool(read_only)) for id, number, read_only in found}


def standing(members: Collection[int]) -> set[int]:
    """Which of these memberships may read and write now: `MembershipQuerySet.standing`, as a test holds."""
    found = _select(
        f"SELECT m.id FROM {_MEMBER} m JOIN {_ROOM} r ON r.id = m.room_id JOIN {_ACCOUNT} a ON a.id = m.account_id "
        f"WHERE m.id IN ({_marks(members)}) AND m.removed_at IS NULL AND a.is_active "
        "AND m.pseudonym_index IS NOT NULL AND m.accepted_version = r.agreement_version",
        list(members),
    )
    return {id for (id,) in found}


def with_keys(keys: Collection[str]) -> list[str]:
    """The ids of messages stored under one of these keys, by whomever."""
    return [id for (id,) in _select(f"SELECT id FROM {_MESSAGE} WHERE key IN ({_marks(keys)})", list(keys))]


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
