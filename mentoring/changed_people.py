"""What rests on a role ends with it: the threads of somebody who is no mentor or no client any more, their offers, their request.

Called in the transaction of the change and after the rooms of the person, which are held by then (settings.ACCOUNT_CHANGED). What changes
here is locked first: threads, requests, mentors, offers; the trail comes last. A suspension takes offers back and ends nothing, for it may
be over tomorrow; coordinators hear that clients have nobody meanwhile (thread_list).
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from accounts.models import Account, Role
from mentoring import circle, closing, covering, offers, requests, writing
from mentoring.access import is_client, is_mentor
from mentoring.models import Mentor, Offer, Request, Thread
from rooms import joining
from rooms.models import Membership, Room


def account_changed(account: Account, was: Role) -> None:
    """`was`: the role they had, the same as now where they were suspended or brought back."""
    ended, gone = _threads(account), _offers(account)
    for thread in ended:
        side = Thread.Closed.MENTOR_GONE if thread.mentor_id == account.pk else Thread.Closed.CLIENT_GONE
        closing.close_held(thread=thread, room=Room.objects.get(pk=thread.room_id), side=side, by=None)
    if ended or gone or _leaves_clients(account):
        closing.tell_coordinators()
    for thread in ended:
        writing.record(thread, "thread.close", None, f"{was} to {account.role}")
    for offer in gone:
        offers.give_back_held(offer)
    if account.role != Role.CLIENT:
        requests.end(client=account)
    if account.role != Role.MENTOR:
        _leave_talks(account)
    circle.role_changed(account, was)
    if ended:
        transaction.on_commit(covering.settle_left_over, robust=True)  # who stood in for the mentor of a thread


def _threads(account: Account) -> list[Thread]:
    """Those that cannot go on, a cover's too, locked."""
    over = Q(pk__in=[])
    if account.role != Role.MENTOR:
        over |= Q(mentor=account.pk)
    if account.role != Role.CLIENT:
        over |= Q(client=account)
    found = Thread.objects.running().filter(over).select_related("mentor__account", "client")
    return list(found.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _offers(account: Account) -> list[str]:
    """Open ones that can come to nothing, with their requests and mentors locked; and the person's own request, if it ends."""
    over = Q(pk__in=[])
    if not is_mentor(account):
        over |= Q(mentor=account.pk)
    if not is_client(account):
        over |= Q(request__client=account)
    found = list(Offer.objects.filter(over, state=Offer.State.OPEN).values_list("pk", "request_id", "mentor_id"))
    touched = Q(pk__in=[request for _pk, request, _mentor in found]) | Q(client=account, state__in=requests.OPEN)
    list(Request.objects.select_for_update().filter(touched).order_by("pk"))
    mentors = Mentor.objects.select_for_update(no_key=True).filter(pk__in=[mentor for *_rest, mentor in found])
    list(mentors.order_by("pk"))
    return [pk for pk, *_rest in found]


def _leaves_clients(account: Account) -> bool:
    """A mentor who is suspended."""
    is_out = account.role == Role.MENTOR and not account.is_active
    return is_out and Thread.objects.running().filter(mentor=account.pk).exists()


def _leave_talks(account: Account) -> None:
    """What clients told their mentor is not for whoever is none any more, a coordinator least of all."""
    theirs = Thread.objects.filter(mentor=account.pk, purged_at=None).values("room")
    for member in Membership.objects.filter(room__in=theirs, account=account, removed_at=None).select_related("room"):
        joining.remove(account, member.room, actor=None)
