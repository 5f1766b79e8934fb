"""A talk is offered to mentors after a crisis in a room of theirs, or by a coordinator. What it was about stays in its case.

`offer` is called by moderation through settings.CRISIS_SEEN: it hears the room and nothing else.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import post
from mentoring.models import Debrief, Mentor
from mentoring.refusals import Refused
from rooms import topics
from rooms.models import Membership, Room
from vault import trail

_OPEN = (Debrief.State.OFFERED, Debrief.State.WANTED)


@transaction.atomic
def offer(room_id: str) -> list[Debrief]:
    """To each mentor who belongs to this room, once a room and day: three crises of one night are one talk."""
    room = Room.objects.select_for_update(no_key=True).filter(pk=room_id).first()
    here = Membership.objects.standing().filter(room=room, account__role=Role.MENTOR).values("account")
    mentors = Mentor.objects.filter(account__in=here).select_related("account") if room else []
    today = timezone.localdate()
    told = {
        each.mentor_id
        for each in Debrief.objects.filter(room=room, mentor__in=mentors)
        if timezone.localdate(each.offered_at) == today
    }
    return [_offer(mentor, room, at_once=True) for mentor in mentors if mentor.pk not in told]


@transaction.atomic
def offer_to(*, mentor: Mentor, by: Account) -> Debrief:
    """A coordinator offers a talk. One that is open already stands for both."""
    open_one = Debrief.objects.filter(mentor=mentor, state__in=_OPEN).first()
    debrief = open_one or _offer(mentor, None)
    _note(debrief, "offer", by)
    return debrief


def answer(*, account: Account, debrief_id: int, wants: bool) -> Debrief:
    """The mentor takes it or not; no reason is asked for. Raises Refused: `not_found`, `settled`."""
    with transaction.atomic():
        debrief = Debrief.objects.select_for_update(of=("self",)).filter(pk=debrief_id, mentor__account=account).first()
        if debrief is None:
            raise Refused("not_found")
        if debrief.state not in _OPEN:
            raise Refused("settled")
        debrief.state = Debrief.State.WANTED if wants else Debrief.State.DECLINED
        debrief.settled_at = None if wants else timezone.now()
        debrief.save(update_fields=["state", "settled_at"])
        if wants:
            for each in Account.objects.filter(role=Role.COORDINATOR, is_active=True):
                topics.moved(topics.person_topic(each.pk))
                post.tell(each)
        _note(debrief, "want" if wants else "decline", account)
    return debrief


def done(*, debrief_id: int, by: Account) -> Debrief:
    """The talk took place. Raises Refused: `not_found`, `settled`."""
    with transaction.atomic():
        debrief = Debrief.objects.select_for_update(of=("self",)).filter(pk=debrief_id).first()
        if debrief is None or by.role != Role.COORDINATOR:
            raise Refused("not_found")
        if debrief.state != Debrief.State.WANTED:
            raise Refused("settled")
        debrief.state, debrief.settled_at, debrief.settled_by = Debrief.State.DONE, timezone.now(), by
        debrief.save(update_fields=["state", "settled_at", "settled_by"])
        _note(debrief, "done", by)
    return debrief


def open_of(mentor: Mentor) -> list[Debrief]:
    """Offered or asked for, newest first."""
    return list(Debrief.objects.filter(mentor=mentor, state__in=_OPEN))


def _offer(mentor: Mentor, room: Room | None, *, at_once: bool = False) -> Debrief:
    topics.moved(topics.person_topic(mentor.pk))
    post.tell(mentor.account, at_once=at_once)
    return Debrief.objects.create(mentor=mentor, room=room)


def _note(debrief: Debrief, act: str, by: Account) -> None:
    """The mentor is the subject; the room is not named, or the trail would tell whose night it was."""
    subject = f"debrief:{debrief.pk} account:{debrief.mentor_id}"
    trail.record(actor=f"account:{by.pk}", act=f"debrief.{act}", subject=subject)
