"""Measured inside the site's own code, on a store of many cases: the moderators' queue and a claim, beside two plain statements.

Started by scenarios.py as a process of its own on a prepared data folder, since it loads the site's settings:
`python -m benchmarks.moderation --cases 100000 --resolved 0.9`. Writes one line of JSON; all times in milliseconds.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerchat.settings")
django.setup()

from django.conf import settings  # noqa: E402  (models can be imported only after django.setup())
from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Account  # noqa: E402
from accounts.sessions import start_session  # noqa: E402
from benchmarks.cases import fill  # noqa: E402
from benchmarks.probes import summary  # noqa: E402
from moderation import cases, queue  # noqa: E402
from moderation.filters import Filters, Standing  # noqa: E402
from moderation.models import Case  # noqa: E402
from moderation.standing import chosen  # noqa: E402

_TIMES = 100
_PAGES = {
    "as it opens": "",
    "waiting": "?state=waiting",
    "crises": "?severity=crisis",
    "a category": "?category=spam",
    "resolved": "?state=resolved",
}


def measure(count: int, resolved: float) -> dict[str, Any]:
    """`page_ms` is the whole answer, from middleware to template; `claim_ms` a case that waits, until it is safe on the disk.

    `lookup_ms` and `commit_ms` are the references: a row read by its key, and a row changed by its key.
    """
    moderators = fill(count, resolved=resolved)
    some = Case.objects.all()[count // 2]
    browser = _browser(moderators[0])
    pages = {name: _timed(partial(_got, browser, f"/moderation/{query}")) for name, query in _PAGES.items()}
    with CaptureQueriesContext(connection) as captured:
        _got(browser, "/moderation/")
    return {
        "cases": count,
        "unresolved": Case.objects.unresolved().count(),
        "queries": len(captured),
        "page_ms": pages,
        "renewal_ms": _timed(lambda: _got(browser, "/moderation/rows/?rows=50")),
        "counts_ms": _timed(lambda: queue.counts(moderators[0])),
        "claim_ms": _claims(moderators),
        "claim_next_ms": _timed(lambda: queue.claim_next(moderators[1])),
        "lookup_ms": _timed(lambda: Case.objects.get(pk=some.pk)),
        "commit_ms": _timed(lambda: Case.objects.filter(pk=some.pk).update(step=F("step") + 1)),
    }


def _claims(moderators: list[Account]) -> dict[str, float]:
    waiting = chosen(moderators[0], Filters(state=Standing.WAITING), timezone.now())
    ids = iter(list(waiting.in_order().values_list("pk", flat=True)[: _TIMES + 1]))
    return _timed(lambda: cases.claim(next(ids), moderators[0]))


def _browser(account: Account) -> Client:
    browser = Client(headers={"host": "localhost"})
    browser.cookies[settings.SESSION_COOKIE_NAME] = start_session(account)
    return browser


def _got(browser: Client, address: str) -> None:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}.")


def _timed(work: Callable[[], object]) -> dict[str, float]:
    """By the clock, and how much of it the processor worked on it: the rest was the disk's, or other work's on this machine."""
    work()  # what only the first one pays is not what is asked
    took, worked = [], []
    for _ in range(_TIMES):
        start, busy = time.perf_counter(), time.process_time()
        work()
        took.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    return {**summary(took), "processor": round(statistics.median(worked), 5)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.moderation")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--resolved", type=float, default=0.0, help="the share of them that is resolved")
    asked = parser.parse_args()
    print(json.dumps(measure(asked.cases, asked.resolved)))


if __name__ == "__main__":
    main()
