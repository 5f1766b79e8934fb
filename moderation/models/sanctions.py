"""What reaches the person a case is about: sanctions, their appeals, and private letters."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from moderation.identity import new_id
from moderation.models.cases import Case
from rooms.models import Room
from vault.fields import SealedField


class Sanction(models.Model):
    """Ends by itself at `until` (None: until somebody lifts it)."""

    class Kind(models.TextChoices):
        MUTE = "mute", _("Cannot write for a time")
        REMOVE = "remove", _("Removed from the room")
        SUSPEND = "suspend", _("Suspended from the program's rooms")

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="sanctions")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")  # None: everywhere (suspend)
    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    reason = SealedField()  # what the person reads; purpose sanction.reason, place the id, under the case's key
    started_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")  # None: it ended by itself

    class Meta:
        indexes = [
            models.Index(fields=["until"], condition=Q(ended_at__isnull=True), name="sanction_due"),
            models.Index(fields=["account"], condition=Q(ended_at__isnull=True), name="sanction_running"),
        ]


class Appeal(models.Model):
    """The person asks that another moderator looks at a sanction. Once a sanction; it has a case of its own."""

    class Decision(models.TextChoices):
        UPHELD = "upheld", _("The sanction stays")
        LIFTED = "lifted", _("The sanction was lifted")

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    sanction = models.OneToOneField(Sanction, models.PROTECT, related_name="appeal")
    case = models.OneToOneField(Case, models.PROTECT, related_name="appeal")
    words = SealedField()  # purpose appeal.words, place the id, under the appeal case's key
    at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)


class Letter(models.Model):
    """One private word between moderators and the person: shown as a card on the person's pages until it is put away."""

    class Kind(models.TextChoices):
        CRISIS = "crisis", _("Help card")
        CARE = "care", _("A word of care")  # somebody took the crisis case, a clinician is on it
        WARNING = "warning", _("Private warning")
        CHECK_IN = "check_in", _("Check-in")
        REPLY = "reply", _("Answer of the person")
        REFUSED = "refused", _("Why a message was not posted")
        RELEASED = "released", _("A held message was posted")
        SANCTION = "sanction", _("Sanction")
        DECISION = "decision", _("Answer to an appeal")
        HANDLED = "handled", _("A flag was handled")

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="letters")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")  # the person, whichever way it goes
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")  # None: Peerchat itself
    kind = models.CharField(max_length=8, choices=Kind)
    sanction = models.ForeignKey(Sanction, models.CASCADE, null=True, related_name="letters")
    text = SealedField(null=True)  # purpose letter.text, place the id, under the case's key
    about = models.CharField(max_length=32, blank=True)  # a held message; of an answer, the letter it answers
    at = models.DateTimeField(default=timezone.now)
    put_away_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "pk")
        indexes = [models.Index(fields=["account"], condition=Q(put_away_at__isnull=True), name="letter_shown")]
