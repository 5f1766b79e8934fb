"""One browser in which somebody is (or is about to be) signed in. Written through `accounts.sessions` only.

The cookie's value is not stored: `handle` is its SHA-256, so who steals this table cannot sign in with it.
"""

from datetime import timedelta
from typing import Self

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models.account import Account, Role
from vault.fields import SealedField

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes alone are no second factor


class SessionQuerySet(models.QuerySet["Session"]):
    def alive(self) -> Self:
        """Neither past its last hour nor idle for too long."""
        now = timezone.now()
        idle_since = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
        return self.filter(expire_date__gt=now, last_seen__gt=idle_since)

    def admitted(self) -> Self:
        """Alive, unlocked, of an active person, with the second factor where one is owed."""
        admitted = self.alive().filter(locked=False, account__is_active=True)
        if not settings.STAFF_NEED_SECOND_FACTOR:
            return admitted
        factor = Authenticator.objects.filter(user_id=OuterRef("account_id"), type__in=FACTORS)
        return admitted.filter(Q(account__role=Role.CLIENT) | Exists(factor))


class Session(models.Model):
    handle = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    sealed_data = SealedField()
    sealed_device = SealedField(null=True)  # "Firefox on Android"
    created = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)
    expire_date = models.DateTimeField(db_index=True)
    locked = models.BooleanField(default=False)

    objects = SessionQuerySet.as_manager()
