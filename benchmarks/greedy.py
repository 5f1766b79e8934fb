"""The way we do not match: the best pair first, then the next best, and so on. For comparison only."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from mentoring.matching.assign import Plan, evenness, worths
from mentoring.matching.people import Candidate, Seeker
from mentoring.matching.table import Table, table


def greedy(seekers: Sequence[Seeker], candidates: Sequence[Candidate], known: Table | None = None) -> Plan:
    """Pairs are worth the same as in `assign.plan`."""
    found = known or table(seekers, candidates)
    worth = worths(seekers, found)
    mentors: dict[str, int] = {}
    taken: Counter[int] = Counter()
    value = total = 0.0
    for place in np.argsort(-worth, axis=None, kind="stable") if worth.size else ():
        row, column = divmod(int(place), len(candidates))
        if not worth[row, column]:
            break
        seeker, candidate = seekers[row], candidates[column]
        if seeker.id not in mentors and taken[candidate.id] < candidate.free:
            value += float(worth[row, column]) + evenness(candidate, taken[candidate.id])
            total += float(found.fits[row, column])
            mentors[seeker.id] = candidate.id
            taken[candidate.id] += 1
    return Plan(mentors, value, total)
