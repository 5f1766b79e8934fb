"""Clients who wait and mentors with their caseloads, by the hundred, for measuring matching. Drawn from a seed."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Account, Role
from mentoring import ethics
from mentoring.matching.wishes import CULTURE, DIMENSIONS, GENDERS, GOALS, LANGUAGES, LIVED, TIMES, WAYS
from mentoring.mentors import call
from mentoring.models import Certification, EthicsAcceptance, Mentor, Request, Thread, Training
from mentoring.sealed import close_json, owner_of_person
from mentoring.standing import MODULES
from rooms.models import Membership, Room

_SEED = 11
_LACKING = 0.05  # of the mentors have papers that ended
_AWAY = 0.1  # take nobody new
# How many of a kind somebody names, and how likely that is.
_FEW = ((0, 1, 2, 3), (15, 40, 30, 15))
_SOME = ((0, 1, 2, 3, 4, 6), (10, 20, 25, 20, 15, 10))
_SPEAK = (("en",), ("en", "es"), ("es",), ("en", "zh"), ("en", "vi"), ("en", "ar"), ("fr", "en"), ("ht", "en"))
_SPEAK_SHARE = (58, 16, 9, 5, 4, 3, 3, 2)
_SHIFTS = (("09:00", "12:00"), ("13:00", "17:00"), ("18:00", "21:00"))


def fill(clients: int, mentors: int) -> Account:
    """So many who wait and so many mentors; returns a coordinator. Half of the places are taken by threads that run."""
    chance = random.Random(_SEED)
    coordinator = _account(Role.COORDINATOR, 0)
    made = [_mentor(chance, number) for number in range(mentors)]
    _papers(chance, made)
    _threads(chance, made)
    for number in range(clients):
        _waits(chance, number)
    _small_groups(chance, made)
    return coordinator


def _account(role: Role, number: int) -> Account:
    return Account.objects.create_account(
        email=f"{role.value}{number}@waiters.example", name=f"{role.label} Number {number}", role=role
    )


def _mentor(chance: random.Random, number: int) -> Mentor:
    mentor = Mentor(
        account=_account(Role.MENTOR, number),
        capacity=chance.choice((3, 4, 5, 6, 6, 6, 8)),
        is_taking=chance.random() >= _AWAY,
        hours=_hours(chance),
    )
    offers = {
        "lived": _drawn(chance, LIVED, _SOME),
        "goals": _drawn(chance, GOALS, _SOME),
        "languages": _spoken(chance),
        "gender": chance.choices(["", *GENDERS], (10, 52, 33, 5))[0],
        "culture": _drawn(chance, CULTURE, _FEW),
        "ways": _drawn(chance, WAYS, _FEW),
        "words": {"about": "I have been there, and I like long walks. " * 4},
    }
    mentor.offers = _closed(offers, mentor.account.pk, "mentor.offers", f"mentor:{mentor.account.pk}")
    mentor.save(force_insert=True)
    call(mentor, f"Aster {number}")
    return mentor


def _waits(chance: random.Random, number: int) -> None:
    client = _account(Role.CLIENT, number)
    asked = timezone.now() - timedelta(days=min(240.0, chance.expovariate(1 / 35)))
    request = Request(client=client, asked_at=asked, line_from=asked)
    gender = chance.choices(["", "woman", "man", "nonbinary"], (62, 24, 11, 3))[0]
    wishes = {
        "lived": _drawn(chance, LIVED, _FEW),
        "goals": _drawn(chance, GOALS, _FEW),
        "languages": _spoken(chance),
        "times": _drawn(chance, TIMES, _SOME),
        "gender": gender,
        "gender_must": bool(gender) and chance.random() < 0.35,
        "culture": _drawn(chance, CULTURE, ((0, 1, 2), (60, 30, 10))),
        "avoid": _drawn(chance, WAYS, ((0, 1, 2), (60, 30, 10))),
        "most": chance.choice(["", "", *DIMENSIONS]),
        "words": {"note": "I would like somebody patient, since some days I only read. " * 3},
    }
    request.wishes = _closed(wishes, client.pk, "request.wishes", f"request:{request.pk}")
    request.save(force_insert=True)


def _closed(value: dict[str, Any], person: int, purpose: str, place: str) -> Any:
    return close_json(value, owner=owner_of_person(person), purpose=purpose, place=place)


def _drawn(chance: random.Random, codes: Any, many: tuple[Sequence[int], Sequence[int]]) -> list[str]:
    """The first codes of a list are named more often than the last."""
    wanted, names = chance.choices(*many)[0], list(codes)
    weights = [len(names) - place for place in range(len(names))]
    return sorted(set(chance.choices(names, weights, k=wanted)))


def _spoken(chance: random.Random) -> list[str]:
    found = chance.choices(_SPEAK, _SPEAK_SHARE)[0]
    return [code for code in LANGUAGES if code in found]


def _hours(chance: random.Random) -> list[dict[str, Any]]:
    days = chance.sample(range(7), chance.choice((2, 3, 3, 4, 5)))
    start, end = chance.choice(_SHIFTS)
    return [{"days": sorted(days), "from": start, "to": end}]


def _papers(chance: random.Random, mentors: Sequence[Mentor]) -> None:
    today = timezone.localdate()
    soon = {each.pk: today + timedelta(days=chance.randint(30, 700)) for each in mentors}
    for each in mentors:
        if chance.random() < _LACKING:
            soon[each.pk] = today - timedelta(days=20)
    Certification.objects.bulk_create(
        Certification(
            mentor=each, issued=today - timedelta(days=400), expires=soon[each.pk], verified_at=timezone.now()
        )
        for each in mentors
    )
    Training.objects.bulk_create(
        Training(
            mentor=each,
            module=code,
            done_on=today,
            hours=2,
            expires=today + timedelta(days=365),
            source="here",
            verified_at=timezone.now(),
        )
        for each in mentors
        for code in MODULES
    )
    EthicsAcceptance.objects.bulk_create(
        EthicsAcceptance(mentor=each, version=ethics.newest().version) for each in mentors
    )


def _threads(chance: random.Random, mentors: Sequence[Mentor]) -> None:
    """Half of the places, as rows alone: nobody reads these threads."""
    client = _account(Role.CLIENT, 10**6)
    now = timezone.now()
    for each in mentors:
        rooms = [
            Room(kind=Room.Kind.THREAD, condition=Room.Condition.OTHER) for _ in range(chance.randint(0, each.capacity))
        ]
        Room.objects.bulk_create(rooms)
        # One pair has one running thread: the first runs with a client of its own, the others with theirs.
        people = (
            [client]
            if len(rooms) == 1
            else [_account(Role.CLIENT, 10**7 + each.pk * 10 + k) for k in range(len(rooms))]
        )
        Thread.objects.bulk_create(
            Thread(room=room, client=person, mentor=each, opened_at=now)
            for room, person in zip(rooms, people, strict=True)
        )


def _small_groups(chance: random.Random, mentors: Sequence[Mentor]) -> None:
    """Forty groups of five clients, each with a mentor."""
    clients = list(Request.objects.values_list("client_id", flat=True))
    for number in range(40):
        room = Room.objects.create(name=f"Small group {number}", condition=Room.Condition.OTHER)
        people = [*chance.sample(clients, 5), chance.choice(mentors).pk]
        Membership.objects.bulk_create(
            Membership(room=room, account_id=person, pseudonym_index=chance.randbytes(32)) for person in people
        )
