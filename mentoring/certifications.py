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
from mentoring.models import WAITING, Certification, CertificationDocument, Mentor
from mentoring.refusals import Refused
from mentoring.sealed import open_text, owner_of_person
from vault import trail
from vault.sealing import Sealed, seal, seal_bytes, unseal_bytes

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
    return [Opened(row, _open(row, "body"), _open(row, "number"), _open(row, "why")) for row in rows]


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
    row.body, row.number = (_seal(row, "body", body), _seal(row, "number", number))
    row.save(update_fields=["body", "number"])
    if document is not None:
        sealed = seal_bytes(
            document, owner=owner_of_person(mentor.pk), purpose="certification.document", place=_place(row)
        )
        CertificationDocument.objects.create(certification=row, content=sealed)
    checking.tell_the_other(mentor, by)
    _note(row, by, "certification.add")
    return row


@transaction.atomic
def check(*, mentor: Mentor, pk: int, by: Account) -> None:
    """A coordinator has looked at it: from now on it counts. Raises Refused: not_found, settled."""
    row = _locked(mentor, pk)
    checking.check(row, by)
    checking.tell_the_other(mentor, by)
    _note(row, by, "certification.check")


@transaction.atomic
def withdraw(*, mentor: Mentor, pk: int, why: str, by: Account) -> None:
    """It counts no more, or never does; the mentor reads why. Raises Refused: not_found, settled, empty."""
    row = _locked(mentor, pk)
    if not why.strip():
        raise Refused("empty")
    row.why = _seal(row, "why", why.strip())
    checking.withdraw(row, by)
    checking.tell_the_other(mentor, by)
    checking.end_leading_if_lapsed(mentor)
    _note(row, by, "certification.withdraw", why.strip())


@transaction.atomic
def take_back(*, mentor: Mentor, pk: int) -> None:
    """The mentor's own, while nobody has looked at it. Raises Refused: not_found."""
    row = Certification.objects.select_for_update(of=("self",)).filter(WAITING, mentor=mentor, pk=pk).first()
    if row is None:
        raise Refused("not_found")
    row.delete()
    row.pk = pk
    _note(row, mentor.account, "certification.take_back")


@transaction.atomic
def document_of(*, mentor: Mentor, pk: int, by: Account) -> Document:
    """A look by anybody but the mentor is on the trail before it is shown. Raises Refused("not_found")."""
    row = Certification.objects.filter(mentor=mentor, pk=pk).select_related("document").first()
    if row is None or not row.document_type:
        raise Refused("not_found")
    if by.pk != mentor.pk:
        _note(row, by, "certification.document")
    content = unseal_bytes(
        row.document.content, owner=owner_of_person(mentor.pk), purpose="certification.document", place=_place(row)
    )
    return Document(content, row.document_type)


def _locked(mentor: Mentor, pk: int) -> Certification:
    row = Certification.objects.select_for_update(of=("self",)).filter(mentor=mentor, pk=pk).first()
    if row is None:
        raise Refused("not_found")
    return row


def _place(row: Certification) -> str:
    return f"certification:{row.pk}"


def _seal(row: Certification, what: str, text: str) -> Sealed:
    return seal(text, owner=owner_of_person(row.mentor_id), purpose=f"certification.{what}", place=_place(row))


def _open(row: Certification, what: str) -> str:
    return open_text(
        getattr(row, what), owner=owner_of_person(row.mentor_id), purpose=f"certification.{what}", place=_place(row)
    )


def _note(row: Certification, by: Account, act: str, why: str = "") -> None:
    trail.record(actor=f"account:{by.pk}", act=act, subject=f"certification:{row.pk} account:{row.mentor_id}", why=why)
