"""Trainings done: read and answered here (answering), or recorded from outside, by the mentor (a coordinator then confirms it) or for them.

Whether one counts today is asked of `standing`. Called by the pages of training and of a mentor's file.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from mentoring import checking
from mentoring.curriculum import module
from mentoring.models import Mentor, Training
from mentoring.refusals import Refused
from mentoring.standing import name_of

MOST_HOURS = Decimal(200)
_LEAST_HOURS = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class Opened:
    """One training that was done, open, as its owner and a coordinator may read it."""

    row: Training
    name: str
    provider: str
    why: str

    @property
    def state(self) -> str:
        """withdrawn, waiting, expired, counts."""
        if self.row.withdrawn_at:
            return "withdrawn"
        if not self.row.verified_at:
            return "waiting"
        is_over = self.row.expires is not None and self.row.expires < timezone.localdate()
        return "expired" if is_over else "counts"


def of(mentor: Mentor) -> list[Opened]:
    """The newest first."""
    rows = Training.objects.filter(mentor=mentor).select_related("verified_by", "withdrawn_by")
    return [
        Opened(row, name_of(row.module), checking.opened(row, "provider"), checking.opened(row, "why")) for row in rows
    ]


def hours_of(done: list[Opened]) -> Decimal:
    """Of all that a coordinator confirmed or that was done here, whether it counts still or has expired."""
    return sum((each.row.hours for each in done if each.state in ("counts", "expired")), Decimal(0))


@transaction.atomic
def record(
    *,
    mentor: Mentor,
    code: str,
    provider: str,
    done_on: date,
    hours: Decimal,
    expires: date | None,
    by: Account,
) -> Training:
    """One from outside. Where its paper names no end, it counts as long as ours would.

    Raises Refused: not_found, dates_order, done_later, hours.
    """
    today = timezone.localdate()
    expires = expires or months_later(done_on, module(code).valid_months)
    if done_on > today:
        raise Refused("done_later")
    if expires <= done_on:
        raise Refused("dates_order")
    if not _LEAST_HOURS <= hours <= MOST_HOURS:
        raise Refused("hours")
    row = Training.objects.create(
        mentor=mentor,
        module=code,
        done_on=done_on,
        hours=hours,
        expires=expires,
        source=Training.Source.OUTSIDE,
        added_by=by,
        **checking.by_hand_of(by, mentor),
    )
    row.provider = checking.close(row, "provider", provider)
    row.save(update_fields=["provider"])
    checking.tell_the_other(mentor, by)
    checking.note(row, by, "record")
    return row


def check(*, mentor: Mentor, pk: int, by: Account) -> None:
    """Raises Refused: not_found, settled."""
    checking.check(Training, mentor=mentor, pk=pk, by=by)


def withdraw(*, mentor: Mentor, pk: int, why: str, by: Account) -> None:
    """Raises Refused: not_found, settled, empty."""
    checking.withdraw(Training, mentor=mentor, pk=pk, why=why, by=by)


def take_back(*, mentor: Mentor, pk: int) -> None:
    """Raises Refused("not_found")."""
    checking.take_back(Training, mentor=mentor, pk=pk)


def months_later(day: date, months: int) -> date:
    """The same day of the month, or its last one where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
