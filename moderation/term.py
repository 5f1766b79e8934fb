"""The term of a case: so long after it was resolved, all that was written in it goes, and its key with it (DESIGN 6.8).

The bare row stays, without a person's words: the team's figures go on counting it. A case whose sanction still runs, or whose
break-glass nobody has reviewed, waits. Called once an hour by the site's chores.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from moderation.models import Case, Glass, Sanction
from vault import keys

_log = logging.getLogger(__name__)
_BATCH = 200  # cases at a time


def purge(now: datetime | None = None) -> int:
    """Returns how many cases came to the end of their term."""
    cutoff = (now or timezone.now()) - timedelta(days=settings.CASE_DAYS)
    ended = (
        Case.objects.filter(state=Case.State.RESOLVED, resolved_at__lt=cutoff, purged_at=None)
        .exclude(pk__in=Sanction.objects.filter(ended_at=None).values("case"))
        .exclude(pk__in=Glass.objects.filter(reviewed_at=None).values("case"))
    )
    count = 0
    while batch := list(ended.order_by("resolved_at")[:_BATCH]):
        for case in batch:
            _purge(case)
        count += len(batch)
    if count:
        _log.info("%d cases came to the end of their term.", count)
    return count


def _purge(case: Case) -> None:
    with transaction.atomic():
        case.evidence.all().delete()
        case.notes.all().delete()
        case.letters.all().delete()
        case.flags.update(words=None)
        case.purged_at = timezone.now()
        case.save(update_fields=["purged_at"])
    if any(not line.destroyed_at for line in keys.listing(owner=case.owner)):
        why = f"A resolved case keeps its words for {settings.CASE_DAYS} days."
        keys.destroy(owner=case.owner, epoch="", actor="retention", why=why)
