"""A client asks for a mentor, a coordinator confirms one, the client accepts; and who must not be brought together."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from mentoring.models.mentors import Mentor
from rooms.identity import new_room_id
from vault.fields import SealedField


class Request(models.Model):
    """One wish for a mentor. A person has one at a time that is not over."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OFFERED = "offered", _("A mentor is offered")
        MATCHED = "matched", _("Matched")
        WITHDRAWN = "withdrawn", _("Taken back")

    id = models.CharField(primary_key=True, max_length=16, default=new_room_id, editable=False)
    client = models.ForeignKey(Account, models.CASCADE, related_name="mentor_requests")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # JSON (matching.wishes); purpose request.wishes, place request:<id>, owner person:<client>; null once forgotten
    wishes = SealedField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    # The place in line: days that were waited before an earlier mentor count for it (requests.ask).
    line_from = models.DateTimeField(default=timezone.now)
    after = models.ForeignKey("mentoring.Thread", models.SET_NULL, null=True, related_name="+")  # asks for another
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("line_from", "pk")
        indexes = [models.Index(fields=["state", "line_from"], name="request_line")]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(state__in=("waiting", "offered")), name="one_open_request_a_client"
            )
        ]


class Offer(models.Model):
    """A mentor whom the coordinator confirmed for a request; it is the client's to accept."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for the client")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Not answered in time")
        WITHDRAWN = "withdrawn", _("Taken back")

    id = models.CharField(primary_key=True, max_length=16, default=new_room_id, editable=False)
    request = models.ForeignKey(Request, models.CASCADE, related_name="offers")
    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="offered")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    fit = models.FloatField()  # 0 to 1
    confirmed_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=Q(state="open"), name="one_open_offer_a_request")
        ]


class Apart(models.Model):
    """These two must not be matched: they know each other, or one of them does not want it. Why is known to whoever wrote it and to coordinators."""

    class Why(models.TextChoices):
        CONFLICT = "conflict", _("They know each other outside")
        BLOCKED = "blocked", _("One of them does not want it")

    client = models.ForeignKey(Account, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="+")
    why = models.CharField(max_length=10, choices=Why)
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "mentor"], name="one_line_apart_a_pair")]

    @property
    def is_their_own(self) -> bool:
        """One of the two does not want it: nobody else can lift it."""
        return self.by_id in (self.client_id, self.mentor_id)
