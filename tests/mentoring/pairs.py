"""A thread that runs, with both people at hand: what the tests of threads begin with."""

from dataclasses import dataclass

from django.test import Client

from accounts.models import Account, Role
from mentoring.models import Mentor, Thread
from rooms import posting
from rooms.access import Seat, seat_of, standing
from tests.mentoring.cast import certified, thread_between
from tests.people import make, signed_in


@dataclass(frozen=True)
class Pair:
    thread: Thread
    client: Account
    mentor: Mentor

    def seat(self, account: Account) -> Seat:
        return seat_of(standing(account.pk, self.thread.room_id))

    def says(self, account: Account, body: str) -> None:
        posting.post(self.seat(account), body=body)

    def address(self, *parts: object) -> str:
        return "/".join(["/thread", self.thread.pk, *(str(part) for part in parts), ""])

    @property
    def clients(self) -> Client:
        """Their browser."""
        return signed_in(self.client)

    @property
    def mentors(self) -> Client:
        return signed_in(self.mentor.account)


def pair(*, client: Account | None = None, mentor: Mentor | None = None, **fields: object) -> Pair:
    client = client or make(Role.CLIENT)
    mentor = mentor or certified(called="Juniper")
    return Pair(thread_between(client, mentor, **fields), client, mentor)  # type: ignore[arg-type]
