"""Belonging to a room: admitted by a coordinator, entered under a pseudonym with the agreement accepted, left or removed.

Each act moves the room's roster number, by which every process hears of it within a pulse.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import actor as named
from accounts.models import Account, Role
from rooms import pseudonyms
from rooms.faces import seal_pseudonym
from rooms.models import Acceptance, Agreement, Membership, Room
from vault import trail

_COLOURS = 8
_CHOSEN = ["pseudonym_sealed", "pseudonym_index", "colour"]


def places() -> list[tuple[str, str]]:
    """What an invitation may open: every group, by id and name (settings.INVITATION_PLACES)."""
    return list(Room.objects.filter(kind=Room.Kind.GROUP).values_list("pk", "name"))


def admit_invited(account: Account, ids: list[str]) -> None:
    """The rooms named in an invitation, once it is accepted (settings.INVITATION_ACCEPTED)."""
    for room in Room.objects.filter(pk__in=ids, kind=Room.Kind.GROUP):
        admit(account, room, actor=account)


@transaction.atomic
def admit(account: Account, room: Room, *, actor: Account | None) -> Membership:
    """Lets a person choose a pseudonym for this room; one who was removed comes back as who they were. `actor` None: the clock.

    Raises ValidationError with a sentence for a client in the circle of mentors.
    """
    if room.kind == Room.Kind.CIRCLE and account.role == Role.CLIENT:
        raise ValidationError(_("The circle is for mentors and those who support them. Clients cannot be in it."))
    member, new = Membership.objects.get_or_create(room=room, account=account)
    if new or member.removed_at:
        member.removed_at = None
        member.save(update_fields=["removed_at"])
        _note(room, account, actor, "room.admit")
    return member


@transaction.atomic
def remove(account: Account, room: Room, *, actor: Account | None) -> None:
    """Ends a membership, by a coordinator, by the person or (None) by the clock. What they wrote stays under their pseudonym."""
    theirs = Membership.objects.filter(room=room, account=account, removed_at=None)
    if theirs.update(removed_at=timezone.now(), leads=False):
        _note(room, account, actor, "room.leave" if actor == account else "room.remove")


def enter(member: Membership, *, pseudonym: str, version: int) -> None:
    """Takes the pseudonym (once; empty where one was chosen before) and accepts the agreement.

    Raises ValidationError where the pseudonym will not do or is taken, or the agreement changed while it was read.
    """
    agreement = Agreement.objects.filter(room_id=member.room_id, version=version).first()
    if agreement is None or version != member.room.agreement_version:
        raise ValidationError(_("The group agreement has changed while you were reading. Please read it again."))
    try:
        with transaction.atomic():
            if member.pseudonym_index is None:
                _choose(member, pseudonym)
            member.accepted_version, member.accepted_at = version, timezone.now()
            # Not the whole row: who was removed while they read must stay removed.
            member.save(update_fields=[*_CHOSEN, "accepted_version", "accepted_at"])
            Acceptance.objects.create(membership=member, agreement=agreement)
            _moved(member.room)
    except IntegrityError:
        raise ValidationError(
            _("Somebody here has this name already, or one that looks like it. Please choose another.")
        ) from None


@transaction.atomic
def open_with(
    room: Room, *, agreement: str, people: Sequence[tuple[Account, str]], actor: Account | None
) -> list[Membership]:
    """A new room, with its agreement accepted by these people, each under a pseudonym. Every row before the trail, whose end all wait for.

    Raises ValidationError as `enter` does.
    """
    room.agreement_version = 1
    room.save(update_fields=["agreement_version"])
    Agreement.objects.create(room=room, version=1, text=agreement)
    members = [Membership.objects.create(room=room, account=account) for account, _name in people]
    for member, (_account, name) in zip(members, people, strict=True):
        enter(member, pseudonym=name, version=1)
    trail.record(actor=named(actor), act="room.agreement", subject=f"room:{room.pk}")
    for account, _name in people:
        _note(room, account, actor, "room.admit")
    return members


@transaction.atomic
def publish_agreement(room: Room, text: str, *, actor: Account) -> None:
    """A new version; everybody is asked again before they read or write on."""
    room = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    room.agreement_version += 1
    Agreement.objects.create(room=room, version=room.agreement_version, text=text)
    room.save(update_fields=["agreement_version"])
    _moved(room)
    trail.record(actor=f"account:{actor.pk}", act="room.agreement", subject=f"room:{room.pk}")


def rules_changed(room: Room) -> None:
    """Something of the room that live sockets keep in memory was saved."""
    _moved(room)


def _choose(member: Membership, pseudonym: str) -> None:
    chosen = pseudonyms.check(pseudonym, real_name=member.account.name)
    member.pseudonym_sealed = seal_pseudonym(chosen, room_id=member.room_id, handle=member.handle)
    member.pseudonym_index = pseudonyms.index(chosen, room_id=member.room_id)
    member.colour = sum(chosen.encode()) % _COLOURS


def _note(room: Room, account: Account, actor: Account | None, act: str) -> None:
    _moved(room)
    trail.record(actor=named(actor), act=act, subject=f"room:{room.pk} account:{account.pk}")


def account_changed(account: Account, was: Role) -> None:
    """The badge, or that they are away for good, in every room of theirs (settings.ACCOUNT_CHANGED).

    It comes first and takes the rooms that they were removed from too: what follows may close one of them.
    """
    theirs = Membership.objects.filter(account=account)
    here = set(theirs.filter(removed_at=None).values_list("room_id", flat=True))
    rooms = Room.objects.select_for_update(no_key=True).filter(pk__in=theirs.values("room"))
    for room in rooms.order_by("pk"):  # in the order of rooms.commit
        if room.pk in here:
            _moved(room)


def _moved(room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(roster=F("roster") + 1)
