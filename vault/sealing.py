"""Seals text for storing and opens it again. The two doors of the vault that everything else walks through.

A sealed text opens only for the owner, purpose and place it was sealed for. Formats: docs/vault.md. With a
warm key both take a few microseconds and no lock; a cold one is asked of the keys database, off any event
loop.
"""

from collections.abc import Iterable
from os import urandom
from typing import NewType

from cryptography.exceptions import InvalidTag

from vault.cabinet import cabinet
from vault.envelope import HEADER_BYTES, NONCE_BYTES, SHORTEST_SEALED, VERSION
from vault.errors import CannotOpen as CannotOpen
from vault.errors import CannotSeal as CannotSeal

Sealed = NewType("Sealed", bytes)

_CIPHERTEXT = HEADER_BYTES + NONCE_BYTES


def seal(text: str, *, owner: str, purpose: str, place: str, epoch: str = "") -> Sealed:
    """Raises CannotSeal where the owner's key for this epoch was destroyed, ValueError for half a surrogate
    pair.
    """
    return seal_bytes(_bytes(text), owner=owner, purpose=purpose, place=place, epoch=epoch)


def seal_bytes(plain: bytes, *, owner: str, purpose: str, place: str, epoch: str = "") -> Sealed:
    """For what is not text, such as the picture of a certificate. Raises CannotSeal as `seal` does."""
    key = cabinet.to_seal(owner, epoch)
    nonce = urandom(NONCE_BYTES)
    about = _about(owner, purpose, place, key.head)
    return Sealed(key.head + nonce + key.cipher.encrypt(nonce, plain, about))


def unseal(sealed: Sealed, *, owner: str, purpose: str, place: str) -> str:
    """Raises CannotOpen where the text was altered, belongs elsewhere, or its key is gone."""
    return unseal_bytes(sealed, owner=owner, purpose=purpose, place=place).decode()


def unseal_bytes(sealed: Sealed, *, owner: str, purpose: str, place: str) -> bytes:
    """Raises CannotOpen as `unseal` does."""
    if len(sealed) < SHORTEST_SEALED or sealed[:1] != VERSION:
        raise CannotOpen("This cannot be opened: it is not a sealed text.")
    head = sealed[:HEADER_BYTES]
    if head[1] > 0x7F:  # beyond every number that a store can hold
        raise CannotOpen("This cannot be opened: it names no key of ours.")
    key = cabinet.to_open(head[1:])
    about = _about(owner, purpose, place, head)
    try:
        return key.cipher.decrypt(sealed[HEADER_BYTES:_CIPHERTEXT], sealed[_CIPHERTEXT:], about)
    except InvalidTag:
        raise CannotOpen("This cannot be opened: it was altered, or it belongs elsewhere.") from None


def warm(sealed: Iterable[Sealed]) -> None:
    """Open the keys of many texts with one query, before unsealing them one by one."""
    cabinet.warm({text[1:HEADER_BYTES] for text in sealed if len(text) >= SHORTEST_SEALED})


def forget() -> None:
    """Close every key that is open in this process."""
    cabinet.forget()


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # `from None`: that error holds the whole text.
        raise ValueError("This is not text: it has half a surrogate pair.") from None


def _about(owner: str, purpose: str, place: str, head: bytes) -> bytes:
    """The associated data: envelope.spelled() written out, because this runs for every message shown."""
    who, what, where = owner.encode(), purpose.encode(), place.encode()
    return b"%b%b%b%b%b%b%b" % (
        head,
        len(who).to_bytes(4), who,
        len(what).to_bytes(4), what,
        len(where).to_bytes(4), where,
    )  # fmt: skip
