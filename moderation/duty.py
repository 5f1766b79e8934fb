"""Who is on call: shifts, the order in which people are told, and the rooms that are open while somebody is.

Moderators and clinicians put themselves on call; a coordinator plans for everybody, and may stand last in line. Every
change is on the trail. Called by the rota page, the clocks and the alerts; who may see the page is the page's business.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Account, Role
from moderation.models import Shift
from moderation.refusals import Refused
from rooms import joining
from rooms.models import Room
from vault import trail

ATTENDING = (Role.MODERATOR, Role.CLINICIAN)  # with one of these on call, somebody attends
ON_CALL = (*ATTENDING, Role.COORDINATOR)
STEPS = range(1, 10)  # places in line
LONGEST = timedelta(days=7)  # a shift longer than this is a slip of the pen
AHEAD = timedelta(days=370)


def on_call(now: datetime, *roles: Role) -> list[Account]:
    """Each once, in the order in which they are told; of every role where none is named."""
    return [account for rank in ranks(now, *roles) for account in rank]


def ranks(now: datetime, *roles: Role) -> list[list[Account]]:
    """Who is told together, first to last: the first of each role, then the second, and coordinators after all others."""
    line: list[list[Account]] = []
    for role in roles or ON_CALL:
        start = len(line) if role == Role.COORDINATOR else 0
        for number, rank in enumerate(_ranks_of(role, now), start):
            if number == len(line):
                line.append([])
            line[number] += rank
    return line


def somebody_attends(now: datetime) -> bool:
    return _running(now).filter(account__role__in=ATTENDING).exists()


def attended_until(now: datetime) -> datetime | None:
    """Until when somebody attends without a gap. None: nobody does now."""
    until: datetime | None = None
    ahead = _of_active(Shift.objects.filter(ends__gt=now, account__role__in=ATTENDING)).order_by("starts")
    for starts, ends in ahead.values_list("starts", "ends"):
        if starts > (until or now):
            break
        until = max(until or ends, ends)
    return until


def start(account: Account, until: datetime, by: Account) -> Shift:
    """On call from now, until then at least. Raises Refused: not_on_rota, past, shift_length, others_shift."""
    now = timezone.now()
    _check(account, now, until, by)
    with transaction.atomic():
        running = _running(now).filter(account=account).select_for_update(of=("self",)).order_by("-ends").first()
        if running is None:
            return _add(account, now, until, 1, by, "duty.start")
        if running.ends < until:
            running.ends = until
            running.save(update_fields=["ends"])
            _changed(by, "duty.start", running)
        return running


def stop(account: Account, by: Account) -> None:
    """Not on call any more. What is planned for later stays. Raises Refused: others_shift, not_on_call."""
    _check_planner(account, by)
    now = timezone.now()
    with transaction.atomic():
        running = list(_running(now).filter(account=account).select_for_update(of=("self",)))
        if not running:
            raise Refused("not_on_call")
        for shift in running:
            _end(shift, now, by, "duty.stop")


def plan(account: Account, starts: datetime, ends: datetime, step: int, by: Account) -> Shift:
    """Shifts may overlap; the same one a second time only takes the new step.

    Raises Refused: not_on_rota, past, shift_order, shift_length, others_shift.
    """
    _check(account, starts, ends, by)
    with transaction.atomic():
        there = Shift.objects.select_for_update(of=("self",)).filter(account=account, starts=starts, ends=ends).first()
        if there is None:
            return _add(account, starts, ends, step, by, "duty.plan")
        there.step = step
        there.save(update_fields=["step"])
        _changed(by, "duty.plan", there)
        return there


def remove(shift_id: int, by: Account) -> None:
    """A shift to come goes, one that runs ends now, one that is over stays. Raises Refused: not_found, others_shift, past."""
    now = timezone.now()
    with transaction.atomic():
        shift = Shift.objects.select_for_update(of=("self",)).filter(pk=shift_id).first()
        if shift is None:
            raise Refused("not_found")
        _check_planner(shift.account, by)
        if shift.ends <= now:
            raise Refused("past")
        _end(shift, now, by, "duty.remove")


def tell_rooms(now: datetime | None = None) -> int:
    """Rooms that are open while somebody attends learn until when. Says how many changed. Call it before the trail's lock."""
    now = now or timezone.now()
    until = attended_until(now)
    rooms = Room.objects.filter(opening=Room.Opening.ATTENDED)
    if until is None:  # a time that is over says closed already
        rooms, until = rooms.filter(attended_until__gt=now), now
    else:
        rooms = rooms.exclude(attended_until=until)
    if not rooms.exists():  # every few seconds, and almost always: without taking a lock
        return 0
    with transaction.atomic():
        changed = list(rooms.select_for_update(no_key=True).order_by("pk"))  # in the order of rooms.commit
        for room in changed:
            room.attended_until = until
            room.save(update_fields=["attended_until"])
            joining.rules_changed(room)
    return len(changed)


def _ranks_of(role: Role, now: datetime) -> list[list[Account]]:
    """One list for each step that somebody of this role has now."""
    found: dict[int, list[Account]] = {}
    seen: set[int] = set()
    running = _running(now).filter(account__role=role).select_related("account")
    for shift in running.order_by("step", "starts", "pk"):
        if shift.account_id not in seen:
            seen.add(shift.account_id)
            found.setdefault(shift.step, []).append(shift.account)
    return list(found.values())


def _running(now: datetime) -> QuerySet[Shift]:
    return _of_active(Shift.objects.filter(starts__lte=now, ends__gt=now))


def _of_active(shifts: QuerySet[Shift]) -> QuerySet[Shift]:
    return shifts.filter(account__is_active=True, account__role__in=ON_CALL)


def _check(account: Account, starts: datetime, ends: datetime, by: Account) -> None:
    now = timezone.now()
    if account.role not in ON_CALL or not account.is_active:
        raise Refused("not_on_rota")
    _check_planner(account, by)
    if ends <= starts:
        raise Refused("shift_order")
    if ends <= now:
        raise Refused("past")
    if ends - starts > LONGEST or starts - now > AHEAD:
        raise Refused("shift_length")


def _check_planner(account: Account, by: Account) -> None:
    if by.pk != account.pk and by.role != Role.COORDINATOR:
        raise Refused("others_shift")


def _add(account: Account, starts: datetime, ends: datetime, step: int, by: Account, act: str) -> Shift:
    shift = Shift.objects.create(account=account, starts=starts, ends=ends, step=step)
    _changed(by, act, shift)
    return shift


def _end(shift: Shift, now: datetime, by: Account, act: str) -> None:
    """What has begun stays as a record of who was on call."""
    pk = shift.pk
    if shift.starts < now:
        shift.ends = now
        shift.save(update_fields=["ends"])
    else:
        shift.delete()
        shift.pk = pk
    _changed(by, act, shift)


def _changed(by: Account, act: str, shift: Shift) -> None:
    tell_rooms()
    starts, ends = (at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") for at in (shift.starts, shift.ends))
    subject = f"shift:{shift.pk} account:{shift.account_id}"
    trail.record(actor=f"account:{by.pk}", act=act, subject=subject, why=f"{starts} to {ends}, step {shift.step}")
