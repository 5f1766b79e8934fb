"""Who may write beside the talk of a thread, and what may stand there. Goals, milestones, shared lines and appointments begin here.

The gates of the talk read these words too. What a moderator should see is posted in the talk, where it is looked after like any other
message: nothing that shows a crisis ends in a list that nobody reads.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actors import actor
from accounts.models import Account
from mentoring.models import Thread
from mentoring.refusals import Refused
from mentoring.sealed import owner_of_thread
from rooms import access, posting, topics
from rooms.gates import Draft, pass_gates
from rooms.models import Membership
from rooms.refusals import Held
from rooms.refusals import Refused as RoomRefused
from rooms.roster import roster_of
from vault import trail
from vault.sealing import Sealed, seal

LONGEST = 300  # characters of a line


@contextmanager
def turn(thread: Thread, by: Account, act: str) -> Iterator[Thread]:
    """One change by one of the two: the thread locked and as it is now, both pages told, the trail last.

    Raises Refused: `closed`, `muted`; and the room's "not_found" for somebody who was removed from it.
    """
    with transaction.atomic():
        check_may_write(thread, by)
        now = Thread.objects.select_for_update(of=("self",), no_key=True).select_related(
            "mentor__account", "client", "room"
        )
        locked = now.get(pk=thread.pk)
        if locked.closed_at is not None:
            raise Refused("closed")
        yield locked
        moved(locked)
        record(locked, act, by)


def check_may_write(thread: Thread, by: Account) -> Membership:
    member = access.standing(by.pk, thread.room_id)
    if member.muted_until is not None and member.muted_until > timezone.now():
        raise Refused("muted")
    return member


def checked(thread: Thread, by: Account, text: str, *, longest: int = LONGEST) -> str:
    """The words, as they may stand beside the talk. Call it before `turn`: it may post.

    Raises Refused: `empty`, `too_long`, `contact`, and `in_the_talk` where they were posted instead.
    """
    member = check_may_write(thread, by)
    text = trimmed(text, longest)
    if not settings.MESSAGE_GATES:
        return text
    if thread.closed_at is not None:
        raise Refused("closed")
    roster = roster_of(thread.room_id)
    try:
        passage = pass_gates(Draft(text, "", thread.room_id, by.pk, roster.names, roster.strict))
        if passage.flags or passage.held:
            posting.post(access.seat_of(member), body=text)
            raise Refused("in_the_talk")
    except Held:
        raise Refused("contact") from None
    except RoomRefused as refusal:
        raise Refused("empty" if refusal.reason == "empty" else "not_now") from None
    return text


def trimmed(text: str, longest: int) -> str:
    """Raises Refused: `empty`, `too_long`."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refused("empty")
    if len(text) > longest:
        raise Refused("too_long")
    return text


def sealed_line(text: str, *, thread: Thread, purpose: str, place: str) -> Sealed:
    return seal(text, owner=owner_of_thread(thread.pk), purpose=purpose, place=place)


def moved(thread: Thread) -> None:
    """Both have something new on their pages."""
    for account_id in (thread.client_id, thread.mentor_id):
        topics.moved(topics.person_topic(account_id))


def record(thread: Thread, act: str, by: Account | None, why: str = "") -> None:
    trail.record(actor=actor(by), act=act, subject=f"thread:{thread.pk}", why=why)


def other_of(thread: Thread, account: Account) -> Account:
    return thread.mentor.account if account.pk == thread.client_id else thread.client
