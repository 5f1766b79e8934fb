"""The weekly self-check: two minutes, six questions in plain words, answers that only the mentor reads.

A coordinator may see the band alone, and only while the mentor lets them; each look is recorded. No answer, sum or band stands open in
the store: the band is worked out from the sealed answers when somebody who may looks. Where the questions come from and what the bands
are worth: docs/mentoring.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Role
from mentoring.models import Mentor, SelfCheck
from mentoring.refusals import Refused
from mentoring.sealed import close_json, open_json, owner_of_person
from vault import sealing, trail

# (name, what is asked, whether much of it is good)
QUESTIONS: Final = (
    ("rested", _("I slept and rested enough."), True),
    ("worn", _("This work left me worn out."), False),
    ("stayed", _("What people told me stayed with me when I wanted a break from it."), False),
    ("matters", _("I felt that what I do here matters."), True),
    ("someone", _("I had somebody to talk to about this work."), True),
    ("own", _("I kept up what keeps me well."), True),
)
STEPS: Final = ((0, _("Not at all")), (1, _("A little")), (2, _("Some days")), (3, _("Most days")), (4, _("Every day")))
WORDS: Final = 500  # characters of the free line
KEPT: Final = timedelta(days=2 * 365)
_TOP: Final = 4
_STRETCHED, _NEEDS_REST = 9, 15  # of 24: a third and more, and more than three fifths
_FRESH: Final = timedelta(weeks=2)  # an older band says nothing of today


class Band(TextChoices):
    STEADY = "steady", _("Steady")
    STRETCHED = "stretched", _("Stretched")
    NEEDS_REST = "needs_rest", _("Needs rest")


@dataclass(frozen=True, slots=True)
class Check:
    """One week as its mentor reads it. `strain` is 0 (all is well) to 24."""

    week: date
    answers: dict[str, int]
    words: str

    @property
    def strain(self) -> int:
        return sum(_TOP - self.answers[name] if is_good else self.answers[name] for name, _text, is_good in QUESTIONS)

    @property
    def band(self) -> Band:
        """Being worn out every day asks for rest whatever else is well."""
        if self.strain >= _NEEDS_REST or self.answers["worn"] == _TOP:
            return Band.NEEDS_REST
        return Band.STRETCHED if self.strain >= _STRETCHED else Band.STEADY


def this_week() -> date:
    """Its Monday."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


@transaction.atomic
def answer(*, mentor: Mentor, answers: dict[str, int], words: str = "") -> Check:
    """This week's; a second time in the week takes the place of the first. Raises Refused: `not_found`, `too_long`."""
    if set(answers) != {name for name, *_rest in QUESTIONS} or not all(0 <= each <= _TOP for each in answers.values()):
        raise Refused("not_found")
    words = words.strip()
    if len(words) > WORDS:
        raise Refused("too_long")
    row = SelfCheck.objects.get_or_create(mentor=mentor, week=this_week())[0]
    row.answers = close_json({**answers, "words": words}, **_place(row))
    row.at = timezone.now()
    row.save(update_fields=["answers", "at"])
    return Check(row.week, answers, words)


def course_of(mentor: Mentor, weeks: int = 26) -> list[Check]:
    """The mentor's own, oldest first, of so many weeks until now."""
    since = this_week() - timedelta(weeks=weeks - 1)
    rows = SelfCheck.objects.filter(mentor=mentor, week__gte=since).order_by("week")
    return [check for row in rows if (check := _opened(row)) is not None]


def is_due(mentor: Mentor) -> bool:
    return not SelfCheck.objects.filter(mentor=mentor, week=this_week()).exists()


@transaction.atomic
def share_band(*, mentor: Mentor, shares: bool) -> None:
    """The mentor lets coordinators see their band, or takes that back; it holds from this moment."""
    if mentor.shares_band == shares:
        return
    mentor.shares_band = shares
    mentor.save(update_fields=["shares_band"])
    act = "selfcheck.share" if shares else "selfcheck.share_over"
    trail.record(actor=f"account:{mentor.pk}", act=act, subject=f"account:{mentor.pk}")


@transaction.atomic
def bands_for(coordinator: Account, mentors: Iterable[Mentor]) -> dict[int, Band | None]:
    """Of those who share it, by the mentor's number; None where there is no check of the last two weeks. On the trail."""
    if coordinator.role != Role.COORDINATOR:
        raise Refused("not_found")
    # Asked anew: what was taken back a moment ago counts.
    asked = [each.pk for each in mentors]
    sharing = list(Mentor.objects.filter(pk__in=asked, shares_band=True).order_by("pk").values_list("pk", flat=True))
    rows = list(SelfCheck.objects.filter(mentor__in=sharing, week__gte=this_week() - _FRESH).order_by("mentor", "week"))
    sealing.warm(row.answers for row in rows if row.answers is not None)
    found: dict[int, Band | None] = dict.fromkeys(sharing)
    for row in rows:
        check = _opened(row)
        found[row.mentor_id] = check.band if check else None
    for start in range(0, len(sharing), _A_LINE):
        subject = " ".join(f"account:{pk}" for pk in sharing[start : start + _A_LINE])
        trail.record(actor=f"account:{coordinator.pk}", act="selfcheck.looked.band", subject=subject)
    return found


def purge() -> int:
    """The end of their term (settings.CHORES). Returns how many went."""
    return SelfCheck.objects.filter(week__lt=timezone.localdate() - KEPT).delete()[0]


_A_LINE: Final = 10  # mentors in one entry of the trail: its subject is short


def _opened(row: SelfCheck) -> Check | None:
    found = open_json(row.answers, **_place(row))
    if not found:
        return None  # its key was destroyed
    return Check(row.week, {name: int(found[name]) for name, *_rest in QUESTIONS}, str(found.get("words", "")))


def _place(row: SelfCheck) -> dict[str, str]:
    return {
        "owner": owner_of_person(row.mentor_id),
        "purpose": "selfcheck.answers",
        "place": f"selfcheck:{row.pk}",
    }
