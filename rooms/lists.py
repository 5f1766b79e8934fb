"""The rooms of a person as their list shows them, with what is unread. Two queries, however many rooms, and one
for a room that was read in the last seconds."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from rooms import hub
from rooms.access import has_accepted, rooms_of
from rooms.models import Membership, Message

_LOOK_BACK = 200  # numbers; so that a year's absence costs no more than a day's


@dataclass(frozen=True, slots=True)
class ListedRoom:
    id: str
    name: str
    condition: str
    description: str
    unread: int
    here_now: int
    entered: bool


def listed(account_id: int) -> list[ListedRoom]:
    unread = (
        Message.objects.filter(
            room_id=OuterRef("room_id"),
            seq__gt=Greatest(OuterRef("read"), OuterRef("room__number") - Value(_LOOK_BACK)),
        )
        .exclude(author_id=OuterRef("pk"))
        .order_by()
        .values("room_id")
        .annotate(count=Count("pk"))
        .values("count")
    )
    members = rooms_of(account_id).annotate(unread=Coalesce(Subquery(unread, output_field=IntegerField()), 0))
    return [
        ListedRoom(
            id=member.room_id,
            name=member.room.name,
            condition=member.room.get_condition_display(),
            description=member.room.description,
            unread=_unread(member) if has_accepted(member) else 0,
            here_now=hub.people_in(member.room_id),
            entered=has_accepted(member),
        )
        for member in members
    ]


def _unread(member: Membership) -> int:
    """Read positions reach the store after some seconds: whoever comes back from a room finds it read all the same."""
    unread: int = member.unread  # type: ignore[attr-defined]  # annotated above
    read = hub.read_up_to(member.pk)
    if not unread or read <= member.read:
        return unread
    return Message.objects.filter(room_id=member.room_id, seq__gt=read).exclude(author_id=member.pk).count()
