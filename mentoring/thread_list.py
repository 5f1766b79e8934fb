"""The coordinator's list of threads: who is with whom, since when, what ended, and whose mentor is not there. They read nothing of what is
written, and no pseudonym; each look is on the trail, for it says who is a client of whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Account, Role
from mentoring.access import is_mentor
from mentoring.mentors import called
from mentoring.models import Mentor, Thread
from mentoring.models.threads import ThreadQuerySet
from mentoring.refusals import Refused
from vault import trail
from vault.sealing import warm

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Row:
    thread: Thread
    client: str
    mentor: str
    called: str

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


@transaction.atomic
def look(*, by: Account) -> ThreadList:
    """Two queries and the keys, however many."""
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


def left_by() -> list[tuple[str, int]]:
    """Mentors who are not there, by name, and how many of their threads still run. One query and the keys."""
    threads = Count("threads", filter=Q(threads__closed_at=None))
    gone = ~Q(account__role=Role.MENTOR) | Q(account__is_active=False)
    found = list(Mentor.objects.filter(gone).select_related("account").annotate(runs=threads).filter(runs__gt=0))
    warm(each.account.sealed_name for each in found if each.account.sealed_name is not None)
    return sorted(((each.account.name, each.runs) for each in found), key=lambda each: each[0].casefold())


def _all() -> ThreadQuerySet:
    return Thread.objects.select_related("client", "mentor__account")


def _rows(found: QuerySet[Thread]) -> list[Row]:
    rows = list(found)
    people = [account for each in rows for account in (each.client, each.mentor.account)]
    sealed = [*(account.sealed_name for account in people), *(each.mentor.called for each in rows)]
    warm(text for text in sealed if text is not None)
    return [Row(each, each.client.name, each.mentor.account.name, called(each.mentor)) for each in rows]
