"""Measured inside the site's own code: a waiting list beside the mentors, from the rows in the store to the assignment, and its page.

Started by scenarios.py as a process of its own on a prepared data folder: `python -m benchmarks.matching --clients 2000 --mentors 300`.
Writes one line of JSON; times in seconds, those of pages in milliseconds.
"""

import argparse
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerchat.settings")
django.setup()

from django.conf import settings  # noqa: E402  (models can be imported only after django.setup())
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Account  # noqa: E402
from accounts.sessions import start_session  # noqa: E402
from benchmarks.greedy import greedy  # noqa: E402
from benchmarks.probes import summary  # noqa: E402
from benchmarks.waiters import fill  # noqa: E402
from mentoring import pool  # noqa: E402
from mentoring.matching import rules  # noqa: E402
from mentoring.matching.assign import Plan, plan  # noqa: E402
from mentoring.matching.people import Candidate, Seeker  # noqa: E402
from mentoring.matching.table import table  # noqa: E402
from vault import sealing  # noqa: E402

_TIMES = 5
_PAGES = 30


def measure(clients: int, mentors: int) -> dict[str, Any]:
    """`read` and `unseal` with every key closed, as in a process that has just started. Each is the median of _TIMES."""
    coordinator = fill(clients, mentors)
    spent: dict[str, list[float]] = {}
    for _ in range(_TIMES):
        sealing.forget()
        with _clock(spent, "read"):
            stored = pool.read(timezone.localdate())
        with _clock(spent, "unseal"):
            seekers, candidates = pool.opened(stored), stored.candidates
        with _clock(spent, "score"):
            scored = table(seekers, candidates)
        with _clock(spent, "solve"):
            best = plan(seekers, candidates, scored)
        with _clock(spent, "greedy"):
            quick = greedy(seekers, candidates, scored)
    times = {name: round(statistics.median(each), 3) for name, each in spent.items()}
    parts = ("read", "unseal", "score", "solve")
    return {
        "clients": len(seekers),
        "mentors": len(candidates),
        "places": sum(each.free for each in candidates if not rules.of_mentor(each)),
        "allowed_pairs": int(scored.allowed.sum()),
        "seconds": times,
        "whole_s": round(sum(times[name] for name in parts), 3),
        "whole_processor_s": round(sum(times[f"{name}_processor"] for name in parts), 3),
        "best": _told(best),
        "greedy": _told(quick),
        "rules_broken": _broken(best, seekers, candidates),
        **_pages(coordinator),
    }


def _broken(found: Plan, seekers: Sequence[Seeker], candidates: Sequence[Candidate]) -> int:
    """Pairs that a rule forbids, and mentors with more than they have room for, asked one by one."""
    by_request = {each.id: each for each in seekers}
    by_number = {each.id: each for each in candidates}
    pairs = sum(bool(rules.broken(by_request[request], by_number[mentor])) for request, mentor in found.mentors.items())
    return pairs + sum(count > by_number[mentor].free for mentor, count in Counter(found.mentors.values()).items())


def _told(found: Plan) -> dict[str, float]:
    return {"matched": len(found.mentors), "value": round(found.value, 2), "fit": round(found.fit, 2)}


def _pages(coordinator: Account) -> dict[str, Any]:
    """The coordinator's list: after something changed, and while nothing has; and the page of waiting times."""
    browser = Client(headers={"host": "localhost"})
    browser.cookies[settings.SESSION_COOKIE_NAME] = start_session(coordinator)
    _got(browser, "/mentoring/matching/")
    with CaptureQueriesContext(connection) as captured:
        _got(browser, "/mentoring/matching/")
    queries = len(captured)
    changed, still, waits = [], [], []
    for number in range(_PAGES):
        pool.forget()
        changed.append(_page(browser, "/mentoring/matching/"))
        still.append(_page(browser, f"/mentoring/matching/?page={number % 20 + 1}"))
        waits.append(_page(browser, "/mentoring/matching/waits/"))
    return {
        "queries": queries,
        "page_changed_ms": _summed(changed),
        "page_ms": _summed(still),
        "waits_ms": _summed(waits),
    }


def _got(browser: Client, address: str) -> None:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}.")


def _page(browser: Client, address: str) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processor."""
    start, busy = time.perf_counter(), time.process_time()
    _got(browser, address)
    return (time.perf_counter() - start) * 1000, (time.process_time() - busy) * 1000


def _summed(pages: list[tuple[float, float]]) -> dict[str, float]:
    clock, busy = zip(*pages, strict=True)
    return {**summary(list(clock)), "processor": round(statistics.median(busy), 1)}


@contextmanager
def _clock(spent: dict[str, list[float]], name: str) -> Iterator[None]:
    """By the clock, and what of it the processor worked on it: the rest was other work's on this machine."""
    start, busy = time.perf_counter(), time.process_time()
    yield
    spent.setdefault(name, []).append(time.perf_counter() - start)
    spent.setdefault(f"{name}_processor", []).append(time.process_time() - busy)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching")
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--mentors", type=int, default=300)
    asked = parser.parse_args()
    print(json.dumps(measure(asked.clients, asked.mentors)))


if __name__ == "__main__":
    main()
