"""The clock's part: 60, 30 and 7 days before something of a mentor's papers ends they are reminded, and the day after it is over.

Once each, whatever else happens (Reminder). What has ended takes the leading of groups with it, and the coordinators are told; that no new
clients come follows from `standing` by itself, and who supervises the threads that run is theirs to say (supervision).
"""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import post
from mentoring.models import Mentor, Reminder
from mentoring.standing import Standing, standings_of
from rooms import leading
from rooms.models import Membership

Mark = tuple[str, date, int]  # about what, its last day, how many days before it

BEFORE: Final = (60, 30, 7)  # days
OVER: Final = 0


def tick(now: datetime | None = None) -> int:
    """Says how many mentors were told something (settings.CHORES)."""
    today = timezone.localdate(now)
    mentors = list(Mentor.objects.filter(account__is_active=True, account__role=Role.MENTOR).select_related("account"))
    standings = standings_of(mentors, today)
    fresh = [marks for mentor in mentors if (marks := _remind(mentor, due(standings[mentor.pk], today)))]
    is_over = any(days == OVER for marks in fresh for _, _, days in marks)
    if _end_leading(today) or is_over:
        for coordinator in Account.objects.filter(role=Role.COORDINATOR, is_active=True):
            post.tell(coordinator)
    return len(fresh)


def due(standing: Standing, today: date) -> list[Mark]:
    """About what, its last day, and the mark that was passed: each mark that was, so that of two only the later is told."""
    ahead = [(end.about, end.day, mark) for end in standing.ends for mark in BEFORE if (end.day - today).days <= mark]
    return ahead + [(lack.about, lack.expired, OVER) for lack in standing.lacks if lack.expired]


@transaction.atomic
def _remind(mentor: Mentor, marks: list[Mark]) -> list[Mark]:
    """What is new of it: one letter, however many things it is about."""
    if not marks:
        return []
    Mentor.objects.select_for_update(of=("self",), no_key=True).get(pk=mentor.pk)
    known = set(Reminder.objects.filter(mentor=mentor).values_list("about", "expires", "days"))
    fresh = [mark for mark in marks if mark not in known]
    Reminder.objects.bulk_create(
        Reminder(mentor=mentor, about=about, expires=expires, days=days) for about, expires, days in fresh
    )
    if fresh:
        post.tell(mentor.account)
    return fresh


def _end_leading(today: date) -> bool:
    """Of everybody who may not lead any more, whatever the reason: papers that ended, another role. Whether there was somebody."""
    leads = Membership.objects.filter(leads=True).exclude(account__role=Role.CLINICIAN)
    accounts = list(Account.objects.filter(pk__in=leads.values("account")))
    standings = standings_of([Mentor(account=each) for each in accounts if each.role == Role.MENTOR], today)
    ended = [each for each in accounts if each.role != Role.MENTOR or standings[each.pk].has_lapsed]
    for account in ended:
        leading.end_all(account)
    return bool(ended)
