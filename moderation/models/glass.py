"""Break-glass: a look behind the curtain with a stated reason, on the trail, reviewed by a coordinator (DESIGN 6.4)."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from moderation.identity import new_id
from moderation.models.cases import Case
from vault.fields import SealedField

OPEN_FOR = timedelta(minutes=15)
WAITS_FOR = timedelta(hours=24)  # a request that nobody answered by then is over


class GlassQuerySet(models.QuerySet["Glass"]):
    def waiting(self) -> GlassQuerySet:
        """Somebody asked who a person is, and nobody has answered."""
        unanswered = self.filter(kind=Glass.Kind.IDENTITY, for_handover=False, second=None)
        since = timezone.now() - WAITS_FOR
        return unanswered.filter(asked_at__gt=since).exclude(case__state=Case.State.RESOLVED)

    def unreviewed(self) -> GlassQuerySet:
        return self.filter(reviewed_at=None)


class Glass(models.Model):
    """More of the conversation, or who somebody is. An identity needs a second person before it opens."""

    class Kind(models.TextChoices):
        CONTEXT = "context", _("More of the conversation")
        IDENTITY = "identity", _("Who the person is")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a second person")
        LAPSED = "lapsed", _("Nobody answered in time")
        REFUSED = "refused", _("Not agreed to")
        OPEN = "open", _("Open now")
        CLOSED = "closed", _("Closed again")

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
    for_handover = models.BooleanField(
        default=False
    )  # an acknowledged crisis: no second person, and no end by the clock
    looks = models.PositiveIntegerField(default=0)  # how often something was shown through it
    reviewed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review = SealedField(null=True)  # the coordinator's note; purpose glass.review, place the id

    objects = GlassQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "pk")
        indexes = [
            models.Index(fields=["-asked_at", "id"], name="glass_newest"),
            models.Index(fields=["-asked_at", "id"], condition=Q(reviewed_at=None), name="glass_to_review"),
        ]

    @property
    def state(self) -> State:
        """As it is now. It also closes with the case, and when somebody else takes the case."""
        if self.refused:
            return self.State.REFUSED
        gone = self.case.is_resolved or _is_with_another(self.case, self.by_id)
        if self.for_handover:
            return self.State.OPEN if _is_acknowledged(self.case, self.by_id) else self.State.CLOSED
        if self.open_until is None:
            over = gone or self.asked_at + WAITS_FOR <= timezone.now()
            return self.State.LAPSED if over else self.State.WAITING
        return self.State.CLOSED if gone or self.open_until <= timezone.now() else self.State.OPEN

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


def _is_acknowledged(case: Case, by_id: int) -> bool:
    return case.state == Case.State.HANDED_OVER and case.acknowledged_by_id == by_id


def _is_with_another(case: Case, by_id: int) -> bool:
    if case.state == Case.State.HANDED_OVER:
        return case.acknowledged_by_id not in (None, by_id)
    return case.is_held and case.holder_id != by_id
