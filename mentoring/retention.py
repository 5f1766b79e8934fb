"""The term of a thread: THREAD_DAYS after it closed, all that was written beside its talk is erased, and the keys of thread and room are
destroyed, so that no old backup opens them either. The talk itself is purged by rooms.retention. Called once an hour (settings.CHORES).

What a case holds as evidence lies under the case's own key and term.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mentoring import writing
from mentoring.models import Thread
from mentoring.sealed import owner_of_thread
from rooms import joining
from rooms.models import Membership
from vault import keys

_log = logging.getLogger(__name__)


def kept_until(thread: Thread) -> datetime | None:
    """When a closed thread is erased; None while it runs."""
    return thread.closed_at + timedelta(days=settings.THREAD_DAYS) if thread.closed_at else None


def purge(now: datetime | None = None) -> int:
    """Returns how many threads were erased. What a crash left half done, the next hour finishes."""
    cutoff = (now or timezone.now()) - timedelta(days=settings.THREAD_DAYS)
    over = list(Thread.objects.filter(closed_at__lte=cutoff, purged_at=None).select_related("room"))
    for thread in over:
        _erase(thread)
        for owner in (owner_of_thread(thread.pk), thread.room.owner):
            _destroy_keys(owner)
        Thread.objects.filter(pk=thread.pk).update(purged_at=timezone.now())
    if over:
        _log.info("%d threads were erased at the end of their term.", len(over))
    return len(over)


@transaction.atomic
def _erase(thread: Thread) -> None:
    """Neither of the two finds the room any more: nothing is left in it."""
    joining.rules_changed(thread.room)
    Membership.objects.filter(room=thread.room_id, removed_at=None).update(removed_at=timezone.now())
    for beside in (thread.milestones, thread.goals, thread.appointments):
        beside.all().delete()
    Thread.objects.filter(pk=thread.pk).update(shared=None, farewell=None, summary=None)
    writing.moved(thread)
    writing.record(thread, "thread.erase", None)


def _destroy_keys(owner: str) -> None:
    living = {line.epoch for line in keys.listing(owner=owner) if not line.destroyed_at}
    for epoch in sorted(living):
        keys.destroy(
            owner=owner, epoch=epoch, actor="retention", why=f"A thread is kept for {settings.THREAD_DAYS} days."
        )
