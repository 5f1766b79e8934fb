"""A mentor's file: how clients know them, what they offer, how much they carry. Credentials and wellbeing point at it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from vault.fields import SealedField

CAPACITY = 6  # clients a mentor carries at most, unless a coordinator sets another number


class Mentor(models.Model):
    account = models.OneToOneField(Account, models.CASCADE, related_name="mentor", primary_key=True)
    called = SealedField(
        null=True
    )  # how clients know them; purpose mentor.called, place mentor:<pk>, owner person:<pk>
    offers = SealedField(null=True)  # JSON, what they offer (matching.wishes); purpose mentor.offers, the same place
    capacity = models.PositiveSmallIntegerField(_("clients at most"), default=CAPACITY)
    wanted = models.PositiveSmallIntegerField(null=True)  # as many as they want to carry themselves, up to `capacity`
    is_taking = models.BooleanField(_("takes new clients"), default=True)
    taking_again = models.DateField(null=True)  # a coordinator stopped new clients until this day
    hours = models.JSONField(
        default=list, blank=True
    )  # when they are usually there, as rooms.opening_hours; empty: not said
    supervisor = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="supervises")
    shares_band = models.BooleanField(default=False)  # the coordinator may see the band of the weekly self-check
    break_asked_at = models.DateTimeField(null=True)  # a coordinator asked them kindly to take a break
    left_circle_at = models.DateTimeField(null=True)  # with the role; they come back with it (circle)
    owed_note = models.BooleanField(default=False)  # something new came outside their hours: one e-mail waits (post)
    began_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"mentor {self.pk}"  # never a name: this is what ends up in logs and error reports

    @property
    def places(self) -> int:
        """Clients they carry at most: what the coordinator allows, or less where they want less."""
        return self.capacity if self.wanted is None else min(self.wanted, self.capacity)

    @property
    def is_stopped(self) -> bool:
        """A coordinator stopped new clients, and the day has not come. What the mentor says themselves is `is_taking`."""
        return self.taking_again is not None and self.taking_again > timezone.localdate()
