"""What stands on a mentor's home about how they are: their caseload, this week's check, time away, a talk, the circle."""

from __future__ import annotations

from dataclasses import dataclass

from mentoring import circle, debriefs, hours, self_checks
from mentoring.caseload import Caseload, caseloads_of
from mentoring.covering import names_alone
from mentoring.mentors import called
from mentoring.models import Debrief, Mentor, Respite
from mentoring.respite import asked_to_cover
from rooms.models import Membership


@dataclass(frozen=True, slots=True)
class Cover:
    """A time away in which somebody stands in; `name` is the other of the two, as clients know them. Of one that runs, `alone` are the
    clients for whom nobody is there, as their mentor knows them."""

    respite: Respite
    name: str
    alone: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        return len(self.alone)


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
    return Wellbeing(
        mentor=mentor,
        caseload=caseloads_of([mentor])[mentor.pk],
        check_is_due=self_checks.is_due(mentor),
        away=[_cover(each) for each in Respite.objects.open().filter(mentor=mentor).select_related("cover")],
        covers=[Cover(each, called(each.mentor)) for each in asked_to_cover(mentor.account)],
        debriefs=debriefs.open_of(mentor),
        circle=circle.place_of(mentor),
        hours=hours.said(mentor),
    )


def _cover(respite: Respite) -> Cover:
    name = called(respite.cover) if respite.cover and not respite.lack else ""
    return Cover(respite, name, tuple(names_alone(respite)) if name else ())
