"""The words that the scripts of moderation's pages say; they travel with the page, as those of a room do (rooms/words.py)."""

from django.utils.translation import gettext as _

from moderation.queue_words import clock_words


def case_words() -> dict[str, str]:
    return clock_words() | {
        "undo_seconds_one": _("Undo ({count} second)"),
        "undo_seconds_other": _("Undo ({count} seconds)"),
        "undo_over": _("The time for taking it back is over."),
        "not_reached": _("This did not reach the server. What you typed is still here; please try again."),
        "changed_below": _("This case has changed. What you typed is still here."),
        "reconnecting": _("Reconnecting…"),
    }
