"""The circle: a room in which mentors support one another. Opened once by a coordinator, who cannot read it.

All mentors are admitted, new ones as they come (`turn`, by the clock); whoever stops being one is let go at once, and comes back with the
role. A coordinator may let staff in by hand, a supervisor say, and never a client (rooms.joining).
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Account, Role
from mentoring.access import mentor_of
from mentoring.models import Mentor
from mentoring.refusals import Refused
from rooms import joining
from rooms.models import Membership, Room
from vault import trail


def circle() -> Room | None:
    return Room.objects.filter(kind=Room.Kind.CIRCLE).order_by("opened_at").first()


def open_circle(*, by: Account) -> Room:
    """Raises Refused("circle_there") where there is one."""
    with transaction.atomic():
        # One at a time: the coordinators' rows are few and their lock short.
        list(Account.objects.select_for_update(no_key=True).filter(role=Role.COORDINATOR).order_by("pk"))
        if circle() is not None:
            raise Refused("circle_there")
        room = Room.objects.create(
            kind=Room.Kind.CIRCLE,
            condition=Room.Condition.OTHER,
            description=gettext("For mentors among themselves: what is hard, what helps, and how to stay well."),
        )
        joining.publish_agreement(room, agreement_text(), actor=by)
        trail.record(actor=f"account:{by.pk}", act="circle.open", subject=f"room:{room.pk}")
    turn()
    return room


def turn() -> int:
    """Who became a mentor comes in, or comes back (settings.CHORES). Whoever was let go by hand stays away. Returns how many came."""
    room = circle()
    if room is None:
        return 0
    known = Membership.objects.filter(room=room).values("account")
    comes = Account.objects.filter(role=Role.MENTOR, is_active=True)
    count = 0
    for account in comes.exclude(pk__in=known) | comes.filter(mentor__left_circle_at__isnull=False):
        with transaction.atomic():
            Mentor.objects.filter(pk=mentor_of(account).pk).update(left_circle_at=None)
            joining.admit(account, room, actor=None)
        count += 1
    return count


def role_changed(account: Account, was: Role) -> None:
    """In the transaction of the change (changed_people). Staff who were let in by hand stay, whatever other staff they become."""
    room = circle()
    stays = account.role == Role.MENTOR or (was != Role.MENTOR and account.role != Role.CLIENT)
    if room is None or stays or not Membership.objects.filter(room=room, account=account, removed_at=None).exists():
        return
    if was == Role.MENTOR:
        Mentor.objects.update_or_create(account=account, defaults={"left_circle_at": timezone.now()})
    joining.remove(account, room, actor=None)


def place_of(mentor: Mentor) -> Membership | None:
    """The mentor's place in the circle, entered or not."""
    found = Membership.objects.belonging().filter(room__kind=Room.Kind.CIRCLE, account=mentor.account)
    return found.select_related("room").first()


def agreement_text() -> str:
    """In the language that is active: of the coordinator who opens it, who can change it as of any room."""
    return "\n\n".join(
        [
            gettext("This is a place for mentors among themselves. What is said here stays here."),
            gettext(
                "Coordinators cannot read along, unless they are members like everybody else and you can see them."
            ),
            gettext(
                "We talk about ourselves and our work, never about who a client is. No names, no pseudonyms, and no "
                "details by which somebody could be known: no places, dates, families or rare stories."
            ),
            gettext("We do not copy out what somebody wrote in a thread or a group."),
            gettext(
                "When somebody is in danger, this is not the place. We press Help now, flag the message where it was "
                "written, or call whoever is on call."
            ),
            gettext("We ask before we give advice. Listening is enough."),
            gettext("Nobody has to be strong here. Saying that it is too much is part of doing this work well."),
        ]
    )
