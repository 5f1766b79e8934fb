"""What is stored of rooms: rooms and their agreements, memberships, messages, reactions, mutes.

Rules about one row live here; what changes rows is in the doors (joining, log). Text that a person wrote is sealed.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from rooms import identity
from vault.fields import SealedField


class RoomQuerySet(models.QuerySet["Room"]):
    def groups(self) -> RoomQuerySet:
        """Rooms of many, whose lists may name them. A private thread is found only through one of its two people."""
        return self.exclude(kind=Room.Kind.THREAD)


class Room(models.Model):
    """Where people talk: a condition group, the private thread of two, or the circle in which mentors support each other.

    `number` counts its changes, `roster` the changes of who belongs and of its rules.
    """

    class Kind(models.TextChoices):
        GROUP = "group", _("Group")
        THREAD = "thread", _("Private thread")
        CIRCLE = "circle", _("Circle of mentors")

    class Condition(models.TextChoices):
        ANXIETY = "anxiety", _("Anxiety")
        DEPRESSION = "depression", _("Depression")
        PTSD = "ptsd", _("PTSD")
        CO_OCCURRING = "co_occurring", _("Co-occurring conditions")
        OTHER = "other", _("Something else")

    class Opening(models.TextChoices):
        ALWAYS = "always", _("always")
        HOURS = "hours", _("in set hours")
        ATTENDED = "attended", _("while a moderator or facilitator is on call")

    class Outside(models.TextChoices):
        READ_ONLY = "read_only", _("read only")
        HELD = "held", _("messages wait for a moderator")

    id = models.CharField(primary_key=True, max_length=16, default=identity.new_room_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.GROUP)
    name = models.CharField(_("name"), max_length=60, blank=True)  # empty where its kind says enough
    condition = models.CharField(_("condition"), max_length=20, choices=Condition)
    description = models.CharField(_("description"), max_length=300, blank=True)
    toolkit = models.TextField(_("toolkit"), blank=True)
    part2 = models.BooleanField(_("substance-use records (42 CFR Part 2)"), default=False)
    read_only = models.BooleanField(_("read only"), default=False)
    posts_a_minute = models.PositiveIntegerField(_("messages a minute a person"), default=100)
    retention_days = models.PositiveIntegerField(_("days a message is kept"), default=90)
    agreement_version = models.PositiveIntegerField(default=0)
    number = models.BigIntegerField(default=0)
    roster = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField(auto_now_add=True)
    # What a moderator may change for a time; each ends by itself.
    slow_seconds = models.PositiveIntegerField(_("seconds between two messages of a person"), default=0)
    slow_until = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)
    notice = SealedField(null=True)  # purpose room.notice, place the room's id
    notice_until = models.DateTimeField(null=True)
    # When it is open, and what happens to a message outside of that (opening_hours).
    opening = models.CharField(_("open"), max_length=10, choices=Opening, default=Opening.ALWAYS)
    hours = models.JSONField(_("hours"), default=list, blank=True)
    attended_until = models.DateTimeField(null=True)
    outside = models.CharField(_("outside these hours"), max_length=10, choices=Outside, default=Outside.READ_ONLY)
    strict = models.JSONField(default=list, blank=True)  # what this room's gates hold that others only mark

    objects = RoomQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What those who are not in it may read of it."""
        return self.name or str(self.Kind(self.kind).label)

    @property
    def is_thread(self) -> bool:
        return self.kind == self.Kind.THREAD

    @property
    def owner(self) -> str:
        """Whose data keys seal what is written here."""
        return f"room:{self.id}"

    @property
    def agreement(self) -> Agreement:
        return self.agreements.get(version=self.agreement_version)


class Agreement(models.Model):
    """One version of a room's group agreement. Never changed once published: acceptances point at it."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="agreements")
    version = models.PositiveIntegerField()
    text = models.TextField(_("group agreement"))
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "version"], name="one_agreement_a_version")]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def belonging(self) -> MembershipQuerySet:
        """Not removed, and the person not suspended."""
        return self.filter(removed_at=None, account__is_active=True)

    def standing(self) -> MembershipQuerySet:
        """Those who may read and write now: belonging, with a pseudonym, the current agreement accepted."""
        return self.belonging().filter(pseudonym_index__isnull=False, accepted_version=F("room__agreement_version"))


class Membership(models.Model):
    """One person in one room. Admitted by a coordinator; the person then chooses a pseudonym and accepts the agreement."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    handle = models.CharField(max_length=24, unique=True, default=identity.new_handle, editable=False)
    pseudonym_sealed = SealedField(null=True)
    pseudonym_index = models.BinaryField(max_length=32, null=True)
    colour = models.PositiveSmallIntegerField(default=0)
    accepted_version = models.PositiveIntegerField(default=0)
    accepted_at = models.DateTimeField(null=True)
    read = models.BigIntegerField(default=0)
    got = models.BigIntegerField(default=0)  # what a page of theirs has taken; kept in threads only (marks)
    admitted_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
    muted_until = models.DateTimeField(null=True)  # may read and not write
    leads = models.BooleanField(default=False)  # facilitates this group (leading)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "account"], name="one_membership_a_person"),
            models.UniqueConstraint(
                fields=["room", "pseudonym_index"],
                condition=Q(pseudonym_index__isnull=False),
                name="one_pseudonym_a_room",
            ),
        ]


