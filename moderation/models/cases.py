"""Cases and what they are made of: flags, evidence, notes, acts. Rules about one row live here; doors change rows.

Category, severity and times stand open, since the queue is sorted and counted by them; whatever a person wrote is sealed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from moderation.identity import new_id
from moderation.sealed import owner_of
from rooms.models import Room
from vault.fields import SealedField


class Category(models.TextChoices):
    """What a matter is about. The first ten are the screen's own (moderation/screening)."""

    SUICIDE = "suicide", _("Suicide or self-harm")
    HARM_TO_OTHERS = "harm_to_others", _("Harm to others")
    DANGER_AT_HOME = "danger_at_home", _("Danger at home")
    HARASSMENT = "harassment", _("Harassment")
    SEXUAL = "sexual", _("Sexual content")
    SUBSTANCE_TRADE = "substance_trade", _("Getting or selling substances")
    SUBSTANCE_METHOD = "substance_method", _("How to use substances")
    EATING_NUMBERS = "eating_numbers", _("Eating-disorder numbers")
    CONFIDENTIALITY = "confidentiality", _("Confidentiality")
    SPAM = "spam", _("Spam")
    CONDUCT = "conduct", _("Conduct of a mentor or staff")
    AFTER_HOURS = "after_hours", _("Written outside the hours")
    APPEAL = "appeal", _("Appeal")
    OTHER = "other", _("Something else")


class Severity(models.TextChoices):
    CRISIS = "crisis", _("Crisis")
    URGENT = "urgent", _("Urgent")
    ROUTINE = "routine", _("Routine")

    @property
    def clock(self) -> timedelta:
        """How soon somebody takes it."""
        return _CLOCKS[self]

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return list(Severity).index(self)


_CLOCKS = {
    Severity.CRISIS: timedelta(minutes=5),
    Severity.URGENT: timedelta(hours=1),
    Severity.ROUTINE: timedelta(hours=24),
}


class CaseQuerySet(models.QuerySet["Case"]):
    def unresolved(self) -> CaseQuerySet:
        return self.exclude(state=Case.State.RESOLVED)

    def waiting(self) -> CaseQuerySet:
        """Nobody has it for sure: new, come back, a claim that ran out or is asked anew. Said by what it is not, so that SQLite walks the
        queue's index."""
        let_go = Q(held_until__lt=timezone.now()) | Case.ASKED_ANEW
        lapsed = Q(state=Case.State.CLAIMED) & let_go
        had = Q(state__in=(Case.State.CLAIMED, Case.State.HANDED_OVER, Case.State.RESOLVED))
        return self.unresolved().filter(~had | lapsed)

    def in_order(self) -> CaseQuerySet:
        """Crises first, then by the clock: what waited longest for its kind rises, whatever its kind."""
        return self.order_by("tier", "due_at", "pk")


