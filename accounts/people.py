"""Changing who somebody is in the program: their role, suspension, and the way back.

Every change is on the trail, and closes the person's sockets in the same transaction. Nobody changes themselves, and
one active coordinator always remains. People are held before anything else (docs/architecture.md, Locks).
"""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from accounts import closings, sessions
from accounts.actors import actor
from accounts.models import Account, Role
from accounts.refusals import Refused
from vault import trail


def hold(account: Account) -> list[Account]:
    """The person and all active coordinators, held until the transaction ends: nobody becomes somebody else meanwhile, and two
    coordinators cannot each remove the other as the last but one. The person is read anew. Returns the coordinators."""
    rows = Account.objects.select_for_update(no_key=True)
    held = list(rows.filter(Q(role=Role.COORDINATOR, is_active=True) | Q(pk=account.pk)).order_by("pk"))
    for each in held:
        if each.pk == account.pk:
            account.role, account.is_active = each.role, each.is_active
    return [each for each in held if each.role == Role.COORDINATOR and each.is_active]


def change_role(account: Account, role: Role, *, by: Account) -> None:
    """Raises Refused("yourself") or Refused("last_coordinator")."""
    with transaction.atomic():
        _check(account, by=by)
        was = Role(account.role)
        account.role = role
        account.save(update_fields=["role"])
        _tell_places(account, was)
        closings.close(account=account.pk)
        _record(by, "account.role_changed", account, why=f"{was} to {role}")


def suspend(account: Account, *, by: Account, why: str) -> None:
    """Signs the person out everywhere and keeps them out. Raises Refused as above."""
    with transaction.atomic():
        _check(account, by=by)
        account.is_active = False
        account.save(update_fields=["is_active"])
        _tell_places(account, Role(account.role))
        sessions.end(account=account.pk)
        closings.close(account=account.pk)
        _record(by, "account.suspended", account, why=why)


def bring_back(account: Account, *, by: Account | None, why: str = "") -> None:
    """`by` None: the clock."""
    with transaction.atomic():
        hold(account)
        account.is_active = True
        account.save(update_fields=["is_active"])
        _tell_places(account, Role(account.role))
        _record(by, "account.brought_back", account, why=why)


def _check(account: Account, *, by: Account) -> None:
    if account.pk == by.pk:
        raise Refused("yourself", gettext("You cannot do this to your own account. Ask another coordinator."))
    if {coordinator.pk for coordinator in hold(account)} == {account.pk}:
        raise Refused("last_coordinator", gettext("This is the only coordinator. Make somebody else one first."))


def _tell_places(account: Account, was: Role) -> None:
    """Where the person is seen by others, their badge or their absence shows at once; what rests on their role ends."""
    for name in settings.ACCOUNT_CHANGED:
        changed: Callable[[Account, Role], None] = import_string(name)
        changed(account, was)


def _record(by: Account | None, act: str, account: Account, why: str) -> None:
    trail.record(actor=actor(by), act=act, subject=f"account:{account.pk}", why=why)
