"""What an operator does with keys: list them, rotate the wrapping, begin a new key, destroy one for good.

Called by `peerchat keys` and by whatever purges data at the end of its term. Every act is on the trail.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, transaction
from django.db.models import QuerySet
from django.utils import timezone

from vault import datakeys, envelope, start, trail
from vault.cabinet import cabinet
from vault.errors import CannotDestroy as CannotDestroy
from vault.errors import CannotRotate as CannotRotate
from vault.errors import CannotStart
from vault.index import EPOCH as INDEX_EPOCH
from vault.index import OWNER as SYSTEM
from vault.models import DataKey
from vault.router import KEYS

_BATCH = 500
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeyLine:
    id: int
    owner: str
    epoch: str
    generation: int
    kek: str
    created: datetime
    reserved: int  # uses handed out so far
    destroyed_at: datetime | None


@dataclass(frozen=True)
class Rewrapped:
    kek: str  # the key-encryption key that wraps everything now
    count: int
    unused: tuple[str, ...]  # KEKs the operator may take out of the ring; empty where that was done


def listing(*, owner: str | None = None) -> Iterator[KeyLine]:
    """Every key, or one owner's, by owner, epoch and generation. No key material in it."""
    rows = DataKey.objects.order_by("owner", "epoch", "generation")
    names = list(KeyLine.__dataclass_fields__)
    for row in (rows if owner is None else rows.filter(owner=owner)).values_list(*names).iterator():
        yield KeyLine(*row)


def rotate_wrapping(*, actor: str = "operator", why: str = "") -> Rewrapped:
    """Wrap every data key under a new key-encryption key and forget the old ones. No sealed text changes.

    A ring from the environment is the operator's to change: there the current KEK wraps all, `unused` names
    the rest.
    """
    ring = start.provider()
    with datakeys.locked():
        added = ring.add()
    count, kek = _rewrap_all(), ring.current()
    trail.record(actor=actor, act="keys.rewrapped", subject=f"kek:{kek}", why=why)
    with datakeys.locked():
        used = set(DataKey.objects.filter(destroyed_at=None).values_list("kek", flat=True).distinct())
        ring.keep(used)
    _scrub()
    unused = () if added else tuple(sorted(set(ring.ids()) - used))
    return Rewrapped(kek, count, unused)


def rotate(*, owner: str, epoch: str = "", actor: str = "operator", why: str = "") -> int:
    """Seal with a new generation of the owner's key from now on; what is sealed stays readable. Returns the
    generation.

    Raises CannotRotate where there is no such key, it was destroyed, or it makes the blind indexes.
    """
    if (owner, epoch) == (SYSTEM, INDEX_EPOCH):
        raise CannotRotate("The key of the blind indexes stays: with another, nobody would be found by e-mail.")
    newest = _living(owner, epoch).order_by("-generation").first()
    if newest is None:
        raise CannotRotate(f"There is no living key of {owner!r} with epoch {epoch!r}.")
    made = datakeys.make(owner, epoch, after=newest.generation)
    with datakeys.locked():
        datakeys.change_mark()
    cabinet.forget()
    trail.record(actor=actor, act="keys.rotated", subject=_name(owner, epoch), why=why)
    return made.generation


def destroy(*, owner: str, epoch: str, actor: str, why: str) -> int:
    """Make all that was sealed for this owner and epoch unreadable, for ever. Returns how many generations
    went.

    The trail entry is committed first: there is no destruction without a record. Hence it refuses to run in a
    transaction. Raises CannotDestroy where there is no such key or the house needs it.
    """
    if owner == SYSTEM:
        raise CannotDestroy("The house's own keys hold the trail and the indexes and are never destroyed.")
    if not _living(owner, epoch).exists():
        raise CannotDestroy(f"There is no living key of {owner!r} with epoch {epoch!r}.")
    with transaction.atomic(durable=True):
        trail.record(actor=actor, act="keys.destroyed", subject=_name(owner, epoch), why=why)
    try:
        with datakeys.locked():
            count = _living(owner, epoch).update(wrapped=b"", destroyed_at=timezone.now())
            datakeys.change_mark()
    except Exception:
        trail.record(actor=actor, act="keys.not_destroyed", subject=_name(owner, epoch), why=why)
        raise
    cabinet.forget()
    _scrub()
    return count


def _living(owner: str, epoch: str) -> QuerySet[DataKey]:
    return DataKey.objects.filter(owner=owner, epoch=epoch, destroyed_at=None)


def _rewrap_all() -> int:
    count, after = 0, -1
    while True:
        with datakeys.locked():
            rows = list(DataKey.objects.filter(destroyed_at=None, id__gt=after).order_by("id")[:_BATCH])
            for row in rows:
                _rewrap(row)
        if not rows:
            return count
        count, after = count + len(rows), rows[-1].id


def _rewrap(row: DataKey) -> None:
    ring = start.provider()
    about = envelope.about_key(row.id, row.owner, row.epoch, row.generation)
    key = ring.unwrap(row.kek, bytes(row.wrapped), about)
    if key is None:
        raise CannotStart(f"A key of {row.owner!r} does not open with {ring.place}; no key was forgotten.")
    row.kek, row.wrapped = ring.wrap(key, about)
    row.save(update_fields=["kek", "wrapped"])


def _scrub() -> None:
    """Get the old bytes out of the keys database's files, as far as a database can. docs/vault.md says how
    far that is.
    """
    connection = connections[KEYS]
    if connection.in_atomic_block:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM FULL {connection.ops.quote_name(DataKey._meta.db_table)}")
        connection.close()
    elif connection.vendor == "sqlite":
        _empty_the_log()


def _empty_the_log() -> None:
    """A write-ahead log keeps old pages until it is cut. A reader may be in the way for a moment."""
    for _ in range(20):
        with connections[KEYS].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.1)
    _log.warning("The keys database is busy: its log still holds old pages until it is next emptied.")


def _name(owner: str, epoch: str) -> str:
    return f"{owner} {epoch}".strip()
