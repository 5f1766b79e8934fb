"""Small numbers are covered, so that a count does not point at somebody: "one case in this room" is nearly a name.

Fewer than SMALL cases of a room or a category are not counted out on the pages about the team. The measure in what leaves a
house is larger: CMS shows no number from 1 to 10 in what it publishes, nor what such a number can be worked out from
(cell size suppression policy, 2024-01-26). These pages stay in the house, and in front of its own staff.
"""

from collections.abc import Iterable
from dataclasses import dataclass

SMALL = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """So many cases; `count` None where the number is not shown, `is_few` where that is because it is under SMALL."""

    label: str
    count: int | None
    is_few: bool = False


def covered(counts: Iterable[tuple[str, int]]) -> list[Counted]:
    """Largest first, with small numbers covered so that they cannot be worked out from the total either.

    Where what is covered adds up to less than SMALL, or is one number alone, the next larger one is covered with it
    (complementary suppression, as the CMS cell size policy asks).
    """
    ordered = sorted((pair for pair in counts if pair[1]), key=lambda pair: (-pair[1], pair[0]))
    shown = [count for _, count in ordered if count >= SMALL]
    small = [count for _, count in ordered if count < SMALL]
    if small and shown and (len(small) == 1 or sum(small) < SMALL):
        shown.pop()
    return [
        Counted(label, count if place < len(shown) else None, is_few=count < SMALL)
        for place, (label, count) in enumerate(ordered)
    ]
