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
    "ethics_changed": _("A new version came out while you were reading. Please read it again."),
    "settled": _("Somebody has decided this already."),
    "no_supervisor": _("Please choose somebody who can supervise: a clinician, a coordinator or a mentor with valid papers."),
    "is_no_document": _("Please choose a PDF, PNG or JPEG file."),
    "document_too_large": _("This file is larger than 5 MB. Please choose a smaller one."),
}
