"""Break-glass: a look behind the curtain with a stated reason, on the trail, reviewed by a coordinator (DESIGN 6.4)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from moderation.identity import new_id
from moderation.models.cases import Case
from vault.fields import SealedField


class Glass(models.Model):
    """More of the conversation, or who somebody is. An identity needs a second person before it opens."""

    class Kind(models.TextChoices):
        CONTEXT = "context", _("More of the conversation")
        IDENTITY = "identity", _("Who the person is")

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    case = models.ForeignKey(Case, models.PROTECT, related_name="glasses")
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    reason = SealedField()  # purpose glass.reason, place the id, under the case's key
    asked_at = models.DateTimeField(default=timezone.now)
    second = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")  # who agreed or refused
    second_at = models.DateTimeField(null=True)
    refused = models.BooleanField(default=False)
    open_until = models.DateTimeField(null=True)  # None: not open yet
    for_handover = models.BooleanField(default=False)  # an acknowledged crisis hand-over: no second person, no end by time
    looks = models.PositiveIntegerField(default=0)  # how often something was shown through it
    reviewed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review = SealedField(null=True)  # the coordinator's note; purpose glass.review, place the id

    class Meta:
        ordering = ("-asked_at", "pk")
        indexes = [
            models.Index(fields=["-asked_at", "id"], name="glass_newest"),
            models.Index(fields=["-asked_at", "id"], condition=Q(reviewed_at=None), name="glass_to_review"),
        ]
