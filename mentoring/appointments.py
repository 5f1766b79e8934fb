"""Times to meet: proposed by one, agreed to, declined or called off. Nothing of them says what they are about.

The mentor's row is locked where a time is agreed, so that two clients cannot have the same one, whatever process they are on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Account
from mentoring import post, writing
from mentoring.models import Appointment, Mentor, Respite, Thread
from mentoring.refusals import Refused
from rooms import topics

MINUTES: Final = (15, 30, 45, 60, 90)
AHEAD = timedelta(days=365)
SOON = timedelta(hours=1)  # before it, both are told that something is new
_MOST = 10  # to come, in one thread
_PAST = 10  # shown of those that are over

_State = Appointment.State


@dataclass(frozen=True, slots=True)
class Appointments:
    """Of one thread, as its page shows them."""

    to_come: list[Appointment]  # agreed, the next one first
    proposed: list[Appointment]
    past: list[Appointment]  # over, declined or called off, the newest first


def propose(
    *, thread: Thread, by: Account, starts: datetime, minutes: int, way: Appointment.Way, instead_of: str = ""
) -> Appointment:
    """`instead_of` is declined, or called off, with the same act. Raises Refused: `past`, `far`, `length`, `overlaps`, `away_then`,
    `many_appointments`."""
    _check_time(starts, minutes)
    with writing.turn(thread, by, "thread.appointment") as thread:
        _lock_mentor(thread)
        if instead_of:
            _set_aside(thread, instead_of, by)
        if _open(thread.appointments.all()).filter(starts__gt=timezone.now()).count() >= _MOST:
            raise Refused("many_appointments")
        appointment = Appointment(
            thread=thread, starts=starts, minutes=minutes, way=way, by_client=by.pk == thread.client_id
        )
        _check_free(appointment)
        appointment.save(force_insert=True)
        post.tell(writing.other_of(thread, by))
    return appointment


def agree(*, thread: Thread, appointment_id: str, by: Account) -> Appointment:
    """By the one it was proposed to. Raises Refused: `not_found`, `settled`, `past`, `overlaps`, `away_then`."""
    with writing.turn(thread, by, "thread.appointment_agreed") as thread:
        _lock_mentor(thread)
        appointment = _found(thread, appointment_id)
        if appointment.state != _State.PROPOSED or _is_own(appointment, thread, by):
            raise Refused("settled")
        if appointment.starts <= timezone.now():
            raise Refused("past")
        _check_free(appointment)
        _turn(appointment, _State.AGREED)
        post.tell(writing.other_of(thread, by))
    return appointment


def decline(*, thread: Thread, appointment_id: str, by: Account) -> Appointment:
    """By the one it was proposed to. Raises Refused: `not_found`, `settled`."""
    with writing.turn(thread, by, "thread.appointment_declined") as thread:
        appointment = _found(thread, appointment_id)
        if appointment.state != _State.PROPOSED or _is_own(appointment, thread, by):
            raise Refused("settled")
        _turn(appointment, _State.DECLINED)
        post.tell(writing.other_of(thread, by))
    return appointment


def call_off(*, thread: Thread, appointment_id: str, by: Account) -> Appointment:
    """An agreed one by either, a proposed one by who proposed it. Raises Refused: `not_found`, `settled`, `past`."""
    with writing.turn(thread, by, "thread.appointment_off") as thread:
        appointment = _found(thread, appointment_id)
        _check_may_call_off(appointment, thread, by)
        _turn(appointment, _State.CANCELLED)
        post.tell(writing.other_of(thread, by))
    return appointment


def call_off_all(thread: Thread, before: datetime | None = None) -> int:
    """With the end of the thread, or while its mentor is away (until `before`), inside that transaction. Says how many it were."""
    to_come = _open(thread.appointments.select_for_update()).filter(starts__gt=timezone.now())
    found = list(to_come.filter(starts__lt=before) if before else to_come)
    for appointment in found:
        _turn(appointment, _State.CANCELLED)
    return len(found)


def appointments_of(thread: Thread) -> Appointments:
    """One query."""
    now = timezone.now()
    to_come, proposed, past = [], [], []
    for each in thread.appointments.all():
        if end_of(each) <= now or each.state in (_State.DECLINED, _State.CANCELLED):
            past.append(each)
        elif each.state == _State.AGREED:
            to_come.append(each)
        elif each.starts > now:
            proposed.append(each)
        else:
            past.append(each)
    return Appointments(to_come, proposed, past[::-1][:_PAST])


def end_of(appointment: Appointment) -> datetime:
    return appointment.starts + timedelta(minutes=appointment.minutes)


def remind(now: datetime | None = None) -> int:
    """An hour before, both are told once that something is new (settings.CHORES). Says how many appointments."""
    now = now or timezone.now()
    due = Appointment.objects.filter(
        state=_State.AGREED, reminded_at=None, starts__gt=now, starts__lte=now + SOON, thread__closed_at=None
    )
    return sum(_reminded(pk, now) for pk in list(due.values_list("pk", flat=True)))


def _reminded(pk: str, now: datetime) -> bool:
    """Whoever writes the time of it first does it, in whichever process."""
    with transaction.atomic():
        if not Appointment.objects.filter(pk=pk, reminded_at=None, state=_State.AGREED).update(reminded_at=now):
            return False
        thread = Thread.objects.select_related("client", "mentor__account").get(appointments=pk)
        for account in (thread.client, thread.mentor.account):
            topics.moved(topics.person_topic(account.pk))
            post.tell(account, at_once=True)  # later it would help nobody
    return True


def _check_time(starts: datetime, minutes: int) -> None:
    now = timezone.now()
    if starts <= now:
        raise Refused("past")
    if starts > now + AHEAD:
        raise Refused("far")
    if minutes not in MINUTES:
        raise Refused("length")


def _check_free(appointment: Appointment) -> None:
    """Of the mentor, among all their threads: a client learns that the time is taken, and nothing more."""
    ends = end_of(appointment)
    near = Appointment.objects.filter(
        thread__mentor=appointment.thread.mentor_id,
        state=_State.AGREED,
        starts__lt=ends,
        starts__gt=appointment.starts - timedelta(minutes=max(MINUTES)),
    )
    if any(end_of(each) > appointment.starts for each in near.exclude(pk=appointment.pk)):
        raise Refused("overlaps")
    last = timezone.localdate(ends - timedelta(seconds=1))
    away = Respite.objects.open().filter(mentor=appointment.thread.mentor_id, starts__lte=last)
    if away.filter(ends__gt=timezone.localdate(appointment.starts)).exists():
        raise Refused("away_then")


def _lock_mentor(thread: Thread) -> None:
    Mentor.objects.select_for_update(of=("self",), no_key=True).get(pk=thread.mentor_id)


def _found(thread: Thread, appointment_id: str) -> Appointment:
    found = thread.appointments.select_for_update().filter(pk=appointment_id).first()
    if found is None:
        raise Refused("not_found")
    return found


def _set_aside(thread: Thread, appointment_id: str, by: Account) -> None:
    appointment = _found(thread, appointment_id)
    if appointment.state == _State.PROPOSED and not _is_own(appointment, thread, by):
        _turn(appointment, _State.DECLINED)
        return
    _check_may_call_off(appointment, thread, by)
    _turn(appointment, _State.CANCELLED)


def _check_may_call_off(appointment: Appointment, thread: Thread, by: Account) -> None:
    mine = appointment.state == _State.PROPOSED and _is_own(appointment, thread, by)
    if not mine and appointment.state != _State.AGREED:
        raise Refused("settled")
    if end_of(appointment) <= timezone.now():
        raise Refused("past")


def _is_own(appointment: Appointment, thread: Thread, by: Account) -> bool:
    return appointment.by_client == (by.pk == thread.client_id)


def _turn(appointment: Appointment, state: Appointment.State) -> None:
    appointment.state = state
    appointment.sequence += 1
    appointment.save(update_fields=["state", "sequence"])


def _open(found: QuerySet[Appointment]) -> QuerySet[Appointment]:
    return found.filter(state__in=(_State.PROPOSED, _State.AGREED))
