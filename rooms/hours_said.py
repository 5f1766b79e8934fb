"""A room's hours in words: `Monday to Friday, 6 p.m. to 9:30 p.m.` Values in, words out, in the active language."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _


def hours_said(hours: Sequence[dict[str, Any]]) -> list[str]:
    """One text a line of hours that `opening_hours.check` lets pass."""
    return [_line(line) for line in hours]


def _line(line: dict[str, Any]) -> str:
    days = _days(sorted(line["days"]))
    if line["from"] == line["to"] == "00:00":
        return _("%(days)s, the whole day") % {"days": days}
    start, end = (time_format(time.fromisoformat(line[name])) for name in ("from", "to"))
    if line["to"] <= line["from"]:
        return _("%(days)s, %(start)s to %(end)s the next day") % {"days": days, "start": start, "end": end}
    return _("%(days)s, %(start)s to %(end)s") % {"days": days, "start": start, "end": end}


def _days(days: list[int]) -> str:
    """Three and more in a row as a span."""
    if len(days) == 7:
        return _("Every day")
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(part for run in runs for part in _run(run))


def _run(run: list[int]) -> list[str]:
    if len(run) < 3:
        return [str(WEEKDAYS[day]) for day in run]
    return [_("%(first)s to %(last)s") % {"first": WEEKDAYS[run[0]], "last": WEEKDAYS[run[-1]]}]
