"""How many clients a mentor carries beside their cap, and what a coordinator can do about it: the cap, no new clients for a while,
a kind word about a break. Every change says why and is on the trail; the mentor reads of it at home.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts.actors import actor
from accounts.models import Account
from mentoring import post
from mentoring.models import Mentor, Thread
from mentoring.refusals import Refused
from rooms import topics
from vault import trail

HIGHEST: Final = 20  # clients at most that a cap may be
LONGEST_STOP: Final = timedelta(days=180)
WHY: Final = 300  # characters


@dataclass(frozen=True, slots=True)
class Caseload:
    """`own` clients, and those of others they stand in for."""

    own: int
    covered: int
    cap: int

    @property
    def all(self) -> int:
        return self.own + self.covered

    @property
    def is_over(self) -> bool:
        return self.all > self.cap

    @property
    def is_near(self) -> bool:
        """At the cap or one below it. A cap of 0 or 1 with nobody is not near."""
        return self.all > 0 and self.all >= self.cap - 1


def caseloads_of(mentors: Iterable[Mentor]) -> dict[int, Caseload]:
    """By the mentor's number. One query."""
    theirs = {each.pk: each for each in mentors}
    counted = (
        Thread.objects.running()
        .filter(mentor__in=theirs)
        .order_by()
        .values_list("mentor")
        .annotate(own=Count("pk", filter=Q(covers=None)), covered=Count("pk", filter=Q(covers__isnull=False)))
    )
    found = {pk: (own, covered) for pk, own, covered in counted}
    return {pk: Caseload(*found.get(pk, (0, 0)), each.capacity) for pk, each in theirs.items()}


def set_cap(*, mentor: Mentor, cap: int, why: str, by: Account) -> None:
    """Threads that run go on; nobody new comes above it. Raises Refused: `cap_range`, `empty`, `too_long`."""
    if not 0 <= cap <= HIGHEST:
        raise Refused("cap_range")
    _change(mentor, by, "mentor.capacity", _checked(why), capacity=cap)


def stop_new(*, mentor: Mentor, until: date, why: str, by: Account) -> None:
    """No new clients until that day; what the mentor says about it themselves stays. Raises Refused: `past`, `empty`, `too_long`."""
    today = timezone.localdate()
    if not today < until <= today + LONGEST_STOP:
        raise Refused("past")
    _change(mentor, by, "mentor.stop_new", _checked(why), taking_again=until)


def take_again(*, mentor: Mentor, by: Account | None) -> None:
    """The stop is over: by a coordinator, or by the clock on the day that was set. Whether new clients come is the mentor's to say again."""
    _change(mentor, by, "mentor.take_again", "", taking_again=None)


def turn() -> int:
    """Whose day has come is free to take new clients again (settings.CHORES)."""
    due = list(Mentor.objects.filter(taking_again__lte=timezone.localdate()).select_related("account"))
    for mentor in due:
        take_again(mentor=mentor, by=None)
    return len(due)


def ask_break(*, mentor: Mentor, by: Account) -> None:
    """A kind word at home: somebody saw how much they do. Nothing is blocked."""
    _change(mentor, by, "mentor.ask_break", "", break_asked_at=timezone.now())


def break_heard(*, mentor: Mentor) -> None:
    """The mentor read it and puts it away."""
    _change(mentor, mentor.account, "mentor.break_heard", "", break_asked_at=None)


@transaction.atomic
def _change(mentor: Mentor, by: Account | None, act: str, why: str, **fields: object) -> None:
    for name, value in fields.items():
        setattr(mentor, name, value)
    mentor.save(update_fields=list(fields))
    if by is None or by.pk != mentor.pk:
        topics.moved(topics.person_topic(mentor.pk))
        post.tell(mentor.account)
    trail.record(actor=actor(by), act=act, subject=f"account:{mentor.pk}", why=why)


def _checked(why: str) -> str:
    why = why.strip()
    if not why:
        raise Refused("empty")
    if len(why) > WHY:
        raise Refused("too_long")
    return why
