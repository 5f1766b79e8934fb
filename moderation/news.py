"""What came in is told: to open pages, to those on call, and to those who care for whoever was in the room.

Called by the doors by which a matter is opened or raised (intake, letters), in their transaction and before the trail. A case that
became a crisis is told here like one that was opened as a crisis, and so is a new sign in a crisis that somebody has.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from moderation import alerts, live
from moderation.models import Case, Severity


def came_in(case: Case, *, is_new: bool) -> None:
    """`is_new`: a new clock runs (matters), since the case is new, graver than it was, or a crisis again. The row is locked. Who is there
    counts as told: their page is enough."""
    live.queue_moved()
    if not is_new:
        return
    if case.told_at is None:
        alerts.raised(case)
    if case.room_id and case.severity == Severity.CRISIS:
        _crisis_seen(case.room_id)


def _crisis_seen(room_id: str) -> None:
    """They hear which room it was, and nothing else (settings.CRISIS_SEEN)."""
    for name in settings.CRISIS_SEEN:
        transaction.on_commit(_hearing(import_string(name), room_id), robust=True)


def _hearing(seen: Callable[[str], object], room_id: str) -> Callable[[], object]:
    """A function and no partial: where it fails, Django names it in the log."""

    def hear() -> object:
        return seen(room_id)

    return hear
