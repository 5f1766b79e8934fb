"""Private threads: opened between one client and one mentor, closed kindly. The talk itself is a room; nothing of it is written here.

Called by the acceptance of an offer, by respite (a cover mentor stands in) and by the thread's own pages.
"""

from django.conf import settings
from django.db import transaction

from accounts.actors import actor
from accounts.models import Account
from mentoring.expectations import agreement_text
from mentoring.mentors import called
from mentoring.models import Mentor, Offer, Thread
from mentoring.sealed import close_json, owner_of_thread
from rooms import joining
from rooms.models import Acceptance, Room
from vault import trail


@transaction.atomic
def open_thread(
    *,
    client: Account,
    mentor: Mentor,
    pseudonym: str,
    shared: dict[str, str],
    shares_with_cover: bool = False,
    offer: Offer | None = None,
    covers: Thread | None = None,
    by: Account | None,
) -> Thread:
    """A room for these two, both in it, its expectations accepted. `shared` is what the client lets the mentor know; `by` None: the clock.

    The store looks at foreign keys at the commit, with the trail in hand: the thread and the mentor that they name are held before it.
    Raises ValidationError with a sentence where the client's pseudonym will not do.
    """
    if covers is not None:
        Thread.objects.select_for_update(of=("self",), no_key=True).get(pk=covers.pk)
    Mentor.objects.select_for_update(of=("self",), no_key=True).get(pk=mentor.pk)
    room = Room.objects.create(
        kind=Room.Kind.THREAD, condition=Room.Condition.OTHER, retention_days=settings.THREAD_DAYS
    )
    thread = Thread(
        room=room, client=client, mentor=mentor, offer=offer, covers=covers, shares_with_cover=shares_with_cover
    )
    thread.shared = close_json(
        shared, owner=owner_of_thread(thread.pk), purpose="thread.shared", place=f"thread:{thread.pk}"
    )
    thread.save(force_insert=True)
    joining.open_with(
        room,
        agreement=_accepted_in(covers) if covers else agreement_text(),
        people=[(mentor.account, called(mentor)), (client, pseudonym)],
        actor=by,
    )
    trail.record(
        actor=actor(by),
        act="thread.open",
        subject=f"thread:{thread.pk} account:{client.pk} account:{mentor.pk}",
    )
    return thread


def _accepted_in(thread: Thread) -> str:
    """The very words that the client said yes to there, whatever language the clock or a coordinator speaks."""
    accepted = Acceptance.objects.filter(membership__room=thread.room_id, membership__account=thread.client_id)
    return accepted.select_related("agreement").latest("agreement__version").agreement.text
