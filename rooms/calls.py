"""Calls of two in their private thread: who rings, answers, ends. What is said or shown never passes here.

The store is the truth, as it is for messages: every act is one transaction on the thread's row, so that two who answer, end or ring at once
come to one outcome, in whichever process. Live pages hear that something moved (topics) and calling asks `newest_in`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from rooms import topics
from rooms.access import Seat
from rooms.call_now import ANSWERED, OVER, RINGING, CallNow, Missed
from rooms.models import MISSED, Call, Membership, Room
from rooms.refusals import Refused
from rooms.rules import rules_of

TOPIC: Final = "call:"  # and the room's id; nobody may follow it by name
GONE = timedelta(seconds=15)  # a side whose pages say nothing for so long has left
LONGEST = timedelta(hours=4)
_SHOWN_MISSED = 5


# --- doors; each raises Refused ----------------------------------------------------------------------------------------


def ring(*, seat: Seat, id: str, way: str, page: str) -> CallNow:
    """Calls the other. Ringing again with the same id changes nothing; where the other rings too, it becomes one call."""
    end_left_over()
    return _ring(seat, id, way, page)


@transaction.atomic
def _ring(seat: Seat, id: str, way: str, page: str) -> CallNow:
    me, other = _two(seat)
    if known := Call.objects.filter(pk=id).first():
        if known.room_id != seat.room_id or known.caller_id != me.pk:
            raise Refused("not_found")
        return _now(known)
    _check_allowed(me, other)
    if standing := _open().filter(room=me.room_id).first():
        if standing.answered_at is None and standing.callee_id == me.pk:
            return _answer(standing, page)
        raise Refused("in_call")
    if _open().filter(_of(me)).exists():
        raise Refused("in_call")
    now = timezone.now()
    call = Call(pk=id, room_id=me.room_id, caller=me, callee=other, way=way, caller_page=page, caller_seen=now)
    if _open().filter(_of(other)).filter(Q(answered_at__isnull=False) | Q(caller__account=other.account_id)).exists():
        call.ended_at, call.end = now, Call.End.BUSY
    call.save(force_insert=True)
    return _moved(call)


@transaction.atomic
def accept(*, seat: Seat, id: str, page: str) -> CallNow:
    """Answers on this page. The same page may answer again; another one is told that it came too late."""
    me, other = _two(seat)
    call = _call(id, seat)
    if call.callee_id != me.pk:
        raise Refused("not_found")
    if call.ended_at is not None or call.callee_page == page:
        return _now(call)
    if call.answered_at is not None:
        raise Refused("elsewhere")
    _check_allowed(me, other)
    if _open().filter(_of(me)).exclude(pk=id).filter(Q(answered_at__isnull=False) | Q(caller__account=me.account_id)):
        raise Refused("in_call")
    return _answer(call, page)


@transaction.atomic
def end(*, seat: Seat, id: str, declines: bool = False, lost: bool = False) -> CallNow:
    """Ends it, whichever way it stands: the callee declines, the caller calls it off, either hangs up.

    A "not now" that comes after another page of theirs has answered changes nothing. `lost`: a page gave up a line that did not come back.
    """
    _both(seat)
    call = _call(id, seat)
    if call.ended_at is not None or (declines and call.answered_at is not None):
        return _now(call)
    if call.answered_at is not None:
        return _ended(call, Call.End.LOST if lost else Call.End.HUNG_UP)
    return _ended(call, Call.End.CANCELLED if call.caller_id == seat.member_id else Call.End.DECLINED)


@transaction.atomic
def stay(*, seat: Seat, id: str, page: str, heard: bool = False) -> CallNow:
    """A page that is in the call says that it still is, every few seconds and after it was away. With `heard` it vouches for the other,
    whose voice still arrives: a talk goes on while a server is away."""
    call = _call(id, seat)
    side = "caller" if call.caller_id == seat.member_id else "callee"
    if page != getattr(call, f"{side}_page"):
        raise Refused("elsewhere" if call.ended_at is None else "not_found")
    if call.ended_at is None:
        sides = ("caller", "callee") if heard and call.answered_at else (side,)
        Call.objects.filter(pk=id, ended_at=None).update(**{f"{each}_seen": timezone.now() for each in sides})
    return _now(call)


def notice(*, seat: Seat, id: str) -> CallNow:
    """The callee has seen that they missed it."""
    call = _call(id, seat)
    if call.callee_id != seat.member_id:
        raise Refused("not_found")
    Call.objects.filter(pk=id, noticed_at=None).exclude(ended_at=None).update(noticed_at=timezone.now())
    return _now(call)


# --- what ends by itself -----------------------------------------------------------------------------------------------


def sweep() -> int:
    """By the clock (settings.CHORES): what no server is left to end. Later than a server would, so that a short outage ends no talk."""
    return end_left_over(gone=4 * GONE)


def end_left_over(ids: Iterable[str] | None = None, gone: timedelta = GONE) -> int:
    """Ends what rang too long, whose side has gone, or whose thread takes no calls any more; of these calls, or of all."""
    calls = _open() if ids is None else _open().filter(pk__in=ids)
    now = timezone.now()
    ended = 0
    for found in calls:
        if not _why_over(found, now, gone):
            continue
        with transaction.atomic():
            Room.objects.select_for_update(no_key=True).get(pk=found.room_id)
            call = _open().filter(pk=found.pk).first()  # answered or ended meanwhile, it stands differently
            if call and (why := _why_over(call, now, gone)):
                _ended(call, why)
                ended += 1
    return ended


def _why_over(call: Call, now: datetime, gone: timedelta) -> str:
    rings = timedelta(seconds=settings.RING_SECONDS)
    if call.answered_at is None:
        if call.rang_at + rings <= now:
            return Call.End.MISSED
        if _is_gone(call.caller_seen, now, gone):
            return Call.End.CANCELLED
    elif _is_gone(call.caller_seen, now, gone) or _is_gone(call.callee_seen, now, gone):
        return Call.End.LOST
    elif call.answered_at + LONGEST <= now:
        return Call.End.HUNG_UP
    try:
        _check_allowed(call.caller, call.callee)
    except Refused:
        return Call.End.CLOSED
    return ""


def _is_gone(seen: datetime | None, now: datetime, gone: timedelta) -> bool:
    return seen is None or seen + gone <= now


# --- what may be read --------------------------------------------------------------------------------------------------


def newest_in(room_id: str) -> CallNow | None:
    call = Call.objects.filter(room=room_id).order_by("-rang_at").first()
    return _now(call) if call else None


def missed_by(member_id: int) -> list[Missed]:
    """Calls that rang for this member in vain and were not put away, oldest first."""
    rows = Call.objects.filter(callee=member_id, answered_at=None, end__in=MISSED, noticed_at=None)
    return [Missed(call.pk, call.way, call.rang_at) for call in rows.order_by("-rang_at")[:_SHOWN_MISSED]][::-1]


# --- inside ------------------------------------------------------------------------------------------------------------


def _two(seat: Seat) -> tuple[Membership, Membership]:
    both = _both(seat)
    me = both.pop(seat.member_id)
    if len(both) != 1:
        raise Refused("no_calls")
    return me, both.popitem()[1]


def _both(seat: Seat) -> dict[int, Membership]:
    """Who stands in this thread, its row locked. Whatever is no thread of this person's does not exist."""
    room = Room.objects.select_for_update(no_key=True).filter(pk=seat.room_id).first()
    if room is None or not room.is_thread:
        raise Refused("not_found")
    both = {row.pk: row for row in Membership.objects.filter(room=room).standing().select_related("room", "account")}
    if seat.member_id not in both:
        raise Refused("not_found")
    return both


