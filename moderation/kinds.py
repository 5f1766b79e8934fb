"""What an act is called: the name in Act.kind and on the trail, and the words of a case's history. `acts` and `cases` do them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The label follows the name of who did it: "Hollis Achterberg claimed the case"."""

    # The case itself (cases)
    CLAIM = "claim", _("claimed the case")
    HAND_BACK = "hand_back", _("handed the case back")
    ASSIGN = "assign", _("assigned the case")
    SNOOZE = "snooze", _("put the case off")
    WAKE = "wake", _("brought the case back early")
    NOTE = "note", _("wrote a note")
    HAND_OVER = "hand_over", _("handed the case over to a clinician")
    ACKNOWLEDGE = "acknowledge", _("took the hand-over")
    RESOLVE = "resolve", _("resolved the case")
    REOPEN = "reopen", _("reopened the case")
    RAISE = "raise", _("raised the severity")
    ASK = "ask", _("asked whether somebody has the case, since there was a new sign of crisis")
    # The clock (clocks): nobody did it
    LAPSE = "lapse", _("gave the case back, since its claim had run out")
    RETURN = "return", _("brought the case back, as it was put off until now")
    ESCALATE = "escalate", _("told the next in line, since nobody had taken the case")
    # What waits for a moderator
    RELEASE = "release", _("let a held message into the room")
    REFUSE = "refuse", _("kept a held message out of the room")
    # A message in the room
    REDACT = "redact", _("took a message out of the room")
    RESTORE = "restore", _("put a message back into the room")
    BLUR = "blur", _("blurred a message")
    UNBLUR = "unblur", _("showed a blurred message again")
    # The room
    SLOW = "slow", _("slowed the room down")
    LOCK = "lock", _("locked the room")
    UNLOCK = "unlock", _("opened the room again")
    NOTICE = "notice", _("put a notice up in the room")
    # The person
    WARN = "warn", _("wrote a private warning")
    CHECK_IN = "check_in", _("wrote to the person")
    MUTE = "mute", _("stopped the person from writing for a time")
    REMOVE = "remove", _("removed the person from the room")
    SUSPEND = "suspend", _("suspended the person from all rooms")
    LIFT = "lift", _("lifted a sanction")
    DECIDE = "decide", _("answered an appeal")
    # Behind the curtain (glass)
    GLASS_CONTEXT = "glass_context", _("asked for more of the conversation")
    GLASS_IDENTITY = "glass_identity", _("asked who the person is")
    GLASS_AGREE = "glass_agree", _("agreed that the identity may be seen")
    GLASS_REFUSE = "glass_refuse", _("did not agree that the identity is seen")
    GLASS_REVIEW = "glass_review", _("reviewed a look behind the curtain")
    # An act that was taken back: `target` is its id
    UNDO = "undo", _("took back what they just did")


SANCTIONS = (Kind.MUTE, Kind.REMOVE, Kind.SUSPEND)

# What can be taken back within seconds. A letter may be read by then and a released message seen, so these are not here:
# what follows a release is taking the message out of the room.
UNDOABLE = (Kind.REFUSE, Kind.REDACT, Kind.BLUR, Kind.SLOW, Kind.LOCK, Kind.NOTICE, *SANCTIONS)
