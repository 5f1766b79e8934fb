"""The gates a draft passes before it is stored, in the order of settings.MESSAGE_GATES, as middleware is.

A gate is a callable `(Draft) -> Verdict`. It runs on the live path: fast, no store, no network, no log of what it read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import assert_never

from django.conf import settings
from django.utils.module_loading import import_string

from rooms.refusals import Held, Refused


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants a room to read. `names` are the real names of the room's people, for gates only."""

    body: str
    warning: str
    room_id: str
    account_id: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allow:
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now: `explain()` says why in the language active at the time; `parts` are the passages meant."""

    reason: str
    explain: Callable[[], str]
    parts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refuse:
    reason: str
    flags: tuple[str, ...] = ()


Verdict = Allow | Hold | Refuse
Gate = Callable[[Draft], Verdict]


def pass_gates(draft: Draft) -> tuple[str, ...]:
    """The flags that the gates raise. Raises Held or Refused with the first gate that does not allow the draft."""
    flags: list[str] = []
    for gate in _gates(tuple(settings.MESSAGE_GATES)):
        verdict = gate(draft)
        flags.extend(verdict.flags)
        match verdict:
            case Allow():
                continue
            case Hold():
                raise Held(verdict.reason, verdict.explain, verdict.parts)
            case Refuse():
                raise Refused(verdict.reason)
            case _:
                assert_never(verdict)
    return tuple(flags)


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
