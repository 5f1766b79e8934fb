"""Sanctions: the person cannot write for a time, is out of a room, or is suspended. They end by themselves, and can be appealed.

`impose` and `lift` hold the person, their rooms, then the case, the trail last, as all acts do. Whatever a coordinator did meanwhile stands:
nobody comes back because a clock ran out when somebody decided otherwise.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import people
from accounts.models import Account, Role
from moderation import letters, live, outside, sealed, trails
from moderation.kinds import Kind
from moderation.models import Act, Case, Letter, Sanction
from moderation.refusals import Refused
from rooms import joining, steward
from rooms.models import Membership, Room

LONGEST = 2000  # characters of a reason
_PURPOSE = "sanction.reason"
_MAY_BE_SANCTIONED = (Role.CLIENT, Role.MENTOR)

log = logging.getLogger(__name__)


def impose(case: Case, kind: Sanction.Kind, by: Account, reason: str, until: datetime | None) -> Sanction:
    """Called in the turn of an act, by who holds the case; the act writes the history and the trail (acts.sanction).

    `until` None: until somebody lifts it; a mute always ends. The person reads `reason`. Raises Refused: staff, yourself, empty,
    too_long, past, done (it is so already), not_found (a case without a room).
    """
    reason = _checked(case, kind, by, reason.strip(), until)
    with transaction.atomic():
        _lock_rooms(case.account)
        sanction = Sanction(case=case, account=case.account, kind=kind, by=by, until=until)
        sanction.room = None if kind == Sanction.Kind.SUSPEND else case.room
        sanction.reason = sealed.close(reason, case_id=case.pk, purpose=_PURPOSE, place=sanction.pk)
        _take_effect(sanction)
        sanction.started_at = timezone.now()  # after what it did: `_is_ours` compares
        sanction.save(force_insert=True)
        letters.write(case, Letter.Kind.SANCTION, by, sanction=sanction)
        if kind == Sanction.Kind.SUSPEND:
            outside.tell_by_mail(sanction)
    return sanction


def lift(sanction: Sanction, by: Account | None, why: str) -> None:
    """`by` None: it ended by itself. `why` goes on the trail. Lifting what has ended changes nothing."""
    with transaction.atomic():
        _end(sanction, by, why, tell=True)


def lift_quietly(sanction: Sanction, by: Account, why: str) -> None:
    """As `lift`, without a letter: the answer to an appeal says it (appeals)."""
    with transaction.atomic():
        _end(sanction, by, why, tell=False)


def end_due(now: datetime | None = None) -> int:
    """Ends what is over, by the clock or because a coordinator let the person back in. Called every minute (settings.CHORES)."""
    ended = 0
    for sanction in Sanction.objects.filter(_over(now or timezone.now()), ended_at=None).order_by("until", "pk"):
        try:
            with transaction.atomic():
                if _end(sanction, None, "over", tell=True):
                    Act.objects.create(case=sanction.case, room=sanction.room, kind=Kind.LIFT, target=sanction.pk)
                    ended += 1
        except Exception as error:  # the others end on time whatever is wrong with one
            log.error("A sanction could not be ended (%s) and is tried again in a minute.", type(error).__name__)
    return ended


def reason_of(sanction: Sanction) -> str:
    return sealed.open_text(sanction.reason, case_id=sanction.case_id, purpose=_PURPOSE, place=sanction.pk)


def suspended_until(accounts: Collection[int]) -> dict[int, datetime]:
    """When their suspensions end by themselves; without those that somebody has to lift (settings.SUSPENDED_UNTIL)."""
    running = Sanction.objects.filter(account__in=accounts, kind=Sanction.Kind.SUSPEND, ended_at=None)
    return {account: until for account, until in running.values_list("account_id", "until") if until is not None}


def lock_rooms_of(sanction: Sanction) -> None:
    """For a door that locks a case of its own before it lifts a sanction."""
    _lock_rooms(sanction.account)


# --- before --------------------------------------------------------------------------------------------------------


def _checked(case: Case, kind: Sanction.Kind, by: Account, reason: str, until: datetime | None) -> str:
    if case.account_id == by.pk:
        raise Refused("yourself")
    if case.account.role not in _MAY_BE_SANCTIONED:
        raise Refused("staff")
    if not reason:
        raise Refused("empty")
    if len(reason) > LONGEST:
        raise Refused("too_long")
    if (until is None and kind == Sanction.Kind.MUTE) or (until is not None and until <= timezone.now()):
        raise Refused("past")
    if case.room is None and kind != Sanction.Kind.SUSPEND:
        raise Refused("not_found")
    return reason


def _lock_rooms(account: Account) -> None:
    """The person, then all their rooms in the order of rooms.commit: a suspension shows in each of them."""
    people.hold(account)
    theirs = Membership.objects.filter(account=account).values("room")
    list(Room.objects.select_for_update(no_key=True).filter(pk__in=theirs).order_by("pk").values_list("pk"))


# --- what it does ----------------------------------------------------------------------------------------------------


def _take_effect(sanction: Sanction) -> None:
    if sanction.kind == Sanction.Kind.SUSPEND:
        if not sanction.account.is_active:
            raise Refused("done")
        people.suspend(sanction.account, by=sanction.by, why=f"case:{sanction.case_id}")
        return
    member = _membership(sanction)
    if member is None or member.removed_at is not None:
        raise Refused("done")
    if sanction.kind == Sanction.Kind.REMOVE:
        joining.remove(sanction.account, member.room, actor=sanction.by)
    else:
        assert sanction.until is not None
        steward.mute(member, max(sanction.until, _muted_longest(sanction) or sanction.until))


def _end(sanction: Sanction, by: Account | None, why: str, *, tell: bool) -> bool:
    """Whether this call ended it."""
    _lock_rooms(sanction.account)
    Case.objects.select_for_update(no_key=True).get(pk=sanction.case_id)
    now = timezone.now()
    if not Sanction.objects.filter(pk=sanction.pk, ended_at=None).update(ended_at=now, lifted_by=by):
        return False
    sanction.ended_at, sanction.lifted_by = now, by
    _undo_effect(sanction, by)
    trails.did(by, "sanction_ended", sanction.case, why=why)
    Letter.objects.filter(sanction=sanction, kind=Letter.Kind.SANCTION, put_away_at=None).update(put_away_at=now)
    if tell:
        letters.write(sanction.case, Letter.Kind.SANCTION, by, sanction=sanction)
        if sanction.kind == Sanction.Kind.SUSPEND:
            outside.tell_by_mail(sanction)
    live.queue_moved()
    return True


def _undo_effect(sanction: Sanction, by: Account | None) -> None:
    if sanction.kind == Sanction.Kind.SUSPEND:
        if not sanction.account.is_active:
            people.bring_back(sanction.account, by=by, why=f"case:{sanction.case_id}")
        return
    member = _membership(sanction)
    if member is None:
        return
    if sanction.kind == Sanction.Kind.REMOVE:
        if member.removed_at is not None and member.removed_at <= sanction.started_at:
            joining.admit(sanction.account, member.room, actor=by)
    elif longest := _muted_longest(sanction):
        steward.mute(member, longest)
    else:
        steward.unmute(member)


def _muted_longest(sanction: Sanction) -> datetime | None:
    """Until when another sanction keeps the person from writing in this room."""
    others = Sanction.objects.filter(
        account=sanction.account_id, room=sanction.room_id, kind=Sanction.Kind.MUTE, ended_at=None
    ).exclude(pk=sanction.pk)
    return others.order_by("-until").values_list("until", flat=True).first()


def _membership(sanction: Sanction) -> Membership | None:
    return Membership.objects.filter(room=sanction.room_id, account=sanction.account_id).select_related("room").first()


def _over(now: datetime) -> Q:
    """By the clock; or a coordinator brought the person back, so that there is nothing left to end but our own entry."""
    there = Membership.objects.filter(room=OuterRef("room"), account=OuterRef("account"), removed_at=None)
    let_in_again = Q(kind=Sanction.Kind.REMOVE) & Q(Exists(there))
    return Q(until__lte=now) | Q(kind=Sanction.Kind.SUSPEND, account__is_active=True) | let_in_again
