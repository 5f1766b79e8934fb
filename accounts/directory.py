"""The coordinator's view of everybody: found by name or address, a page at a time. It reads, and changes nothing.

Names are sealed, so a search opens them all in memory; their keys come with one query.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property

from accounts.models import Account, Invitation, Role
from accounts.models.session import FACTORS
from vault.sealing import Sealed, warm

PEOPLE_A_PAGE = 25


@dataclass(frozen=True)
class Person:
    account: Account
    second_factor: bool

    @cached_property
    def name(self) -> str:
        return self.account.name

    @cached_property
    def email(self) -> str:
        return self.account.email

    @property
    def role(self) -> Role:
        return Role(self.account.role)

    def matches(self, words: list[str]) -> bool:
        text = f"{self.name} {self.email}".casefold()
        return all(word in text for word in words)


def people(*, search: str = "", page: str | int | None = None) -> Page[Person]:
    """One page of the people whose name or address holds every word of `search`, by name."""
    factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=FACTORS)
    accounts = list(Account.objects.annotate(has_factor=Exists(factor)))
    _open_together(accounts)
    words = search.casefold().split()
    found = [Person(account, account.has_factor) for account in accounts]
    found = sorted((person for person in found if person.matches(words)), key=_by_name)
    return Paginator(found, PEOPLE_A_PAGE).get_page(page)


def person(pk: int) -> Person | None:
    factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=FACTORS)
    account = Account.objects.annotate(has_factor=Exists(factor)).filter(pk=pk).first()
    return Person(account, account.has_factor) if account else None


def waiting() -> list[Invitation]:
    """Invitations that nobody has accepted yet, the newest first."""
    return list(Invitation.objects.waiting().order_by("-made"))


def _open_together(accounts: Iterable[Account]) -> None:
    sealed: list[Sealed | None] = [text for each in accounts for text in (each.sealed_name, each.sealed_email)]
    warm(text for text in sealed if text is not None)


def _by_name(person: Person) -> tuple[str, int]:
    return person.name.casefold(), person.account.pk
