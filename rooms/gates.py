"""The gates a draft passes before it is stored, in the order of settings.MESSAGE_GATES, as middleware is.

A gate is a callable `(Draft) -> Verdict`. It runs on the live path: fast, no store, no network, no log of what it read. Every gate
is asked, also where one before it holds the draft: what one of them must tell a moderator is not lost on another's account.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, assert_never

from django.conf import settings
from django.utils.module_loading import import_string

from rooms.refusals import Held, Refused


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants a room to read. `names` are the real names of the room's people, for gates only.

    `strict` names what this room wants held that others only mark.
    """

    body: str
    warning: str
    room_id: str
    account_id: int
    names: tuple[str, ...]
    strict: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that a moderator should see. `rooms` only carries it: who raised it knows what the words mean.

    `crisis`: the message is kept for a moderator rather than given back or refused, and its author is shown a way to help.
    """

    code: str
    category: str
    severity: str
    level: int = 0
    crisis: bool = False
    card: str = ""  # what the author is shown at once, privately

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Allow:
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now: `explain()` says why in the language active at the time; `parts` are the passages meant.

    With `keeps` the message is stored and waits for a moderator; without, it goes back to its author, who can change it.
    """

    reason: str
    explain: Callable[[], str]
    parts: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    reason: str


Verdict = Allow | Hold | Refuse
Gate = Callable[[Draft], Verdict]


@dataclass(slots=True)
class Passage:
    """What the gates say of a draft that may be stored: in its room, or waiting for a moderator where `held` is there."""

    flags: tuple[Flag, ...] = ()
    held: Held | None = None


def pass_gates(draft: Draft) -> Passage:
    """Raises Refused, or Held where the draft goes back to its author.

    What shows a crisis is never only given back: it waits for a moderator, whatever else is held against it.
    """
    flags: list[Flag] = []
    kept: Held | None = None
    returned: Held | None = None
    for gate in _gates(tuple(settings.MESSAGE_GATES)):
        verdict = gate(draft)
        match verdict:
            case Allow():
                flags.extend(verdict.flags)
            case Hold():
                flags.extend(verdict.flags)
                hold = Held(verdict.reason, verdict.explain, verdict.parts)
                kept, returned = (kept or hold, returned) if verdict.keeps else (kept, returned or hold)
            case Refuse():
                raise Refused(verdict.reason)
            case _:
                assert_never(verdict)
    if returned and not any(flag.crisis for flag in flags):
        raise returned
    return Passage(tuple(flags), kept or returned)


def warm() -> None:
    """Has the gates read what they read at their first use, so that nobody's first message waits for it."""
    pass_gates(Draft("Good morning.", "", "", 0, ()))


@cache
def _gates(names: tuple[str, ...]) -> tuple[Gate, ...]:
    return tuple(import_string(name) for name in names)


WARNING_LENGTH = 120  # characters
# White space, and what Unicode has of letters and marks that show nothing.
_BLANK = re.compile(
    r"[\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]*"
)


def shape(draft: Draft) -> Verdict:
    """The first gate: something is there, and not too much of it. The rate is limited before the gates (posting)."""
    if not draft.body or (not draft.body.isascii() and _BLANK.fullmatch(draft.body)):
        return Refuse("empty")
    if len(draft.body) > settings.MESSAGE_LENGTH or len(draft.warning) > WARNING_LENGTH:
        return Refuse("too_long")
    return Allow()
