"""The two sides of matching, as far as matching may know them: numbers and codes, no names, no words."""

from __future__ import annotations

from dataclasses import dataclass, field

from mentoring.matching.wishes import Offers, Wishes
from mentoring.standing import Standing


@dataclass(frozen=True, slots=True)
class Seeker:
    """A client who waits. `groups` are the small groups in which they stand: few enough that a mentor there would know them again."""

    id: str  # of the request
    client: int
    days: int  # that count for the place in line
    wishes: Wishes = field(default_factory=Wishes)
    groups: frozenset[str] = frozenset()
    apart: frozenset[int] = frozenset()  # mentors they must not be brought together with
    declined: frozenset[int] = frozenset()  # mentors they said no to for this request, or asked another instead of


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mentor. `carried` counts their threads that run, those in which they stand in too, and their offers that wait for an answer."""

    id: int
    places: int
    carried: int
    offers: Offers = field(default_factory=Offers)
    standing: Standing = field(default_factory=lambda: Standing(()))
    has_name: bool = True  # that clients know them by
    is_taking: bool = True
    is_away: bool = False
    groups: frozenset[str] = frozenset()

    @property
    def free(self) -> int:
        return max(0, self.places - self.carried)
