"""How the store means to answer the queue's questions, in a process that a test starts over its store.

`python -m tests.moderation.plans 20000` makes so many cases and prints, as one line of JSON, the plan of each question by its name.
"""

import json
import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402  (models can be imported only after the line above)

from accounts.models import Account  # noqa: E402
from benchmarks.cases import fill  # noqa: E402
from moderation import queue  # noqa: E402
from moderation.cursors import Cursor  # noqa: E402
from moderation.filters import Filters, Standing  # noqa: E402
from moderation.models import Category, Severity  # noqa: E402
from moderation.rows import FIELDS  # noqa: E402
from moderation.standing import chosen, ordered  # noqa: E402
from rooms.models import Room  # noqa: E402


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
    print(json.dumps(plans(fill(int(sys.argv[1]), resolved=0.5)[0])))  # noqa: T201  (what the test reads)
