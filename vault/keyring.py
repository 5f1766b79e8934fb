"""Key-encryption keys (KEKs): several by id, one of them current. They wrap data keys and nothing else.

From the environment (`settings.KEYRING`, wins) or a file (`settings.KEYRING_FILE`, mode 0600). Another provider, a key
management service for example, is a callable named in `settings.KEY_PROVIDER` that returns something with the verbs of
`Provider`. Called by start.py, datakeys.py and keys.py.
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
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from vault import envelope
from vault.errors import CannotStart


class Provider(Protocol):
    """Where key-encryption keys come from. `about` binds a wrapped key to its row; kek ids are at most 64 characters."""

    place: str  # for sentences to the operator: "the keyring file /srv/var/keyring.json"

    def exists(self) -> bool: ...
    def make(self) -> None: ...  # at the very first start only; CannotStart where this place cannot be written
    def ids(self) -> Collection[str]: ...
    def wrap(self, key: bytes, about: bytes) -> tuple[str, bytes]: ...  # under the current KEK: its id, the wrapped key
    def unwrap(self, kek: str, wrapped: bytes, about: bytes) -> bytes | None: ...
    def add(self) -> str | None: ...  # make a new KEK current; None where the operator does that by hand
    def keep(self, kek_ids: Collection[str]) -> None: ...  # forget all others but the current


@dataclass(frozen=True)
class Ring:
    """The KEKs themselves."""

    current: str
    keys: dict[str, bytes]

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
        return Ring(self.current, {kek: key for kek, key in self.keys.items() if kek == self.current or kek in kek_ids})

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
        self.ids, self.wrap, self.unwrap = self._ring.keys.keys, self._ring.wrap, self._ring.unwrap

    def exists(self) -> bool:
        return True

    def make(self) -> None:
        raise CannotStart(f"There is no {self.place.removeprefix('the ')}.")

    def add(self) -> None:
        return None

    def keep(self, kek_ids: Collection[str]) -> None:
        pass


class FileKeyring:
    """The ring in a file that only its owner may read. Read again at each wrap, so that all processes use the newest KEK."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = f"the keyring file {path}"
        self._ring: Ring | None = None

    def exists(self) -> bool:
        # lexists: a dangling link is a keyring that went missing, not a first start.
        return os.path.lexists(self.path)

    def make(self) -> None:
        """Write a new ring, unless another process was faster: then that one's ring stands."""
        temporary = self._write_aside(fresh())
        try:
            with contextlib.suppress(FileExistsError):
                os.link(temporary, self.path)
        finally:
            temporary.unlink()
        _sync_folder(self.path.parent)

    def ids(self) -> Collection[str]:
        return self._read().keys.keys()

    def wrap(self, key: bytes, about: bytes) -> tuple[str, bytes]:
        return self._read().wrap(key, about)

    def unwrap(self, kek: str, wrapped: bytes, about: bytes) -> bytes | None:
        if self._ring is None or kek not in self._ring.keys:
            self._read()
        assert self._ring is not None
        return self._ring.unwrap(kek, wrapped, about)

    def add(self) -> str:
        ring = self._read().with_new()
        self._replace(ring)
        return ring.current

    def keep(self, kek_ids: Collection[str]) -> None:
        self._replace(self._read().only(kek_ids))

    def _read(self) -> Ring:
        self._ring = _read(_private_text(self.path, self.place), self.place)
        return self._ring

    def _replace(self, ring: Ring) -> None:
        os.replace(self._write_aside(ring), self.path)
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
            raise CannotStart(f"Others on this machine can read {place}: run `chmod 600 {path}` and start again.")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CannotStart(
            f"Cannot read {place}: {error.strerror}. Put it back from your backup or give this user the right to read it."
        ) from error
    except UnicodeDecodeError as error:
        raise CannotStart(_not_a_ring(place)) from error


def _read(text: str, place: str) -> Ring:
    # `from None`: the exceptions below would carry a piece of the ring into a traceback.
    try:
        data = json.loads(text)
        keys = {str(kek): base64.b64decode(key, validate=True) for kek, key in data["keys"].items()}
        current = data["current"]
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise CannotStart(_not_a_ring(place)) from None
    if current not in keys or not all(len(key) == envelope.KEY_BYTES and 0 < len(kek) <= 64 for kek, key in keys.items()):
        raise CannotStart(_not_a_ring(place)) from None
    return Ring(current, keys)


def _not_a_ring(place: str) -> str:
    return f"There is no usable keyring in {place}: it is damaged or not a keyring. Put the right one back from your backup."


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
