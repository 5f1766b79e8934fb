"""How well a mentor meets what a client wished for: 0 to 1, made of parts that can be told one by one.

Only what the client wished for counts. A mentor who says nothing about it stands in the middle (NEUTRAL): not knowing is neither for
nor against them. Why each weight is what it is: docs/matching.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mentoring.matching.wishes import Offers, Wishes

WEIGHTS: Final = {
    "lived": 5.0,  # having been there oneself is what peer support is (SAMHSA, Core Competencies for Peer Workers, 2015)
    "times": 3.0,  # two who are never free together do not talk
    "culture": 3.0,
    "gender": 3.0,
    "avoid": 3.0,
    "languages": 3.0,  # that there is one in common is a rule; this is about mentors who did not say
    "goals": 2.0,  # the most that can be learned on the way
}
MOST: Final = 3.0  # times the weight of what matters most to the client: enough to stand above any other part
NEUTRAL: Final = 0.5
_PARTS_OF_A_WEEK: Final = 3  # in common are enough: one to meet, one to move it to, one to spare


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the client wished for. `common` are the codes that both named; `is_said` False: the mentor says nothing about it."""

    name: str
    weight: float
    value: float
    common: frozenset[str] = frozenset()
    is_said: bool = True
    is_most: bool = False


def parts(wishes: Wishes, offers: Offers) -> list[Part]:
    """In the order of WEIGHTS; only those that the client wished for."""
    found = [
        _share("lived", wishes, wishes.lived, offers.lived),
        _share("times", wishes, wishes.times, offers.times, enough=_PARTS_OF_A_WEEK),
        _share("culture", wishes, wishes.culture, offers.culture),
        _gender(wishes, offers),
        _avoid(wishes, offers),
        _share("languages", wishes, wishes.languages, offers.languages, enough=1),
        _share("goals", wishes, wishes.goals, offers.goals),
    ]
    return [part for part in found if part is not None]


def fit(found: Sequence[Part]) -> float:
    """The weighted mean of the parts; NEUTRAL where the client wished for nothing."""
    weight = sum(part.weight for part in found)
    return sum(part.weight * part.value for part in found) / weight if weight else NEUTRAL


def weight_of(name: str, wishes: Wishes) -> float:
    return WEIGHTS[name] * (MOST if wishes.most == name else 1.0)


def _share(
    name: str, wishes: Wishes, wished: frozenset[str], offered: frozenset[str], enough: int | None = None
) -> Part | None:
    """How much of what was wished for is there; `enough` of it is all of it."""
    if not wished:
        return None
    common = wished & offered
    most = len(wished) if enough is None else min(enough, len(wished))
    return _part(name, wishes, min(1.0, len(common) / most) if offered else NEUTRAL, common, is_said=bool(offered))


def _gender(wishes: Wishes, offers: Offers) -> Part | None:
    if not wishes.gender:
        return None
    value = float(wishes.gender == offers.gender) if offers.gender else NEUTRAL
    return _part("gender", wishes, value, frozenset({offers.gender} & {wishes.gender}), is_said=bool(offers.gender))


def _avoid(wishes: Wishes, offers: Offers) -> Part | None:
    """One of the things they would rather not have is enough."""
    if not wishes.avoid:
        return None
    common = wishes.avoid & offers.ways
    value = float(not common) if offers.ways else NEUTRAL
    return _part("avoid", wishes, value, common, is_said=bool(offers.ways))


def _part(name: str, wishes: Wishes, value: float, common: frozenset[str], *, is_said: bool) -> Part:
    return Part(name, weight_of(name, wishes), value, common, is_said, wishes.most == name)