class Case(models.Model):
    """One matter: one person in one room, until it is resolved. Flags of the same matter join it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLAIMED = "claimed", _("Claimed")
        HANDED_OVER = "handed_over", _("Handed over")
        RESOLVED = "resolved", _("Resolved")
        REOPENED = "reopened", _("Reopened")

    class Outcome(models.TextChoices):
        NOTHING = "nothing", _("Nothing was wrong")
        TALKED = "talked", _("Talked with the person")
        MESSAGE = "message", _("Message taken out or changed")
        SANCTION = "sanction", _("Sanction")
        CARE = "care", _("A clinician took over")
        LIFTED = "lifted", _("Sanction lifted")
        UPHELD = "upheld", _("Sanction upheld")

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+"
    )  # whom it is about; never shown without glass
    category = models.CharField(max_length=20, choices=Category)
    severity = models.CharField(max_length=8, choices=Severity)
    level = models.PositiveSmallIntegerField(default=0)  # after the Columbia scale, 0 to 5; only sets the order
    graphic = models.BooleanField(default=False)  # hard to read: counted for the moderator's own care
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    tier = models.PositiveSmallIntegerField(default=1)  # 0 for a crisis, 1 for all else: the first key of the order
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True)
    was_late = models.BooleanField(default=False)  # the first response came after the clock
    holder = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    held_until = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    not_for = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")  # an appeal goes to somebody else
    snoozed_until = models.DateTimeField(null=True)
    handed_to = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")  # null: any clinician on call
    handed_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    step = models.PositiveSmallIntegerField(default=0)  # how far along the rota it was told
    told_at = models.DateTimeField(null=True)  # when somebody was last alerted
    flags_count = models.PositiveIntegerField(default=0)
    purged_at = models.DateTimeField(null=True)  # the end of its term: what was written in it is gone, and its key

    objects = CaseQuerySet.as_manager()

    ASKED_ANEW: ClassVar = Q(tier=0, assigned_to__isnull=False)  # of a claimed one: see `is_asked_anew`

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "account"],
                condition=~Q(state="resolved") & ~Q(category="appeal"),
                name="one_case_a_matter",
            ),
        ]
        indexes = [
            models.Index(fields=["tier", "due_at", "id"], condition=~Q(state="resolved"), name="case_queue"),
            # The queue narrowed down, in its own order (standing), and what was resolved, the latest first.
            models.Index(
                fields=["severity", "tier", "due_at", "id"], condition=~Q(state="resolved"), name="case_by_severity"
            ),
            models.Index(
                fields=["category", "tier", "due_at", "id"], condition=~Q(state="resolved"), name="case_by_category"
            ),
            models.Index(fields=["room", "tier", "due_at", "id"], condition=~Q(state="resolved"), name="case_by_room"),
            models.Index(
                fields=["snoozed_until"],
                condition=~Q(state="resolved") & Q(snoozed_until__isnull=False),
                name="case_resting",
            ),
            models.Index(fields=["resolved_at", "id"], condition=Q(resolved_at__isnull=False), name="case_history"),
            models.Index(fields=["state", "severity"], name="case_counts"),
            models.Index(fields=["opened_at"], name="case_opened"),
            models.Index(fields=["resolved_at"], condition=Q(state="resolved"), name="case_resolved"),
            models.Index(fields=["holder"], condition=Q(state="claimed"), name="case_holder"),
        ]

    @property
    def owner(self) -> str:
        """Whose data key seals what belongs to the case."""
        return owner_of(self.id)

    @property
    def is_resolved(self) -> bool:
        return self.state == self.State.RESOLVED

    @property
    def is_held(self) -> bool:
        """Somebody has it now."""
        return self.state == self.State.CLAIMED and self.held_until is not None and self.held_until > timezone.now()

    @property
    def is_asked_anew(self) -> bool:
        """A sign of crisis came while somebody had it, and they have done nothing since: it is laid before them, and anybody may claim it."""
        return self.is_held and self.tier == 0 and self.assigned_to_id is not None

    @property
    def is_with_somebody(self) -> bool:
        """For sure: a moderator who is not asked anew, or the clinician who took it."""
        was_taken = self.state == self.State.HANDED_OVER and self.acknowledged_by_id is not None
        return was_taken or (self.is_held and not self.is_asked_anew)


class Flag(models.Model):
    """Why a case is here. `by` is None for the screen; who flagged is never shown to the flagged person or the room."""

    class Source(models.TextChoices):
        PERSON = "person", _("A person")
        SCREEN = "screen", _("The screen")
        SECOND = "second", _("The second screen")
        HOURS = "hours", _("Room hours")

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="flags")
    source = models.CharField(max_length=8, choices=Source)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    message_id = models.CharField(max_length=32, blank=True)  # a message or a held one; empty: the member was flagged
    is_held = models.BooleanField(default=False)  # the message waits for a moderator
    category = models.CharField(max_length=20, choices=Category)
    severity = models.CharField(max_length=8, choices=Severity)
    level = models.PositiveSmallIntegerField(default=0)
    rules = models.JSONField(default=list)  # ids of the screen's rules
    words = SealedField(null=True)  # purpose flag.words, place the id
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)  # the flagger heard that it was handled

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "by", "message_id"], condition=Q(by__isnull=False), name="one_flag_a_person"
            ),
        ]


class Evidence(models.Model):
    """A message as it stood when it was flagged, or one of the two on either side. Sealed JSON: docs/moderation.md."""

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="evidence")
    message_id = models.CharField(max_length=32)
    seq = models.BigIntegerField(null=True)  # None for a held message: it never was in the room
    is_flagged = models.BooleanField(default=False)
    content = SealedField()  # purpose evidence.content, place the id
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = (F("seq").asc(nulls_last=True), "pk")
        constraints = [models.UniqueConstraint(fields=["case", "message_id"], name="one_evidence_a_message")]


class Note(models.Model):
    """What one moderator tells the next."""

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    text = SealedField()  # purpose note.text, place the id
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")


class Act(models.Model):
    """What was done, by whom and when: the case's history, and what an undo takes back. No text a person wrote."""

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="acts")
    room = models.ForeignKey(Room, models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")  # None: the clock
    kind = models.CharField(max_length=20)  # claim, hand_back, redact, mute, ...: moderation/acts.py names them
    target = models.CharField(max_length=32, blank=True)  # a message's id, a sanction's id
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    before = SealedField(null=True)  # JSON: what an undo puts back; purpose act.before, place the id

    class Meta:
        ordering = ("at", "pk")
        indexes = [models.Index(fields=["by", "kind", "at"], name="act_by_person")]
