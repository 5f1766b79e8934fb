"""The private thread of a client and a mentor. Its talk is a room like any other (rooms); here is what stands beside the talk."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from mentoring.models.matching import Offer
from mentoring.models.mentors import Mentor
from rooms.identity import new_room_id
from rooms.models import Room
from vault.fields import SealedField


class ThreadQuerySet(models.QuerySet["Thread"]):
    def running(self) -> ThreadQuerySet:
        """Not closed; those of a cover mentor too."""
        return self.filter(closed_at=None)

    def own(self) -> ThreadQuerySet:
        """Without those that stand in for another while its mentor is away."""
        return self.filter(covers=None)


class Thread(models.Model):
    """Owner thread:<id>, place thread:<id>. `covers` is the thread whose mentor is away: a cover mentor has a room of their own with the
    client, and does not read what was written to somebody else."""

    class Closed(models.TextChoices):
        CLIENT = "client", _("by the client")
        MENTOR = "mentor", _("by the mentor")
        COORDINATOR = "coordinator", _("by a coordinator")
        COVER_OVER = "cover_over", _("the mentor is back")
        MENTOR_GONE = "mentor_gone", _("the mentor is no mentor any more")
        STEPPED_BACK = "stepped_back", _("the mentor cannot go on")
        CLIENT_GONE = "client_gone", _("the client is no client any more")

    id = models.CharField(primary_key=True, max_length=16, default=new_room_id, editable=False)
    room = models.OneToOneField(Room, models.PROTECT, related_name="+")
    client = models.ForeignKey(Account, models.PROTECT, related_name="threads")
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="threads")
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, related_name="+")
    covers = models.ForeignKey("self", models.PROTECT, null=True, related_name="cover_threads")
    opened_at = models.DateTimeField(default=timezone.now)
    shared = SealedField(null=True)  # JSON, what the client lets the mentor know; purpose thread.shared
    shares_with_cover = models.BooleanField(default=False)  # `shared`, goals and milestones, never the talk
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=12, choices=Closed, blank=True)
    farewell = SealedField(null=True)  # a few words of the mentor at the end; purpose thread.farewell
    summary = SealedField(null=True)  # what they did together, for the client to keep; purpose thread.summary
    purged_at = models.DateTimeField(null=True)  # the term is over: texts and keys are gone

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ("opened_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "mentor"], condition=Q(closed_at=None), name="one_running_thread_a_pair"
            )
        ]
        indexes = [models.Index(fields=["mentor", "closed_at"], name="thread_of_mentor")]


class Goal(models.Model):
    """Owner thread:<thread>, purpose goal.text, place goal:<pk>. Written by either, the client's to reach or to let go."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="goals")
    text = SealedField(null=True)
    by_client = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    reached_at = models.DateTimeField(null=True)
    let_go_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "pk")


class Milestone(models.Model):
    """Something to be proud of. Owner thread:<thread>, purpose milestone.text, place milestone:<pk>."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="milestones")
    text = SealedField(null=True)
    goal = models.OneToOneField(Goal, models.SET_NULL, null=True, related_name="milestone")  # the goal that was reached
    on = models.DateField()
    by_client = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("on", "pk")


class Appointment(models.Model):
    """A time to meet. Nothing of it says what it is about; the calendar file says "Appointment"."""

    class Way(models.TextChoices):
        TEXT = "text", _("in writing")
        VOICE = "voice", _("by voice")
        VIDEO = "video", _("by video")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("declined")
        CANCELLED = "cancelled", _("called off")

    id = models.CharField(primary_key=True, max_length=16, default=new_room_id, editable=False)
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="appointments")
    starts = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=5, choices=Way)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    by_client = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True)
    uid = models.UUIDField(
        default=uuid.uuid4, editable=False
    )  # RFC 5545: says nothing, and stands in no address of ours
    sequence = models.PositiveSmallIntegerField(default=0)  # RFC 5545: counts its changes

    class Meta:
        ordering = ("starts", "pk")
        indexes = [models.Index(fields=["state", "starts"], name="appointments_to_come")]
