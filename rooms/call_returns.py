"""A side of a call that lost its page, and comes back: after a reload, or on a phone that threw the page away (docs/calls.md).

Meanwhile the call stands open, the other side is told, and no other page of the same person is in it. call_ends ends it where nobody comes.
"""

from django.db import transaction
from django.utils import timezone

from rooms import call_rows
from rooms.access import Seat
from rooms.call_now import CallNow
from rooms.refusals import Refused


@transaction.atomic
def step_away(*, seat: Seat, id: str, page: str) -> CallNow:
    """The page that is in the call is being closed or loaded again. Of any other page, and twice, it changes nothing. Raises Refused."""
    call_rows.both(seat)
    call = call_rows.found(id, seat)
    side = call_rows.side_of(call, seat)
    is_in_it = call.answered_at and call.ended_at is None and call_rows.page_of(call, side) == page
    if not is_in_it or call_rows.away_at(call, side):
        return call_rows.now(call)
    return call_rows.turned(call, **{f"{side}_away_at": timezone.now()})


@transaction.atomic
def come_back(*, seat: Seat, id: str, page: str) -> CallNow:
    """Goes on with the call on this page. Raises Refused: "elsewhere" while another page of this person is in it."""
    me, other = call_rows.two(seat)
    call = call_rows.found(id, seat)
    side = call_rows.side_of(call, seat)
    if call.ended_at is not None:
        return call_rows.now(call)
    if call.answered_at is None:
        raise Refused("not_found")
    if call_rows.away_at(call, side) is None:
        if call_rows.page_of(call, side) == page:
            return call_rows.now(call)
        raise Refused("elsewhere")
    call_rows.check_allowed(me, other)
    return call_rows.turned(call, **{f"{side}_page": page, f"{side}_seen": timezone.now(), f"{side}_away_at": None})
