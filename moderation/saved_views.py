"""Filters of the queue that a moderator gave a name, for themselves alone. The name is sealed under the person's own key."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import Account
from moderation.models import SavedView
from moderation.refusals import Refused
from vault.sealing import CannotOpen, Sealed, seal, unseal, warm

NAME = 40  # characters
MOST = 20  # a person
_PURPOSE = "view.name"


@dataclass(frozen=True, slots=True)
class View:
    """`query` is what stands in the address after the question mark: of Filters.query, so always in one spelling."""

    id: int
    name: str
    query: str


def views_of(account: Account) -> list[View]:
    """In the order in which they were saved. One query for all, and one for the key."""
    found = list(SavedView.objects.filter(account=account))
    warm(view.name for view in found)
    return [View(view.pk, _opened(view), view.query) for view in found]


def save(account: Account, *, name: str, query: str) -> None:
    """The same name again changes what is kept under it. Raises Refused: empty, too_long, too_many_views."""
    name = " ".join(name.split())
    if not name:
        raise Refused("empty")
    if len(name) > NAME:
        raise Refused("too_long")
    with transaction.atomic():
        # One person's saves come one after another, so that two windows together cannot keep too many.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        views = views_of(account)
        if same := next((view for view in views if view.name.casefold() == name.casefold()), None):
            SavedView.objects.filter(pk=same.id).update(query=query)
            return
        if len(views) >= MOST:
            raise Refused("too_many_views")
        # The number that the name is sealed for is there only once the row is.
        view = SavedView.objects.create(account=account, name=_closed(account, "", place="new"), query=query)
        view.name = _closed(account, name, place=str(view.pk))
        view.save(update_fields=["name"])


def forget(account: Account, view_id: int) -> None:
    """One's own only; one that is gone already is no error."""
    SavedView.objects.filter(account=account, pk=view_id).delete()


def _closed(account: Account, name: str, *, place: str) -> Sealed:
    return seal(name, owner=f"person:{account.pk}", purpose=_PURPOSE, place=place)


def _opened(view: SavedView) -> str:
    try:
        return unseal(view.name, owner=f"person:{view.account_id}", purpose=_PURPOSE, place=str(view.pk))
    except CannotOpen:
        return "–"
