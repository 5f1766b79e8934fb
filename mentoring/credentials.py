"""A mentor's own view of their papers: what is valid until when, what is due, and one thing to press for each.

Called by the mentor's home and the pages of credentials.
"""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from mentoring.models import WAITING, Certification, Mentor, Training
from mentoring.reminders import BEFORE
from mentoring.standing import End, Lack, Standing, standing_of
from mentoring.supervision import Supervision, supervised_by, supervision_of

SOON = max(BEFORE)  # days before an end in which it is shown as due
_EACH = 2  # so many trainings that were never done have a line of their own


@dataclass(frozen=True, slots=True)
class Due:
    """`url` is empty where there is nothing to press: somebody else's turn."""

    text: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    standing: Standing
    supervision: Supervision | None
    due: tuple[Due, ...]
    supervises: tuple[str, ...]  # names of mentors whose papers lack


def home_of(mentor: Mentor) -> Home:
    today = timezone.localdate()
    standing = standing_of(mentor, today)
    waits = _waits(mentor)
    soon = [end for end in standing.ends if days_left(end, today) <= SOON]
    due = [
        *_lacking(standing, waits),
        *(_ending(end, today, waits) for end in soon),
    ]
    supervises = tuple(each.mentor.account.name for each, _ in supervised_by(mentor.account))
    return Home(standing, supervision_of(mentor, today), tuple(due), supervises)


def days_left(end: End, today: date) -> int:
    return (end.day - today).days


def told_days(days: int) -> str:
    if days == 0:
        return gettext("today")
    return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}


def _waits(mentor: Mentor) -> set[str]:
    """About what something handed in waits for a coordinator."""
    found = {
        f"training:{code}" for code in Training.objects.filter(WAITING, mentor=mentor).values_list("module", flat=True)
    }
    return found | ({"certification"} if Certification.objects.filter(WAITING, mentor=mentor).exists() else set())


def _lacking(standing: Standing, waits: set[str]) -> list[Due]:
    """One line each; several trainings that were never done are one."""
    undone = [lack for lack in standing.lacks if lack.code and not lack.expired and lack.about not in waits]
    several = undone if len(undone) > _EACH else []
    due = [_due(lack.text, lack, waits) for lack in standing.lacks if lack not in several]
    if several:
        text = Standing(tuple(several)).text
        due.append(Due(text, gettext("Go to the trainings"), reverse("mentoring:trainings")))
    return due


def _due(text: str, about: Lack | End, waits: set[str]) -> Due:
    if about.about in waits:
        return Due(gettext("%(what)s A coordinator will look at what you handed in.") % {"what": text})
    match about.kind:
        case "certification":
            return Due(text, gettext("Add a certification"), reverse("mentoring:certification"))
        case "ethics":
            return Due(text, gettext("Read the agreement"), reverse("mentoring:ethics"))
        case _:
            return Due(text, gettext("Read this training"), reverse("mentoring:training", args=[about.code]))


def _ending(end: End, today: date, waits: set[str]) -> Due:
    text = gettext("“%(name)s” is valid until %(day)s (%(days)s).") % {
        "name": end.name,
        "day": date_format(end.day, "DATE_FORMAT"),
        "days": told_days(days_left(end, today)),
    }
    return _due(text, end, waits)
