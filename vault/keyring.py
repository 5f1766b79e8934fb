"""Key-encryption keys (KEKs): several by id, one of them current. They wrap data keys and nothing else.

From the environment (`settings.KEYRING`, wins) or a file (`settings.KEYRING_FILE`, mode 0600). Another
provider, a key management service for example, is a callable named in `settings.KEY_PROVIDER` that returns
something with the verbs of `Provider`. Called by start.py, datakeys.py and keys.py.
"""

import base64
import binascii
import contextlib
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from vault import envelope
from vault.errors import CannotStart


class Provider(Protocol):
    """Where key-encryption keys come from. A KEK's id has at most 64 characters; `about` binds a key to its
    row.
    """

    place: str  # for sentences to the operator: "the keyring file /srv/var/keyring.json"

    def exists(self) -> bool: ...

    def make(self) -> None:
        """At the very first start only. Raises CannotStart where a ring must be given, not made."""

    def ids(self) -> Collection[str]: ...

    def current(self) -> str: ...

    def wrap(self, key: bytes, about: bytes) -> tuple[str, bytes]:
        """Under the current KEK: its id and the wrapped key."""

    def unwrap(self, kek: str, wrapped: bytes, about: bytes) -> bytes | None: ...

    def add(self) -> bool:
        """Make a new KEK and let it be the current one. False where the operator does that by hand."""

    def keep(self, kek_ids: Collection[str]) -> None:
        """Forget all others but the current one."""


@dataclass(frozen=True)
class Ring:
    """The KEKs themselves."""

    current: str
    keys: dict[str, bytes] = field(repr=False)

    def wrap(self, key: bytes, about: bytes) -> tuple[str, bytes]:
        bound = _bound(self.current, about)
        return self.current, envelope.wrap(key, kek=self.keys[self.current], about=bound)

    def unwrap(self, kek: str, wrapped: bytes, about: bytes) -> bytes | None:
        if kek not in self.keys:
            return None
        return envelope.unwrap(wrapped, kek=self.keys[kek], about=_bound(kek, about))

    def with_new(self) -> "Ring":
        kek = f"{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(4)}"
        return Ring(kek, {**self.keys, kek: secrets.token_bytes(envelope.KEY_BYTES)})

    def only(self, kek_ids: Collection[str]) -> "Ring":
        kept = {*kek_ids, self.current}
        return Ring(self.current, {kek: key for kek, key in self.keys.items() if kek in kept})

    def dump(self) -> str:
        keys = {kek: base64.b64encode(key).decode() for kek, key in self.keys.items()}
        return json.dumps({"current": self.current, "keys": keys}, indent=2) + "\n"


def fresh() -> Ring:
    return Ring("", {}).with_new()


class EnvironmentKeyring:
    """The ring in PEERCHAT_KEYRING. The operator adds and removes KEKs; nothing is ever written back."""

    place = "the keyring in PEERCHAT_KEYRING"

    def __init__(self, text: str) -> None:
        self._ring = _read(text, self.place)
        self.wrap, self.unwrap = self._ring.wrap, self._ring.unwrap

    def exists(self) -> bool:
        return True

    def make(self) -> None:
        raise CannotStart("Set PEERCHAT_KEYRING.")

    def ids(self) -> Collection[str]:
        return self._ring.keys.keys()

    def current(self) -> str:
        return self._ring.current

    def add(self) -> bool:
        return False

    def keep(self, kek_ids: Collection[str]) -> None:
        pass


class FileKeyring:
    """The ring in a file that only its owner may read. Read at each wrap, so all use the newest KEK."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = f"the keyring file {path}"
        self._ring: Ring | None = None

    def exists(self) -> bool:
        # lexists: a dangling link is a keyring that went missing, not a first start.
        return os.path.lexists(self.path)

    def make(self) -> None:
        """Write a new ring, unless another process was faster: then that one's ring stands."""
        if not settings.EMBEDDED:
            # A file in a container would go with the container, and every machine would make its own.
            raise CannotStart(
                "Set PEERCHAT_KEYRING: several processes must share one keyring. "
                "`peerchat keys ring` prints a fresh one; keep a copy in a safe place."
            )
        temporary = self._write_aside(fresh())
        try:
            with contextlib.suppress(FileExistsError):
                os.link(temporary, self.path)
        finally:
            temporary.unlink()
        _sync_folder(self.path.parent)

    def ids(self) -> Collection[str]:
        return self._read().keys.keys()

    def current(self) -> str:
        return self._read().current

    def wrap(self, key: bytes, about: bytes) -> tuple[str, bytes]:
        return self._read().wrap(key, about)

    def unwrap(self, kek: str, wrapped: bytes, about: bytes) -> bytes | None:
        if self._ring is None or kek not in self._ring.keys:
            self._read()
        assert self._ring is not None
        return self._ring.unwrap(kek, wrapped, about)

    def add(self) -> bool:
        self._replace(self._read().with_new())
        return True

    def keep(self, kek_ids: Collection[str]) -> None:
        self._replace(self._read().only(kek_ids))

    def _read(self) -> Ring:
        self._ring = _read(_private_text(self.path, self.place), self.place)
        return self._ring

    def _replace(self, ring: Ring) -> None:
        temporary, before = self._write_aside(ring), self.path.stat()
        if os.geteuid() == 0:  # root rotates for the user that the server runs as
            os.chown(temporary, before.st_uid, before.st_gid)
        os.replace(temporary, self.path)
        _sync_folder(self.path.parent)
        self._ring = ring

    def _write_aside(self, ring: Ring) -> Path:
        # mkstemp makes the file with mode 0600.
        try:
            descriptor, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        except OSError as error:
            raise CannotStart(f"Cannot write {self.place}: {error.strerror}. Make its folder writable.") from error
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(ring.dump())
            file.flush()
            os.fsync(file.fileno())
        return Path(name)


def configured() -> Provider:
    """The provider that the settings name."""
    if path := getattr(settings, "KEY_PROVIDER", ""):
        provider: Provider = import_string(path)()
        return provider
    if settings.KEYRING:
        return EnvironmentKeyring(settings.KEYRING)
    return FileKeyring(Path(settings.KEYRING_FILE))


def _bound(kek: str, about: bytes) -> bytes:
    return envelope.spelled(about, kek.encode())


def _private_text(path: Path, place: str) -> str:
    try:
        mode = path.stat().st_mode
        if stat.S_IMODE(mode) & 0o077:
            raise CannotStart(f"Others here can read {place}: run `chmod 600 {path}` and start again.")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CannotStart(
            f"Cannot read {place}: {error.strerror}. "
            "Put it back from your backup, or give this user the right to read it."
        ) from error
    except UnicodeDecodeError as error:
        raise CannotStart(_not_a_ring(place)) from error


def _read(text: str, place: str) -> Ring:
    # `from None`: the exceptions below would carry a piece of the ring into a traceback.
    try:
        data = json.loads(text)
        keys = {str(kek): base64.b64decode(key, validate=True) for kek, key in data["keys"].items()}
        current = str(data["current"])
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise CannotStart(_not_a_ring(place)) from None
    sound = all(len(key) == envelope.KEY_BYTES and 0 < len(kek) <= 64 for kek, key in keys.items())
    if current not in keys or not sound:
        raise CannotStart(_not_a_ring(place))
    return Ring(current, keys)


def _not_a_ring(place: str) -> str:
    return f"Cannot use {place}: it is damaged or not a keyring. Put the right one back from your backup."


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
