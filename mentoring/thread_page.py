"""What a thread's page shows beside the talk, put together for one of its two people. Read only; the doors are goals, milestones, shared,
appointments and closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import Account
from mentoring import absence, closing, goals, milestones, retention, shared
from mentoring.absence import Absence
from mentoring.appointments import Appointments, appointments_of
from mentoring.covering import stands_in_of
from mentoring.goals import OpenGoal
from mentoring.milestones import OpenMilestone
from mentoring.models import Thread
from mentoring.shared import Line
from mentoring.supervision import supervision_of
from mentoring.writing import other_of
from rooms.faces import pseudonym_of
from rooms.models import Membership


@dataclass(frozen=True, slots=True)
class Earlier:
    """Of the thread whose mentor is away, for who stands in: only where the client wanted it."""

    mentor: str
    shared: list[Line]
    goals: list[OpenGoal]
    milestones: list[OpenMilestone]


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """`other` is how the other is called here; `stands_in_for` the mentor who is away, in the thread of a cover."""

    thread: Thread
    is_client: bool
    may_write: bool
    other: str
    other_is_out: bool
    absence: Absence | None
    turns_at: datetime | None
    shared: list[Line]
    addable: list[tuple[str, str]]
    goals: list[OpenGoal]
    milestones: list[OpenMilestone]
    appointments: Appointments
    zone: str
    supervision: str
    stands_in_for: str
    back_on: date | None
    earlier: Earlier | None
    kept_until: datetime | None
    farewell: str
    summary: str

    @property
    def open_goals(self) -> list[OpenGoal]:
        return [each for each in self.goals if each.is_open]

    @property
    def reached_goals(self) -> list[OpenGoal]:
        """Those that are no milestone yet."""
        return [each for each in self.goals if each.reached_at and not each.is_celebrated]

    @property
    def past_goals(self) -> list[OpenGoal]:
        return [each for each in self.goals if each.let_go_at]


def page_of(thread: Thread, account: Account) -> ThreadPage:
    is_client = account.pk == thread.client_id
    members = {each.account_id: each for each in Membership.objects.filter(room=thread.room_id)}
    mine, other = members[account.pk], members[other_of(thread, account).pk]
    supervision = supervision_of(thread.mentor) if thread.closed_at is None else None
    covered = stands_in_of(thread)
    return ThreadPage(
        thread=thread,
        is_client=is_client,
        may_write=thread.closed_at is None and not (mine.muted_until and mine.muted_until > timezone.now()),
        other=pseudonym_of(other),
        other_is_out=absence.is_out(thread.room_id, other_of(thread, account)) if thread.closed_at is None else False,
        absence=absence.absence_of(thread, account),
        turns_at=absence.turns_at(thread),
        shared=shared.lines_of(thread),
        addable=shared.addable(thread) if is_client else [],
        goals=goals.goals_of(thread),
        milestones=milestones.milestones_of(thread),
        appointments=appointments_of(thread),
        zone=timezone.get_current_timezone_name(),
        supervision=supervision.for_client if supervision else "",
        stands_in_for=covered.mentor if covered else "",
        back_on=covered.until if covered else None,
        earlier=_earlier(thread, covered.mentor if covered else ""),
        kept_until=retention.kept_until(thread),
        farewell=closing.farewell_of(thread),
        summary=closing.summary_of(thread),
    )


def _earlier(thread: Thread, mentor: str) -> Earlier | None:
    """Asked of the thread that rests each time: the client may have changed their mind."""
    if thread.covers is None or not mentor or not thread.covers.shares_with_cover:
        return None
    return Earlier(
        mentor,
        shared.lines_of(thread.covers),
        goals.goals_of(thread.covers),
        milestones.milestones_of(thread.covers),
    )
