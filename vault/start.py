"""May this house start? The ring is there, is the right one, and no data waits for a lost one.

`check()` is called before serving and by every command that needs keys; `provider()` by datakeys.py at the
first key. It never makes a new key over old data.
"""

import asyncio
import threading
from collections.abc import Callable

from django.db import DatabaseError

from vault import envelope, keyring
from vault.errors import CannotStart
from vault.models import DataKey, TrailEntry

_MIGRATE = "The databases are not ready: run `peerchat migrate` and start again."
_checked: keyring.Provider | None = None


def check() -> None:
    """Raise CannotStart, with one sentence saying what to do, unless keys and data belong together.

    At the very first start it makes the ring and writes the trail's first entry. May be called from an event
    loop.
    """
    _off_the_loop(_check)


def provider() -> keyring.Provider:
    """The ring, checked once a process."""
    global _checked
    if _checked is None:
        _checked = _right_ring()
    return _checked


def forget() -> None:
    """Look at the ring again before its next use."""
    global _checked
    _checked = None


def _check() -> None:
    from vault import trail  # the trail seals, and sealing asks this module for the ring

    forget()
    provider()
    trail.begin()


def _right_ring() -> keyring.Provider:
    has_keys, has_trail = _what_is_there()
    if has_trail and not has_keys:
        raise CannotStart(
            "The keys database is empty, but there is data that needs its keys: "
            "restore it from your backup, or set PEERCHAT_KEYS_DATABASE_URL right, and start again."
        )
    ring = keyring.configured()
    if not ring.exists():
        if has_keys:
            raise CannotStart(
                f"There are data keys, but {ring.place} is missing: restore it from your backup and start again. "
                "No new one was made, because it would not open what is stored."
            )
        ring.make()
    _opens_what_is_there(ring)
    return ring


def _what_is_there() -> tuple[bool, bool]:
    try:
        return DataKey.objects.exists(), TrailEntry.objects.exists()
    except DatabaseError as error:
        raise CannotStart(_MIGRATE) from error


def _opens_what_is_there(ring: keyring.Provider) -> None:
    ids = ring.ids()
    living = DataKey.objects.filter(destroyed_at=None)
    for kek in living.order_by().values_list("kek", flat=True).distinct():
        row = living.filter(kek=kek).earliest("created")
        about = envelope.about_key(row.id, row.owner, row.epoch, row.generation)
        if kek not in ids or ring.unwrap(kek, bytes(row.wrapped), about) is None:
            raise CannotStart(
                f"The stored data needs the key-encryption key {kek!r}, which {ring.place} does not hold: "
                "put back the keyring that belongs to this data and start again."
            )


def _off_the_loop(act: Callable[[], None]) -> None:
    """Django lets no database be touched on an event loop's thread: there, wait for a thread of our own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        act()
        return
    failures: list[Exception] = []

    def attempt() -> None:
        try:
            act()
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=attempt, name="vault start")
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
