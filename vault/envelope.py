"""Bytes: how associated data is written, how a data key is wrapped. Pure functions; no database, no settings.

The formats are described byte by byte in docs/vault.md.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
KEY_BYTES = 32
ID_BYTES = 8
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER_BYTES = 1 + ID_BYTES
SHORTEST_SEALED = HEADER_BYTES + NONCE_BYTES + TAG_BYTES


def spelled(*parts: bytes) -> bytes:
    """Each part behind its length in four bytes: no two different lists of parts give the same bytes."""
    return b"".join(len(part).to_bytes(4) + part for part in parts)


def id_bytes(key_id: int) -> bytes:
    return key_id.to_bytes(ID_BYTES)


def wrap(key: bytes, *, kek: bytes, about: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(kek).encrypt(nonce, key, about)


def unwrap(wrapped: bytes, *, kek: bytes, about: bytes) -> bytes | None:
    """The key, or None where `wrapped` was altered, is about another key, or was wrapped by another KEK."""
    if len(wrapped) != NONCE_BYTES + KEY_BYTES + TAG_BYTES:
        return None
    try:
        return AESGCM(kek).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], about)
    except InvalidTag:
        return None


def about_key(key_id: int, owner: str, epoch: str, generation: int) -> bytes:
    """What a wrapped data key is bound to."""
    words = (owner, epoch, str(generation))
    return spelled(b"peerchat key 1", id_bytes(key_id), *(word.encode() for word in words))
