"""An invitation that waits for one person. Written by `accounts.invitations` only.

Of the link only a SHA-256 is stored. Name and e-mail are sealed, and erased once it is accepted or withdrawn.
"""

from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models.account import Account, Role
from vault.fields import SealedField
from vault.sealing import Sealed, seal, unseal


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> Self:
        """Neither accepted nor withdrawn; its link may have expired."""
        return self.filter(accepted__isnull=True, withdrawn__isnull=True)

    def usable(self) -> Self:
        return self.waiting().filter(expires__gt=timezone.now())


class Invitation(models.Model):
    token = models.CharField(max_length=64, unique=True)  # SHA-256 of the link's secret, hex
    sealed_name = SealedField(null=True)
    sealed_email = SealedField(null=True)
    email_index = models.BinaryField(max_length=32, null=True, unique=True)  # one waits for an address
    role = models.CharField(max_length=16, choices=Role)
    language = models.CharField(max_length=8, blank=True)
    places = models.JSONField(default=list)
    invited_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="invitations")
    made = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    @property
    def name(self) -> str:
        return self._open(self.sealed_name, "invitation.name")

    @property
    def email(self) -> str:
        return self._open(self.sealed_email, "invitation.email")

    @property
    def expired(self) -> bool:
        return self.expires <= timezone.now()

    def address(self, *, name: str, email: str) -> None:
        """Seals whom it is for; the row must have its number already."""
        self.sealed_name = self._close(name, "invitation.name")
        self.sealed_email = self._close(email, "invitation.email")

    def erase(self) -> None:
        """Forgets whom it was for; role, dates and who invited stay."""
        self.sealed_name = self.sealed_email = self.email_index = None

    def _close(self, text: str, purpose: str) -> Sealed:
        return seal(text, owner="system", purpose=purpose, place=f"invitation:{self.pk}")

    def _open(self, sealed: Sealed | None, purpose: str) -> str:
        if sealed is None:
            return ""
        return unseal(sealed, owner="system", purpose=purpose, place=f"invitation:{self.pk}")
