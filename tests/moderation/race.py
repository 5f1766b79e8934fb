"""Moderators at one queue, each a thread with connections of its own, in a process that a test starts over its store.

`python -m tests.moderation.race seed 60 10` makes cases and moderators and prints their numbers; `… next 3 4 5` lets these moderators
claim the next case until the queue is empty; `… same ID 3 4 5` lets them claim one case at the same moment. A line of JSON comes out.
"""

import json
import sys
import threading
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connections  # noqa: E402  (models can be imported only after the line above)

from accounts.models import Account, Role  # noqa: E402
from moderation import cases, queue  # noqa: E402
from moderation.models import Act, Case, Severity  # noqa: E402
from moderation.refusals import Refused  # noqa: E402
from rooms.models import Room  # noqa: E402
from tests.moderation.queued import queued  # noqa: E402


def seed(count: str, moderators: str) -> dict[str, Any]:
    room = Room.objects.create(name="Lantern group", condition=Room.Condition.OTHER)
    severities = list(Severity)
    made = [queued(room, severities[number % 3]).pk for number in range(int(count))]
    people = [
        Account.objects.create_account(email=f"m{each}@race.example", name=f"Moderator {each}", role=Role.MODERATOR)
        for each in range(int(moderators))
    ]
    return {"cases": made, "moderators": [person.pk for person in people]}


def next_case(*moderators: str) -> dict[str, list[str]]:
    """What each of them got."""

    def work(by: Account) -> list[str]:
        got = []
        while case := queue.claim_next(by):
            got.append(case.pk)
            connections.close_all()  # as after every request
        return got

    return _together(moderators, work)


def same(case_id: str, *moderators: str) -> dict[str, str]:
    """ "mine", or what each of them was told instead."""

    def work(by: Account) -> str:
        try:
            cases.claim(case_id, by)
        except Refused as refusal:
            return refusal.text
        return "mine"

    return _together(moderators, work)


def found() -> dict[str, Any]:
    """How it ended in the store: who holds each case, and how often it was claimed."""
    held = {case.pk: case.holder_id for case in Case.objects.all()}
    claims = list(Act.objects.filter(kind="claim").values_list("case_id", flat=True))
    return {"held": held, "claims": sorted(filter(None, claims))}


def _together(moderators: tuple[str, ...], work: Callable[[Account], Any]) -> dict[str, Any]:
    start = threading.Barrier(len(moderators))
    ended: dict[str, Any] = {}

    def run(pk: str) -> None:
        by = Account.objects.get(pk=pk)
        connections.close_all()
        start.wait()
        try:
            ended[pk] = work(by)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(pk,)) for pk in moderators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


if __name__ == "__main__":
    acts: dict[str, Callable[..., Any]] = {"seed": seed, "next": next_case, "same": same, "found": found}
    print(json.dumps(acts[sys.argv[1]](*sys.argv[2:])))  # noqa: T201  (what the test reads)
