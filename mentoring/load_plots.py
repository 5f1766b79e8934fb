"""The plots of load and of the weekly check: numbers of `load` and `self_checks` in, shapes of rooms.plots out, in words too."""

from collections.abc import Sequence
from datetime import date

from django.utils.dateformat import format as date_as
from django.utils.formats import localize
from django.utils.translation import gettext, pgettext

from mentoring.caseload import Caseload
from mentoring.load import HALF, Load
from mentoring.self_checks import Band, Check
from rooms import plots
from rooms.plots import Gauge, Plot, Strip

TOP_OF_CHECK = 24
_ROOM = 1.02  # so that a mark at the end of the scale is seen whole
_KINDS = {Band.STEADY: "good", Band.STRETCHED: "middle", Band.NEEDS_REST: "late"}


def weeks(id: str, load: Load) -> Plot:
    """Eight weeks of one mentor: the four before in one colour, the last four in the other."""
    about = {"now": said(load.now), "before": said(load.before)}
    return plots.levels(
        id,
        gettext("Load of the last eight weeks"),
        gettext("%(now)s hours a week in the last four weeks, %(before)s in the four before.") % about,
        [
            plots.Level(
                short(week.first),
                week.load,
                "late" if load.is_rising and number >= HALF else "good",
                gettext("Week from %(day)s: %(load)s hours") % {"day": short(week.first), "load": said(week.load)},
            )
            for number, week in enumerate(load.weeks)
        ],
        top=(top := plots.round_up(max(week.load for week in load.weeks))),
        lines=[(value, str(value)) for value in ([top // 2, top] if top > 1 else [top])],
    )


def course(checks: Sequence[Check]) -> Plot | None:
    """How heavy the weeks were, for the mentor alone. None with fewer than two weeks: there is no course yet."""
    if len(checks) < 2:
        return None
    last, before = checks[-1], checks[-2]
    about = {"now": last.strain, "before": before.strain, "top": TOP_OF_CHECK}
    return plots.levels(
        "course",
        gettext("How heavy your weeks were"),
        gettext("%(now)s of %(top)s in the last check, %(before)s in the one before. Lower is lighter.") % about,
        [
            plots.Level(short(each.week), each.strain, _KINDS[each.band], f"{short(each.week)}: {each.band.label}")
            for each in checks
        ],
        top=TOP_OF_CHECK,
        lines=[(TOP_OF_CHECK / 2, str(TOP_OF_CHECK // 2)), (TOP_OF_CHECK, str(TOP_OF_CHECK))],
    )


def caseloads(lines: Sequence[Caseload]) -> list[Gauge]:
    """On one scale, so that they can be compared."""
    top = max((max(each.all, each.cap) for each in lines), default=0) or 1
    return [plots.gauge(each.own, each.covered, each.cap, top * _ROOM) for each in lines]


def strips(loads: Sequence[Load]) -> list[Strip]:
    """On one scale too; the last four weeks stand out where they rise."""
    top = max((week.load for load in loads for week in load.weeks), default=0)
    return [
        plots.strip([week.load for week in load.weeks], top, late_from=HALF if load.is_rising else None)
        for load in loads
    ]


def house(loads: Sequence[Load]) -> Plot | None:
    """All mentors together, by week: hours within what they said, and those outside or at night on top."""
    if not loads:
        return None
    steps = []
    for place in zip(*(load.weeks for load in loads), strict=True):
        late = sum(week.outside + week.night for week in place)
        hours = sum(week.hours for week in place)
        about = {"day": short(place[0].first), "hours": said(hours), "late": said(late)}
        tip = gettext("Week from %(day)s: %(hours)s hours, %(late)s of them outside their hours or at night") % about
        steps.append(plots.Pile(short(place[0].first), hours - late, late, tip))
    last = steps[-1]
    about = {"hours": said(last.below + last.above), "late": said(last.above)}
    described = gettext(
        "In the last week %(hours)s hours, %(late)s of them outside of what the mentors said, or at night."
    )
    return plots.piles("house", gettext("Hours of all mentors, by week"), described % about, steps)


def short(day: date) -> str:
    return date_as(day, pgettext("a short date", "M j"))


def said(hours: float) -> str:
    """`5.5` or `5`, as it is written in the active language."""
    return str(localize(int(hours) if hours == int(hours) else round(hours, 2)))
