"""Why a door of moderation stays shut, in words for the person and a name for the program."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """`reason` is a key of _TEXTS; `who` is the colleague it is about, where the text names one."""

    def __init__(self, reason: str, who: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.who = who

    @property
    def text(self) -> str:
        """In the language that is active where it is read."""
        return str(_TEXTS[self.reason]) % {"who": self.who}


_TEXTS = {
    "not_found": _("We could not find that here."),
    "taken": _("%(who)s has this case."),
    "not_held": _("Claim this case first."),
    "resolved": _("This case is resolved. Reopen it to go on."),
    "not_resolved": _("This case is still open."),
    "not_for_you": _("An appeal goes to another moderator than the one who decided."),
    "empty": _("Please write a few words."),
    "too_long": _("This is too long. Please make it shorter."),
    "short": _("Please say in a sentence why. At least 20 characters help the next person to understand."),
    "second": _("Somebody else has to agree to this."),
    "still_open": _("This can be reviewed once it is closed."),
    "not_staff": _("This person cannot take the case."),
    "not_handed_over": _("This case was not handed over."),
    "acknowledged": _("%(who)s has taken this hand-over."),
    "too_late": _("The time for this is over."),
    "joined": _("This person has a newer case in this room. Go on there."),
    "held_waits": _("A message still waits. Please release or refuse it first."),
    "crisis": _("A crisis cannot be put off. Hand it back or hand it over."),
    "past": _("Please choose a time that is still to come."),
    "yourself": _("You cannot flag yourself or what you wrote."),
    "done": _("This was done before."),
    "not_on_rota": _("Only moderators, clinicians and coordinators can be on call."),
    "others_shift": _("Only a coordinator plans for somebody else."),
    "shift_order": _("A shift ends after it starts. Please look at the times again."),
    "shift_length": _("A shift is 7 days at most, and starts within a year."),
    "not_on_call": _("That time on call is over already."),
    "too_many_views": _("You can keep 20 views. Forget one of them first."),
    "push_address": _("This browser cannot be woken from here. E-mail still reaches you."),
    "staff": _("This cannot be done to a member of staff. Talk with the coordinator."),
}
