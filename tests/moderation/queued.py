"""Cases as they lie in the queue, made straight in the store: the queue shows nothing of what led to them."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Account, Role
from moderation.models import Case, Category, Severity
from rooms.models import Room
from tests.people import make

_numbers = count(1)


def somebody() -> Account:
    """A row to be about; nobody signs in as them, so they need no name."""
    return Account.objects.create(role=Role.CLIENT, email_index=f"queued {next(_numbers)}".encode())


def queued(
    room: Room | None, severity: Severity = Severity.ROUTINE, *, minutes_left: float | None = None, **fields: Any
) -> Case:
    """A case that waits, and is due in so many minutes (its severity's whole clock if not said)."""
    now = timezone.now()
    due_at = now + (severity.clock if minutes_left is None else timedelta(minutes=minutes_left))
    about: dict[str, Any] = {
        "account": somebody(),
        "category": Category.HARASSMENT,
        "tier": 0 if severity is Severity.CRISIS else 1,
        "opened_at": due_at - severity.clock,
        "flags_count": 1,
    }
    return Case.objects.create(room=room, severity=severity, due_at=due_at, **{**about, **fields})


def held(case: Case, by: Account, *, minutes: float = 30) -> Case:
    """Claimed by somebody, until so many minutes from now."""
    until = timezone.now() + timedelta(minutes=minutes)
    Case.objects.filter(pk=case.pk).update(state=Case.State.CLAIMED, holder=by, held_until=until)
    case.refresh_from_db()
    return case


def colleague(name: str) -> Account:
    return make(Role.MODERATOR, name=name)
