"""What members see of one another in a room: a pseudonym, a colour, a badge. Never an account.

Opened pseudonyms are kept in a small cache keyed by their sealed form, since each message shows its author's.
"""

from dataclasses import dataclass
from functools import lru_cache

from accounts.models import Role
from rooms.models import Membership
from vault.sealing import Sealed, seal, unseal

_PURPOSE = "membership.pseudonym"


@dataclass(frozen=True, slots=True)
class Face:
    """`colour` is 0 to 7; `badge` is None for a client."""

    id: str
    pseudonym: str
    colour: int
    badge: str | None


def face_of(membership: Membership) -> Face:
    """The membership's account must be loaded with it."""
    role = Role(membership.account.role)
    return Face(membership.handle, pseudonym_of(membership), membership.colour, role.badge)


def pseudonym_of(membership: Membership) -> str:
    """Empty where none is chosen yet."""
    if membership.pseudonym_sealed is None:
        return ""
    return _open(membership.pseudonym_sealed, membership.room_id, membership.handle)


def seal_pseudonym(pseudonym: str, *, room_id: str, handle: str) -> Sealed:
    return seal(pseudonym, owner=f"room:{room_id}", purpose=_PURPOSE, place=handle)


@lru_cache(maxsize=8192)
def _open(sealed: Sealed, room_id: str, handle: str) -> str:
    return unseal(sealed, owner=f"room:{room_id}", purpose=_PURPOSE, place=handle)
