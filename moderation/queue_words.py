"""The words that the queue's scripts say, in the person's language (static/js/words.js), and the clock as page and script both write it."""

from datetime import datetime

from django.utils.translation import gettext as _

from rooms.durations import spoken


def clock(due_at: datetime, now: datetime) -> str:
    """`3 min left`, `late by 12 min`; the same that static/js/moderation/clocks.js writes as time goes on."""
    seconds = (due_at - now).total_seconds()
    if seconds >= 0:
        return _left() % {"span": spoken(int(seconds))}
    return _late() % {"span": spoken(int(-seconds))}


def script_words() -> dict[str, str]:
    """`{name}` is filled in by the script; `_one` and `_other` are chosen there by count."""
    return clock_words() | _of_arrivals() | _of_connection() | _of_sound()


def clock_words() -> dict[str, str]:
    return {
        "left": _left() % {"span": "{span}"},
        "late": _late() % {"span": "{span}"},
        "seconds": _("%(number)s s") % {"number": "{number}"},
        "minutes": _("%(number)s min") % {"number": "{number}"},
        "hours": _("%(number)s h") % {"number": "{number}"},
        "days": _("%(number)s d") % {"number": "{number}"},
    }


def _of_arrivals() -> dict[str, str]:
    return {
        "new_crisis_one": _("{count} new crisis case"),
        "new_crisis_other": _("{count} new crisis cases"),
        "new_one": _("{count} new case in this list"),
        "new_other": _("{count} new cases in this list"),
        "selected_left": _("The case you had chosen is no longer in this list."),
        "nothing_chosen": _("Choose a case first: J and K go through the list."),
        "nothing_to_claim": _("This case does not wait for anybody."),
    }


def _of_connection() -> dict[str, str]:
    return {
        "reconnecting": _("Reconnecting… the list may be old."),
        "not_renewed": _("The list could not be renewed. Trying again…"),
        "not_reached": _("This did not reach the server. Please try again."),
    }


def _of_sound() -> dict[str, str]:
    return {
        "sound_on": _("Sound is on"),
        "sound_off": _("Sound is off"),
        "sound_asleep": _("Press anywhere to allow the sound"),
    }


def _left() -> str:
    return _("%(span)s left")


def _late() -> str:
    return _("late by %(span)s")
