"""Data keys as rows of the "keys" database: found, made once, counted. What is open in memory is
cabinet.py's.

Everything here is slow (a query or a commit) and off the hot path.
"""

import contextlib
import secrets
from collections.abc import Iterable, Iterator

from django.db import IntegrityError, connections, transaction
from django.db.models import F

from vault import envelope, start
from vault.errors import CannotOpen, CannotSeal
from vault.models import DataKey, Mark
from vault.router import KEYS

# NIST SP 800-38D section 8.3 allows 2^32 uses of a key with random nonces; we stop at half of that.
LIMIT = 2**31
STRIDE = 2**16


def newest(owner: str, epoch: str) -> DataKey:
    """The key that seals for this owner now, made if there is none yet."""
    with _let_go():
        row = _newest(owner, epoch) or make(owner, epoch, after=0)
    if row.destroyed_at:
        raise destroyed(row)
    return row


def first(owner: str, epoch: str) -> DataKey:
    """The oldest key of this owner, for what must give the same answer for ever."""
    with _let_go():
        oldest = DataKey.objects.filter(owner=owner, epoch=epoch).order_by("generation").first()
        return oldest or make(owner, epoch, after=0)


def make(owner: str, epoch: str, *, after: int) -> DataKey:
    """The key that follows generation `after`: made here, or by whoever was faster."""
    with locked():
        known = _newest(owner, epoch)
        if known and (known.generation > after or known.destroyed_at):
            return known
        try:
            with transaction.atomic(using=KEYS):
                return _insert(owner, epoch, after + 1)
        except IntegrityError:
            return DataKey.objects.get(owner=owner, epoch=epoch, generation=after + 1)


def reserve(key_id: int) -> int | None:
    """Take a stride of uses for this process: how many, or None when the key is used up or destroyed."""
    with _let_go():
        unspent = DataKey.objects.filter(id=key_id, destroyed_at=None, reserved__lte=LIMIT - STRIDE)
        return STRIDE if unspent.update(reserved=F("reserved") + STRIDE) else None


def find(key_ids: Iterable[int]) -> list[DataKey]:
    with _let_go():
        return list(DataKey.objects.filter(id__in=list(key_ids)))


def unwrapped(row: DataKey) -> bytes:
    if row.destroyed_at:
        raise CannotOpen("This cannot be opened: its key was destroyed.")
    about = envelope.about_key(row.id, row.owner, row.epoch, row.generation)
    key = start.provider().unwrap(row.kek, bytes(row.wrapped), about)
    if key is None:
        raise CannotOpen("This cannot be opened: its key was altered, or the keyring does not fit it.")
    return key


def destroyed(row: DataKey) -> CannotSeal:
    return CannotSeal(f"The key of {row.owner} {row.epoch} was destroyed: nothing more is sealed under it.")


def mark() -> int | None:
    """A number that is another one after keys were destroyed or replaced."""
    with _let_go():
        return Mark.objects.filter(pk=1).values_list("value", flat=True).first()


def change_mark() -> None:
    """Tell every process to look at its keys again. Call it under `locked()`."""
    Mark.objects.filter(pk=1).update(value=_random_id())


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """One at a time, over all processes: making keys, rewrapping them, dropping a KEK, destroying.

    Without it a key could be wrapped under a KEK in the moment in which another process drops that KEK.
    """
    with transaction.atomic(using=KEYS):
        _overwrite_what_is_deleted()
        Mark.objects.select_for_update().get_or_create(pk=1, defaults={"value": _random_id()})
        yield


def _overwrite_what_is_deleted() -> None:
    """SQLite leaves the old bytes of a changed row in the file unless told otherwise."""
    if connections[KEYS].vendor == "sqlite":
        with connections[KEYS].cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _newest(owner: str, epoch: str) -> DataKey | None:
    return DataKey.objects.filter(owner=owner, epoch=epoch).order_by("-generation").first()


def _insert(owner: str, epoch: str, generation: int) -> DataKey:
    key_id = _random_id()
    about = envelope.about_key(key_id, owner, epoch, generation)
    kek, wrapped = start.provider().wrap(secrets.token_bytes(envelope.KEY_BYTES), about)
    return DataKey.objects.create(id=key_id, owner=owner, epoch=epoch, generation=generation, wrapped=wrapped, kek=kek)


def _random_id() -> int:
    return secrets.randbits(63)


@contextlib.contextmanager
def _let_go() -> Iterator[None]:
    """Give a server's connection back at once: no request cleans up after some of the threads that call."""
    connection = connections[KEYS]
    try:
        yield
    finally:
        if connection.vendor != "sqlite" and not connection.in_atomic_block:
            connection.close()
