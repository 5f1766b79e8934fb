"""How mentors stay well: the weekly self-check, time away with somebody standing in, a talk after a hard case."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from mentoring.models.mentors import Mentor
from rooms.models import Room
from vault.fields import SealedField


class SelfCheck(models.Model):
    """One week's answers, as JSON. Only the mentor reads them; purpose selfcheck.answers, place selfcheck:<pk>, owner person:<mentor>."""

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="self_checks")
    week = models.DateField()  # its Monday
    answers = SealedField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-week",)
        constraints = [models.UniqueConstraint(fields=["mentor", "week"], name="one_self_check_a_week")]


class RespiteQuerySet(models.QuerySet["Respite"]):
    def open(self) -> RespiteQuerySet:
        """Still to come, or now."""
        return self.filter(state__in=(Respite.State.PLANNED, Respite.State.RUNNING))

    def running(self) -> RespiteQuerySet:
        return self.filter(state=Respite.State.RUNNING)


class Respite(models.Model):
    """Time away. From `starts` to `ends` (not included) the cover mentor has the threads."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Now")
        OVER = "over", _("Over")
        CALLED_OFF = "called_off", _("Called off")

    class Lack(models.TextChoices):
        DECLINED = "declined", _("The cover mentor cannot stand in")
        UNABLE = "unable", _("The cover mentor cannot stand in any more")
        NOBODY = "nobody", _("Nobody stands in yet")

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="respites")
    cover = models.ForeignKey(Mentor, models.PROTECT, null=True, related_name="covering")  # None: nobody was named yet
    starts = models.DateField()
    ends = models.DateField()  # the day on which they are back
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    lack = models.CharField(max_length=8, choices=Lack, blank=True)  # why another cover mentor must be named
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = RespiteQuerySet.as_manager()

    class Meta:
        ordering = ("starts", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="respite_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(cover=F("mentor")), name="nobody_covers_themselves"),
            models.CheckConstraint(
                condition=Q(cover__isnull=False) | ~Q(lack="") | Q(state__in=("over", "called_off")),
                name="somebody_covers_or_is_lacking",
            ),
            models.UniqueConstraint(fields=["mentor"], condition=Q(state="running"), name="one_time_away_at_once"),
        ]


class Debrief(models.Model):
    """A talk is offered to a mentor after a crisis in a room of theirs. What it was about stays in its case."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        WANTED = "wanted", _("Asked for")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Not needed")

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="debriefs")
    room = models.ForeignKey(Room, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-offered_at", "-pk")
