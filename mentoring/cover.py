"""Who can stand in for a mentor who is away: with valid credentials, there themselves, and not kept apart from one of those clients.

Called by `respite`. A constant number of queries, however many mentors there are. Nothing here says why somebody is not among
them: that two are kept apart is not for the mentor to learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Role
from mentoring.mentors import called
from mentoring.models import Apart, Mentor, Respite, Thread
from mentoring.refusals import Refused
from mentoring.standing import standings_of
from vault import sealing


@dataclass(frozen=True, slots=True)
class Candidate:
    """`carries` counts their clients now, those they stand in for among them; `would_carry` adds those of who is away."""

    mentor: Mentor
    called: str
    carries: int
    would_carry: int

    @property
    def is_over(self) -> bool:
        return self.would_carry > self.mentor.capacity


def candidates(mentor: Mentor, starts: date, ends: date, *, beside: Respite | None = None) -> list[Candidate]:
    """Those with most room first. `beside` is the respite that a cover is looked for, and does not stand in its own way."""
    clients = list(Thread.objects.running().own().filter(mentor=mentor).values_list("client_id", flat=True))
    found = _there(mentor, starts, ends, clients, beside)
    sealing.warm(each for one in found for each in (one.called, one.account.sealed_name) if each is not None)
    valid = standings_of(found, max(starts, timezone.localdate()))
    carried = _carried(found, without=mentor)
    able = [
        Candidate(each, name, carried.get(each.pk, 0), carried.get(each.pk, 0) + len(clients))
        for each in found
        if valid[each.pk].is_valid and (name := called(each))
    ]
    return sorted(able, key=lambda each: (each.would_carry - each.mentor.capacity, each.called.casefold()))


def check(
    mentor: Mentor, cover_id: int, starts: date, ends: date, *, knowingly: bool, beside: Respite | None = None
) -> Candidate:
    """Raises Refused: `cover_cannot`, or `cover_over` where it would be more than their cap and nobody said that they know."""
    for each in candidates(mentor, starts, ends, beside=beside):
        if each.mentor.pk == cover_id:
            if each.is_over and not knowingly:
                raise Refused("cover_over", name=each.called, count=each.would_carry, cap=each.mentor.capacity)
            return each
    raise Refused("cover_cannot")


def _there(
    mentor: Mentor, starts: date, ends: date, clients: Sequence[int], beside: Respite | None
) -> Sequence[Mentor]:
    # Somebody whose own cover stands in cannot stand in for another.
    away = Respite.objects.open().filter(starts__lt=ends, ends__gt=starts).exclude(pk__in=[beside.pk] if beside else [])
    apart = Apart.objects.filter(client__in=clients).values("mentor")
    return list(
        Mentor.objects.filter(account__is_active=True, account__role=Role.MENTOR, called__isnull=False)
        .exclude(pk=mentor.pk)
        .exclude(pk__in=away.values("mentor"))
        .exclude(pk__in=apart)
        .select_related("account")
    )


def _carried(mentors: Sequence[Mentor], *, without: Mentor) -> dict[int, int]:
    """Running threads by mentor; those that stand in for the one who goes away already are counted among that one's clients."""
    rows = (
        Thread.objects.running().filter(mentor__in=mentors).exclude(Q(covers__isnull=False) & Q(covers__mentor=without))
    )
    return dict(rows.order_by().values_list("mentor").annotate(count=Count("pk")))
