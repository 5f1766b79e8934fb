"""Data keys that are open in this process: bounded, counted, forgotten soon after another one destroys them.

Only sealing.py, index.py and trail.py call it. The hot path takes no lock and touches no database.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import DatabaseError, connections

from vault import datakeys, envelope
from vault.errors import CannotOpen
from vault.models import DataKey
from vault.router import KEYS

BOUND = 4096  # keys held open
LOOK_SECONDS = 2.0  # between two looks for destroyed keys
BLIND_SECONDS = 60.0  # with the keys database out of reach for so long, nothing stays open

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class OpenKey:
    id: int
    owner: str
    epoch: str
    generation: int
    head: bytes  # what every text sealed under it begins with
    secret: bytes = field(repr=False)
    cipher: AESGCM = field(repr=False)
    uses: Iterator[int]  # reserved and not yet spent; next() on it is atomic
    block: object | None  # the transaction it was read in, which may yet be rolled back
    used: bool = False  # since the last sweep

    def stands(self) -> bool:
        """Whether what was read is still true: a key read in a transaction is good only inside it."""
        return self.block is None or any(block is self.block for block in _blocks())


class Cabinet:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._start_empty()

    def forget(self) -> None:
        """Close everything: each key is read again at its next use."""
        with self._lock:
            self._start_empty()

    def after_fork(self) -> None:
        """A child must not spend its parent's uses, nor wait for a lock that a thread of the parent holds."""
        self.__init__()  # type: ignore[misc]

    def to_seal(self, owner: str, epoch: str) -> OpenKey:
        """The key to seal one text with. Raises CannotSeal where it was destroyed."""
        key = self._sealing.get((owner, epoch))
        if key is None or key.block is not None or monotonic() > self._fresh_until:
            return self._to_seal(owner, epoch)
        if next(key.uses, None) is None:
            return self._to_seal(owner, epoch)
        key.used = True
        return key

    def to_open(self, key_id: bytes) -> OpenKey:
        """The key with this id. Raises CannotOpen where it is unknown or was destroyed."""
        key = self._opening.get(key_id)
        if key is None or key.block is not None or monotonic() > self._fresh_until:
            return self._to_open(key_id)
        key.used = True
        return key

    def to_index(self, owner: str, epoch: str) -> OpenKey:
        """The first key of this owner, which never changes."""
        key = self._first.get((owner, epoch))
        if key is None or not key.stands():
            with self._lock:
                key = self._first[owner, epoch] = self._opened(datakeys.first(owner, epoch))
        return key

    def warm(self, key_ids: Iterable[bytes]) -> None:
        """Open many keys with one query. Unknown and destroyed ones are left for `to_open` to name."""
        self._look_again()
        with self._lock:
            cold = {key_id for key_id in key_ids if not self._has(key_id)}
            for row in datakeys.find(int.from_bytes(key_id) for key_id in cold) if cold else []:
                if row.destroyed_at is None:
                    self._opened(row)

    def _start_empty(self) -> None:
        self._sealing: dict[tuple[str, str], OpenKey] = {}
        self._first: dict[tuple[str, str], OpenKey] = {}
        self._opening: dict[bytes, OpenKey] = {}
        self._mark: int | None = None
        self._fresh_until = 0.0
        self._answered = monotonic()

    def _has(self, key_id: bytes) -> bool:
        key = self._opening.get(key_id)
        return key is not None and key.stands()

    def _to_seal(self, owner: str, epoch: str) -> OpenKey:
        self._look_again()
        with self._lock:
            key = self._sealing.get((owner, epoch))
            if key is None or not key.stands():
                key = self._seal_with(datakeys.newest(owner, epoch))
            while next(key.uses, None) is None:
                key = self._reserved(key)
            return key

    def _reserved(self, key: OpenKey) -> OpenKey:
        """The same key with new uses, or the key that follows it."""
        uses = datakeys.reserve(key.id)
        if uses is None:
            key = self._seal_with(datakeys.make(key.owner, key.epoch, after=key.generation))
        else:
            key.uses = iter(range(uses))
        return key

    def _seal_with(self, row: DataKey) -> OpenKey:
        if row.destroyed_at:
            raise datakeys.destroyed(row)
        key = self._sealing[row.owner, row.epoch] = self._opened(row)
        return key

    def _to_open(self, key_id: bytes) -> OpenKey:
        self._look_again()
        with self._lock:
            key = self._opening.get(key_id)
            if key is not None and key.stands():
                return key
            rows = datakeys.find([int.from_bytes(key_id)])
            if not rows:
                raise CannotOpen("This cannot be opened: its key is not in the keys database.")
            return self._opened(rows[0])

    def _opened(self, row: DataKey) -> OpenKey:
        key_id = envelope.id_bytes(row.id)
        known = self._opening.get(key_id)
        if known is not None and known.stands():
            return known
        secret = datakeys.unwrapped(row)
        blocks = _blocks()
        self._make_room()
        key = self._opening[key_id] = OpenKey(
            row.id, row.owner, row.epoch, row.generation, envelope.VERSION + key_id, secret, AESGCM(secret),
            uses=iter(()), block=blocks[-1] if blocks else None,
        )  # fmt: skip
        return key

    def _make_room(self) -> None:
        """When full, close what was not used since it was last full, and at least the oldest half."""
        if len(self._opening) < BOUND:
            return
        kept = [(key_id, key) for key_id, key in self._opening.items() if key.used][-BOUND // 2 :]
        self._opening = dict(kept)
        open_keys = set(self._opening.values())
        self._sealing = {name: key for name, key in self._sealing.items() if key in open_keys}
        for key in open_keys:
            key.used = False

    def _look_again(self) -> None:
        """Every few seconds ask whether keys were destroyed or replaced elsewhere. One thread asks, all go
        on.
        """
        if monotonic() <= self._fresh_until or not self._looking.acquire(blocking=False):
            return
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self._look()
        else:  # Django lets no database be touched on an event loop's thread
            threading.Thread(target=self._look_and_close, name="vault look", daemon=True).start()

    def _look_and_close(self) -> None:
        try:
            self._look()
        finally:
            connections[KEYS].close()

    def _look(self) -> None:
        try:
            mark = datakeys.mark()
        except DatabaseError:
            _log.warning("The keys database does not answer; open keys stay open for %d s at most.", BLIND_SECONDS)
            if monotonic() > self._answered + BLIND_SECONDS:
                self.forget()
            self._fresh_until = monotonic() + LOOK_SECONDS
        else:
            with self._lock:
                if mark != self._mark:
                    self._start_empty()
                self._mark, self._answered = mark, monotonic()
                self._fresh_until = monotonic() + LOOK_SECONDS
        finally:
            self._looking.release()


def _blocks() -> list[object]:
    """The transactions this thread has open on the keys database, outermost first."""
    connection = connections[KEYS]
    return list(connection.atomic_blocks) if connection.in_atomic_block else []


cabinet = Cabinet()
os.register_at_fork(after_in_child=cabinet.after_fork)
