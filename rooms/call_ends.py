"""Calls that end by themselves: rang too long, a side that has gone for good, a thread that takes no calls any more.

Called by the beat of each process (calling), by the clock (settings.CHORES), and before somebody rings.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rooms import call_rows
from rooms.call_now import SIDES, Side
from rooms.models import Call, Room
from rooms.refusals import Refused

GONE = timedelta(seconds=15)  # a side whose page says nothing for so long has lost it
LONGEST = timedelta(hours=4)


def sweep() -> int:
    """What no server is left to end. Later than a server would, so that a short outage ends no talk."""
    return end_left_over(gone=4 * GONE)


def end_left_over(ids: Iterable[str] | None = None, gone: timedelta = GONE) -> int:
    """Ends these calls, or all, that are over by themselves: how many. A side that has just gone silent is away from then on."""
    calls = call_rows.open_calls() if ids is None else call_rows.open_calls().filter(pk__in=ids)
    now = timezone.now()
    return sum(_see_to(each, now, gone) for each in calls if _why_over(each, now, gone) or _silent(each, now, gone))


@transaction.atomic
def _see_to(seen: Call, now: datetime, gone: timedelta) -> bool:
    Room.objects.select_for_update(no_key=True).get(pk=seen.room_id)
    call = call_rows.open_calls().filter(pk=seen.pk).first()  # answered, ended or back meanwhile, it stands differently
    if call is None:
        return False
    if why := _why_over(call, now, gone):
        call_rows.ended(call, why)
        return True
    for side, since in _silent(call, now, gone).items():
        call_rows.turned(call, **{f"{side}_away_at": since})
    return False


def _why_over(call: Call, now: datetime, gone: timedelta) -> str:
    if call.answered_at is None:
        if call.rang_at + timedelta(seconds=settings.RING_SECONDS) <= now:
            return Call.End.MISSED
        if _gone_since(call, "caller", gone) <= now:
            return Call.End.CANCELLED
    elif any(since + timedelta(seconds=settings.CALL_BACK_SECONDS) <= now for since in _all_away(call, gone)):
        return Call.End.LOST
    elif call.answered_at + LONGEST <= now:
        return Call.End.HUNG_UP
    try:
        call_rows.check_allowed(call.caller, call.callee)
    except Refused:
        return Call.End.CLOSED
    return ""


def _all_away(call: Call, gone: timedelta) -> list[datetime]:
    return [call_rows.away_at(call, side) or _gone_since(call, side, gone) for side in SIDES]


def _silent(call: Call, now: datetime, gone: timedelta) -> dict[Side, datetime]:
    """The sides of a talk whose page has said nothing for so long, and of whom nobody knows yet that they are away: since when."""
    if call.answered_at is None:
        return {}
    since = {side: _gone_since(call, side, gone) for side in SIDES if not call_rows.away_at(call, side)}
    return {side: at for side, at in since.items() if at <= now}


def _gone_since(call: Call, side: Side, gone: timedelta) -> datetime:
    seen = call.caller_seen if side == "caller" else call.callee_seen
    return (seen or call.rang_at) + gone
