"""The coordinator's review of every break-glass: who, when, what for and how often. No content of a case and no client's name."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Role
from moderation import glass as doors
from moderation import live, sealed, trails
from moderation.kinds import Kind
from moderation.models import Glass
from moderation.refusals import Refused

PAGE = 25
LONGEST = 1000  # characters of a note


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One break-glass. `second` is who agreed or did not, `note` what the coordinator wrote of it."""

    id: str
    kind: str
    by: str
    asked_at: datetime
    reason: str
    for_handover: bool
    category: str
    state: Glass.State
    second: str
    second_at: datetime | None
    looks: int
    may_review: bool
    reviewed_by: str
    reviewed_at: datetime | None
    note: str


def for_review(number: str | int | None, *, unreviewed: bool) -> tuple[Page[Glass], list[Reviewed]]:
    """A page of them, newest first, and what is told of each; `unreviewed` leaves out those that were reviewed. Two queries."""
    rows = Glass.objects.select_related("case", "by", "second", "reviewed_by")
    page = Paginator(rows.unreviewed() if unreviewed else rows.all(), PAGE).get_page(number)
    return page, [_told(glass) for glass in page.object_list]


@transaction.atomic
def review(glass_id: str, by: Account, note: str = "") -> Glass:
    """Raises Refused: not_found, done, still_open (it can be looked through yet), too_long."""
    found = Glass.objects.select_for_update().filter(pk=glass_id).first()
    if found is None or by.role != Role.COORDINATOR:
        raise Refused("not_found")
    if found.reviewed_at is not None:
        raise Refused("done")
    if not _may_be_reviewed(found):
        raise Refused("still_open")
    if len(note := note.strip()) > LONGEST:
        raise Refused("too_long")
    found.reviewed_by, found.reviewed_at = by, timezone.now()
    if note:
        found.review = sealed.close(note, case_id=found.case_id, purpose="glass.review", place=found.pk)
    found.save(update_fields=["reviewed_by", "reviewed_at", "review"])
    live.queue_moved()
    trails.did(by, Kind.GLASS_REVIEW, found.case, why=note)
    return found


def _may_be_reviewed(glass: Glass) -> bool:
    """Not while it is open: what is seen later would go unreviewed."""
    return glass.reviewed_at is None and glass.state not in (Glass.State.WAITING, Glass.State.OPEN)


def _told(glass: Glass) -> Reviewed:
    return Reviewed(
        id=glass.pk,
        kind=glass.get_kind_display(),
        by=glass.by.name,
        asked_at=glass.asked_at,
        reason=doors.reason_of(glass),
        for_handover=glass.for_handover,
        category=glass.case.get_category_display(),
        state=glass.state,
        second=glass.second.name if glass.second else "",
        second_at=glass.second_at,
        looks=glass.looks,
        may_review=_may_be_reviewed(glass),
        reviewed_by=glass.reviewed_by.name if glass.reviewed_by else "",
        reviewed_at=glass.reviewed_at,
        note=sealed.open_text(glass.review, case_id=glass.case_id, purpose="glass.review", place=glass.pk),
    )
