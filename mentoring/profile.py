"""What a mentor says about themselves: the name that clients know, what they offer, how many clients they want, whether they take new ones.

Everything said here may be shown to a client who is offered this mentor. Written by the mentor alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import Account
from mentoring import mentors
from mentoring.models import Mentor, Offer
from mentoring.pool import offers_stored_in
from mentoring.refusals import Refused
from mentoring.sealed import close_json, owner_of_person
from rooms.contact import contact_details
from vault import trail


@dataclass(frozen=True, slots=True)
class Home:
    """`open_offers` wait for their clients' answers. `says_something`: clients would read more than a name."""

    called: str
    says_something: bool
    open_offers: int


def home_of(mentor: Mentor) -> Home:
    return Home(
        mentors.called(mentor),
        any(offers_stored_in(mentor).values()),
        Offer.objects.filter(mentor=mentor, state=Offer.State.OPEN).count(),
    )


@transaction.atomic
def describe(
    *, mentor: Mentor, called: str, offers: dict[str, Any], wanted: int | None, is_taking: bool, by: Account
) -> None:
    """Raises Refused: `not_found` for another's file, `contact`; ValidationError with a sentence where the name will not do.

    `wanted` beyond what the coordinator allows changes nothing; clients they have stay.
    """
    if by.pk != mentor.pk:
        raise Refused("not_found")
    if any(any(contact_details(text)) for text in offers.get("words", {}).values()):
        raise Refused("contact")
    locked = Mentor.objects.select_for_update(of=("self",), no_key=True).select_related("account").get(pk=mentor.pk)
    if called != mentors.called(locked):
        mentors.call(locked, called)
    locked.offers = close_json(
        offers, owner=owner_of_person(mentor.pk), purpose="mentor.offers", place=f"mentor:{mentor.pk}"
    )
    locked.wanted, locked.is_taking = wanted, is_taking
    locked.save(update_fields=["offers", "wanted", "is_taking"])
    trail.record(actor=f"account:{by.pk}", act="mentor.describe", subject=f"account:{mentor.pk}")
