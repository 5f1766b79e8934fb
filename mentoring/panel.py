"""What stands beside the talk in a thread and in the mentors' circle (settings.ROOM_PANEL), and what lists say of threads (ROOM_NOTES)."""

from collections.abc import Collection

from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts.models import Account
from mentoring import thread_cards
from mentoring.access import threads_of
from mentoring.thread_page import ThreadPage, page_of
from rooms.models import Room
from rooms.panels import Note, Panel


def beside(account: Account, room: Room) -> Panel | None:
    if not room.is_thread:
        return None
    found = threads_of(account).filter(room=room)
    thread = found.select_related("room", "client", "mentor__account", "covers__room").first()
    if thread is None:
        return None
    page = page_of(thread, account)
    return Panel(
        top="mentoring/threads/_top.html",
        side="mentoring/threads/_side.html",
        styles=("css/thread.css",),
        scripts=("js/mentoring/thread.js",),
        words=_words(page),
        about={"thread": page},
    )


def notes(account_id: int, rooms: Collection[str]) -> dict[str, Note]:
    return thread_cards.notes(account_id, rooms)


def _words(page: ThreadPage) -> dict[str, str]:
    """Why nobody can write here now, and what else is said otherwise where two talk."""
    about = {"name": page.other, "day": date_format(page.kept_until, "DATE_FORMAT") if page.kept_until else ""}
    if page.kept_until:
        closed = gettext("This thread is closed. You can read it until %(day)s; then it is erased.") % about
    else:
        closed = gettext("Nobody can write in this thread now. You can read what is here, and above you see why.")
    return {
        "rules_read_only": closed,
        "rules_locked": gettext("A moderator has closed this thread until {when}. You can read on."),
        "rules_muted": gettext("You cannot write in this thread until {when}. You can read on."),
        "other_here": gettext("here now"),
        "other_away": gettext("not here just now"),
        "message_gone": gettext("This message is not in the thread any more."),
    }
