"""How a room stands now, in words for those who keep it: open or closed, locked, slow, with a notice. Values in, words out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rooms.durations import spoken
from rooms.models import Room
from rooms.rules import Rules, rules_of


@dataclass(frozen=True, slots=True)
class State:
    kind: str  # open, closed, read_only, locked, slow, notice: the class of its badge
    text: str


def states_of(room: Room, now: datetime) -> list[State]:
    """The most important one first; a room that is just open has that one alone."""
    rules = rules_of(room)
    return [*_shut(rules, now), *_hours(rules, now), *_slow(rules, now), *_notice(rules, now)]


def when(at: datetime, now: datetime) -> str:
    """`6:30 p.m.` today, `Mon, Nov 23, 6:30 p.m.` on another day; by the program's clock."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    clock = time_format(local)
    if local.date() == today:
        return clock
    return f"{date_format(local, pgettext('a day in a few letters', 'D, M j'))}, {clock}"


def _shut(rules: Rules, now: datetime) -> Iterator[State]:
    if rules.read_only:
        yield State("read_only", _("Read only"))
    if rules.locked_until and rules.locked_until > now:
        yield State("locked", _("Locked until %(when)s") % {"when": when(rules.locked_until, now)})


def _hours(rules: Rules, now: datetime) -> Iterator[State]:
    if rules.is_open(now):
        closes = rules.hours.closes_at(now)
        if closes is not None:
            yield State("open", _("Open until %(when)s") % {"when": when(closes, now)})
        elif not any(_shut(rules, now)):
            yield State("open", _("Open"))
    elif (opens := rules.hours.opens_at(now)) is not None:
        yield State("closed", _("Closed until %(when)s") % {"when": when(opens, now)})
    else:
        yield State("closed", _("Closed until somebody is on call"))


def _slow(rules: Rules, now: datetime) -> Iterator[State]:
    if rules.slow_seconds and rules.slow_until and rules.slow_until > now:
        told = {"every": spoken(rules.slow_seconds), "when": when(rules.slow_until, now)}
        yield State("slow", _("One message every %(every)s until %(when)s") % told)


def _notice(rules: Rules, now: datetime) -> Iterator[State]:
    if rules.notice and rules.notice_until and rules.notice_until > now:
        yield State("notice", _("Notice until %(when)s") % {"when": when(rules.notice_until, now)})
