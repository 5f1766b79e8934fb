"""When a room is open: always, in set hours, or while somebody is on call. Values in, answers out; no queries.

Hours are wall-clock times of the program (settings.TIME_ZONE), in force every week:
`{"days": [0, 1], "from": "18:00", "to": "21:30"}`, 0 is Monday. A `to` that is not after `from` is on the next day;
`from` equal to `to` is a whole day. Who asks: the commit for each change, the room's page, the page that sets them.

On the two days when the clocks change, a time that is skipped counts at the moment of the change; a time that comes
twice opens at its first and closes at its second, so that nobody is shut out of hours that were promised.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rooms.models import Room

MOST = 28  # lines of hours in one room: four a day
_TIME: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_BEHIND: Final = 2  # days before the day of asking: last night's hours, and the zone's distance from UTC
_AHEAD: Final = 16  # days after it: hours of one day a week that the change of clocks swallows come back in two weeks


class Slot(NamedTuple):
    """One line of hours, in minutes of the wall clock."""

    days: tuple[int, ...]
    start: int
    end: int  # over 1440: on the next day


class Span(NamedTuple):
    """From one moment (included) to another (not), both in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """When one room is open. Made by `hours_of`; two rooms with the same rules have equal ones."""

    opening: str
    slots: tuple[Slot, ...] = ()
    attended_until: datetime | None = None
    zone: str = ""

    def is_open(self, now: datetime) -> bool:
        if self.opening == _ALWAYS:
            return True
        if self.opening == _ATTENDED:
            return self.attended_until is not None and now < self.attended_until
        return self._span(now) is not None

    def opens_at(self, now: datetime) -> datetime | None:
        """When one may write next; `now` if it is open. None: nobody knows, since it waits for a person, or it has no hours."""
        if self.is_open(now):
            return now
        if self.opening == _ATTENDED:
            return None
        spans = self._spans(now)
        following = bisect_right(spans, now, key=_start)
        return spans[following].start if following < len(spans) else None

    def closes_at(self, now: datetime) -> datetime | None:
        """When the hours that run now end. None: it is closed, or it does not close within the coming two weeks."""
        if self.opening == _ALWAYS or not self.is_open(now):
            return None
        if self.opening == _ATTENDED:
            return self.attended_until
        span = self._span(now)
        return span.end if span and span.end - now < timedelta(days=_AHEAD - 2) else None

    def turns(self, now: datetime, most: int = 4) -> list[datetime]:
        """When it next closes or opens, in turn, as far as is known: a page that stays open follows them by itself."""
        if self.opening == _ALWAYS:
            return []
        if self.opening == _ATTENDED:
            return [self.attended_until] if self.attended_until is not None and self.is_open(now) else []
        horizon = now + timedelta(days=_AHEAD - 2)
        ahead = [at for span in self._spans(now) for at in span if now < at < horizon]
        return ahead[:most]

    def _span(self, now: datetime) -> Span | None:
        """The hours that run now."""
        spans = self._spans(now)
        place = bisect_right(spans, now, key=_start) - 1
        return spans[place] if place >= 0 and now < spans[place].end else None

    def _spans(self, now: datetime) -> tuple[Span, ...]:
        return _spans(self.slots, self.zone, now.astimezone(UTC).date())


def hours_of(opening: str, hours: Sequence[dict[str, Any]] | str, attended_until: datetime | None) -> Hours:
    """From a room's row; `hours` as a list or as the JSON text that it is stored as. Raises ValidationError as `check` does."""
    if opening == _ALWAYS:
        return ALWAYS
    if opening == _ATTENDED:
        return Hours(_ATTENDED, attended_until=attended_until)
    text = hours if isinstance(hours, str) else json.dumps(hours)
    return Hours(_HOURS, slots=_slots(text), zone=settings.TIME_ZONE)


def check(hours: object) -> None:
    """Raises ValidationError, in words for the coordinator, unless these are hours. An empty list is never open."""
    if not isinstance(hours, list):
        raise ValidationError(_("Hours are a list of days and times."))
    if len(hours) > MOST:
        raise ValidationError(_("These are too many lines. Please use %(most)s at most."), params={"most": MOST})
    for line in hours:
        _check_line(line)


def _check_line(line: object) -> None:
    if not isinstance(line, dict) or set(line) != {"days", "from", "to"}:
        raise ValidationError(_("Each line has days, a time from and a time to."))
    days = line["days"]
    if not isinstance(days, list) or any(type(day) is not int or not 0 <= day <= 6 for day in days):
        raise ValidationError(_("Days are numbers from 0 (Monday) to 6 (Sunday)."))
    if not days:
        raise ValidationError(_("Please choose at least one day for these hours."))
    if len(set(days)) < len(days):
        raise ValidationError(_("A day is there twice in one line."))
    for at in (line["from"], line["to"]):
        if not isinstance(at, str) or not _TIME.fullmatch(at):
            raise ValidationError(_("Please write times like 18:00, from 00:00 to 23:59. Midnight is 00:00."))


@lru_cache(maxsize=1024)
def _slots(text: str) -> tuple[Slot, ...]:
    hours = json.loads(text)
    check(hours)
    return tuple(_slot(line) for line in hours)


def _slot(line: dict[str, Any]) -> Slot:
    start, end = _minutes(line["from"]), _minutes(line["to"])
    return Slot(tuple(sorted(line["days"])), start, end if end > start else end + 24 * 60)


def _minutes(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute


@lru_cache(maxsize=1024)
def _spans(slots: tuple[Slot, ...], zone: str, today: date) -> tuple[Span, ...]:
    """The hours around a day of UTC, one after the other and apart from each other. Computed once a day for each set of hours."""
    where = ZoneInfo(zone)
    found = sorted(
        Span(_moment(day, slot.start, where, opens=True), _moment(day, slot.end, where, opens=False))
        for day in (today + timedelta(days=number) for number in range(-_BEHIND, _AHEAD + 1))
        for slot in slots
        if day.weekday() in slot.days
    )
    return _joined([span for span in found if span.start < span.end])


def _moment(day: date, minutes: int, where: ZoneInfo, *, opens: bool) -> datetime:
    """When the wall clock first (opens) or last (closes) reaches so many minutes after the midnight that began the day."""
    days, minute = divmod(minutes, 24 * 60)
    wall = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60))
    first, last = (wall.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first > last:  # skipped: a fold turns the order round (PEP 495)
        return _change(last, first, where)
    return first if opens else last


def _change(before: datetime, after: datetime, where: ZoneInfo) -> datetime:
    """The minute between these two at which the clocks were put forward."""
    was = before.astimezone(where).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        before, after = (middle, after) if middle.astimezone(where).utcoffset() == was else (before, middle)
    return after


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """In order of their start; those that touch or overlap become one."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _start(span: Span) -> datetime:
    return span.start


_ALWAYS: Final = Room.Opening.ALWAYS.value
_HOURS: Final = Room.Opening.HOURS.value
_ATTENDED: Final = Room.Opening.ATTENDED.value
ALWAYS: Final = Hours(_ALWAYS)
