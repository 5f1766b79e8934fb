"""Private threads: opened between one client and one mentor, closed kindly. The talk itself is a room; nothing of it is written here.

Called by the acceptance of an offer, by respite (a cover mentor stands in) and by the thread's own pages.
"""

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from mentoring.expectations import agreement_text
from mentoring.mentors import called
from mentoring.models import Mentor, Offer, Thread
from mentoring.sealed import close_json, owner_of_thread
from rooms import joining
from rooms.models import Room
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
    by: Account,
) -> Thread:
    """A room for these two, both in it, its expectations accepted. `shared` is what the client lets the mentor know.

    Raises ValidationError with a sentence where the client's pseudonym will not do.
    """
    room = Room.objects.create(
        kind=Room.Kind.THREAD, condition=Room.Condition.OTHER, retention_days=settings.THREAD_DAYS
    )
    joining.publish_agreement(room, agreement_text(), actor=by)
    for account, name in ((mentor.account, called(mentor)), (client, pseudonym)):
        member = joining.admit(account, room, actor=by)
        member.room.refresh_from_db()
        joining.enter(member, pseudonym=name, version=member.room.agreement_version)
    thread = Thread(
        room=room, client=client, mentor=mentor, offer=offer, covers=covers, shares_with_cover=shares_with_cover
    )
    thread.shared = close_json(
        shared, owner=owner_of_thread(thread.pk), purpose="thread.shared", place=f"thread:{thread.pk}"
    )
    thread.save(force_insert=True)
    trail.record(
        actor=f"account:{by.pk}",
        act="thread.open",
        subject=f"thread:{thread.pk} account:{client.pk} account:{mentor.pk}",
    )
    return thread
