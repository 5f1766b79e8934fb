"""What a person is told when they enter a room: read in one go, on a reader thread."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rooms import calls, hub, reading
from rooms.access import Seat, seat_of, standing
from rooms.call_now import Missed
from rooms.models import Membership, Room
from rooms.reading import OpenMessage
from rooms.roster import Roster, roster_of


@dataclass(frozen=True, slots=True)
class Entrance:
    """`number` is what `messages` is complete up to. With `since`, `more` means that more changes follow."""

    seat: Seat
    room: Room
    roster: Roster
    number: int
    read: int
    muted: list[str]
    messages: list[OpenMessage]
    more: bool
    held: list[reading.Waiting]
    marks: list[tuple[str, int, int]]  # of a thread: (handle, got, read) of each of the two
    missed: list[Missed]  # of a thread: calls that rang for this person in vain


def enter(account_id: int, room_id: str, since: int | None = None) -> Entrance:
    """Raises Refused. The number is read before the messages: what comes in between is read twice rather than never."""
    member = standing(account_id, room_id)
    page = reading.newest(room_id) if since is None else reading.since(room_id, since)
    number = page.messages[-1].changed if since is not None and page.more else member.room.number
    return Entrance(
        seat=seat_of(member),
        room=member.room,
        roster=roster_of(room_id, member.room.roster),
        number=number,
        read=max(member.read, hub.read_up_to(member.pk)),
        muted=reading.muted_by(member),
        messages=page.messages,
        more=page.more,
        held=reading.waiting_of(member),
        marks=marks_of([room_id])[room_id] if member.room.is_thread else [],
        missed=calls.missed_by(member.pk) if member.room.is_thread else [],
    )


def marks_of(room_ids: Iterable[str]) -> dict[str, list[tuple[str, int, int]]]:
    """How far each member of these threads has received and read, as far as the store knows: (handle, got, read)."""
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    rows = Membership.objects.belonging().filter(room__in=list(room_ids))
    for room_id, handle, got, read in rows.values_list("room", "handle", "got", "read"):
        found[room_id].append((handle, max(got, read), read))
    return found


def history(account_id: int, room_id: str, before: int, limit: int) -> reading.Page:
    """Raises Refused."""
    standing(account_id, room_id)
    return reading.before(room_id, before, limit)
