"""Why a door stays shut, in words for the person and a name for the program. Raised by doors, answered by view and socket."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Refused(Exception):
    """`reason` is one of the names in docs/protocol.md; `retry_after` (seconds) where trying again can help."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after

    @property
    def text(self) -> str:
        """In the language that is active where it is read."""
        if self.reason == "too_fast" and self.retry_after is not None:
            seconds = max(1, round(self.retry_after))
            return ngettext(
                "You are writing faster than this room takes. Please wait %(count)s second.",
                "You are writing faster than this room takes. Please wait %(count)s seconds.",
                seconds,
            ) % {"count": seconds}
        return str(_TEXTS[self.reason])


@dataclass(eq=False)  # not frozen: whoever raises it sets its traceback
class Held(Exception):
    """A gate held the draft: it was not stored. `parts` are the passages it is about, for their author only."""

    reason: str
    explain: Callable[[], str]
    parts: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        return self.explain()


_TEXTS = {
    "not_found": _("We could not find that here."),
    "not_entered": _("Open the room first."),
    "agreement": _("The group agreement has changed. Please read it and accept it to go on."),
    "empty": _("There is nothing to send yet."),
    "too_long": _("This message is too long. Please send it in two parts."),
    "too_fast": _("That was too fast. Please wait a moment."),
    "too_late": _("A message can be changed for 15 minutes after it was sent. You can still take it back."),
    "not_yours": _("You can only change what you wrote."),
    "busy": _("We could not save this right now. Your message is kept; please try again in a moment."),
    "read_only": _("This room is open for reading only right now."),
    "locked": _("A moderator has closed this room for a while."),
    "closed": _("This room is closed at this hour."),
    "muted": _("You cannot write in this room for a while."),
    "settled": _("Somebody has decided this already."),
    "in_call": _("You are in another call. Please end that one first."),
    "elsewhere": _("This call was taken on another page."),
    "no_calls": _("Calls are not possible in this thread right now."),
    "yourself": _("You cannot flag yourself or what you wrote."),
}
