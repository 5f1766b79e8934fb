"""The row of a call: found through the two of its thread, read as it stands, ended.

For the doors of calls (calls, call_returns) and what ends by itself (call_ends); nobody else touches it. Whoever changes a row holds the
thread's (`both`), so that two who act at once, in two processes, come to one outcome.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from rooms import topics
from rooms.access import Seat
from rooms.call_now import ANSWERED, OVER, RINGING, CallNow, Side
from rooms.models import Call, Membership, Room
from rooms.refusals import Refused
from rooms.rules import rules_of

TOPIC: Final = "call:"  # and the room's id; nobody may follow it by name


# --- who, and whether they may ------------------------------------------------------------------------------------------


def two(seat: Seat) -> tuple[Membership, Membership]:
    """This person and the other, the thread's row locked. Raises Refused."""
    rows = both(seat)
    me = rows.pop(seat.member_id)
    if len(rows) != 1:
        raise Refused("no_calls")
    return me, rows.popitem()[1]


def both(seat: Seat) -> dict[int, Membership]:
    """Who stands in this thread, its row locked. Whatever is no thread of this person's does not exist."""
    room = Room.objects.select_for_update(no_key=True).filter(pk=seat.room_id).first()
    if room is None or not room.is_thread:
        raise Refused("not_found")
    rows = {row.pk: row for row in Membership.objects.filter(room=room).standing().select_related("room", "account")}
    if seat.member_id not in rows:
        raise Refused("not_found")
    return rows


def check_allowed(me: Membership, other: Membership) -> None:
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


# --- which -------------------------------------------------------------------------------------------------------------


def open_calls() -> QuerySet[Call]:
    return Call.objects.filter(ended_at=None).select_related(
        "room", "caller__room", "caller__account", "callee__account"
    )


def of(member: Membership) -> Q:
    """Calls of this person, in any of their threads."""
    return Q(caller__account=member.account_id) | Q(callee__account=member.account_id)


def found(id: str, seat: Seat) -> Call:
    """Raises Refused("not_found") where it is not a call of this seat's."""
    call = Call.objects.filter(pk=id, room=seat.room_id).first()
    if call is None or seat.member_id not in (call.caller_id, call.callee_id):
        raise Refused("not_found")
    return call


def side_of(call: Call, seat: Seat) -> Side:
    return "caller" if call.caller_id == seat.member_id else "callee"


def page_of(call: Call, side: Side) -> str:
    return call.caller_page if side == "caller" else call.callee_page


def away_at(call: Call, side: Side) -> datetime | None:
    return call.caller_away_at if side == "caller" else call.callee_away_at


# --- what becomes of it ---------------------------------------------------------------------------------------------------


def turned(call: Call, **fields: object) -> CallNow:
    """It is answered, or a side went away or came back: from here on the two pages, if they are there, talk over a new line."""
    fields["turn"] = call.turn + 1
    for name, value in fields.items():
        setattr(call, name, value)
    call.save(update_fields=list(fields))
    return moved(call)


def ended(call: Call, how: str) -> CallNow:
    call.ended_at, call.end = timezone.now(), how
    call.caller_page = call.callee_page = ""
    call.caller_away_at = call.callee_away_at = None
    call.save(update_fields=["ended_at", "end", "caller_page", "callee_page", "caller_away_at", "callee_away_at"])
    return moved(call)


def moved(call: Call) -> CallNow:
    topics.moved(f"{TOPIC}{call.room_id}")
    return now(call)


def now(call: Call) -> CallNow:
    state = OVER if call.ended_at else ANSWERED if call.answered_at else RINGING
    away = tuple(
        member
        for member, at in ((call.caller_id, call.caller_away_at), (call.callee_id, call.callee_away_at))
        if at is not None
    )
    return CallNow(
        call.pk, call.room_id, call.caller_id, call.callee_id, call.way, call.rang_at, state, call.end, call.turn, away
    )
