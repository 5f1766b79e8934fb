"""What certifications and trainings have in common: sealed under the mentor's key, looked at by a coordinator, withdrawn with a reason, taken
back by the mentor while nobody has looked.

Called by `certifications`, `trainings` and `answering`.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import post
from mentoring.models import WAITING, Certification, Mentor, Training
from mentoring.refusals import Refused
from mentoring.sealed import open_text, owner_of_person
from mentoring.standing import standing_of
from rooms import leading
from vault import trail
from vault.sealing import Sealed, seal

Paper = Certification | Training
Kind = type[Certification] | type[Training]


def by_hand_of(by: Account, mentor: Mentor) -> dict[str, Any]:
    """What a coordinator adds for somebody else is looked at already; nobody checks their own."""
    if by.role != Role.COORDINATOR or by.pk == mentor.pk:
        return {}
    return {"verified_at": timezone.now(), "verified_by": by}


@transaction.atomic
def check(kind: Kind, *, mentor: Mentor, pk: int, by: Account) -> None:
    """A coordinator has looked at it: from now on it counts. Raises Refused: not_found, settled where somebody was faster."""
    row = _locked(kind, mentor, pk)
    if row.verified_at or row.withdrawn_at:
        raise Refused("settled")
    row.verified_at, row.verified_by = timezone.now(), by
    row.save(update_fields=["verified_at", "verified_by"])
    tell_the_other(mentor, by)
    note(row, by, "check")


@transaction.atomic
def withdraw(kind: Kind, *, mentor: Mentor, pk: int, why: str, by: Account) -> None:
    """It counts no more, or never does; the mentor reads why. Raises Refused: not_found, settled, empty."""
    row = _locked(kind, mentor, pk)
    why = why.strip()
    if not why:
        raise Refused("empty")
    if row.withdrawn_at:
        raise Refused("settled")
    row.why, row.withdrawn_at, row.withdrawn_by = close(row, "why", why), timezone.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "why"])
    tell_the_other(mentor, by)
    if standing_of(mentor).has_lapsed:
        leading.end_all(mentor.account)
    note(row, by, "withdraw", why)


@transaction.atomic
def take_back(kind: Kind, *, mentor: Mentor, pk: int) -> None:
    """The mentor's own, while nobody has looked at it. Raises Refused("not_found")."""
    row = kind.objects.select_for_update(of=("self",)).filter(WAITING, mentor=mentor, pk=pk).first()
    if row is None:
        raise Refused("not_found")
    row.delete()
    row.pk = pk
    note(row, mentor.account, "take_back")


def tell_the_other(mentor: Mentor, by: Account) -> None:
    """The mentor, of what a coordinator did; the coordinators, of what a mentor handed in."""
    if by.pk != mentor.pk:
        post.tell(mentor.account)
        return
    for coordinator in Account.objects.filter(role=Role.COORDINATOR, is_active=True):
        post.tell(coordinator)


def place_of(row: Paper) -> str:
    return f"{_name(row)}:{row.pk}"


def close(row: Paper, what: str, text: str) -> Sealed:
    """`what` is the field: purpose certification.body, training.provider, …"""
    return seal(text, owner=owner_of_person(row.mentor_id), purpose=f"{_name(row)}.{what}", place=place_of(row))


def opened(row: Paper, what: str) -> str:
    return open_text(
        getattr(row, what), owner=owner_of_person(row.mentor_id), purpose=f"{_name(row)}.{what}", place=place_of(row)
    )


def note(row: Paper, by: Account, act: str, why: str = "") -> None:
    """On the trail as certification.check, training.pass, …"""
    subject = f"{place_of(row)} account:{row.mentor_id}"
    trail.record(actor=f"account:{by.pk}", act=f"{_name(row)}.{act}", subject=subject, why=why)


def _locked(kind: Kind, mentor: Mentor, pk: int) -> Paper:
    row = kind.objects.select_for_update(of=("self",)).filter(mentor=mentor, pk=pk).first()
    if row is None:
        raise Refused("not_found")
    return row


def _name(row: Paper) -> str:
    return "certification" if isinstance(row, Certification) else "training"
