"""The coordinator's list of threads: who is with whom, since when, what ended. They read nothing of what is written, and no pseudonym."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from mentoring.mentors import called
from mentoring.models import Thread
from mentoring.models.threads import ThreadQuerySet
from mentoring.refusals import Refused
from vault.sealing import warm

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Row:
    thread: Thread
    client: str
    mentor: str
    called: str


@dataclass(frozen=True, slots=True)
class ThreadList:
    running: list[Row]
    ended: list[Row]  # lately, the newest first


def listed() -> ThreadList:
    """Two queries and the keys, however many."""
    since = timezone.now() - LATELY
    return ThreadList(
        _rows(_all().running()),
        _rows(_all().filter(closed_at__gte=since).exclude(closed_by=Thread.Closed.COVER_OVER).order_by("-closed_at")),
    )


def running(thread_id: str) -> Row:
    """Raises Refused("not_found") for one that is unknown or closed."""
    found = _rows(_all().running().filter(pk=thread_id))
    if not found:
        raise Refused("not_found")
    return found[0]


def _all() -> ThreadQuerySet:
    return Thread.objects.select_related("client", "mentor__account")


def _rows(found: QuerySet[Thread]) -> list[Row]:
    rows = list(found)
    people = [account for each in rows for account in (each.client, each.mentor.account)]
    sealed = [*(account.sealed_name for account in people), *(each.mentor.called for each in rows)]
    warm(text for text in sealed if text is not None)
    return [Row(each, each.client.name, each.mentor.account.name, called(each.mentor)) for each in rows]
