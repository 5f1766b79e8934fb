"""The end of a thread: farewell words, a summary that the client may keep, both read on until the term is over, nobody writes.

By the client at any time and without a reason, by the mentor, or by a coordinator with a reason that goes on the trail; where one of them
has another role now (changed_people), or the mentor knows the client outside (stepping_back). Whoever was left reads a kind line; why is
never told. What happens at the end of the term is in `retention`.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import appointments, covering, post, writing
from mentoring.models import Thread
from mentoring.refusals import Refused
from mentoring.sealed import open_text, owner_of_thread
from rooms import joining, topics
from rooms.contact import contact_details
from rooms.models import Room

LONGEST_FAREWELL: Final = 1000
LONGEST_SUMMARY: Final = 4000
LONGEST_WHY: Final = 500
_Closed = Thread.Closed


def close(*, thread: Thread, by: Account, farewell: str = "", summary: str = "", why: str = "") -> Thread:
    """`farewell` and `summary` are the mentor's, `why` the coordinator's.

    Raises Refused: `closed`, `not_found`, `empty` (a coordinator without a reason), `too_long`, `contact`.
    """
    with transaction.atomic():
        closed = close_within(thread=thread, by=by, farewell=farewell, summary=summary, why=why)
    covering.settle_left_over()  # whoever stood in for its mentor
    return closed


def close_within(*, thread: Thread, by: Account, farewell: str = "", summary: str = "", why: str = "") -> Thread:
    """In the transaction of who calls, such as one who then asks for another mentor."""
    side = _side(thread, by)
    why = writing.trimmed(why, LONGEST_WHY) if side == _Closed.COORDINATOR else ""
    room = Room.objects.select_for_update(no_key=True).get(pk=thread.room_id)
    thread = (
        Thread.objects.select_for_update(of=("self",), no_key=True)
        .select_related("mentor__account", "client")
        .get(pk=thread.pk)
    )
    if thread.closed_at is not None:
        raise Refused("closed")
    if side == _Closed.MENTOR:
        _keep(thread, farewell, summary)
    _shut(thread, room, side)
    _tell(thread, by, side)
    writing.record(thread, "thread.close", by, why)
    return thread


def close_held(*, thread: Thread, room: Room, side: Thread.Closed, by: Account | None) -> None:
    """For who holds both rows, tells the coordinators and writes the trail: changed_people, stepping_back."""
    _shut(thread, room, side)
    _tell_both(thread, by)


@transaction.atomic
def sum_up(*, thread: Thread, by: Account, farewell: str, summary: str) -> Thread:
    """The mentor writes both, or changes them, once the thread is closed. Raises Refused: `not_found`, `too_long`, `contact`."""
    thread = (
        Thread.objects.select_for_update(of=("self",), no_key=True)
        .select_related("mentor__account", "client")
        .get(pk=thread.pk)
    )
    if by.pk != thread.mentor_id or thread.closed_at is None or thread.purged_at is not None:
        raise Refused("not_found")
    was = summary_of(thread)
    _keep(thread, farewell, summary)
    thread.save(update_fields=["farewell", "summary"])
    writing.moved(thread)
    if summary_of(thread) and not was:
        post.tell(thread.client)
    writing.record(thread, "thread.summary", by)
    return thread


def farewell_of(thread: Thread) -> str:
    return _opened(thread, "farewell")


def summary_of(thread: Thread) -> str:
    return _opened(thread, "summary")


def _side(thread: Thread, by: Account) -> Thread.Closed:
    if by.pk == thread.client_id:
        return _Closed.CLIENT
    if by.pk == thread.mentor_id:
        return _Closed.MENTOR
    if by.role == Role.COORDINATOR:
        return _Closed.COORDINATOR
    raise Refused("not_found")


def _shut(thread: Thread, room: Room, side: Thread.Closed) -> None:
    thread.closed_at, thread.closed_by = timezone.now(), side
    thread.save(update_fields=["closed_at", "closed_by", "farewell", "summary"])
    appointments.call_off_all(thread)
    room.read_only = True
    room.save(update_fields=["read_only"])
    joining.rules_changed(room)


def _keep(thread: Thread, farewell: str, summary: str) -> None:
    for name, text, longest in (("farewell", farewell, LONGEST_FAREWELL), ("summary", summary, LONGEST_SUMMARY)):
        text = text.replace("\r\n", "\n").strip()
        if len(text) > longest:
            raise Refused("too_long")
        if any(contact_details(text)):
            raise Refused("contact")
        sealed = writing.sealed_line(text, thread=thread, purpose=f"thread.{name}", place=f"thread:{thread.pk}")
        setattr(thread, name, sealed if text else None)


def _opened(thread: Thread, name: str) -> str:
    sealed = thread.farewell if name == "farewell" else thread.summary
    return open_text(sealed, owner=owner_of_thread(thread.pk), purpose=f"thread.{name}", place=f"thread:{thread.pk}")


def _tell(thread: Thread, by: Account, side: Thread.Closed) -> None:
    """The two; and the coordinators, that it ended, where it was not one of them: they look after who waits and who has room."""
    _tell_both(thread, by)
    if side != _Closed.COORDINATOR:
        tell_coordinators()


def _tell_both(thread: Thread, by: Account | None) -> None:
    writing.moved(thread)
    for account in (thread.client, thread.mentor.account):
        if by is None or account.pk != by.pk:
            post.tell(account)


def tell_coordinators() -> None:
    for coordinator in Account.objects.filter(role=Role.COORDINATOR, is_active=True):
        topics.moved(topics.person_topic(coordinator.pk))
        post.tell(coordinator)
