"""The ethics agreement of mentors, by version. Version 1 comes with the package (agreements/), later ones are published by a coordinator.

A new version asks every mentor again: until they accept it they get no new clients (standing). What was accepted, and when, is kept.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import post
from mentoring.models import EthicsAcceptance, EthicsText, Mentor
from mentoring.refusals import Refused
from vault import trail

FIRST: Final = 1
LONGEST = 20_000  # characters
# So long a new version keeps nobody from leading a group, nor asks for a supervisor: it is there to be read, not to be hurried through.
GRACE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Version:
    """What of the newest version matters to a standing; `published` is None for the one that was always there."""

    version: int
    published: date | None

    def is_fresh(self, day: date) -> bool:
        return self.published is not None and day < self.published + GRACE


def newest() -> Version:
    """One query."""
    row = EthicsText.objects.order_by("-version").values_list("version", "published_at").first()
    return Version(row[0], timezone.localdate(row[1])) if row else Version(FIRST, None)


def current() -> EthicsText:
    """The newest version with its text, in every language that it is written in."""
    return EthicsText.objects.order_by("-version").first() or EthicsText(version=FIRST, texts=_first())


def text_of(version: int) -> EthicsText:
    """Any version that there was. Raises Refused("not_found")."""
    if version == FIRST:
        return EthicsText(version=FIRST, texts=_first())
    found = EthicsText.objects.filter(version=version).first()
    if found is None:
        raise Refused("not_found")
    return found


def accepted_by(mentor: Mentor) -> list[EthicsAcceptance]:
    """The newest first."""
    return list(mentor.ethics.order_by("-version"))


@transaction.atomic
def accept(*, mentor: Mentor, version: int) -> EthicsAcceptance:
    """Accepting a second time changes nothing. Raises Refused("ethics_changed") where a newer version came while they read."""
    if version != newest().version:
        raise Refused("ethics_changed")
    acceptance, is_new = EthicsAcceptance.objects.get_or_create(mentor=mentor, version=version)
    if is_new:
        trail.record(actor=f"account:{mentor.pk}", act="ethics.accept", subject=f"ethics:{version} account:{mentor.pk}")
    return acceptance


@transaction.atomic
def publish(*, texts: dict[str, str], after: int, by: Account) -> EthicsText:
    """The version after `after`, in Markdown by language; every mentor is told that there is something new.

    Raises Refused: empty (nothing in the house's own language), too_long, ethics_changed where somebody was faster.
    """
    written = {code: text.strip() for code, text in texts.items() if text.strip()}
    if settings.LANGUAGE_CODE not in written:
        raise Refused("empty")
    if any(len(text) > LONGEST for text in written.values()):
        raise Refused("too_long")
    if after != newest().version:
        raise Refused("ethics_changed")
    try:
        with transaction.atomic():
            made = EthicsText.objects.create(version=after + 1, texts=written, published_by=by)
    except IntegrityError:
        raise Refused("ethics_changed") from None
    for account in Account.objects.filter(role=Role.MENTOR, is_active=True):
        post.tell(account)
    trail.record(actor=f"account:{by.pk}", act="ethics.publish", subject=f"ethics:{made.version}")
    return made


@cache
def _first() -> dict[str, str]:
    """Read once. A test holds that the files never change: acceptances point at them."""
    folder = Path(__file__).parent / "agreements"
    return {
        code: path.read_text(encoding="utf-8").strip()
        for code, _ in settings.LANGUAGES
        if (path := folder / f"ethics.{code}.md").exists()
    }
