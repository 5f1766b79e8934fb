"""The team view: how soon cases are taken, as plots with a table behind each. Nothing here says what or whom a case was about."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.dateformat import format as date_as
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from moderation import team
from moderation.access import seen_by
from moderation.models import Severity
from moderation.team import Answering, Figures, Step
from rooms import plots
from rooms.durations import spoken
from rooms.plots import Plot
from rooms.small_numbers import SMALL, Counted


@seen_by(Role.MODERATOR, Role.COORDINATOR)
@require_safe
def page(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    figures = team.figures(_days(request.GET.get("days")))
    return render(
        request,
        "moderation/team.html",
        {
            "figures": figures,
            "periods": [{"days": days, "is_shown": days == figures.days} for days in team.PERIODS],
            "severities": [
                _severity(severity, answering, figures) for severity, answering in figures.by_severity.items()
            ],
            "breaches": _breaches(figures),
            "steps": [{"label": _label(step), **_shown(step.all)} for step in figures.steps],
            "counts": [
                (_("What the cases were about"), _("Category"), _bars(figures.categories)),
                (_("Where they were"), _("Room"), _bars(figures.rooms)),
            ],
            "ages": _age_labels(),
            "open_now": [
                {"name": aged.severity.label, "aged": aged, "counts": zip(_age_labels(), aged.counts, strict=True)}
                for aged in figures.open_now
            ],
            "open_total": sum(aged.total for aged in figures.open_now),
            "small": SMALL,
        },
    )


def _days(asked: str | None) -> int:
    return next((days for days in team.PERIODS if str(days) == asked), team.PERIODS[0])


def _severity(severity: Severity, answering: Answering, figures: Figures) -> dict[str, Any]:
    return {
        "name": severity.label,
        "kind": severity.value,
        "clock": spoken(severity.clock.total_seconds()),
        **_shown(answering),
        "plot": _waits(severity, figures) if answering.answered else None,
        "steps": [{"label": _label(step), **_shown(step.by_severity[severity])} for step in figures.steps],
    }


def _shown(answering: Answering) -> dict[str, Any]:
    return {
        "cases": answering.cases,
        "unanswered": answering.cases - answering.answered,
        "late": answering.late,
        "late_share": round(100 * answering.late / answering.cases) if answering.cases else 0,
        "median": None if answering.median is None else spoken(answering.median),
        "ninetieth": None if answering.ninetieth is None else spoken(answering.ninetieth),
    }


def _waits(severity: Severity, figures: Figures) -> Plot:
    clock = severity.clock.total_seconds()
    answering = _shown(figures.by_severity[severity])
    return plots.waits(
        f"waits-{severity.value}",
        _("%(severity)s: time until somebody took the case") % {"severity": severity.label},
        _("Half of the cases were taken within %(median)s, nine in ten within %(ninetieth)s. The clock is %(clock)s.")
        % {**answering, "clock": spoken(clock)},
        [_wait(step, step.by_severity[severity]) for step in figures.steps],
        clock=clock,
        clock_label=spoken(clock),
    )


def _wait(step: Step, answering: Answering) -> plots.Wait:
    shown = {"when": _label(step), **_shown(answering)}
    tip = _("%(when)s: half within %(median)s, nine in ten within %(ninetieth)s")
    return plots.Wait(_label(step), answering.median, answering.ninetieth, tip % shown if answering.answered else "")


def _breaches(figures: Figures) -> Plot:
    shown = _shown(figures.all)
    return plots.piles(
        "breaches",
        _("Cases in time and after their clock"),
        ngettext(
            "%(cases)s case, %(late)s of them after its clock (%(late_share)s %%).",
            "%(cases)s cases, %(late)s of them after their clock (%(late_share)s %%).",
            figures.all.cases,
        )
        % shown,
        [plots.Pile(_label(step), step.all.in_time, step.all.late, _tip(step)) for step in figures.steps],
    )


def _tip(step: Step) -> str:
    told = {"when": _label(step), "in_time": step.all.in_time, "late": step.all.late}
    return _("%(when)s: %(in_time)s in time, %(late)s late") % told


def _bars(counted: list[Counted]) -> list[dict[str, Any]]:
    widths = plots.shares([each.count for each in counted])
    return [{"counted": each, "width": width} for each, width in zip(counted, widths, strict=True)]


def _label(step: Step) -> str:
    return date_as(step.first, pgettext("a short date", "M j"))


def _age_labels() -> list[str]:
    """The headings of team.AGES and of all that is older."""
    edges = [spoken(age.total_seconds()) for age in team.AGES]
    first = _("Up to %(age)s") % {"age": edges[0]}
    between = [_("to %(age)s") % {"age": age} for age in edges[1:]]
    return [first, *between, _("Older")]
