"""The one door to a room: it is found through the person, so that unknown and forbidden look alike.

Called by every view, frame and door before anything of a room is read or written.
"""

from dataclasses import dataclass

from rooms.faces import Face, face_of
from rooms.models import Membership, MembershipQuerySet
from rooms.refusals import Refused


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's place in one room, as it stood when they entered. What changes rows checks it again (log)."""

    member_id: int
    room_id: str
    account_id: int
    face: Face


def rooms_of(account_id: int) -> MembershipQuerySet:
    """The person's memberships, whether the agreement is accepted or not yet."""
    return (
        Membership.objects.belonging()
        .filter(account_id=account_id)
        .select_related("room", "account")
        .order_by("room__name")
    )


def membership(account_id: int, room_id: str) -> Membership:
    """Raises Refused("not_found") for a room that is unknown or that this person does not belong to."""
    found = rooms_of(account_id).filter(room_id=room_id).first()
    if found is None:
        raise Refused("not_found")
    return found


def standing(account_id: int, room_id: str) -> Membership:
    """As `membership`, and the current agreement is accepted: else Refused("agreement")."""
    found = membership(account_id, room_id)
    if not has_accepted(found):
        raise Refused("agreement")
    return found


def has_accepted(found: Membership) -> bool:
    return found.pseudonym_index is not None and found.accepted_version == found.room.agreement_version


def seat_of(found: Membership) -> Seat:
    return Seat(found.pk, found.room_id, found.account_id, face_of(found))
