"""What the mentor may know: lines that the client shared, each theirs to change or to take back at any time. The mentor reads them."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from mentoring import writing
from mentoring.models import Thread
from mentoring.refusals import Refused
from mentoring.sealed import close_json, open_json, owner_of_thread

LONGEST = 600  # characters of a line

# What may be shared, in the order in which it is read. The first ones come from what the client asked for.
LABELS: Final[dict[str, str | Promise]] = {
    "name": _("How you may call me"),
    "pronouns": _("My pronouns"),
    "lived": _("What I live with"),
    "goals": _("What I would like to work on"),
    "languages": _("Languages I speak"),
    "times": _("When I usually have time"),
    "culture": _("Where I belong"),
    "avoid": _("What I would rather not have"),
    "ways": _("How I like to be spoken with"),
    "note": _("What else you should know"),
}
_ADDABLE: Final = ("name", "pronouns", "lived", "goals", "avoid", "note")


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    label: str
    text: str


def lines_of(thread: Thread) -> list[Line]:
    """What the mentor reads now, in order."""
    kept = _opened(thread)
    order = [*LABELS, *(code for code in kept if code not in LABELS)]
    return [Line(code, label_of(code), kept[code]) for code in order if code in kept]


def addable(thread: Thread) -> list[tuple[str, str]]:
    """Lines that are not there yet, as choices."""
    kept = _opened(thread)
    return [(code, label_of(code)) for code in _ADDABLE if code not in kept]


def label_of(code: str) -> str:
    return str(LABELS.get(code) or gettext("Something else"))


def change(*, thread: Thread, line: str, text: str, by: Account) -> None:
    """Adds a line or says it in other words. Raises Refused: `clients_lines`, `not_found`, and as `writing.checked` does."""
    _check(thread, by)
    if line not in LABELS and line not in _opened(thread):
        raise Refused("not_found")
    text = writing.checked(thread, by, text, longest=LONGEST)
    with writing.turn(thread, by, "thread.share") as thread:
        _store(thread, {**_opened(thread), line: text})


def take_back(*, thread: Thread, line: str, by: Account) -> None:
    """The mentor reads it no more. Raises Refused: `clients_lines`, `not_found`."""
    _check(thread, by)
    with writing.turn(thread, by, "thread.unshare") as thread:
        kept = _opened(thread)
        if line not in kept:
            raise Refused("not_found")
        del kept[line]
        _store(thread, kept)


def share_with_cover(*, thread: Thread, shares: bool, by: Account) -> None:
    """Whether somebody who stands in later may read these lines too. Raises Refused("clients_lines")."""
    _check(thread, by)
    with writing.turn(thread, by, "thread.share_with_cover") as thread:
        thread.shares_with_cover = shares
        thread.save(update_fields=["shares_with_cover"])


def _check(thread: Thread, by: Account) -> None:
    if by.pk != thread.client_id:
        raise Refused("clients_lines")


def _opened(thread: Thread) -> dict[str, str]:
    return {
        str(code): str(text)
        for code, text in open_json(
            thread.shared, owner=owner_of_thread(thread.pk), purpose="thread.shared", place=f"thread:{thread.pk}"
        ).items()
        if text
    }


def _store(thread: Thread, lines: dict[str, str]) -> None:
    thread.shared = close_json(
        lines, owner=owner_of_thread(thread.pk), purpose="thread.shared", place=f"thread:{thread.pk}"
    )
    thread.save(update_fields=["shared"])
