"""What certifications and trainings from outside have in common: a coordinator looks at them, and may withdraw them again.

Called by `certifications` and `trainings`, inside their transactions.
"""

from typing import Any

from django.utils import timezone

from accounts.models import Account, Role
from mentoring import post
from mentoring.models import Certification, Mentor, Training
from mentoring.refusals import Refused
from mentoring.standing import standing_of
from rooms import leading

Paper = Certification | Training


def by_hand_of(by: Account, mentor: Mentor) -> dict[str, Any]:
    """What a coordinator adds for somebody else is looked at already; nobody checks their own."""
    if by.role != Role.COORDINATOR or by.pk == mentor.pk:
        return {}
    return {"verified_at": timezone.now(), "verified_by": by}


def check(row: Paper, by: Account) -> None:
    """Raises Refused("settled") where somebody was faster."""
    if row.verified_at or row.withdrawn_at:
        raise Refused("settled")
    row.verified_at, row.verified_by = timezone.now(), by
    row.save(update_fields=["verified_at", "verified_by"])


def withdraw(row: Paper, by: Account) -> None:
    """Also one that nobody has looked at yet. Raises Refused("settled")."""
    if row.withdrawn_at:
        raise Refused("settled")
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "why"])


def end_leading_if_lapsed(mentor: Mentor) -> None:
    if standing_of(mentor).has_lapsed:
        leading.end_all(mentor.account)


def tell_the_other(mentor: Mentor, by: Account) -> None:
    """The mentor, of what a coordinator did; the coordinators, of what a mentor handed in."""
    if by.pk != mentor.pk:
        post.tell(mentor.account)
        return
    for coordinator in Account.objects.filter(role=Role.COORDINATOR, is_active=True):
        post.tell(coordinator)
