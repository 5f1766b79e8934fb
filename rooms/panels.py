"""What stands beside the talk of a room besides its agreement and members: whoever keeps such rooms says (settings.ROOM_PANEL)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Account
from rooms.models import Room


@dataclass(frozen=True, slots=True)
class Panel:
    """Names of templates, each given the panel as `panel`: `top` above the talk, `tools` in the room's head, `side` beside it, `after` at
    the end of the page. Styles and scripts are static files that the page loads besides its own. `words` are said in place of
    those of rooms.words, such as why nobody may write."""

    top: str = ""
    tools: str = ""
    side: str = ""
    after: str = ""
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """What a list says of such a room under its name. `is_past`: it is over, and lists leave it out."""

    text: str = ""
    is_past: bool = False


def beside(account: Account, room: Room) -> Panel | None:
    """None for a room that nobody keeps in a special way. The person has been let in before this is asked."""
    if room.kind == Room.Kind.GROUP or not settings.ROOM_PANEL:
        return None
    made: Callable[[Account, Room], Panel | None] = import_string(settings.ROOM_PANEL)
    return made(account, room)


def notes(account_id: int, rooms: Collection[str]) -> dict[str, Note]:
    """By the room's id, of the private threads among a person's rooms."""
    if not rooms or not settings.ROOM_NOTES:
        return {}
    made: Callable[[int, Collection[str]], dict[str, Note]] = import_string(settings.ROOM_NOTES)
    return made(account_id, rooms)
