"""Inviting somebody: a link that works once, for a few days, for one person.

The doors `invite`, `resend`, `withdraw` and `accept` are the only ones that write invitations. Of the link's secret
only a hash is kept, so that nobody who reads the store can join with it.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from accounts.models import Account, Invitation, Role
from accounts.models.account import email_index
from accounts.refusals import Refused
from vault import trail


@dataclass(frozen=True, slots=True)
class Link:
    """An invitation with the secret of its link: the one moment when both are known."""

    invitation: Invitation
    secret: str


def places() -> list[tuple[str, str]]:
    """What an invitation may open, as (id, label): answered by whoever INVITATION_PLACES names."""
    offered: Callable[[], list[tuple[str, str]]] = import_string(settings.INVITATION_PLACES)
    return offered()


def invite(
    *, by: Account | None, email: str, name: str, role: Role, language: str = "", places: list[str] | None = None
) -> Link:
    """Raises Refused("member") or Refused("invited") for a known address. `by` None is the command line."""
    if Account.objects.by_email(email) is not None:
        raise Refused("member", gettext("This person already has an account."))
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                token=_hash(secret),
                email_index=email_index(email),
                role=role,
                language=language,
                places=places or [],
                invited_by=by,
                expires=_last_moment(),
            )
            invitation.address(name=name, email=email)
            invitation.save(update_fields=["sealed_name", "sealed_email"])
            _record(by, "invitation.made", invitation, why=role)
    except IntegrityError as error:
        raise Refused("invited", gettext("This person is invited already. You can send the link again.")) from error
    return Link(invitation, secret)


def resend(invitation: Invitation, *, by: Account) -> Link:
    """A new link with a new term; the old one stops working. Raises Refused("over")."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        _still_waiting(invitation, token=_hash(secret), expires=_last_moment())
        _record(by, "invitation.sent_again", invitation)
    invitation.refresh_from_db()
    return Link(invitation, secret)


def withdraw(invitation: Invitation, *, by: Account) -> None:
    """The link stops working and the address is forgotten. Raises Refused("over")."""
    with transaction.atomic():
        _still_waiting(invitation, withdrawn=timezone.now(), **_FORGOTTEN)
        _record(by, "invitation.withdrawn", invitation)


def find(secret: str) -> Invitation | None:
    """The invitation behind a link, if it still opens anything. Unknown, used, withdrawn and expired look alike."""
    return Invitation.objects.usable().filter(token=_hash(secret)).first()


def accept(invitation: Invitation, *, name: str, password: str, language: str) -> Account:
    """Makes the person's account and lets them into the places. Raises Refused("over") for who comes second."""
    with transaction.atomic():
        email = invitation.email
        _still_waiting(invitation, accepted=timezone.now(), **_FORGOTTEN)
        account = Account.objects.create_account(
            email=email, name=name, role=invitation.role, password=password, language=language
        )
        admit: Callable[[Account, list[str]], None] = import_string(settings.INVITATION_ACCEPTED)
        admit(account, invitation.places)
        trail.record(actor=f"account:{account.pk}", act="account.joined", subject=f"invitation:{invitation.pk}")
    return account


_FORGOTTEN: dict[str, Any] = {"sealed_name": None, "sealed_email": None, "email_index": None}


def _still_waiting(invitation: Invitation, **change: Any) -> None:
    """Changes it in the one statement that also asks whether it still waits, so that nobody is twice first."""
    waiting = Invitation.objects.usable() if "accepted" in change else Invitation.objects.waiting()
    if not waiting.filter(pk=invitation.pk).update(**change):
        raise Refused("over", gettext("This invitation is no longer open."))


def _last_moment() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(by: Account | None, act: str, invitation: Invitation, why: str = "") -> None:
    actor = f"account:{by.pk}" if by else "command line"
    trail.record(actor=actor, act=act, subject=f"invitation:{invitation.pk}", why=why)
