"""Not reading a member: for oneself alone, on all one's devices, known to nobody else."""

from rooms.access import Seat
from rooms.models import Membership, Mute
from rooms.refusals import Refused


def mute(seat: Seat, handle: str, *, on: bool) -> None:
    """Raises Refused("not_found") for somebody who is not in the room, and for oneself."""
    other = Membership.objects.filter(room_id=seat.room_id, handle=handle).exclude(pk=seat.member_id).first()
    if other is None or not Membership.objects.standing().filter(pk=seat.member_id).exists():
        raise Refused("not_found")
    if on:
        Mute.objects.get_or_create(member_id=seat.member_id, muted=other)
    else:
        Mute.objects.filter(member_id=seat.member_id, muted=other).delete()
