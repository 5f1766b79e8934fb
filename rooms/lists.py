"""The rooms of a person as their list shows them, with what is unread. Two queries, however many rooms, one for a room
that was read in the last seconds; for private threads one for whom they are with, and those of settings.ROOM_NOTES."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from rooms import hub, panels
from rooms.access import has_accepted, rooms_of
from rooms.faces import pseudonym_of
from rooms.models import Membership, Message, Room

_LOOK_BACK = 200  # numbers; so that a year's absence costs no more than a day's


@dataclass(frozen=True, slots=True)
class ListedRoom:
    """`name` of a thread is how the other is called in it; `note` is what else is to be said of it (panels), `is_past` that it is over."""

    id: str
    kind: str
    name: str
    condition: str
    description: str
    unread: int
    here_now: int
    entered: bool
    note: str = ""
    is_past: bool = False

    @property
    def is_thread(self) -> bool:
        return self.kind == Room.Kind.THREAD


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
    members = list(rooms_of(account_id).annotate(unread=Coalesce(Subquery(unread, output_field=IntegerField()), 0)))
    others = _others(members)
    notes = panels.notes(account_id, [member.room_id for member in members if member.room.is_thread])
    plain = panels.Note()
    return [
        ListedRoom(
            id=member.room_id,
            kind=member.room.kind,
            name=others.get(member.room_id, member.room.title),
            condition=member.room.get_condition_display() if member.room.kind == Room.Kind.GROUP else "",
            description=member.room.description,
            unread=_unread(member) if has_accepted(member) else 0,
            here_now=hub.people_in(member.room_id),
            entered=has_accepted(member),
            note=notes.get(member.room_id, plain).text,
            is_past=notes.get(member.room_id, plain).is_past,
        )
        for member in members
    ]


def _others(members: list[Membership]) -> dict[str, str]:
    """Whom each of these threads is with, by room: also where they have gone since."""
    threads = {member.room_id: member.pk for member in members if member.room.is_thread}
    if not threads:
        return {}
    found = Membership.objects.filter(room__in=threads).exclude(pk__in=threads.values())
    return {other.room_id: name for other in found.order_by("pk") if (name := pseudonym_of(other))}


def _unread(member: Membership) -> int:
    """Read positions reach the store after some seconds: whoever comes back from a room finds it read all the same."""
    unread: int = member.unread  # type: ignore[attr-defined]  # annotated above
    read = hub.read_up_to(member.pk)
    if not unread or read <= member.read:
        return unread
    return Message.objects.filter(room_id=member.room_id, seq__gt=read).exclude(author_id=member.pk).count()