class Acceptance(models.Model):
    """That a member accepted a version of the agreement, and when. Kept for good."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="acceptances")
    agreement = models.ForeignKey(Agreement, models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)


class Message(models.Model):
    """`seq` is the room's number when it was posted, `changed` when it last changed; both are unique in the room."""

    id = models.CharField(primary_key=True, max_length=32, default=identity.new_message_id, editable=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="messages", db_index=False)
    author = models.ForeignKey(Membership, models.PROTECT, related_name="messages", db_index=False)
    key = models.CharField(max_length=64)
    seq = models.BigIntegerField()
    changed = models.BigIntegerField()
    posted_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    redacted_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)  # by a moderator: shows as redacted, can be restored
    blurred_at = models.DateTimeField(null=True)  # by a moderator: folded until a reader asks
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="replies", db_index=False)
    body = SealedField(null=True)
    warning = SealedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="one_message_a_number"),
            models.UniqueConstraint(fields=["key", "author"], name="one_message_a_key"),
        ]
        indexes = [
            models.Index(fields=["room", "changed"], name="message_changes"),
            models.Index(fields=["reply_to"], condition=Q(reply_to__isnull=False), name="message_replies"),
        ]

    @property
    def epoch(self) -> str:
        return epoch_of(self.posted_at)

    @property
    def is_gone(self) -> bool:
        """Taken back by its author or taken out by a moderator: the room reads it no more."""
        return self.redacted_at is not None or self.removed_at is not None


class HeldMessage(models.Model):
    """A message that waits for a moderator. Its author alone sees it; its `id` is the one it is released under.

    Sealed as the message will be: purposes message.body and message.warning, place the id, the epoch of `posted_at`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RELEASED = "released", _("Released")
        REFUSED = "refused", _("Refused")

    id = models.CharField(primary_key=True, max_length=32, editable=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="held_messages")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="held_messages")
    key = models.CharField(max_length=64)
    posted_at = models.DateTimeField()
    reply_to_id = models.CharField(max_length=32, blank=True)
    replaces_id = models.CharField(max_length=32, blank=True)  # the message that it would change
    body = SealedField()
    warning = SealedField(null=True)
    reason = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "author"], name="one_held_message_a_key")]


class Raised(models.Model):
    """Flags that gates raised, stored with their message in one transaction, until settings.FLAGS_RAISED has taken them."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="+")
    author = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    message_id = models.CharField(max_length=32)
    is_held = models.BooleanField(default=False)
    flags = models.JSONField()  # rooms.gates.Flag, as dicts
    at = models.DateTimeField(default=timezone.now)


class Move(models.Model):
    """That there is something new in a topic: what live pages follow besides rooms (topics). Kept for a day."""

    topic = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True, db_index=True)


def epoch_of(at: datetime) -> str:
    """The month whose data key seals a message: `2026-11`."""
    return f"{at.year:04d}-{at.month:02d}"


class Reaction(models.Model):
    class Kind(models.TextChoices):
        HEART = "heart", _("Heart")
        THANK_YOU = "thank_you", _("Thank you")
        WITH_YOU = "with_you", _("With you")
        STRENGTH = "strength", _("Strength")
        PROUD = "proud", _("Proud of you")

    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions", db_index=False)
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "member", "kind"], name="one_reaction_a_kind")]


class Mute(models.Model):
    """A member does not want to read another member. Known to nobody else."""

    member = models.ForeignKey(Membership, models.CASCADE, related_name="mutes", db_index=False)
    muted = models.ForeignKey(Membership, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "muted"], name="one_mute_a_member")]


class Call(models.Model):
    """That one of a thread called the other: when, how, and how it ended. Nothing of what was said or shown is ever here.

    While it is open, `*_page` names the page of each side that is in it (a random word of that page), `*_seen` is when it last said so, and
    `*_away_at` since when that page is lost and the side may come back with another. `turn` counts answering, going away and coming back.
    """

    class Way(models.TextChoices):
        VIDEO = "video", _("Video call")
        VOICE = "voice", _("Voice call")

    class End(models.TextChoices):
        HUNG_UP = "hung_up", _("Hung up")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Called off")
        MISSED = "missed", _("Missed")
        BUSY = "busy", _("Busy")
        LOST = "lost", _("The line was lost")
        CLOSED = "closed", _("The thread was closed")

    id = models.CharField(primary_key=True, max_length=32)  # made by the page that rings
    room = models.ForeignKey(Room, models.CASCADE, related_name="calls", db_index=False)
    caller = models.ForeignKey(Membership, models.CASCADE, related_name="calls_made")
    callee = models.ForeignKey(Membership, models.CASCADE, related_name="calls_received")
    way = models.CharField(max_length=5, choices=Way)
    rang_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=9, choices=End, blank=True)
    noticed_at = models.DateTimeField(null=True)  # when the callee put the line about a missed one away
    caller_page = models.CharField(max_length=64, blank=True)
    callee_page = models.CharField(max_length=64, blank=True)
    caller_seen = models.DateTimeField(null=True)
    callee_seen = models.DateTimeField(null=True)
    caller_away_at = models.DateTimeField(null=True)
    callee_away_at = models.DateTimeField(null=True)
    turn = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room"], condition=Q(ended_at=None), name="one_open_call_a_room"),
        ]
        indexes = [
            models.Index(fields=["room", "rang_at"], name="calls_of_a_room"),
            models.Index(fields=["rang_at"], condition=Q(ended_at=None), name="open_calls"),
        ]


# How an unanswered call ends that the callee has to hear of when they come back.
MISSED = (Call.End.MISSED, Call.End.CANCELLED, Call.End.BUSY)
