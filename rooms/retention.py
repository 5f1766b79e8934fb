"""The term of what is said (DESIGN 6.8): messages older than their room's days are purged, and the key of a month that is over is
destroyed, so that no old backup of the store opens them either. Called once an hour by the site's chores.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from rooms.models import Call, HeldMessage, Message, Room, epoch_of
from vault import keys

_log = logging.getLogger(__name__)
_BATCH = 1000  # messages a transaction, so that nobody waits long for the store


def purge(now: datetime | None = None) -> int:
    """Returns how many messages went."""
    moment = now or timezone.now()
    return sum(_purge_room(room, moment - timedelta(days=room.retention_days)) for room in Room.objects.all())


def _purge_room(room: Room, cutoff: datetime) -> int:
    count = 0
    while ids := list(Message.objects.filter(room=room, posted_at__lt=cutoff).values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            Message.objects.filter(pk__in=ids).delete()
        count += len(ids)
    HeldMessage.objects.filter(room=room, posted_at__lt=cutoff).delete()
    Call.objects.filter(room=room, rang_at__lt=cutoff).exclude(ended_at=None).delete()
    _destroy_past_keys(room, cutoff)
    if count:
        _log.info("%d messages of a room were purged at the end of their term.", count)
    return count


def _destroy_past_keys(room: Room, cutoff: datetime) -> None:
    """Months that ended before the cutoff: epochs are written so that their order is that of the calendar."""
    living = {line.epoch for line in keys.listing(owner=room.owner) if line.epoch and not line.destroyed_at}
    for epoch in sorted(living):
        if epoch < epoch_of(cutoff):
            why = f"The room keeps messages for {room.retention_days} days."
            keys.destroy(owner=room.owner, epoch=epoch, actor="retention", why=why)
