"""Who leads a group. Who may is not for rooms to say: they ask whoever keeps credentials (settings.MAY_LEAD).

Called by the coordinator's page of who belongs, and by the clock when credentials end.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from accounts.models import Account
from rooms import joining
from rooms.models import Membership, MembershipQuerySet, Room
from vault import trail


@transaction.atomic
def lead(account: Account, room: Room, *, actor: Account) -> None:
    """A member becomes one who leads. Raises ValidationError with a sentence that says why they may not."""
    room = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    if room.kind != Room.Kind.GROUP or not _member(account, room).exists():
        raise ValidationError(gettext("Only who belongs to a group can lead it."))
    if why_not := _why_not(account):
        raise ValidationError(why_not)
    if _member(account, room).filter(leads=False).update(leads=True):
        _note(room, account, actor, "room.lead")


@transaction.atomic
def end(account: Account, room: Room, *, actor: Account) -> None:
    """They stay a member."""
    room = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    if Membership.objects.filter(room=room, account=account, leads=True).update(leads=False):
        _note(room, account, actor, "room.lead_end")


@transaction.atomic
def end_all(account: Account) -> int:
    """In every group that they lead, by the clock. Says in how many."""
    theirs = Membership.objects.filter(account=account, leads=True)
    rooms = list(Room.objects.select_for_update(no_key=True).filter(pk__in=theirs.values("room")).order_by("pk"))
    theirs.update(leads=False)
    for room in rooms:
        joining.rules_changed(room)
    for room in rooms:
        trail.record(actor="clock", act="room.lead_end", subject=f"room:{room.pk} account:{account.pk}")
    return len(rooms)


def _member(account: Account, room: Room) -> MembershipQuerySet:
    return Membership.objects.belonging().filter(room=room, account=account)


def _why_not(account: Account) -> str:
    """Empty where they may, or where nobody keeps credentials."""
    if not settings.MAY_LEAD:
        return ""
    asked: Callable[[Account], str] = import_string(settings.MAY_LEAD)
    return asked(account)


def _note(room: Room, account: Account, actor: Account, act: str) -> None:
    joining.rules_changed(room)
    trail.record(actor=f"account:{actor.pk}", act=act, subject=f"room:{room.pk} account:{account.pk}")
