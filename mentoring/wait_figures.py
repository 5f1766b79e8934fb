"""The figures of waiting, as the page shows them: words, plots and the tables behind. Values in (waits), values out."""

from __future__ import annotations

from typing import Any

from django.utils.dateformat import format as date_as
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from mentoring.waits import AIM, WINDOW, WITHIN, Figures, Month, Waited
from rooms import plots
from rooms.plots import Plot
from rooms.small_numbers import SMALL


def shown(figures: Figures) -> dict[str, Any]:
    return {
        "all": _line(figures.all),
        "asked": figures.all.asked,
        "longest": None if figures.longest is None else days_said(figures.longest),
        "within": [days_said(days) for days in WITHIN],
        "months": [_month(each) for each in figures.months],
        "plot": _plot(figures) if any(each.median is not None for each in figures.months) else None,
        "groups": [
            (_("By language"), _("Language"), *_lines(figures.languages)),
            (_("By what they have been through"), _("What they named"), *_lines(figures.lived)),
        ],
        "small": SMALL,
        "window": WINDOW,
        "aim": days_said(AIM),
    }


def days_said(days: float) -> str:
    """`under a day`, `12 days`: as precise as anybody needs it."""
    whole = round(days)
    if whole < 1:
        return _("under a day")
    return ngettext("%(count)s day", "%(count)s days", whole) % {"count": whole}


def _lines(waited: list[Waited]) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines that are shown, and the names of those that are covered."""
    shown = [each for each in waited if each.asked is not None]
    widths = plots.shares([None if each.median is None else round(each.median * 10) for each in shown])
    lines = [{**_line(each), "width": width} for each, width in zip(shown, widths, strict=True)]
    return lines, [each.label for each in waited if each.asked is None]


def _line(each: Waited) -> dict[str, Any]:
    return {
        "label": each.label,
        "asked": each.asked,
        "waiting": each.waiting,
        "median": None if each.median is None else days_said(each.median),
        "ninetieth": None if each.ninetieth is None else days_said(each.ninetieth),
        "is_late": each.median is not None and each.median > AIM,
        "shares": [(days_said(share.days), share.percent) for share in each.shares],
    }


def _month(each: Month) -> dict[str, Any]:
    return {
        "label": _name(each),
        "matched": each.matched if each.matched >= SMALL or each.matched == 0 else None,
        "median": None if each.median is None else days_said(each.median),
        "ninetieth": None if each.ninetieth is None else days_said(each.ninetieth),
    }


def _plot(figures: Figures) -> Plot:
    steps = [plots.Wait(_name(each), each.median, each.ninetieth, _tip(each)) for each in figures.months]
    all = _line(figures.all)
    told = (
        _("Half of those who found a mentor waited %(median)s or less, nine in ten %(ninetieth)s or less.") % all
        if all["median"]
        else _("There are too few to say how long they waited in all.")
    )
    aim = _("%(count)s d") % {"count": AIM}
    return plots.waits(
        "waits", _("Days until a client had a mentor, by the month they asked"), told, steps, clock=AIM, clock_label=aim
    )


def _tip(each: Month) -> str:
    if each.median is None:
        return ""
    return _("%(when)s: half within %(median)s, nine in ten within %(ninetieth)s") % {
        "when": _name(each),
        **_month(each),
    }


def _name(each: Month) -> str:
    return date_as(each.first, pgettext("a month", "M Y"))