def _check_allowed(me: Membership, other: Membership) -> None:
    room, now = me.room, timezone.now()
    if room.read_only:
        raise Refused("read_only")
    if room.locked_until and room.locked_until > now:
        raise Refused("locked")
    if not rules_of(room).is_open(now):
        raise Refused("closed")
    if me.muted_until and me.muted_until > now:
        raise Refused("muted")
    if any(each.removed_at or not each.account.is_active for each in (me, other)):
        raise Refused("no_calls")
    if other.muted_until and other.muted_until > now:  # which is nobody else's to know
        raise Refused("no_calls")


def _open() -> QuerySet[Call]:
    return Call.objects.filter(ended_at=None).select_related(
        "room", "caller__room", "caller__account", "callee__account"
    )


def _of(member: Membership) -> Q:
    """Calls of this person, in any of their threads."""
    return Q(caller__account=member.account_id) | Q(callee__account=member.account_id)


def _call(id: str, seat: Seat) -> Call:
    call = Call.objects.filter(pk=id, room=seat.room_id).first()
    if call is None or seat.member_id not in (call.caller_id, call.callee_id):
        raise Refused("not_found")
    return call


def _answer(call: Call, page: str) -> CallNow:
    call.answered_at = call.callee_seen = timezone.now()
    call.callee_page = page
    call.save(update_fields=["answered_at", "callee_seen", "callee_page"])
    return _moved(call)


def _ended(call: Call, how: str) -> CallNow:
    call.ended_at, call.end = timezone.now(), how
    call.caller_page = call.callee_page = ""
    call.save(update_fields=["ended_at", "end", "caller_page", "callee_page"])
    return _moved(call)


def _moved(call: Call) -> CallNow:
    topics.moved(f"{TOPIC}{call.room_id}")
    return _now(call)


def _now(call: Call) -> CallNow:
    state = OVER if call.ended_at else ANSWERED if call.answered_at else RINGING
    return CallNow(call.pk, call.room_id, call.caller_id, call.callee_id, call.way, call.rang_at, state, call.end)
