"""What those who keep a room do to it: to one message, to a held one, to the room, to who may write. Nothing here knows of cases.

Each is one transaction and reaches all live pages like any other change: messages by the room's number, rules by its roster.
Raises Refused: `not_found`, `settled`. Whoever calls has decided that it may be done, and records it on the trail.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from rooms import hub, topics
from rooms.changes import Change, Settle, Veil
from rooms.commit import write
from rooms.models import HeldMessage, Membership, Room
from rooms.refusals import Refused
from rooms.rules import seal_notice


def redact(room_id: str, message_id: str) -> None:
    """Takes a message out of the room. It shows as redacted, and `restore` brings it back."""
    _written(Veil(room_id, message_id, "redact"))


def restore(room_id: str, message_id: str) -> None:
    """Refused("not_found") where its author has taken it back meanwhile."""
    _written(Veil(room_id, message_id, "restore"))


def blur(room_id: str, message_id: str) -> None:
    """Folds a message until a reader asks for it."""
    _written(Veil(room_id, message_id, "blur"))


def unblur(room_id: str, message_id: str) -> None:
    _written(Veil(room_id, message_id, "unblur"))


def release(held_id: str) -> None:
    """The held message is posted now, under the id it was held with."""
    _settle(held_id, release=True)


def refuse(held_id: str) -> None:
    _settle(held_id, release=False)


def hold_again(held_id: str) -> None:
    """Takes a refusal back: the message waits once more."""
    held = _held(held_id)
    with transaction.atomic():
        if not HeldMessage.objects.filter(pk=held_id, state=HeldMessage.State.REFUSED).update(
            state=HeldMessage.State.WAITING, settled_at=None
        ):
            raise Refused("settled")
        topics.moved(topics.person_topic(held.author.account_id))


def slow(room_id: str, seconds: int, until: datetime | None) -> None:
    """One message a person in so many seconds; 0 ends it."""
    _change(room_id, slow_seconds=seconds, slow_until=until)


def lock(room_id: str, until: datetime) -> None:
    _change(room_id, locked_until=until)


def unlock(room_id: str) -> None:
    _change(room_id, locked_until=None)


def notice(room_id: str, text: str, until: datetime | None) -> None:
    """A few words at the top of the room for everybody in it; an empty text takes them away."""
    _change(room_id, notice=seal_notice(text, room_id) if text else None, notice_until=until)


def mute(membership: Membership, until: datetime) -> None:
    """The member reads on and cannot write."""
    _change_member(membership, until)


def unmute(membership: Membership) -> None:
    _change_member(membership, None)


def _written(change: Change) -> None:
    with transaction.atomic():
        outcomes, announcements = write([change])
        if isinstance(outcomes[0], Refused):
            raise outcomes[0]
        transaction.on_commit(lambda: hub.announce_from_thread(announcements))


def _settle(held_id: str, *, release: bool) -> None:
    held = _held(held_id)
    with transaction.atomic():
        _written(Settle(held.room_id, held_id, release))
        topics.moved(topics.person_topic(held.author.account_id))


def _held(held_id: str) -> HeldMessage:
    held = HeldMessage.objects.filter(pk=held_id).select_related("author").first()
    if held is None:
        raise Refused("not_found")
    return held


def _change(room_id: str, **fields: object) -> None:
    if not Room.objects.filter(pk=room_id).update(roster=F("roster") + 1, **fields):
        raise Refused("not_found")


@transaction.atomic
def _change_member(membership: Membership, until: datetime | None) -> None:
    Room.objects.filter(pk=membership.room_id).update(roster=F("roster") + 1)
    Membership.objects.filter(pk=membership.pk).update(muted_until=until)
