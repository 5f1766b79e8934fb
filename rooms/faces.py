"""What members see of one another in a room: a pseudonym, a colour, a badge. Never an account."""

from dataclasses import dataclass

from django.utils.translation import gettext

from accounts.models import Role
from rooms.models import Membership
from vault.sealing import CannotOpen, Sealed, seal, unseal

_PURPOSE = "membership.pseudonym"


@dataclass(frozen=True, slots=True)
class Face:
    """`colour` is 0 to 7; `badge` is None for a client; `leads`: they lead this group, as its members see in their list."""

    id: str
    pseudonym: str
    colour: int
    badge: str | None
    leads: bool = False


def face_of(membership: Membership) -> Face:
    """The membership's account must be loaded with it."""
    role = Role(membership.account.role)
    return Face(membership.handle, pseudonym_of(membership), membership.colour, role.badge, membership.leads)


def pseudonym_of(membership: Membership) -> str:
    """Empty where none is chosen yet; a word for anybody where the room's key was destroyed."""
    if membership.pseudonym_sealed is None:
        return ""
    owner = f"room:{membership.room_id}"
    try:
        return unseal(membership.pseudonym_sealed, owner=owner, purpose=_PURPOSE, place=membership.handle)
    except CannotOpen:
        return gettext("Somebody")


def seal_pseudonym(pseudonym: str, *, room_id: str, handle: str) -> Sealed:
    return seal(pseudonym, owner=f"room:{room_id}", purpose=_PURPOSE, place=handle)
