"""When a mentor is usually there: lines of days and times, as rooms.opening_hours. Written by the mentor, shown to their clients.

Outside of them, and while they are away, no e-mail goes to the mentor, except about a crisis: it waits for their next hour (mentoring.post).
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Role
from mentoring.models import Mentor, Respite
from rooms import opening_hours
from rooms.hours_said import hours_said
from rooms.models import Room
from rooms.opening_hours import Hours
from vault import trail


@transaction.atomic
def choose(*, mentor: Mentor, hours: list[dict[str, Any]]) -> Mentor:
    """An empty list: not said. Raises ValidationError with a sentence where these are no hours."""
    opening_hours.check(hours)
    mentor.hours = hours
    mentor.save(update_fields=["hours"])
    trail.record(actor=f"account:{mentor.pk}", act="mentor.hours", subject=f"account:{mentor.pk}")
    return mentor


def hours_of(mentor: Mentor) -> Hours:
    """Whoever has not said any is there at any time."""
    opening = Room.Opening.HOURS if mentor.hours else Room.Opening.ALWAYS
    return opening_hours.hours_of(opening, mentor.hours, None)


def is_there(mentor: Mentor, now: datetime | None = None) -> bool:
    return hours_of(mentor).is_open(now or timezone.now())


def there_next(mentor: Mentor, now: datetime | None = None) -> datetime | None:
    """When their next hours begin; now, if they run."""
    return hours_of(mentor).opens_at(now or timezone.now())


def said(mentor: Mentor) -> list[str]:
    """In words, a text a line; empty where none are said."""
    return hours_said(mentor.hours)


def may_be_written_to(account: Account, now: datetime | None = None) -> bool:
    """Whether an e-mail may go to this person now: a mentor in their hours who is not away. Whoever is no mentor has no quiet hours."""
    if account.role != Role.MENTOR:
        return True
    mentor = Mentor.objects.filter(account=account).first()
    if mentor is None:
        return True
    return is_there(mentor, now) and not Respite.objects.running().filter(mentor=mentor).exists()
