"""Who can stand in for a mentor who is away: with valid credentials, there themselves, and not kept apart from one of those clients.

Called by `respite` when it is planned and again when it begins, and by `covering`. A constant number of queries, however many mentors
there are. Nothing here says why somebody is not among them, nor who meets a client in a small group and therefore stands last: neither is
for the mentor to learn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Role
from mentoring.mentors import called
from mentoring.models import Apart, Mentor, Respite, Thread
from mentoring.pool import small_groups
from mentoring.refusals import Refused
from mentoring.standing import standings_of
from vault import sealing


@dataclass(frozen=True, slots=True)
class Candidate:
    """`carries` counts their clients, those they stand in for now or on these days among them; `would_carry` adds those of who is away."""

    mentor: Mentor
    called: str
    carries: int
    would_carry: int

    @property
    def is_over(self) -> bool:
        return self.would_carry > self.mentor.capacity


@dataclass(frozen=True, slots=True)
class Able:
    """There on these days, with valid papers. `clients` are those of who goes away; with those in `apart` they cannot talk."""

    mentor: Mentor
    clients: frozenset[int]
    apart: frozenset[int]

    @property
    def is_for_somebody(self) -> bool:
        return not self.clients or self.apart < self.clients


def candidates(mentor: Mentor, starts: date, ends: date, *, beside: Respite | None = None) -> list[Candidate]:
    """Who can be there for all clients: those first who meet none of them in a small group, then by room. `beside` is the respite that a
    cover is looked for."""
    able = [each for each in able_ones(mentor, starts, ends, beside=beside) if not each.apart]
    mentors = [each.mentor for each in able]
    sealing.warm(each for one in mentors for each in (one.called, one.account.sealed_name) if each is not None)
    carried = _carried(mentors, mentor, starts, ends)
    found = [
        Candidate(each.mentor, name, carried.get(each.mentor.pk, 0), carried.get(each.mentor.pk, 0) + len(each.clients))
        for each in able
        if (name := called(each.mentor))
    ]
    meets = _who_meets(list(able[0].clients) if able else [], found)
    return sorted(
        found,
        key=lambda each: (each.mentor.pk in meets, each.would_carry - each.mentor.capacity, each.called.casefold()),
    )


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


def is_able(cover: Mentor, starts: date, ends: date, *, beside: Respite) -> bool:
    """Whether who was named can stand in on these days still, for one client at least. A client they are kept apart from takes them from
    no other: that one is not handed over (covering), and has nobody."""
    found = {each.mentor.pk: each for each in able_ones(beside.mentor, starts, ends, beside=beside)}
    return cover.pk in found and found[cover.pk].is_for_somebody


def able_ones(mentor: Mentor, starts: date, ends: date, *, beside: Respite | None = None) -> list[Able]:
    """What is asked when it is planned, when somebody else is named, and once more when it begins."""
    clients = frozenset(Thread.objects.running().own().filter(mentor=mentor).values_list("client_id", flat=True))
    found = _there(mentor, starts, ends, beside)
    valid = standings_of(found, max(starts, timezone.localdate()))
    apart = kept_apart(clients)
    return [Able(each, clients, frozenset(apart.get(each.pk, ()))) for each in found if valid[each.pk].is_valid]


def kept_apart(clients: Collection[int]) -> dict[int, set[int]]:
    """By mentor, from which of these clients they are kept apart. One query."""
    found: dict[int, set[int]] = {}
    for mentor, client in Apart.objects.filter(client__in=clients).values_list("mentor_id", "client_id"):
        found.setdefault(mentor, set()).add(client)
    return found


def _there(mentor: Mentor, starts: date, ends: date, beside: Respite | None) -> Sequence[Mentor]:
    # Somebody whose own cover stands in cannot stand in for another.
    away = Respite.objects.open().filter(starts__lt=ends, ends__gt=starts).exclude(pk__in=[beside.pk] if beside else [])
    return list(
        Mentor.objects.filter(account__is_active=True, account__role=Role.MENTOR, called__isnull=False)
        .exclude(pk=mentor.pk)
        .exclude(pk__in=away.values("mentor"))
        .select_related("account")
    )


def _who_meets(clients: list[int], able: Sequence[Candidate]) -> set[int]:
    """Mentors who stand in a small group with one of these clients: they might know them again there. In a small program that may be
    everybody, so it only says whom to ask first."""
    theirs = set().union(*small_groups(clients).values()) if clients else set()
    groups = small_groups([each.mentor.pk for each in able])
    return {mentor for mentor, rooms in groups.items() if rooms & theirs}


def _carried(mentors: Sequence[Mentor], without: Mentor, starts: date, ends: date) -> dict[int, int]:
    """By mentor: threads that run, and clients of others whose time away is planned with them on these days. Those of the one who goes
    away now are counted elsewhere."""
    rows = (
        Thread.objects.running().filter(mentor__in=mentors).exclude(Q(covers__isnull=False) & Q(covers__mentor=without))
    )
    carried = Counter(dict(rows.order_by().values_list("mentor").annotate(count=Count("pk"))))
    planned = (
        Respite.objects.filter(state=Respite.State.PLANNED, lack="", cover__in=mentors)
        .filter(starts__lt=ends, ends__gt=starts)
        .exclude(mentor=without)
    )
    clients = Count("mentor__threads", filter=Q(mentor__threads__closed_at=None, mentor__threads__covers=None))
    for cover, count in planned.order_by().values_list("cover").annotate(count=clients):
        carried[cover] += count
    return carried
