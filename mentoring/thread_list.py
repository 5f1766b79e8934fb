"""The coordinator's list of threads: who is with whom, since when, what ended, and whose mentor is not there. They read nothing of what is
written, and no pseudonym; each look is on the trail, for it says who is a client of whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Account
from mentoring import covering
from mentoring.access import is_mentor
from mentoring.mentors import called
from mentoring.models import Respite, Thread
from mentoring.models.threads import ThreadQuerySet
from mentoring.refusals import Refused
from vault import trail
from vault.sealing import warm

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Row:
    """`alone`: the time away of its mentor in which nobody is there for the client."""

    thread: Thread
    client: str
    mentor: str
    called: str
    alone: Respite | None = None

    @property
    def is_left(self) -> bool:
        """Its mentor is suspended: the client has nobody, and a coordinator something to do."""
        return not is_mentor(self.thread.mentor.account)


@dataclass(frozen=True, slots=True)
class ThreadList:
    running: list[Row]
    ended: list[Row]  # lately, the newest first

    @property
    def left(self) -> list[Row]:
        return [each for each in self.running if each.is_left]

    @property
    def alone(self) -> list[Row]:
        return [each for each in self.running if each.alone is not None and not each.is_left]


@transaction.atomic
def look(*, by: Account) -> ThreadList:
    """Four queries and the keys, however many."""
    since = timezone.now() - LATELY
    trail.record(actor=f"account:{by.pk}", act="thread.look", subject="threads")
    return ThreadList(
        _rows(_all().running()),
        _rows(_all().filter(closed_at__gte=since).exclude(closed_by=Thread.Closed.COVER_OVER).order_by("-closed_at")),
    )


@transaction.atomic
def look_at(*, thread_id: str, by: Account) -> Row:
    """One that runs, to be closed. Raises Refused("not_found") for one that is unknown or closed."""
    found = _rows(_all().running().filter(pk=thread_id))
    if not found:
        raise Refused("not_found")
    trail.record(actor=f"account:{by.pk}", act="thread.look", subject=f"thread:{thread_id}")
    return found[0]


def _all() -> ThreadQuerySet:
    return Thread.objects.select_related("client", "mentor__account")


def _rows(found: QuerySet[Thread]) -> list[Row]:
    rows = list(found)
    people = [account for each in rows for account in (each.client, each.mentor.account)]
    sealed = [*(account.sealed_name for account in people), *(each.mentor.called for each in rows)]
    warm(text for text in sealed if text is not None)
    alone = covering.alone(rows)
    return [
        Row(each, each.client.name, each.mentor.account.name, called(each.mentor), alone.get(each.pk)) for each in rows
    ]
