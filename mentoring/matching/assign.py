"""Whom to propose to whom, so that all of them together are served best: an exact maximum over the waiting list, not one after the other.

A pair that the rules allow is worth

    1 + fit + days / DAYS_A_FIT + up to EVEN

- `1`: that somebody has a mentor at all counts as much as the best fit.
- `days / DAYS_A_FIT`: waiting adds without end, and steadily. So nobody waits for ever: **a place that two clients may have never goes to the
  one who asked more than DAYS_A_FIT days after the other**, while the other stays without, however well the one fits. (If it did, giving it
  to the other instead would gain more than DAYS_A_FIT / DAYS_A_FIT = 1 and lose at most 1, the whole of a fit; so it was not the maximum.)
- `EVEN`: of two mentors alike, the one whose caseload is emptier. Each further place of a mentor is worth a little less.

The solver is `scipy.optimize.linear_sum_assignment` (the Hungarian method as Crouse improved it, 2016), on a matrix of clients by places:
a mentor with three free places has three columns. Forbidden pairs are worth 0 and allowed ones more than 0. That makes its answer the exact
maximum of our problem, in which people may also stay without: any set of allowed pairs can be filled up with forbidden ones to an
assignment that is complete in the solver's sense and worth the same; and the solver's assignment without its forbidden pairs is a set of
allowed pairs that is worth the same. So both have the same maximum. Further places being worth less, it fills a mentor's first ones first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mentoring.matching.people import Candidate, Seeker
from mentoring.matching.table import Floats, Table, table

DAYS_A_FIT = 90  # so many days of waiting weigh as much as the difference between no fit and the best
EVEN = 0.05  # a tie-breaker: a twentieth of a fit between an empty caseload and a full one
_LONGEST = 36_500  # days


@dataclass(frozen=True, slots=True)
class Plan:
    """`mentors` by request: who would have whom if all of these were confirmed. Who is missing in it stays without for now."""

    mentors: dict[str, int]
    value: float
    fit: float  # of all pairs together


def plan(seekers: Sequence[Seeker], candidates: Sequence[Candidate], known: Table | None = None) -> Plan:
    """The best of all. `known` where the table of these two was made before."""
    from scipy.optimize import linear_sum_assignment  # half a second and 38 MB, only for a process that matches

    found = known or table(seekers, candidates)
    worth = worths(seekers, found)
    columns, extra = _places(candidates, found)
    if not columns:
        return Plan({}, 0.0, 0.0)
    matrix = worth[:, columns]
    matrix = np.where(matrix > 0, matrix + extra, 0.0)
    rows, chosen = linear_sum_assignment(matrix, maximize=True)
    pairs = [(row, columns[place]) for row, place in zip(rows, chosen, strict=True) if matrix[row, place] > 0]
    return Plan(
        {seekers[row].id: candidates[column].id for row, column in pairs},
        value=float(matrix[rows, chosen].sum()),
        fit=float(sum(found.fits[row, column] for row, column in pairs)),
    )


def worths(seekers: Sequence[Seeker], found: Table) -> Floats:
    """What each pair is worth before the evenness of caseloads; 0 where the rules forbid it."""
    waited = np.array([min(max(0, each.days), _LONGEST) for each in seekers], dtype=float) / DAYS_A_FIT
    return np.where(found.allowed, 1.0 + found.fits + waited[:, None], 0.0)


def evenness(candidate: Candidate, further: int) -> float:
    """What the place after `further` more clients adds."""
    return EVEN * (1 - (candidate.carried + further) / candidate.places)


def _places(candidates: Sequence[Candidate], found: Table) -> tuple[list[int], Floats]:
    """A column for each free place that anybody may have: whose it is, and what it adds."""
    places = [
        (column, evenness(each, further))
        for column, each in enumerate(candidates)
        if found.allowed[:, column].any()
        for further in range(each.free)
    ]
    return [column for column, _extra in places], np.array([extra for _column, extra in places])
