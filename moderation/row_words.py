"""A row of the queue in the words of the page: made here and not in the template, which is filled in fifty times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.filters import Standing
from moderation.queue_words import clock
from moderation.rows import Row


@dataclass(frozen=True, slots=True)
class Shown:
    """`due` is empty where no clock runs; `button` is what the one button of the row does: claim, taken, open."""

    id: str
    address: str
    kind: str  # for the style sheet: severity and state
    severity: str
    state: str
    title: str
    facts: tuple[str, ...]
    marks: tuple[str, ...]
    is_for_me: bool
    due: str
    clock: str
    standing: str
    standing_at: str
    button: str
    label: str
    severity_name: str


def shown(rows: Iterable[Row], now: datetime) -> list[Shown]:
    """`now` is the moment that the clocks are read at."""
    case = reverse("moderation:case", args=["-"])  # once: looking an address up takes as long as the rest of a row
    return [_shown(row, now, case.replace("-", row.id)) for row in rows]


def _shown(row: Row, now: datetime, address: str) -> Shown:
    category, severity = str(row.category.label), str(row.severity.label)
    room = row.room or _("No room")
    button = _button(row.state)
    return Shown(
        id=row.id,
        address=address,
        kind=f"row--{row.severity.value} row--{row.state.value}{' row--late' if row.is_late else ''}",
        severity=row.severity.value,
        state=row.state.value,
        title=f"{category}: {row.level}" if row.level else category,
        facts=(room, _flags(row.flags), _("opened %(at)s") % {"at": _at(row.opened_at)}),
        marks=tuple(_marks(row)),
        is_for_me=row.is_for_me,
        due=row.due_at.isoformat() if row.clock_runs else "",
        clock=clock(row.due_at, now) if row.clock_runs else "",
        standing=_standing(row),
        standing_at=_at(row.resolved_at) if row.state is Standing.RESOLVED else "",
        button=button,
        label=f"{_('Open') if button == 'open' else _('Claim')}: {category}, {room}",
        severity_name=severity,
    )


def _button(state: Standing) -> str:
    if state in (Standing.WAITING, Standing.SNOOZED):
        return "claim"
    return "taken" if state is Standing.CLAIMED else "open"


def _flags(count: int) -> str:
    return ngettext("%(count)s flag", "%(count)s flags", count) % {"count": count}


def _marks(row: Row) -> list[str]:
    marks = [_("Hard to read")] if row.graphic else []
    if row.assigned and not row.is_for_me:
        marks.append(_("Given to %(name)s") % {"name": row.assigned})
    return marks


def _standing(row: Row) -> str:
    """Whose it is, in a sentence; empty while it waits."""
    name, until = {"name": row.who}, {"at": _at(row.until)}
    match row.state:
        case Standing.MINE:
            return _("Yours until %(at)s") % until
        case Standing.CLAIMED:
            return _("%(name)s has this case") % name
        case Standing.SNOOZED:
            return _("Comes back %(at)s") % until
        case Standing.RESOLVED:
            return f"{row.outcome} ({row.who})" if row.who else row.outcome
        case Standing.HANDED_OVER if row.acknowledged:
            return _("%(name)s took the hand-over") % name
        case Standing.HANDED_OVER:
            return _("Handed over to %(name)s") % name if row.who else _("Waits for a clinician")
    return ""


def _at(moment: datetime | None) -> str:
    """The hour of today, else the day too."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return date_format(local, "TIME_FORMAT" if local.date() == timezone.localdate() else "SHORT_DATETIME_FORMAT")
