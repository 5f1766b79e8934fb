"""Who is on call and how they are reached; what a moderator keeps for their own work."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Account
from vault.fields import SealedField


class Shift(models.Model):
    """Somebody is on call from `starts` to `ends`. `step` is their place in the order in which an unanswered clock is passed on."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="shifts")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    step = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("starts", "step", "pk")
        constraints = [models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="shift_ends_after_it_starts")]
        indexes = [models.Index(fields=["ends", "starts"], name="shift_times")]


class AlertChoice(models.Model):
    """How somebody on call wants to be told. Never what or whom it is about."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="+", primary_key=True)
    sound = models.BooleanField(default=True)
    email = models.BooleanField(default=True)
    push = models.BooleanField(default=True)


class PushSubscription(models.Model):
    """One browser that may be woken. Sealed under the person's key: purpose push.subscription, place the index in hex."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    index = models.BinaryField(max_length=32, unique=True)  # blind index of the endpoint
    subscription = SealedField()
    at = models.DateTimeField(default=timezone.now)


class SavedView(models.Model):
    """A filter of the queue that its moderator gave a name."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    name = SealedField()  # purpose view.name, place the pk, under the person's key
    query = models.CharField(max_length=200)  # as in the address: severity=crisis&room=...

    class Meta:
        ordering = ("pk",)
