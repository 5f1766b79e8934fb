"""What shows that a mentor may do this work: certification, ethics agreement, training, and the reminders before one of them ends."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from mentoring.models.mentors import Mentor
from vault.fields import SealedField

# Of certifications and trainings: a coordinator has looked at it and nobody withdrew it; one waits to be looked at.
COUNTING = Q(verified_at__isnull=False, withdrawn_at=None)
WAITING = Q(verified_at=None, withdrawn_at=None)


class Certification(models.Model):
    """Owner person:<mentor>, place certification:<pk>. Counts once a coordinator has looked at it, until it expires or is withdrawn."""

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="certifications")
    body = SealedField(null=True)  # who certified; purpose certification.body
    number = SealedField(null=True)  # purpose certification.number
    issued = models.DateField(_("issued on"))
    expires = models.DateField(_("expires on"))  # the last day it counts
    document_type = models.CharField(max_length=20, blank=True)  # application/pdf, image/png, image/jpeg; empty: none
    added_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    why = SealedField(null=True)  # it was withdrawn, for the mentor to read; purpose certification.why

    class Meta:
        ordering = ("-expires", "-pk")
        indexes = [models.Index(fields=["mentor", "expires"], name="certification_of_mentor")]


class CertificationDocument(models.Model):
    """The bytes of it, in a row of their own, so that no list reads five megabytes. Purpose certification.document, place and owner as above."""

    certification = models.OneToOneField(Certification, models.CASCADE, primary_key=True, related_name="document")
    content = SealedField()


class EthicsText(models.Model):
    """A version of the ethics agreement after the first, which comes with the package (ethics). Never changed once published."""

    version = models.PositiveIntegerField(unique=True)
    texts = models.JSONField()  # Markdown by language: {"en": …, "es": …}
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")

    @property
    def text(self) -> str:
        """In the language that is active, or in the house's own where it is not written in that."""
        found: str = self.texts.get(get_language() or "") or self.texts[settings.LANGUAGE_CODE]
        return found


class EthicsAcceptance(models.Model):
    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="ethics")
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mentor", "version"], name="one_ethics_acceptance_a_version")]


class Training(models.Model):
    """One training done: read and answered here, or recorded from outside. Place training:<pk>, owner person:<mentor>.

    What a mentor records themselves counts once a coordinator has looked at it, as with a certification.
    """

    class Source(models.TextChoices):
        HERE = "here", _("In Peerchat")
        OUTSIDE = "outside", _("Outside")

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="trainings")
    module = models.CharField(max_length=40)  # the code of mentoring/training/<language>/<code>.md
    done_on = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    expires = models.DateField(null=True)  # the last day it counts; None: for good
    source = models.CharField(max_length=8, choices=Source)
    provider = SealedField(null=True)  # of one from outside; purpose training.provider
    version = models.PositiveIntegerField(default=0)  # of the module read here
    added_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    why = SealedField(null=True)  # it was withdrawn; purpose training.why

    class Meta:
        ordering = ("-done_on", "-pk")
        indexes = [models.Index(fields=["mentor", "module"], name="training_of_mentor")]


class Reminder(models.Model):
    """That somebody was reminded of an expiry, so many days before it (0: it is over). One each."""

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="reminders")
    about = models.CharField(max_length=60)  # certification, training:<code>
    expires = models.DateField()
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [models.UniqueConstraint(fields=["mentor", "about", "expires", "days"], name="one_reminder_each")]
