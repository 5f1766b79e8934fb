"""A member tells somebody that a message or a member needs a look. What comes of it is decided elsewhere (settings.FLAG_RAISED)."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from rooms.access import Seat
from rooms.frames import Flag
from rooms.models import Membership
from rooms.refusals import Refused


class Raise(Protocol):
    def __call__(
        self, account_id: int, *, room_id: str, message_id: str, member: str, category: str, words: str
    ) -> object: ...


def flag(seat: Seat, frame: Flag) -> None:
    """Raises Refused: `not_found` for what is not in this room, `not_yours` for oneself, and others with words of their own."""
    if not Membership.objects.standing().filter(pk=seat.member_id).exists():
        raise Refused("not_found")
    raise_flag: Raise = import_string(settings.FLAG_RAISED)
    raise_flag(
        seat.account_id,
        room_id=seat.room_id,
        message_id=frame.id or "",
        member=frame.member or "",
        category=frame.category,
        words=frame.words,
    )
