"""A mentor's certifications: added by the mentor or for them, looked at by a coordinator, withdrawn with a reason.

What they say is sealed under the mentor's key. Whether one counts today is asked of `standing`. Called by the pages of credentials.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from mentoring import checking
from mentoring.documents import Document, kind_of
from mentoring.models import Certification, CertificationDocument, Mentor
from mentoring.refusals import Refused
from mentoring.sealed import owner_of_person
from vault.sealing import seal_bytes, unseal_bytes

LONGEST_TIME = timedelta(days=15 * 366)  # from its first to its last day; more is a slip of the pen
AHEAD = timedelta(days=366)  # a renewal may begin later


@dataclass(frozen=True, slots=True)
class Opened:
    """One certification, open, as its owner and a coordinator may read it."""

    row: Certification
    body: str
    number: str
    why: str

    @property
    def state(self) -> str:
        """withdrawn, waiting, expired, ahead (it begins later), counts."""
        today = timezone.localdate()
        if self.row.withdrawn_at:
            return "withdrawn"
        if not self.row.verified_at:
            return "waiting"
        if self.row.expires < today:
            return "expired"
        return "ahead" if self.row.issued > today else "counts"


def of(mentor: Mentor) -> list[Opened]:
    """The one that ends last first."""
    rows = Certification.objects.filter(mentor=mentor).select_related("verified_by", "withdrawn_by")
    return [
        Opened(row, checking.opened(row, "body"), checking.opened(row, "number"), checking.opened(row, "why"))
        for row in rows
    ]


@transaction.atomic
def add(
    *,
    mentor: Mentor,
    body: str,
    number: str,
    issued: date,
    expires: date,
    document: bytes | None,
    by: Account,
) -> Certification:
    """Waits for a coordinator, unless a coordinator adds it for the mentor, with the paper before them.

    Raises Refused: dates_order, dates_far, expired_already, document_too_large, is_no_document.
    """
    today = timezone.localdate()
    if expires <= issued:
        raise Refused("dates_order")
    if expires - issued > LONGEST_TIME or issued > today + AHEAD:
        raise Refused("dates_far")
    if expires < today:
        raise Refused("expired_already")
    kind = kind_of(document) if document is not None else ""
    row = Certification.objects.create(
        mentor=mentor,
        issued=issued,
        expires=expires,
        document_type=kind,
        added_by=by,
        **checking.by_hand_of(by, mentor),
    )
    row.body, row.number = (checking.close(row, "body", body), checking.close(row, "number", number))
    row.save(update_fields=["body", "number"])
    if document is not None:
        sealed = seal_bytes(
            document, owner=owner_of_person(mentor.pk), purpose="certification.document", place=checking.place_of(row)
        )
        CertificationDocument.objects.create(certification=row, content=sealed)
    checking.tell_the_other(mentor, by)
    checking.note(row, by, "add")
    return row


def check(*, mentor: Mentor, pk: int, by: Account) -> None:
    """Raises Refused: not_found, settled."""
    checking.check(Certification, mentor=mentor, pk=pk, by=by)


def withdraw(*, mentor: Mentor, pk: int, why: str, by: Account) -> None:
    """Raises Refused: not_found, settled, empty."""
    checking.withdraw(Certification, mentor=mentor, pk=pk, why=why, by=by)


def take_back(*, mentor: Mentor, pk: int) -> None:
    """Raises Refused("not_found")."""
    checking.take_back(Certification, mentor=mentor, pk=pk)


@transaction.atomic
def document_of(*, mentor: Mentor, pk: int, by: Account) -> Document:
    """A look by anybody but the mentor is on the trail before it is shown. Raises Refused("not_found")."""
    row = Certification.objects.filter(mentor=mentor, pk=pk).select_related("document").first()
    if row is None or not row.document_type:
        raise Refused("not_found")
    if by.pk != mentor.pk:
        checking.note(row, by, "document")
    content = unseal_bytes(
        row.document.content,
        owner=owner_of_person(mentor.pk),
        purpose="certification.document",
        place=checking.place_of(row),
    )
    return Document(content, row.document_type)
