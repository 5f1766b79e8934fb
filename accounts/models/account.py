"""A person of the program: how they are found, what they are called, what role they hold.

Name and e-mail are sealed under the person's own key; the e-mail is found through a blind index. Rules about
who may change what live in `accounts.people`.
"""

import unicodedata
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from vault.fields import SealedField
from vault.index import blind_index
from vault.sealing import Sealed, seal, unseal


class Role(models.TextChoices):
    CLIENT = "client", _("Client")
    MENTOR = "mentor", _("Peer mentor")
    MODERATOR = "moderator", _("Moderator")
    CLINICIAN = "clinician", _("Clinician")
    COORDINATOR = "coordinator", _("Coordinator")

    @property
    def badge(self) -> str | None:
        """What others see beside the pseudonym; a client carries none."""
        return None if self is Role.CLIENT else str(self.value)

    @property
    def is_staff(self) -> bool:
        return self is not Role.CLIENT


def normal_email(email: str) -> str:
    """One spelling for an address, so that it is found however it was typed."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def email_index(email: str) -> bytes:
    return blind_index(normal_email(email), purpose="account.email")


class AccountManager(BaseUserManager["Account"]):
    def create_account(
        self, *, email: str, name: str, role: Role | str, password: str | None = None, language: str = ""
    ) -> "Account":
        """Makes a person. Raises IntegrityError if the e-mail already belongs to one."""
        account = self.model(
            role=Role(role),
            language=language,
            email_index=email_index(email),
        )
        account.set_password(password)
        with transaction.atomic(using=self._db):
            # The key's owner is the person's number, so the row must be there before anything is sealed.
            account.save(using=self._db)
            account.call(name=name, email=email)
        return account

    def by_email(self, email: str) -> "Account | None":
        return self.filter(email_index=email_index(email)).first()


class Account(AbstractBaseUser):
    sealed_name = SealedField(null=True)  # null only between the two steps of create_account
    sealed_email = SealedField(null=True)
    email_index = models.BinaryField(max_length=32, unique=True)
    role = models.CharField(max_length=16, choices=Role)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, blank=True)
    joined = models.DateTimeField(auto_now_add=True)
    last_seen = models.DateField(null=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email_index"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["role"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return f"account {self.pk}"  # never a name: this is what ends up in logs and error reports

    @property
    def name(self) -> str:
        return self._open(self.sealed_name, "account.name")

    @property
    def email(self) -> str:
        return self._open(self.sealed_email, "account.email")

    @property
    def is_staff(self) -> bool:
        return Role(self.role).is_staff

    def call(self, *, name: str, email: str) -> None:
        """Seals name and e-mail and saves them."""
        self.sealed_name = self._close(" ".join(name.split()), "account.name")
        self.sealed_email = self._close(email.strip(), "account.email")
        self.email_index = email_index(email)
        self.save(update_fields=["sealed_name", "sealed_email", "email_index"])

    def _close(self, text: str, purpose: str) -> Sealed:
        return seal(text, owner=f"person:{self.pk}", purpose=purpose, place=f"account:{self.pk}")

    def _open(self, sealed: Sealed | None, purpose: str) -> str:
        if sealed is None:
            return ""
        return unseal(sealed, owner=f"person:{self.pk}", purpose=purpose, place=f"account:{self.pk}")

    def clean(self) -> None:
        """Nothing to normalise: AbstractBaseUser would treat the index as a typed user name."""

    def natural_key(self) -> tuple[Any, ...]:
        return (self.pk,)
