"""How much a mentor's weeks weigh: facts of their work (messages, hours, crises, clients), never a word of anybody.

The weights stand in one place and are our own choice; docs/mentoring.md says what speaks for them. They turn everything into hours, so that
one number can be compared with the weeks before. Five queries, however many mentors and weeks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models import Case, Count, ExpressionWrapper, IntegerField, Q, Value, When
from django.utils import timezone

from mentoring.hours import hours_of
from mentoring.models import Debrief, Mentor, Thread
from rooms.models import Call, Message, Room
from rooms.seconds import Seconds

WEEKS: Final = 8
HALF: Final = WEEKS // 2  # the last weeks are compared with as many before them
NIGHT: Final = (22, 6)  # from, to: hours of the wall clock
_QUARTER: Final = 15 * 60  # seconds
_RISES_BY, _RISES_FROM = 1.25, 2.0  # a quarter more than before, and at least two hours a week


@dataclass(frozen=True, slots=True)
class Weights:
    """What each fact counts for, in hours a week."""

    hour: float = 1.0  # an hour in which they wrote or talked
    outside: float = 0.5  # more, for an hour outside of the hours they said
    night: float = 1.0  # more, for an hour at night; outside is not counted on top
    received: float = 0.03  # a message of a client: two minutes to take it in
    sent: float = 0.01  # a message of theirs: most of its time is in the hours already
    crisis: float = 2.0  # a room in crisis, once a day
    client: float = 0.5  # each client, whether they wrote or not: thinking of them, notes, supervision


WEIGHTS: Final = Weights()


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `first`. Hours are distinct quarter hours in which they wrote in a thread or group, or a call ran."""

    first: date
    clients: int = 0
    sent: int = 0
    received: int = 0
    crises: int = 0
    hours: float = 0.0
    outside: float = 0.0  # of the hours: those beyond what the mentor said, by day
    night: float = 0.0  # of the hours: those at night

    @property
    def load(self) -> float:
        counted = (
            WEIGHTS.hour * self.hours
            + WEIGHTS.outside * self.outside
            + WEIGHTS.night * self.night
            + WEIGHTS.received * self.received
            + WEIGHTS.sent * self.sent
            + WEIGHTS.crisis * self.crises
            + WEIGHTS.client * self.clients
        )
        return round(counted, 1)


@dataclass(frozen=True, slots=True)
class Load:
    """The last eight weeks, oldest first."""

    weeks: tuple[Week, ...]

    @property
    def before(self) -> float:
        """The mean of the first four weeks."""
        return round(sum(week.load for week in self.weeks[:HALF]) / HALF, 1)

    @property
    def now(self) -> float:
        return round(sum(week.load for week in self.weeks[HALF:]) / HALF, 1)

    @property
    def is_rising(self) -> bool:
        return self.now >= self.before * _RISES_BY and self.now - self.before >= _RISES_FROM

    @property
    def crises(self) -> int:
        """Of the last two weeks."""
        return sum(week.crises for week in self.weeks[-2:])


def loads_of(mentors: Sequence[Mentor], now: datetime | None = None) -> dict[int, Load]:
    """By the mentor's number. Weeks are seven days of the program's calendar, counted back from today."""
    today = timezone.localdate(now or timezone.now())
    firsts = [today - timedelta(days=7 * (WEEKS - number) - 1) for number in range(WEEKS)]
    facts = _Facts(mentors, firsts)
    return {mentor.pk: Load(tuple(facts.week(mentor, number) for number in range(WEEKS))) for mentor in mentors}


