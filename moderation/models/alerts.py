"""What is sent to wake somebody, until it has been sent. Written in the transaction of what it is about: none is lost."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from moderation.models.cases import Case
from vault.fields import SealedField


class Alert(models.Model):
    """One telling of one person about one case on one channel. It holds no word of the case and sends none."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PUSH = "push", _("Push")

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel)
    told_at = models.DateTimeField()  # Case.told_at of this telling
    taken_at = models.DateTimeField(null=True)  # some process is sending it since
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "account", "channel", "told_at"], name="one_alert_a_telling")
        ]
        indexes = [
            models.Index(fields=["told_at"], condition=Q(sent_at__isnull=True), name="alert_due"),
        ]


class PushIdentity(models.Model):
    """The key by which push services know this house (RFC 8292). One row; made at first use."""

    public = models.CharField(max_length=100)  # base64url, what a browser subscribes with
    private = SealedField()  # purpose push.identity, place the public key, owner system
