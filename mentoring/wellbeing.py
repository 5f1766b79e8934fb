"""What stands on a mentor's home about how they are: their caseload, this week's check, time away, a talk, the circle."""

from __future__ import annotations

from dataclasses import dataclass

from mentoring import circle, debriefs, hours, self_checks
from mentoring.caseload import Caseload, caseloads_of
from mentoring.mentors import called
from mentoring.models import Debrief, Mentor, Respite
from mentoring.respite import asked_to_cover
from rooms.models import Membership


@dataclass(frozen=True, slots=True)
class Cover:
    """A time away in which somebody stands in; `name` is the other of the two, as clients know them."""

    respite: Respite
    name: str


@dataclass(frozen=True, slots=True)
class Wellbeing:
    mentor: Mentor
    caseload: Caseload
    check_is_due: bool
    away: list[Cover]  # their own, now and to come
    covers: list[Cover]  # those in which they stand in
    debriefs: list[Debrief]
    circle: Membership | None
    hours: list[str]

    @property
    def break_is_asked(self) -> bool:
        return self.mentor.break_asked_at is not None


def home_of(mentor: Mentor) -> Wellbeing:
    own = Respite.objects.open().filter(mentor=mentor).select_related("cover")
    return Wellbeing(
        mentor=mentor,
        caseload=caseloads_of([mentor])[mentor.pk],
        check_is_due=self_checks.is_due(mentor),
        away=[Cover(each, called(each.cover) if each.cover and not each.lack else "") for each in own],
        covers=[Cover(each, called(each.mentor)) for each in asked_to_cover(mentor.account)],
        debriefs=debriefs.open_of(mentor),
        circle=circle.place_of(mentor),
        hours=hours.said(mentor),
    )
