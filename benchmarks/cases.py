"""Cases by the thousand, of all kinds and in all states, for measuring the queue and for looking at its plans."""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db import connection
from django.utils import timezone

from accounts.models import Account, Role
from moderation.models import Case, Category, Severity
from rooms.models import Room

_BATCH = 2000
_ROOMS, _MODERATORS = 20, 10


def fill(count: int, *, resolved: float) -> list[Account]:
    """Makes `count` cases, so large a share of them resolved; returns their moderators."""
    chance = random.Random(5)
    moderators = [
        Account.objects.create_account(
            email=f"m{number}@cases.example", name=f"Moderator {number}", role=Role.MODERATOR
        )
        for number in range(_MODERATORS)
    ]
    rooms = [Room.objects.create(name=f"Group {number}", condition=Room.Condition.OTHER) for number in range(_ROOMS)]
    made = _cases(chance, rooms, moderators, resolved)
    for start in range(0, count, _BATCH):
        batch = list(islice(made, min(_BATCH, count - start)))
        Account.objects.bulk_create(case.account for case in batch)
        Case.objects.bulk_create(batch)
    if connection.vendor == "postgresql":  # as its own housekeeping does within a minute
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return moderators


def _cases(chance: random.Random, rooms: list[Room], moderators: list[Account], resolved: float) -> Iterator[Case]:
    while True:
        severity = chance.choices(list(Severity), [2, 18, 80])[0]
        is_resolved = chance.random() < resolved
        state = Case.State.RESOLVED if is_resolved else chance.choices(list(Case.State), [85, 1, 10, 0, 4])[0]
        is_claimed = state == Case.State.CLAIMED
        now = timezone.now()
        opened = now - timedelta(minutes=chance.random() * 60 * 24 * 30)
        yield Case(
            room=chance.choice(rooms),
            account=Account(role=Role.CLIENT, email_index=chance.randbytes(32)),
            category=chance.choice(list(Category)),
            severity=severity,
            tier=0 if severity == Severity.CRISIS else 1,
            state=state,
            opened_at=opened,
            due_at=opened + severity.clock,
            flags_count=1,
            holder=chance.choice(moderators) if is_claimed else None,
            held_until=now + timedelta(minutes=chance.randint(-10, 30)) if is_claimed else None,
            snoozed_until=now + timedelta(hours=2) if chance.random() < 0.02 else None,
            resolved_at=opened + timedelta(hours=1) if is_resolved else None,
            outcome=Case.Outcome.NOTHING if is_resolved else "",
        )
