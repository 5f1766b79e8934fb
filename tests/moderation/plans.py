"""How the store means to answer the queue's questions, in a process that a test starts over its store.

`python -m tests.moderation.plans 20000` makes so many cases and prints, as one line of JSON, the plan of each question by its name.
"""

import json
import random
import sys
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402  (models can be imported only after the line above)
from django.utils import timezone  # noqa: E402

from accounts.models import Account, Role  # noqa: E402
from moderation import queue  # noqa: E402
from moderation.cursors import Cursor  # noqa: E402
from moderation.filters import Filters, Standing  # noqa: E402
from moderation.models import Case, Category, Severity  # noqa: E402
from moderation.rows import FIELDS  # noqa: E402
from moderation.standing import chosen, ordered  # noqa: E402
from rooms.models import Room  # noqa: E402

BATCH = 2000


def fill(count: int, *, resolved: float = 0.5) -> list[Account]:
    """So many cases in 20 rooms, of all kinds, in all states; the five moderators."""
    chance = random.Random(5)
    moderators = [
        Account.objects.create_account(email=f"m{number}@plans.example", name=f"M {number}", role=Role.MODERATOR)
        for number in range(5)
    ]
    rooms = [Room.objects.create(name=f"Room {number}", condition=Room.Condition.OTHER) for number in range(20)]
    made = (_case(chance, rooms, moderators, resolved) for _ in range(count))
    while batch := [case for _, case in zip(range(BATCH), made, strict=False)]:
        Account.objects.bulk_create(case.account for case in batch)
        Case.objects.bulk_create(batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "SELECT 1")
    return moderators


def _case(chance: random.Random, rooms: list[Room], moderators: list[Account], resolved: float) -> Case:
    severity = chance.choices(list(Severity), [2, 18, 80])[0]
    now = timezone.now()
    opened = now - timedelta(minutes=chance.random() * 60 * 24 * 30)
    state = (
        Case.State.RESOLVED if chance.random() < resolved else chance.choices(list(Case.State), [80, 8, 10, 0, 2])[0]
    )
    is_claimed, is_resolved = state == Case.State.CLAIMED, state == Case.State.RESOLVED
    return Case(
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


def plans(account: Account) -> dict[str, str]:
    room = Room.objects.all()[3]
    asked = {
        **{state.value: Filters(state=state) for state in Standing},
        **{f"waiting {each.value}": Filters(state=Standing.WAITING, severity=each) for each in Severity},
        "category": Filters(category=Category.SPAM),
        "room": Filters(room=room.pk),
    }
    found = {name: _plan(account, filters, None) for name, filters in asked.items()}
    for state in (Standing.OPEN, Standing.RESOLVED):
        rows = ordered(chosen(account, Filters(state=state), timezone.now()), state, None)
        deep = Cursor.of(rows[rows.count() * 9 // 10])
        found[f"{state.value}, far down"] = _plan(account, Filters(state=state), deep)
    found["the next one"] = queue._next(account, ()).values_list("pk", flat=True)[:1].explain()
    return found


def _plan(account: Account, filters: Filters, after: Cursor | None) -> str:
    rows = ordered(chosen(account, filters, timezone.now()), filters.state, after)
    return rows.select_related("room").only(*FIELDS)[: queue.PAGE + 1].explain()


if __name__ == "__main__":
    print(json.dumps(plans(fill(int(sys.argv[1]))[0])))  # noqa: T201  (what the test reads)
