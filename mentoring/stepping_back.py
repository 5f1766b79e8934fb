"""A mentor who knows the client outside of here steps back: the mentor's, at any time and in any of their threads.

The thread closes kindly, the two are kept apart from then on, and the client waits in the place in line that they had. The client reads that
the mentor cannot go on, never why; coordinators read it where they keep two apart. Called by the thread's page.
"""

from django.db import transaction

from accounts.models import Account
from mentoring import apart, closing, covering, offers, requests, writing
from mentoring.models import Apart, Thread
from mentoring.refusals import Refused
from rooms.models import Room


def step_back(*, thread: Thread, by: Account) -> None:
    """Of who stands in, that thread alone ends: the client has a mentor, and coordinators look for somebody else meanwhile.

    Raises Refused: `not_found` for anybody but its mentor, `closed`.
    """
    if by.pk != thread.mentor_id:
        raise Refused("not_found")
    with transaction.atomic():
        thread, room = _held(thread)
        closing.close_held(thread=thread, room=room, side=Thread.Closed.STEPPED_BACK, by=by)
        closing.tell_coordinators()
        writing.record(thread, "thread.close", by)
        apart.keep_apart(client=thread.client, mentor=thread.mentor, why=Apart.Why.CONFLICT, by=by)
        if thread.covers_id is None:
            requests.put_back(after=thread, by=by)
    covering.settle_left_over()  # whoever stood in for them


def _held(thread: Thread) -> tuple[Thread, Room]:
    """All that changes, before the trail is taken: the people, the room, the thread, requests and the mentor."""
    offers.hold_people(thread.client_id, thread.mentor_id)
    room = Room.objects.select_for_update(no_key=True).get(pk=thread.room_id)
    rows = Thread.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("mentor__account", "client", "offer__request").get(pk=thread.pk)
    if found.closed_at is not None:
        raise Refused("closed")
    offers.hold(client=found.client, mentor=found.mentor)
    return found, room
