"""Where a page of the queue ended, so that the next one goes on from there however long the queue is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.db.models import CharField, DateTimeField, F, Func, IntegerField, Q, Value
from django.db.models.lookups import GreaterThan, LessThan

from moderation.models import Case

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)
_SPELLED = re.compile(r"([0-9])-([0-9]{1,18})-([\w-]{1,16})", re.ASCII)
_LATEST = 253_402_300_799_999_999  # microseconds: the end of the year 9999


@dataclass(frozen=True, slots=True)
class Cursor:
    """The keys of the last row shown: (tier, due_at, id), of resolved cases (resolved_at, id)."""

    tier: int
    at: datetime
    id: str

    @classmethod
    def of(cls, case: Case) -> Self:
        return cls(case.tier, case.resolved_at if case.is_resolved and case.resolved_at else case.due_at, case.pk)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what is not one."""
        parts = _SPELLED.fullmatch(text)
        if parts is None:
            return None
        tier, at, case_id = parts.groups()
        return cls(int(tier), _EPOCH + min(int(at), _LATEST) * _MOMENT, case_id)

    def __str__(self) -> str:
        return f"{self.tier}-{(self.at - _EPOCH) // _MOMENT}-{self.id}"

    @property
    def in_queue(self) -> Q:
        """What comes after it in the order of the clock.

        Among the last of the tiers without naming it in the row: PostgreSQL guesses from the first column how much follows, finds
        nothing above the last tier, and would sort all that does follow.
        """
        at, id = Value(self.at, DateTimeField()), Value(self.id, CharField())
        if self.tier:
            return Q(GreaterThan(_Row(F("due_at"), F("pk")), _Row(at, id)), tier=self.tier)
        tier = Value(self.tier, IntegerField())
        return Q(GreaterThan(_Row(F("tier"), F("due_at"), F("pk")), _Row(tier, at, id)))

    @property
    def in_history(self) -> Q:
        """What was resolved before it."""
        here = _Row(Value(self.at, DateTimeField()), Value(self.id, CharField()))
        return Q(LessThan(_Row(F("resolved_at"), F("pk")), here))


class _Row(Func):
    """A row value, `(a, b, c)`: both engines compare it from the left and step straight to it in an index.

    Django has row values too, and spells them out with OR for SQLite, which then walks the whole index.
    """

    function = ""
    output_field = CharField()
