"""Who belongs to a room and what its rules are, read once and kept until the room's roster number moves."""

from dataclasses import dataclass, field
from datetime import datetime

from rooms.faces import Face, face_of
from rooms.models import Membership, Room
from rooms.refusals import Refused
from rooms.rules import ALWAYS_OPEN, Rules, rules_of
from vault import sealing


@dataclass(frozen=True, slots=True)
class Roster:
    """`faces` by membership; `names` are the people's real names, for gates only, and never leave the process."""

    version: int
    agreement_version: int
    posts_a_minute: int
    faces: dict[int, Face]
    names: tuple[str, ...]
    strict: tuple[str, ...] = ()
    rules: Rules = ALWAYS_OPEN
    muted: dict[int, datetime] = field(default_factory=dict)  # until when, by membership
    kind: str = Room.Kind.GROUP


_kept: dict[str, Roster] = {}


def roster_of(room_id: str, version: int | None = None) -> Roster:
    """The room's roster, at `version` or newer. Without `version` the store is asked for the number first."""
    if version is None:
        version = Room.objects.filter(pk=room_id).values_list("roster", flat=True).first()
    kept = _kept.get(room_id)
    if kept is None or version is None or kept.version < version:
        kept = _kept[room_id] = _read(room_id)
    return kept


def forget(room_id: str) -> None:
    """When everybody here has left the room: real names do not stay in memory longer than they are needed."""
    _kept.pop(room_id, None)


def _read(room_id: str) -> Roster:
    room = Room.objects.filter(pk=room_id).first()
    if room is None:
        raise Refused("not_found")
    belonging = list(Membership.objects.belonging().filter(room=room).select_related("account").order_by("pk"))
    sealing.warm(name for member in belonging if (name := member.account.sealed_name) is not None)
    return Roster(
        version=room.roster,
        agreement_version=room.agreement_version,
        posts_a_minute=room.posts_a_minute,
        faces={member.pk: face_of(member) for member in belonging if member.pseudonym_index is not None},
        # In a thread of two a name is its owner's to give, and then the other's to use.
        names=() if room.is_thread else tuple(member.account.name for member in belonging),
        strict=tuple(room.strict),
        rules=rules_of(room),
        muted={member.pk: member.muted_until for member in belonging if member.muted_until},
        kind=room.kind,
    )
