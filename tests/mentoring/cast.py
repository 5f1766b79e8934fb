"""Mentors with all their papers, and threads that run: what tests of mentoring begin with."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from accounts.models import Account, Role
from mentoring import ethics, mentors
from mentoring.models import Certification, EthicsAcceptance, Mentor, Thread, Training
from mentoring.standing import MODULES
from mentoring.threads import open_thread
from tests.people import make

_numbers = count(1)
# No first names: a name that has a part of the real one is refused.
_THINGS = [
    "Pebble",
    "Harbor",
    "Meadow",
    "Cedar",
    "Comet",
    "Tundra",
    "Lantern",
    "Orchard",
    "Thicket",
    "Canyon",
    "Prairie",
    "Glacier",
]


def new_mentor(account: Account | None = None, *, called: str = "", **fields: object) -> Mentor:
    """A mentor with a name that clients know them by, and no papers yet."""
    number = next(_numbers)
    mentor = Mentor.objects.create(account=account or make(Role.MENTOR), **fields)
    mentors.call(mentor, called or f"{_THINGS[number % len(_THINGS)]} {number}")
    return mentor


def certified(
    account: Account | None = None, *, called: str = "", until: date | None = None, **fields: object
) -> Mentor:
    """A mentor with every credential, all valid for a year or until the day given (its last)."""
    mentor = new_mentor(account, called=called, **fields)
    today = timezone.localdate()
    certify(mentor, expires=until or today + timedelta(days=365))
    EthicsAcceptance.objects.create(mentor=mentor, version=ethics.newest().version)
    for module in MODULES:
        Training.objects.create(
            mentor=mentor,
            module=module,
            done_on=today,
            hours=2,
            expires=today + timedelta(days=365),
            source=Training.Source.OUTSIDE,
            verified_at=timezone.now(),
        )
    return mentor


def certify(mentor: Mentor, *, expires: date, issued: date | None = None) -> Certification:
    """Adds a certification that a coordinator has looked at."""
    return Certification.objects.create(
        mentor=mentor,
        issued=issued or timezone.localdate() - timedelta(days=400),
        expires=expires,
        verified_at=timezone.now(),
    )


def thread_between(client: Account, mentor: Mentor, *, pseudonym: str = "Gray Wren", **fields: object) -> Thread:
    """A thread that runs between these two, as it is opened when the client accepts."""
    return open_thread(client=client, mentor=mentor, pseudonym=pseudonym, shared={}, by=client, **fields)  # type: ignore[arg-type]
