"""Calls of two in their private thread: who rings, answers, ends. What is said or shown never passes here.

The store is the truth, as it is for messages: every act is one transaction on the thread's row, so that two who answer, end or ring at once
come to one outcome, in whichever process. Live pages hear that something moved (topics) and calling asks `newest_in`.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from rooms import call_ends, call_returns, call_rows
from rooms.access import Seat
from rooms.call_now import SIDES, CallNow, Missed
from rooms.models import MISSED, Call
from rooms.refusals import Refused

_SHOWN_MISSED: Final = 5


# --- doors; each raises Refused ----------------------------------------------------------------------------------------


def ring(*, seat: Seat, id: str, way: str, page: str) -> CallNow:
    """Calls the other. Ringing again with the same id changes nothing; where the other rings too, it becomes one call."""
    call_ends.end_left_over()
    return _ring(seat, id, way, page)


@transaction.atomic
def _ring(seat: Seat, id: str, way: str, page: str) -> CallNow:
    me, other = call_rows.two(seat)
    if known := Call.objects.filter(pk=id).first():
        if known.room_id != seat.room_id or known.caller_id != me.pk:
            raise Refused("not_found")
        return call_rows.now(known)
    call_rows.check_allowed(me, other)
    if standing := call_rows.open_calls().filter(room=me.room_id).first():
        if standing.answered_at is None and standing.callee_id == me.pk:
            return _answer(standing, page)
        raise Refused("in_call")
    if call_rows.open_calls().filter(call_rows.of(me)).exists():
        raise Refused("in_call")
    now = timezone.now()
    call = Call(pk=id, room_id=me.room_id, caller=me, callee=other, way=way, caller_page=page, caller_seen=now)
    if (
        call_rows.open_calls()
        .filter(call_rows.of(other))
        .filter(Q(answered_at__isnull=False) | Q(caller__account=other.account_id))
        .exists()
    ):
        call.ended_at, call.end = now, Call.End.BUSY
    call.save(force_insert=True)
    return call_rows.moved(call)


@transaction.atomic
def accept(*, seat: Seat, id: str, page: str) -> CallNow:
    """Answers on this page. The same page may answer again; another one is told that it came too late."""
    me, other = call_rows.two(seat)
    call = call_rows.found(id, seat)
    if call.callee_id != me.pk:
        raise Refused("not_found")
    if call.ended_at is not None or call.callee_page == page:
        return call_rows.now(call)
    if call.answered_at is not None:
        raise Refused("elsewhere")
    call_rows.check_allowed(me, other)
    if (
        call_rows.open_calls()
        .filter(call_rows.of(me))
        .exclude(pk=id)
        .filter(Q(answered_at__isnull=False) | Q(caller__account=me.account_id))
    ):
        raise Refused("in_call")
    return _answer(call, page)


@transaction.atomic
def end(*, seat: Seat, id: str, declines: bool = False, lost: bool = False) -> CallNow:
    """Ends it, whichever way it stands: the callee declines, the caller calls it off, either hangs up.

    A "not now" that comes after another page of theirs has answered changes nothing. `lost`: a page gave up a line that did not come back.
    """
    call_rows.both(seat)
    call = call_rows.found(id, seat)
    if call.ended_at is not None or (declines and call.answered_at is not None):
        return call_rows.now(call)
    if call.answered_at is not None:
        return call_rows.ended(call, Call.End.LOST if lost else Call.End.HUNG_UP)
    return call_rows.ended(call, Call.End.CANCELLED if call.caller_id == seat.member_id else Call.End.DECLINED)


@transaction.atomic
def stay(*, seat: Seat, id: str, page: str, heard: bool = False) -> CallNow:
    """A page that is in the call says that it still is, every few seconds and after it was away. With `heard` it vouches for the other,
    whose voice still arrives: a talk goes on while a server is away."""
    call = call_rows.found(id, seat)
    side = call_rows.side_of(call, seat)
    if page != call_rows.page_of(call, side):
        raise Refused("elsewhere" if call.ended_at is None else "not_found")
    if call_rows.away_at(call, side):  # it was silent for too long, and is there after all
        return call_returns.come_back(seat=seat, id=id, page=page)
    if call.ended_at is None:
        vouched = [each for each in SIDES if heard and call.answered_at and not call_rows.away_at(call, each)]
        fields = {f"{each}_seen": timezone.now() for each in (side, *vouched)}
        Call.objects.filter(pk=id, ended_at=None).update(**fields)
    return call_rows.now(call)


def notice(*, seat: Seat, id: str) -> CallNow:
    """The callee has seen that they missed it."""
    call = call_rows.found(id, seat)
    if call.callee_id != seat.member_id:
        raise Refused("not_found")
    Call.objects.filter(pk=id, noticed_at=None).exclude(ended_at=None).update(noticed_at=timezone.now())
    return call_rows.now(call)


# --- what may be read --------------------------------------------------------------------------------------------------


def newest_in(room_id: str) -> CallNow | None:
    call = Call.objects.filter(room=room_id).order_by("-rang_at").first()
    return call_rows.now(call) if call else None


def missed_by(member_id: int) -> list[Missed]:
    """Calls that rang for this member in vain and were not put away, oldest first."""
    rows = Call.objects.filter(callee=member_id, answered_at=None, end__in=MISSED, noticed_at=None)
    return [Missed(call.pk, call.way, call.rang_at) for call in rows.order_by("-rang_at")[:_SHOWN_MISSED]][::-1]


def _answer(call: Call, page: str) -> CallNow:
    now = timezone.now()
    return call_rows.turned(call, answered_at=now, callee_seen=now, callee_page=page)
