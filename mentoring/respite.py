"""Time away with somebody standing in: planned, begun, prolonged, ended. What it does to threads is in `covering`.

Called by the mentor's and the coordinator's pages and by the clock (settings.CHORES). What is decided here is stored first; the threads
then follow, one transaction each, and can follow again at any time: nothing is half done for longer than a quarter of an hour.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.actors import actor
from accounts.models import Account, Role
from mentoring import cover as covers
from mentoring import covering, post
from mentoring.covering import Away as Away
from mentoring.covering import away_of as away_of
from mentoring.covering import aways_of as aways_of
from mentoring.covering import stands_in_of as stands_in_of
from mentoring.models import Mentor, Respite
from mentoring.models.wellbeing import RespiteQuerySet
from mentoring.refusals import Refused
from mentoring.standing import standing_of
from rooms import topics
from vault import trail

LONGEST: Final = timedelta(days=180)
AHEAD: Final = timedelta(days=365)  # how long before it may be planned
_log = logging.getLogger(__name__)


def respites_of(account: Account) -> RespiteQuerySet:
    """Those this person may decide on: their own, or as a coordinator everybody's."""
    found = Respite.objects.select_related("mentor__account", "cover__account")
    if account.role == Role.COORDINATOR:
        return found
    return found.filter(mentor__account=account) if account.role == Role.MENTOR else found.none()


def asked_to_cover(account: Account) -> RespiteQuerySet:
    """Those in which this mentor stands in, or will."""
    found = Respite.objects.open().filter(cover__account=account, lack="")
    return found.select_related("mentor__account", "cover__account")


def plan(
    *, mentor: Mentor, cover_id: int | None, starts: date, ends: date, by: Account, knowingly: bool = False
) -> Respite:
    """`ends` is the day on which they are back. The cover mentor is told and can decline before it starts; without one, coordinators are
    told to find somebody: nobody's rest hangs on it.

    Raises Refused: `past`, `away_order`, `away_long`, `away_overlaps`, `stands_in`, `cover_cannot`, `cover_over`.
    """
    with transaction.atomic():
        _lock(mentor.pk, cover_id)
        check_days(mentor, starts, ends)
        cover = covers.check(mentor, cover_id, starts, ends, knowingly=knowingly).mentor if cover_id else None
        respite = Respite.objects.create(
            mentor=mentor, cover=cover, starts=starts, ends=ends, by=by, lack="" if cover else Respite.Lack.NOBODY
        )
        _tell(*_cover_of(respite), *_unless(by, mentor.account))
        if cover is None:
            _tell(*(each for each in _coordinators() if each.pk != by.pk))
        _note(respite, "plan", by)
    return begin(respite=respite, by=by) if starts <= timezone.localdate() else respite


def check_days(mentor: Mentor, starts: date, ends: date, *, beside: Respite | None = None) -> None:
    """Raises Refused where this mentor cannot be away on these days."""
    today = timezone.localdate()
    if ends <= starts:
        raise Refused("away_order")
    if ends <= today or (beside is None and starts < today) or starts > today + AHEAD:
        raise Refused("past")
    if ends - starts > LONGEST:
        raise Refused("away_long")
    others = (
        Respite.objects.open().filter(starts__lt=ends, ends__gt=starts).exclude(pk__in=[beside.pk] if beside else [])
    )
    if others.filter(mentor=mentor).exists():
        raise Refused("away_overlaps")
    if others.filter(cover=mentor, lack="").exists():
        raise Refused("stands_in")


def name_cover(*, respite: Respite, cover_id: int, by: Account, knowingly: bool = False) -> None:
    """Another mentor stands in from now on. Raises Refused as `plan` does, and `settled`."""
    with transaction.atomic():
        _lock(respite.mentor_id, respite.cover_id, cover_id)
        respite = _open(respite)
        starts = max(respite.starts, timezone.localdate())
        cover = covers.check(respite.mentor, cover_id, starts, respite.ends, knowingly=knowingly, beside=respite).mentor
        was = _cover_of(respite)
        respite.cover, respite.lack = cover, ""
        respite.save(update_fields=["cover", "lack"])
        _tell(cover.account, *was, *_unless(by, respite.mentor.account))
        _note(respite, "cover", by)
    _settle(respite, by)


def decline(*, respite: Respite, by: Account) -> None:
    """The cover mentor cannot, before it starts; coordinators are told to find somebody else. Raises Refused("settled")."""
    with transaction.atomic():
        respite = _open(respite)
        if respite.state != Respite.State.PLANNED or respite.cover_id != by.pk or respite.lack:
            raise Refused("settled")
        _lacks(respite, Respite.Lack.DECLINED, by)


def move_end(*, respite: Respite, ends: date, by: Account) -> None:
    """Longer or shorter. Raises Refused as `plan` does, and `cover_away` where the cover mentor cannot for so long."""
    with transaction.atomic():
        _lock(respite.mentor_id, respite.cover_id)
        respite = _open(respite)
        check_days(respite.mentor, respite.starts, ends, beside=respite)
        away = Respite.objects.open().filter(mentor=respite.cover, starts__lt=ends, ends__gt=respite.starts)
        if not respite.lack and away.exists():
            raise Refused("cover_away")
        respite.ends = ends
        respite.save(update_fields=["ends"])
        _tell(*_cover_of(respite), *_unless(by, respite.mentor.account))
        _note(respite, "move", by)
    covering.settle(respite.mentor_id, by=by)  # appointments on the days that came with it
    covering.say_anew(respite.mentor_id)


