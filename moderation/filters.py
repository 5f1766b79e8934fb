"""What a moderator narrows the queue down to, as it stands in the page's address. Values only; queue asks the store.

An address may be typed, old or saved long ago: what is not known in it is passed over, never an error.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Self, TypeVar

from django.db import models
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from moderation.models import Category, Severity


class Standing(models.TextChoices):
    """Where a case stands, as the queue's tabs say it. The first is what is shown where nothing was chosen."""

    OPEN = "open", _("All open")
    WAITING = "waiting", _("Waiting")
    MINE = "mine", _("Yours")
    CLAIMED = "claimed", _("Claimed")
    HANDED_OVER = "handed_over", _("Handed over")
    SNOOZED = "snoozed", _("Put off")
    RESOLVED = "resolved", _("Resolved")


@dataclass(frozen=True, slots=True)
class Filters:
    """`room` is a room's id, empty for all; `assigned` and `my_rooms` are about the moderator who looks."""

    state: Standing = Standing.OPEN
    severity: Severity | None = None
    category: Category | None = None
    room: str = ""
    assigned: bool = False
    my_rooms: bool = False

    @classmethod
    def read(cls, given: Mapping[str, str], *, rooms: Container[str]) -> Self:
        """`given` is the address's query, `rooms` the ids there are."""
        room = given.get("room", "")
        return cls(
            state=_one_of(Standing, given.get("state")) or Standing.OPEN,
            severity=_one_of(Severity, given.get("severity")),
            category=_one_of(Category, given.get("category")),
            room=room if room in rooms else "",
            assigned=given.get("assigned") == "me",
            my_rooms=given.get("rooms") == "mine",
        )

    @property
    def query(self) -> str:
        """The same filters for an address, always in one spelling; empty where nothing is narrowed down."""
        parts = {
            "state": "" if self.state is Standing.OPEN else self.state.value,
            "severity": self.severity.value if self.severity else "",
            "category": self.category.value if self.category else "",
            "room": self.room,
            "assigned": "me" if self.assigned else "",
            "rooms": "mine" if self.my_rooms else "",
        }
        return urlencode({name: value for name, value in parts.items() if value})

    @property
    def chosen(self) -> int:
        """How many of the fields beside the tabs narrow the list down."""
        return sum(map(bool, (self.severity, self.category, self.room, self.assigned, self.my_rooms)))

    def at(self, state: Standing) -> Self:
        return replace(self, state=state)


_Choice = TypeVar("_Choice", bound=Enum)


def _one_of(kind: type[_Choice], value: str | None) -> _Choice | None:
    return next((each for each in kind if each.value == value), None)
