"""The load board: every mentor with what their work weighs, why a coordinator should look, and the one thing to do first.

Numbers are of the mentor's work alone. No client, no word of anybody, and a band only of who shares it. The same queries for one mentor
and for sixty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from accounts.models import Account, Role
from mentoring.caseload import Caseload, caseloads_of
from mentoring.covering import left_alone
from mentoring.load import Load, loads_of
from mentoring.models import Debrief, Mentor, Respite
from mentoring.self_checks import Band, bands_for
from vault import sealing, trail

LONG_WITHOUT: Final = 12  # weeks without time away
MANY_CRISES: Final = 2  # in two weeks
LATELY: Final = timedelta(weeks=2)


class Act(StrEnum):
    """What to do first, the most pressing above. NOTHING: all is well."""

    COVER = "cover"
    TALK = "talk"
    BREAK = "break"
    DEBRIEF = "debrief"
    STOP = "stop"
    CAP = "cap"
    RESPITE = "respite"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Line:
    mentor: Mentor
    name: str
    caseload: Caseload
    load: Load
    rested: int | None  # weeks since they were last away; None where they never were
    band: Band | None
    away: Respite | None  # now
    alone: int  # clients who have nobody meanwhile
    planned: Respite | None  # the next
    debrief: Debrief | None  # offered or asked for
    talked: bool  # in the last two weeks a talk took place, or a coordinator offered one

    @property
    def weeks_without(self) -> int:
        """Weeks since they were last away, or since they began."""
        if self.rested is not None:
            return self.rested
        return (timezone.now() - self.mentor.began_at).days // 7

    @property
    def reasons(self) -> list[str]:
        """Why to look, in words; empty where all is well."""
        lack = self._lacking()
        found = [
            (gettext("Nobody stands in"), lack is not None),
            (
                ngettext("%(count)s client has nobody meanwhile", "%(count)s clients have nobody meanwhile", self.alone)
                % {"count": self.alone},
                lack is None and self.alone > 0,
            ),
            (gettext("Asked for a talk"), self._asked()),
            (gettext("Needs rest"), self.band == Band.NEEDS_REST),
            (gettext("Stretched"), self.band == Band.STRETCHED),
            (
                ngettext("%(count)s crisis in two weeks", "%(count)s crises in two weeks", self.load.crises)
                % {"count": self.load.crises},
                self.load.crises >= MANY_CRISES,
            ),
            (gettext("Over the cap"), self.caseload.is_over),
            (gettext("Near the cap"), self.caseload.is_near and not self.caseload.is_over),
            (gettext("Load rises"), self.load.is_rising),
            (gettext("Long without a break"), self._long_without()),
        ]
        return [text for text, is_so in found if is_so]

    @property
    def act(self) -> Act:
        crowded = self.caseload.is_over or (self.caseload.is_near and self.load.is_rising)
        for act, is_due in (
            (Act.COVER, self.uncovered is not None),
            (Act.TALK, self._asked()),
            (Act.BREAK, self.band == Band.NEEDS_REST and self.away is None and self.mentor.break_asked_at is None),
            (Act.DEBRIEF, self.load.crises >= MANY_CRISES and self.debrief is None and not self.talked),
            (Act.STOP, crowded and self.mentor.is_taking and not self.mentor.is_stopped),
            (Act.CAP, self.load.is_rising and self.caseload.cap > 0),
            (Act.RESPITE, self._long_without()),
        ):
            if is_due:
                return act
        return Act.NOTHING

    @property
    def standing(self) -> str:
        """In a few words, where they are away, will be, or take nobody new."""
        if self.away is not None:
            return gettext("Away until %(day)s") % {"day": date_format(self.away.ends, "DATE_FORMAT")}
        if self.mentor.is_stopped and (again := self.mentor.taking_again):
            return gettext("No new clients until %(day)s") % {"day": date_format(again, "DATE_FORMAT")}
        if not self.mentor.is_taking:
            return gettext("Takes no new clients")
        if self.planned is not None:
            return gettext("Away from %(day)s") % {"day": date_format(self.planned.starts, "DATE_FORMAT")}
        return ""

    @property
    def uncovered(self) -> Respite | None:
        """The time away that needs somebody, or somebody else."""
        return self._lacking() or (self.away if self.alone else None)

    def _lacking(self) -> Respite | None:
        return next((each for each in (self.away, self.planned) if each is not None and each.lack), None)

    def _asked(self) -> bool:
        return self.debrief is not None and self.debrief.state == Debrief.State.WANTED

    def _long_without(self) -> bool:
        return self.weeks_without >= LONG_WITHOUT and self.away is None and self.planned is None


def board(coordinator: Account) -> list[Line]:
    """All mentors, those to look at first. The look is on the trail."""
    mentors = list(
        Mentor.objects.filter(account__is_active=True, account__role=Role.MENTOR)
        .select_related("account")
        .order_by("pk")
    )
    lines = lines_of(coordinator, mentors)
    trail.record(actor=f"account:{coordinator.pk}", act="load.looked", subject="mentors")
    order = list(Act)
    return sorted(
        lines, key=lambda line: (order.index(line.act), -len(line.reasons), -line.load.now, line.name.casefold())
    )


def line_of(coordinator: Account, mentor: Mentor) -> Line:
    line = lines_of(coordinator, [mentor])[0]
    trail.record(actor=f"account:{coordinator.pk}", act="load.looked", subject=f"account:{mentor.pk}")
    return line


def lines_of(coordinator: Account, mentors: Sequence[Mentor]) -> list[Line]:
    sealing.warm(each.account.sealed_name for each in mentors if each.account.sealed_name is not None)
    caseloads, loads, bands = caseloads_of(mentors), loads_of(mentors), bands_for(coordinator, mentors)
    rests = _Rests(mentors)
    debriefs, talked = _debriefs(mentors)
    alone = left_alone(rests.running)
    return [
        Line(
            mentor=mentor,
            name=mentor.account.name,
            caseload=caseloads[mentor.pk],
            load=loads[mentor.pk],
            rested=rests.weeks_since(mentor),
            band=bands.get(mentor.pk),
            away=rests.running.get(mentor.pk),
            alone=alone[mentor.pk],
            planned=rests.planned.get(mentor.pk),
            debrief=debriefs.get(mentor.pk),
            talked=mentor.pk in talked,
        )
        for mentor in mentors
    ]


class _Rests:
    """Times away of these mentors, read once."""

    def __init__(self, mentors: Sequence[Mentor]) -> None:
        self.running: dict[int, Respite] = {}
        self.planned: dict[int, Respite] = {}
        self._ended: dict[int, date] = {}
        rows = Respite.objects.filter(mentor__in=mentors).exclude(state=Respite.State.CALLED_OFF).order_by("starts")
        for row in rows:
            if row.state == Respite.State.RUNNING:
                self.running[row.mentor_id] = row
            elif row.state == Respite.State.PLANNED:
                self.planned.setdefault(row.mentor_id, row)
            elif row.ended_at is not None:
                ended = timezone.localdate(row.ended_at)
                self._ended[row.mentor_id] = max(ended, self._ended.get(row.mentor_id, ended))

    def weeks_since(self, mentor: Mentor) -> int | None:
        if mentor.pk in self.running:
            return 0
        ended = self._ended.get(mentor.pk)
        return None if ended is None else max(timedelta(0), timezone.localdate() - ended).days // 7


def _debriefs(mentors: Sequence[Mentor]) -> tuple[dict[int, Debrief], set[int]]:
    """Of each mentor the one to see to, asked for before offered, the oldest first; and who had a talk, or its offer, lately."""
    found: dict[int, Debrief] = {}
    talked: set[int] = set()
    wanted, offered = Debrief.State.WANTED, Debrief.State.OFFERED
    since = timezone.now() - LATELY
    rows = Debrief.objects.filter(Q(state__in=(wanted, offered)) | Q(offered_at__gte=since), mentor__in=mentors)
    for row in rows.order_by("offered_at"):
        if row.state in (wanted, offered):
            known = found.get(row.mentor_id)
            if known is None or (known.state == offered and row.state == wanted):
                found[row.mentor_id] = row
        elif row.state == Debrief.State.DONE or row.room_id is None:
            talked.add(row.mentor_id)
    return found, talked