class _Facts:
    """What happened in these weeks, counted once for all mentors."""

    def __init__(self, mentors: Sequence[Mentor], firsts: Sequence[date]) -> None:
        self._firsts = firsts
        self._starts = [int(_midnight(first).timestamp()) for first in firsts]
        self._start = _midnight(firsts[0])
        self._ids = [mentor.pk for mentor in mentors]
        self._threads = list(
            Thread.objects.filter(mentor__in=self._ids)
            .filter(Q(closed_at=None) | Q(closed_at__gte=self._start))
            .order_by()
            .values_list("room_id", "mentor_id", "opened_at", "closed_at")
        )
        self._mentor_of = {room: mentor for room, mentor, *_rest in self._threads}
        self._quarters: dict[int, set[int]] = defaultdict(set)
        self._known: dict[int, tuple[datetime, bool]] = {}
        self._counts: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
        self._count_messages()
        self._count_quarters()
        self._count_calls()
        self._count_crises()
        self._count_clients()
        for mentor in mentors:
            self._count_hours(mentor)

    def week(self, mentor: Mentor, number: int) -> Week:
        at = (mentor.pk, number)
        counts = self._counts
        return Week(
            first=self._firsts[number],
            clients=counts["clients"][at],
            sent=counts["sent"][at],
            received=counts["received"][at],
            crises=counts["crises"][at],
            hours=counts["quarters"][at] / 4,
            outside=counts["outside"][at] / 4,
            night=counts["night"][at] / 4,
        )

    def _count_messages(self) -> None:
        """Those of the threads, by who wrote them and week."""
        starts = list(enumerate(_midnight(first) for first in self._firsts))
        week = Case(
            *(When(posted_at__gte=start, then=Value(number)) for number, start in reversed(starts)),
            output_field=IntegerField(),
        )
        rows = (
            Message.objects.filter(room__in=list(self._mentor_of), posted_at__gte=self._start)
            .order_by()
            .annotate(week=week)
            .values_list("room_id", "author__account_id", "week")
            .annotate(count=Count("pk"))
        )
        for room, author, number, count in rows:
            mentor = self._mentor_of[room]
            self._counts["sent" if author == mentor else "received"][(mentor, number)] += count

    def _count_quarters(self) -> None:
        """In which they wrote, in a thread or a group. Worked out by the database: what was written often is one row."""
        quarter = ExpressionWrapper(Seconds("posted_at") / _QUARTER, output_field=IntegerField())
        at_work = Q(room__in=list(self._mentor_of)) | Q(room__kind=Room.Kind.GROUP)
        rows = (
            Message.objects.filter(at_work, author__account__in=self._ids, posted_at__gte=self._start)
            .order_by()
            .annotate(quarter=quarter)
            .values_list("author__account_id", "quarter")
            .distinct()
        )
        for mentor, moment in rows:
            self._quarters[mentor].add(moment)

    def _count_calls(self) -> None:
        calls = Call.objects.filter(room__in=list(self._mentor_of)).exclude(answered_at=None)
        ran = calls.filter(Q(ended_at=None) | Q(ended_at__gte=self._start))
        now = timezone.now()
        for room, answered, ended in ran.values_list("room_id", "answered_at", "ended_at"):
            if answered is None:
                continue
            first = int(max(answered, self._start).timestamp()) // _QUARTER
            last = int((ended or now).timestamp()) // _QUARTER
            self._quarters[self._mentor_of[room]].update(range(first, last + 1))

    def _count_crises(self) -> None:
        found = Debrief.objects.filter(mentor__in=self._ids, offered_at__gte=self._start, room__isnull=False)
        for mentor, at in found.order_by().values_list("mentor_id", "offered_at"):
            self._counts["crises"][(mentor, self._week_of(int(at.timestamp())))] += 1

    def _count_clients(self) -> None:
        for _room, mentor, opened, closed in self._threads:
            began = timezone.localdate(opened)
            ended = timezone.localdate(closed) if closed else None
            for number, first in enumerate(self._firsts):
                if began < first + timedelta(days=7) and (ended is None or ended >= first):
                    self._counts["clients"][(mentor, number)] += 1

    def _count_hours(self, mentor: Mentor) -> None:
        hours = hours_of(mentor)
        for moment in self._quarters[mentor.pk]:
            at, is_night = self._quarter(moment)
            where = (mentor.pk, self._week_of(moment * _QUARTER))
            self._counts["quarters"][where] += 1
            if is_night:
                self._counts["night"][where] += 1
            elif not hours.is_open(at):
                self._counts["outside"][where] += 1

    def _quarter(self, moment: int) -> tuple[datetime, bool]:
        """When it begins and whether that is at night: eight weeks have some 5,000, asked for by every mentor."""
        if moment not in self._known:
            at = datetime.fromtimestamp(moment * _QUARTER, UTC)
            hour = timezone.localtime(at).hour
            self._known[moment] = (at, hour >= NIGHT[0] or hour < NIGHT[1])
        return self._known[moment]

    def _week_of(self, seconds: int) -> int:
        return max(0, bisect_right(self._starts, seconds) - 1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