def call_off(*, respite: Respite, by: Account | None) -> None:
    """It does not happen; one that runs ends now. Raises Refused("settled")."""
    with transaction.atomic():
        respite = _open(respite)
        is_running = respite.state == Respite.State.RUNNING
        _end(respite, Respite.State.OVER if is_running else Respite.State.CALLED_OFF, by)
    covering.settle(respite.mentor_id, by=by)


def begin(*, respite: Respite, by: Account | None) -> Respite:
    """Now, by hand (`by`) or by the clock; as it stands then. Begun earlier than planned, the days are looked at again; and always, what was
    asked of the cover mentor when it was planned: where they cannot, another must be named, and the mentor is away all the same. A client
    whom they alone cannot take is not handed over (covering.alone).

    Raises Refused: `settled`, `past`, `away_overlaps`, `stands_in`.
    """
    today = timezone.localdate()
    with transaction.atomic():
        _lock(respite.mentor_id, respite.cover_id)
        respite = _open(respite)
        if respite.state != Respite.State.PLANNED:
            raise Refused("settled")
        if respite.ends <= today:
            raise Refused("past")
        if Respite.objects.running().filter(mentor=respite.mentor).exists():
            raise Refused("away_overlaps")
        if respite.starts > today:
            check_days(respite.mentor, today, respite.ends, beside=respite)
        respite.state, respite.began_at = Respite.State.RUNNING, timezone.now()
        respite.starts = min(respite.starts, today)
        respite.save(update_fields=["state", "began_at", "starts"])
        cover = None if respite.lack else respite.cover
        if cover is not None and not covers.is_able(cover, today, respite.ends, beside=respite):
            _lacks(respite, Respite.Lack.UNABLE, None)
        _tell(*_cover_of(respite), *_unless(by, respite.mentor.account))
        _note(respite, "begin", by)
    _settle(respite, by)
    return respite


def turn() -> int:
    """By the clock: begins and ends what is due, and looks whether each cover mentor is still there. Returns how many turned."""
    turned = 0
    for respite in Respite.objects.open().select_related("mentor__account", "cover__account"):
        try:
            turned += _turned(respite)
        except Exception as error:  # that of everybody else goes on; the words of the error may hold a name
            _log.error("A time away did not turn: %s.", type(error).__name__)
    covering.settle_left_over()
    return turned


def _turned(respite: Respite) -> bool:
    today = timezone.localdate()
    if respite.ends <= today:
        call_off(respite=respite, by=None)
        return True
    _watch(respite)
    if respite.state == Respite.State.PLANNED and respite.starts <= today:
        begin(respite=respite, by=None)
        return True
    if respite.state == Respite.State.RUNNING:
        covering.settle(respite.mentor_id)
    return False


def _settle(respite: Respite, by: Account | None) -> None:
    """Threads follow; and where a client has nobody then, coordinators are told."""
    covering.settle(respite.mentor_id, by=by)
    if covering.left_alone([respite.mentor_id]):
        _tell(*_coordinators())


def _watch(respite: Respite) -> None:
    """Papers that expire while a cover runs do not end it: running threads go on under supervision (credentials)."""
    if respite.lack or respite.cover is None:
        return
    account = respite.cover.account
    is_there = account.is_active and account.role == Role.MENTOR
    if is_there and (respite.state == Respite.State.RUNNING or standing_of(respite.cover).is_valid):
        return
    with transaction.atomic():
        _lacks(_open(respite), Respite.Lack.UNABLE, None)


def _lacks(respite: Respite, lack: Respite.Lack, by: Account | None) -> None:
    respite.lack = lack
    respite.save(update_fields=["lack"])
    _tell(respite.mentor.account, *_coordinators())
    _note(respite, lack, by)


def _end(respite: Respite, state: Respite.State, by: Account | None) -> None:
    respite.state, respite.ended_at, respite.lack = state, timezone.now(), ""
    respite.save(update_fields=["state", "ended_at", "lack"])
    _tell(*_cover_of(respite), *_unless(by, respite.mentor.account))
    _note(respite, "end" if state == Respite.State.OVER else "call_off", by)


def _open(respite: Respite) -> Respite:
    """The row as it is now, locked. Raises Refused("settled") where it is over."""
    rows = Respite.objects.select_for_update(of=("self",)).select_related("mentor__account", "cover__account")
    found = rows.open().filter(pk=respite.pk).first()
    if found is None:
        raise Refused("settled")
    return found


def _lock(*mentors: int | None) -> None:
    """So that two plans made at one moment see each other."""
    known = [pk for pk in mentors if pk is not None]
    list(Mentor.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=known).order_by("pk"))


def _cover_of(respite: Respite) -> list[Account]:
    return [respite.cover.account] if respite.cover is not None else []


def _coordinators() -> list[Account]:
    return list(Account.objects.filter(role=Role.COORDINATOR, is_active=True))


def _unless(by: Account | None, account: Account) -> list[Account]:
    """Nobody is told what they did themselves."""
    return [] if by is not None and by.pk == account.pk else [account]


def _tell(*accounts: Account) -> None:
    for account in accounts:
        topics.moved(topics.person_topic(account.pk))
        post.tell(account)


def _note(respite: Respite, act: str, by: Account | None) -> None:
    cover = f" account:{respite.cover_id}" if respite.cover_id else ""
    trail.record(
        actor=actor(by),
        act=f"respite.{act}",
        subject=f"respite:{respite.pk} account:{respite.mentor_id}{cover}",
    )
