"""What shows that a mentor may do this work: certification, ethics agreement, training, and the reminders before one of them ends."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from mentoring.models.mentors import Mentor
from vault.fields import SealedField


class Certification(models.Model):
    """Owner person:<mentor>, place certification:<pk>. Counts once a coordinator has looked at it, until it expires or is withdrawn."""

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="certifications")
    body = SealedField(null=True)  # who certified; purpose certification.body
    number = SealedField(null=True)  # purpose certification.number
    issued = models.DateField(_("issued on"))
    expires = models.DateField(_("expires on"))
    document = SealedField(null=True)  # the bytes of it; purpose certification.document
    document_type = models.CharField(max_length=20, blank=True)  # application/pdf, image/png, image/jpeg
    added_at = models.DateTimeField(default=timezone.now)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-expires", "-pk")


class EthicsText(models.Model):
    """One version of the ethics agreement of mentors. Never changed once published."""

    version = models.PositiveIntegerField(unique=True)
    text = models.TextField()
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")


class EthicsAcceptance(models.Model):
    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="ethics")
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mentor", "version"], name="one_ethics_acceptance_a_version")]


class Training(models.Model):
    """One training done: read and answered here, or recorded from outside. Place training:<pk>, owner person:<mentor>."""

    class Source(models.TextChoices):
        HERE = "here", _("In Peerchat")
        OUTSIDE = "outside", _("Outside")

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="trainings")
    module = models.CharField(max_length=40)  # the code of mentoring/training/<language>/<code>.md
    done_on = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    expires = models.DateField(null=True)
    source = models.CharField(max_length=8, choices=Source)
    provider = SealedField(null=True)  # of one from outside; purpose training.provider
    version = models.PositiveIntegerField(default=0)  # of the module read here
    added_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-done_on", "-pk")


class Reminder(models.Model):
    """That somebody was reminded of an expiry, so many days before it (0: it is over). One each."""

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="+")
    about = models.CharField(max_length=60)  # certification:<pk>, training:<code>, ethics:<version>
    expires = models.DateField()
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mentor", "about", "expires", "days"], name="one_reminder_each")]
