"""Why a door of mentoring stays shut, in words for the person and a name for the program."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """`reason` is a key of _TEXTS; `about` fills what the text names, such as a date."""

    def __init__(self, reason: str, **about: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = about

    @property
    def text(self) -> str:
        """In the language that is active where it is read."""
        return str(_TEXTS[self.reason]) % self.about


_TEXTS = {
    "not_found": _("We could not find that here."),
    "empty": _("Please write a few words."),
    "too_long": _("This is too long. Please make it shorter."),
    "past": _("Please choose a time that is still to come."),
    "closed": _("This thread is closed."),
    # credentials
    "dates_order": _("The last day comes after the first one."),
    "dates_far": _("Please look at the years again."),
    "expired_already": _("This one has expired already. Please add one that is still valid."),
    "done_later": _("Please choose a day that is not still to come."),
    "hours": _("Please write how many hours it took, from a quarter of an hour to 200."),
    "ethics_changed": _("A new version came out while you were reading. Please read it again."),
    "settled": _("Somebody has decided this already."),
    "no_supervisor": _(
        "Please choose somebody who can supervise: a clinician, a coordinator or a mentor with valid papers."
    ),
    "is_no_document": _("Please choose a PDF, PNG or JPEG file."),
    "document_too_large": _("This file is larger than 5 MB. Please choose a smaller one."),
    # wellbeing
    "away_order": _("Please choose a day to come back that is after the first day away."),
    "away_long": _("Please choose half a year at most. You can make it longer later."),
    "away_overlaps": _("There is another time away on these days already."),
    "stands_in": _(
        "On some of these days this mentor stands in for somebody. Please ask a coordinator to name somebody else for that first."
    ),
    "cover_cannot": _("This mentor cannot stand in on these days. Please choose somebody else."),
    "cover_away": _(
        "The cover mentor is away on some of these days. Please ask a coordinator to name somebody else first."
    ),
    "circle_there": _("The circle is open already."),
    "cap_range": _("Please choose a number from 0 to 20."),
    "cover_over": _(
        "%(name)s would then be there for %(count)s clients, and their cap is %(cap)s. Tick the box if you both want this."
    ),
    # threads
    "muted": _("You cannot write in this thread for a while. Under “For you alone” you read why, and what you can do."),
    "not_now": _("This could not be saved right now. Please try again in a moment."),
    "contact": _(
        "This looks like a way to be reached outside. To keep you both safe it was not saved. You can change it and try again."
    ),
    "in_the_talk": _(
        "We put these words into your talk, so that a person reads them soon. If you are in danger, press Help now."
    ),
    "many_goals": _("These are many goals at once. Reach one or let one go first."),
    "clients_goal": _("That a goal is reached is for the client to say."),
    "clients_lines": _("Only the client says what is shared here."),
    "day_to_come": _("Please choose a day that is not still to come."),
    "far": _("Please choose a time within the coming year."),
    "length": _("Please choose one of the lengths in the list."),
    "overlaps": _("This time is taken already. Please choose another one."),
    "away_then": _("The mentor is away at this time. Please choose another one."),
    "many_appointments": _("There are many appointments already. Please call one off first."),
    "unclear_time": _("The clocks change at this time. Please choose another one."),
    # matching
    "asked_already": _("You have asked already. You can change what you wished for."),
    "has_mentor": _("You have a mentor. On your thread you can ask for another one."),
    "offered": _("A mentor is offered to you. Have a look first, then you can change what you wish for."),
    "not_waiting": _("This person does not wait any more. Somebody may have been quicker."),
    "rule": "%(sentence)s",
    "offer_gone": _(
        "This mentor cannot take anybody new just now. You keep your place in line, and we look for somebody else."
    ),
}
