"""What a coordinator sees of mentors: all of them with how their papers stand, and the file of one. No conversation is read here.

Every look at one file is on the trail before it is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from accounts.models import Account, Role
from mentoring.models import WAITING, Certification, Mentor, Reminder, Thread, Training
from mentoring.refusals import Refused
from mentoring.reminders import BEFORE
from mentoring.standing import MODULES, End, Lack, Standing, name_of, standings_of
from mentoring.supervision import Supervision, needing, supervisions_of
from vault import trail
from vault.sealing import warm

_REMINDERS = 20
SHOWN: Final = ("all", "todo", "lacking", "ending", "valid")


@dataclass(frozen=True, slots=True)
class Suspended:
    """A mentor who is not there. `until` None: until a coordinator lets them in again. `running`: threads, whose clients have nobody."""

    pk: int
    name: str
    until: datetime | None
    running: int


@dataclass(frozen=True, slots=True)
class Line:
    mentor: Mentor
    name: str
    standing: Standing
    days: int | None  # until something ends, where all is valid
    supervision: Supervision | None
    needs_supervisor: bool
    waiting: int  # papers to look at
    running: int  # threads
    has_file: bool  # somebody opened it before; only then the load board knows them

    @property
    def state(self) -> str:
        """lacking, ending, valid."""
        if not self.standing.is_valid:
            return "lacking"
        return "ending" if self.days is not None and self.days <= max(BEFORE) else "valid"

    @property
    def is_todo(self) -> bool:
        """There is something for the coordinator to do."""
        return self.needs_supervisor or bool(self.waiting)

    def is_shown(self, show: str) -> bool:
        return show == "all" or (self.is_todo if show == "todo" else self.state == show)


def lines(today: date | None = None) -> list[Line]:
    """Every active mentor, also those whose file nobody has opened yet: first who needs a supervisor, then what waits, then by name.

    As many queries for three hundred as for one.
    """
    day = today or timezone.localdate()
    accounts = list(Account.objects.filter(is_active=True, role=Role.MENTOR))
    warm(each.sealed_name for each in accounts if each.sealed_name)
    known = {
        each.pk: each for each in Mentor.objects.filter(account__in=accounts).select_related("account", "supervisor")
    }
    mentors = [known.get(each.pk) or Mentor(account=each) for each in accounts]
    standings = standings_of(mentors, day)
    supervisions = supervisions_of(mentors, standings, day)
    unsupervised = needing(mentors, standings, day)
    waiting = _counted(Certification.objects.filter(WAITING)), _counted(Training.objects.filter(WAITING))
    running = _counted(Thread.objects.running())
    found = [
        Line(
            mentor=mentor,
            name=mentor.account.name,
            standing=standings[mentor.pk],
            days=(until - day).days if (until := standings[mentor.pk].until) else None,
            supervision=supervisions.get(mentor.pk),
            needs_supervisor=mentor.pk in unsupervised,
            waiting=sum(each.get(mentor.pk, 0) for each in waiting),
            running=running.get(mentor.pk, 0),
            has_file=mentor.pk in known,
        )
        for mentor in mentors
    ]
    return sorted(found, key=lambda each: (not each.needs_supervisor, not each.waiting, each.name.casefold()))


def suspended() -> list[Suspended]:
    """By name. Three queries and the keys, however many."""
    accounts = list(Account.objects.filter(is_active=False, role=Role.MENTOR))
    warm(each.sealed_name for each in accounts if each.sealed_name)
    return sorted(_suspensions(accounts), key=lambda each: each.name.casefold())


def suspension_of(mentor: Mentor) -> Suspended | None:
    """None while they are there."""
    return None if mentor.account.is_active else _suspensions([mentor.account])[0]


@transaction.atomic
def look_at(*, pk: int, by: Account) -> Mentor:
    """One mentor's file, made where it was not there yet. Raises Refused("not_found") for whoever is no mentor; a suspended one has one."""
    mentor = file_of(pk)
    trail.record(actor=f"account:{by.pk}", act="mentor.file", subject=f"account:{mentor.pk}")
    return mentor


def file_of(pk: int) -> Mentor:
    """For a change, which is on the trail by itself. Raises Refused("not_found")."""
    account = Account.objects.filter(pk=pk, role=Role.MENTOR).first()
    if account is None:
        raise Refused("not_found")
    return Mentor.objects.select_related("account", "supervisor").get_or_create(account=account)[0]


def modules_of(standing: Standing) -> list[tuple[str, Lack | None, End | None]]:
    """Each training by name, with what is missing of it or when it ends; neither where it counts for good."""
    lacks = {lack.code: lack for lack in standing.lacks}
    ends = {end.code: end for end in standing.ends}
    return [(name_of(code), lacks.get(code), ends.get(code)) for code in MODULES]


def reminders_of(mentor: Mentor) -> list[tuple[str, Reminder]]:
    """About what, the newest first."""
    named = (
        (reminder.about.partition(":")[2], reminder) for reminder in Reminder.objects.filter(mentor=mentor)[:_REMINDERS]
    )
    return [(name_of(code) if code else gettext("Certification"), reminder) for code, reminder in named]


def _suspensions(accounts: list[Account]) -> list[Suspended]:
    numbers = [each.pk for each in accounts]
    asked: Callable[[list[int]], dict[int, datetime]] = import_string(settings.SUSPENDED_UNTIL)
    until = asked(numbers)
    running = _counted(Thread.objects.running().filter(mentor__in=numbers))
    return [Suspended(each.pk, each.name, until.get(each.pk), running.get(each.pk, 0)) for each in accounts]


def _counted(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("mentor").annotate(Count("pk")))
