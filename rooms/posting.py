"""Every message, of the socket, the form without JavaScript, the demo or a test, is made here.

`prepare` and `prepare_edit` are all that can fail on what a person typed: rate limit, gates. `post` and `edit` store it too.
"""

import re
from datetime import datetime

from django.utils import timezone

from rooms import changes, hub, identity, raised, rates, stored
from rooms.access import Seat
from rooms.commit import write
from rooms.gates import Draft, Passage, pass_gates
from rooms.models import Membership
from rooms.refusals import Refused
from rooms.roster import Roster, roster_of

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff]")


def post(
    seat: Seat,
    *,
    body: str,
    warning: str = "",
    reply_to: str | None = None,
    key: str | None = None,
    at: datetime | None = None,
) -> changes.Posted | changes.Kept:
    """Posts and stores, in the calling thread. Raises Refused or Held. `at` is for the demo's past only."""
    change = prepare(
        seat,
        roster_of(seat.room_id),
        key=key or identity.new_key(),
        body=body,
        warning=warning,
        reply_to=reply_to,
        at=at,
    )
    outcome = _written(change)
    assert not isinstance(outcome, changes.Done)
    if isinstance(outcome, changes.Posted):
        # A form has no script to say what was read; who answers has read.
        Membership.objects.filter(pk=seat.member_id, read__lt=outcome.seq).update(read=outcome.seq)
    return outcome


def edit(seat: Seat, *, id: str, body: str, warning: str = "") -> changes.Done | changes.Kept:
    outcome = _written(prepare_edit(seat, roster_of(seat.room_id), id=id, body=body, warning=warning))
    assert not isinstance(outcome, changes.Posted)
    return outcome


def redact(seat: Seat, *, id: str) -> None:
    _written(changes.Redact(seat, id))


def react(seat: Seat, *, id: str, kind: str, on: bool = True) -> None:
    _written(changes.React(seat, id, kind, on))


def prepare(
    seat: Seat, roster: Roster, *, key: str, body: str, warning: str, reply_to: str | None, at: datetime | None = None
) -> changes.Post:
    """A draft that may be stored. Raises Refused or Held."""
    draft, passage = _checked(seat, roster, body, warning)
    return changes.Post(
        seat, key, draft.body, draft.warning, reply_to,
        at=at or timezone.now(), flags=passage.flags, held=passage.held,
    )  # fmt: skip


def prepare_edit(seat: Seat, roster: Roster, *, id: str, body: str, warning: str) -> changes.Edit:
    """The gates stand before a change as they do before a first message."""
    draft, passage = _checked(seat, roster, body, warning)
    return changes.Edit(seat, id, draft.body, draft.warning, flags=passage.flags, held=passage.held)


def _checked(seat: Seat, roster: Roster, body: str, warning: str) -> tuple[Draft, Passage]:
    if wait := rates.posts.take((seat.account_id, seat.room_id), roster.posts_a_minute):
        raise Refused("too_fast", wait)
    draft = Draft(_cleaned(body), _cleaned(warning), seat.room_id, seat.account_id, roster.names, roster.strict)
    return draft, pass_gates(draft)


def _cleaned(text: str) -> str:
    """Trimmed, with plain line breaks, without characters that cannot be seen and do nothing for a reader."""
    if not text.isprintable():
        text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip()


def _written(change: changes.Change) -> changes.Posted | changes.Kept | changes.Done:
    outcomes, announcements = write([change])
    hub.announce_from_thread(announcements)
    raised.take_if_any([change], outcomes)
    stored.tell([change], outcomes)
    if isinstance(outcomes[0], Refused):
        raise outcomes[0]
    return outcomes[0]
