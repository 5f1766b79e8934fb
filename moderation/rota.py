"""The rota as a page shows it: who is on call now and next, a week day by day, and the hours that nobody covers. It changes nothing.

Days are those of the program's own time zone (settings.TIME_ZONE). Who changes shifts is `duty`; who may look is the page's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Account, Role
from moderation import duty
from moderation.models import Shift
from vault.sealing import warm

DAYS = 7
_SOON = timedelta(days=14)  # how far ahead "next" looks
_NOTICED = timedelta(minutes=1)  # one shift ends and the next one begins some seconds later


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody is on call, or no clinician."""

    starts: datetime
    ends: datetime

    @property
    def until(self) -> str:
        return _until(self.ends)


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift, or the part of it that falls on one day."""

    shift: Shift
    starts: datetime
    ends: datetime
    now: bool
    over: bool
    removable: bool

    @property
    def name(self) -> str:
        return self.shift.account.name

    @property
    def role(self) -> str:
        return str(Role(self.shift.account.role).label)

    @property
    def place(self) -> int:
        """In the line of their role; coordinators are last, whatever was chosen."""
        return 1 if self.shift.account.role == Role.COORDINATOR else self.shift.step

    @property
    def until(self) -> str:
        return _until(self.ends)

    @property
    def began_before(self) -> bool:
        return self.shift.starts < self.starts

    @property
    def goes_on(self) -> bool:
        return self.shift.ends > self.ends


@dataclass(slots=True)
class Day:
    """`unattended`: nobody is on call; `without_clinician`: somebody is, and no clinician."""

    date: date
    today: bool
    turns: list[Turn] = field(default_factory=list)
    unattended: list[Gap] = field(default_factory=list)
    without_clinician: list[Gap] = field(default_factory=list)

    @property
    def hours(self) -> timedelta:
        return _midnight(self.date + timedelta(days=1)) - _midnight(self.date)

    @property
    def all_day(self) -> bool:
        """Nobody, from midnight to midnight."""
        return [gap.ends - gap.starts for gap in self.unattended] == [self.hours]

    @property
    def all_day_without_clinician(self) -> bool:
        return [gap.ends - gap.starts for gap in self.without_clinician] == [self.hours]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday. `planned`: there is a shift in them."""

    first: date
    days: list[Day]
    planned: bool

    @property
    def last(self) -> date:
        return self.first + timedelta(days=DAYS - 1)

    @property
    def before(self) -> date:
        return self.first - timedelta(days=DAYS)

    @property
    def after(self) -> date:
        return self.first + timedelta(days=DAYS)


def week_of(day: date, viewer: Account, now: datetime) -> Week:
    """The week that holds `day`. Gaps are told from now on: what is over cannot be filled."""
    first = day - timedelta(days=day.weekday())
    begins, ends = _midnight(first), _midnight(first + timedelta(days=DAYS))
    shifts = _between(begins, ends)
    gaps = _gaps(shifts, max(begins, now), ends)
    days = [_day(first + timedelta(days=number), shifts, gaps, viewer, now) for number in range(DAYS)]
    return Week(first, days, planned=bool(shifts))


def on_call_now(viewer: Account, now: datetime) -> list[list[Turn]]:
    """Who is told together, first to last, each with the shift that ends latest."""
    shifts = _between(now, now + timedelta(microseconds=1))
    latest = {shift.account_id: shift for shift in sorted(shifts, key=lambda shift: shift.ends)}
    return [
        [_turn(latest[each.pk], now, latest[each.pk].ends, viewer, now) for each in rank] for rank in duty.ranks(now)
    ]


def next_on_call(viewer: Account, now: datetime, *, most: int = 3) -> list[Turn]:
    """Whose turn begins next."""
    coming = _people(
        Shift.objects.filter(starts__gt=now, starts__lt=now + _SOON).order_by("starts", "step", "pk"), most
    )
    return [_turn(shift, shift.starts, shift.ends, viewer, now) for shift in coming]


def next_gap(now: datetime) -> Gap | None:
    """When within a week nobody will be on call for the first time."""
    ends = now + timedelta(days=DAYS)
    unattended, _ = _gaps(_between(now, ends), now, ends)
    return next(iter(unattended), None)


def _day(day: date, shifts: Iterable[Shift], gaps: tuple[list[Gap], list[Gap]], viewer: Account, now: datetime) -> Day:
    begins, ends = _midnight(day), _midnight(day + timedelta(days=1))
    here = [shift for shift in shifts if shift.starts < ends and shift.ends > begins]
    unattended, without_clinician = ([*_within(kind, begins, ends)] for kind in gaps)
    return Day(
        day,
        today=begins <= now < ends,
        turns=[_turn(each, max(each.starts, begins), min(each.ends, ends), viewer, now) for each in here],
        unattended=unattended,
        without_clinician=without_clinician,
    )


def _within(gaps: Iterable[Gap], begins: datetime, ends: datetime) -> Iterator[Gap]:
    for gap in gaps:
        start, end = max(gap.starts, begins), min(gap.ends, ends)
        if start < end:
            yield Gap(start, end)


def _turn(shift: Shift, starts: datetime, ends: datetime, viewer: Account, now: datetime) -> Turn:
    may = viewer.role == Role.COORDINATOR or viewer.pk == shift.account_id
    return Turn(shift, starts, ends, now=starts <= now < ends, over=ends <= now, removable=may and shift.ends > now)


def _gaps(shifts: Sequence[Shift], begins: datetime, ends: datetime) -> tuple[list[Gap], list[Gap]]:
    """Where nobody attends; and where somebody does, and no clinician."""
    attending = [shift for shift in shifts if shift.account.role in duty.ATTENDING]
    clinicians = [shift for shift in attending if shift.account.role == Role.CLINICIAN]
    nobody = list(_free(attending, begins, ends))
    no_clinician = (part for span in _free(clinicians, begins, ends) for part in _without(*span, nobody))
    return [Gap(*span) for span in nobody], [Gap(*span) for span in no_clinician]


def _free(shifts: Iterable[Shift], begins: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
    """What no shift covers, for a minute at least."""
    reached = begins
    for shift in sorted(shifts, key=lambda shift: shift.starts):
        if shift.starts - reached >= _NOTICED:
            yield reached, min(shift.starts, ends)
        reached = max(reached, shift.ends)
        if reached >= ends:
            return
    if reached < ends:
        yield reached, ends


def _without(
    starts: datetime, ends: datetime, others: Iterable[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """The parts of a span that are in none of the others, which come in order."""
    for start, end in others:
        if end <= starts or start >= ends:
            continue
        if start > starts:
            yield starts, start
        starts = max(starts, end)
    if starts < ends:
        yield starts, ends


def _between(begins: datetime, ends: datetime) -> list[Shift]:
    return _people(Shift.objects.filter(starts__lt=ends, ends__gt=begins).order_by("starts", "step", "pk"))


def _people(shifts: QuerySet[Shift], most: int | None = None) -> list[Shift]:
    """With their people, who are still here; their keys come with one query."""
    of_people = shifts.select_related("account").filter(account__is_active=True, account__role__in=duty.ON_CALL)
    found = list(of_people[:most])
    warm(shift.account.sealed_name for shift in found if shift.account.sealed_name)
    return found


def _until(at: datetime) -> str:
    """The midnight that ends a day is 24:00: 00:00 would be read as its beginning."""
    told = timezone.localtime(at, timezone.get_default_timezone()).strftime("%H:%M")
    return "24:00" if told == "00:00" else told


def _midnight(day: date) -> datetime:
    """In UTC: between two moments of one zone Python would count the hours of the wall clock."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone()).astimezone(UTC)
