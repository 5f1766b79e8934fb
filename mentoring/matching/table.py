"""Rules and fit of every client with every mentor at once: the same as `rules` and `fit`, in arrays, because 600,000 pairs one by one
take half a minute. `tests/mentoring/test_matching_table.py` holds the two together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentoring.matching import fit, rules
from mentoring.matching.people import Candidate, Seeker
from mentoring.matching.wishes import CULTURE, GENDERS, GOALS, LANGUAGES, LIVED, TIMES, WAYS, Wishes

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Table:
    """A row for each seeker, a column for each candidate, in the order they were given."""

    fits: Floats
    allowed: Bools


def table(seekers: Sequence[Seeker], candidates: Sequence[Candidate]) -> Table:
    return Table(_fits(seekers, candidates), _allowed(seekers, candidates))


def _fits(seekers: Sequence[Seeker], candidates: Sequence[Candidate]) -> Floats:
    wishes, offers = [each.wishes for each in seekers], [each.offers for each in candidates]
    shape = (len(seekers), len(candidates))
    gained, weights = np.zeros(shape), np.zeros((len(seekers), 1))
    avoided = _common(WAYS, [each.avoid for each in wishes], [each.ways for each in offers])
    genders = _common(GENDERS, [_alone(each.gender) for each in wishes], [_alone(each.gender) for each in offers])
    for name, value, wished, said in (
        ("lived", *_share(LIVED, [each.lived for each in wishes], [each.lived for each in offers], None)),
        ("times", *_share(TIMES, [each.times for each in wishes], [each.times for each in offers], 3)),
        ("culture", *_share(CULTURE, [each.culture for each in wishes], [each.culture for each in offers], None)),
        ("gender", genders, _any(each.gender for each in wishes), _any(each.gender for each in offers)),
        ("avoid", avoided == 0, _any(each.avoid for each in wishes), _any(each.ways for each in offers)),
        ("languages", *_share(LANGUAGES, [each.languages for each in wishes], [each.languages for each in offers], 1)),
        ("goals", *_share(GOALS, [each.goals for each in wishes], [each.goals for each in offers], None)),
    ):
        weight = np.array([[fit.weight_of(name, each)] for each in wishes]).reshape(-1, 1) * wished[:, None]
        gained += weight * np.where(said[None, :], value, fit.NEUTRAL)
        weights += weight
    return np.where(weights > 0, gained / np.where(weights > 0, weights, 1.0), fit.NEUTRAL)


def _allowed(seekers: Sequence[Seeker], candidates: Sequence[Candidate]) -> Bools:
    free = np.array([not rules.of_mentor(each) for each in candidates], dtype=bool)
    wishes = [each.wishes for each in seekers]
    spoken = [each.offers.languages for each in candidates]
    both = _any(each.languages for each in wishes)[:, None] & _any(spoken)[None, :]
    foreign = both & (_common(LANGUAGES, [each.languages for each in wishes], spoken) == 0)
    asked = _common(GENDERS, [_asked(each) for each in wishes], [_alone(each.offers.gender) for each in candidates])
    wrong = _any(_asked(each) for each in wishes)[:, None] & (asked == 0)
    allowed: Bools = free[None, :] & ~foreign & ~wrong
    for row, column in _kept_apart(seekers, candidates):
        allowed[row, column] = False
    return allowed


def _kept_apart(seekers: Sequence[Seeker], candidates: Sequence[Candidate]) -> Iterable[tuple[int, int]]:
    """Pairs that only a few people have anything to do with: looked up one by one."""
    columns = {each.id: column for column, each in enumerate(candidates)}
    by_group: dict[str, list[int]] = {}
    for column, candidate in enumerate(candidates):
        for group in candidate.groups:
            by_group.setdefault(group, []).append(column)
    for row, seeker in enumerate(seekers):
        known = {seeker.client, *seeker.apart, *seeker.declined}
        yield from ((row, columns[mentor]) for mentor in known & columns.keys())
        if not seeker.wishes.small_group_ok:
            yield from ((row, column) for group in seeker.groups for column in by_group.get(group, ()))


def _share(
    codes: Iterable[str], wished: Sequence[frozenset[str]], offered: Sequence[frozenset[str]], enough: int | None
) -> tuple[Floats, Bools, Bools]:
    counts = np.array([len(each) for each in wished], dtype=float)
    most = counts if enough is None else np.minimum(counts, enough)
    value = np.minimum(1.0, _common(codes, wished, offered) / np.maximum(most, 1.0)[:, None])
    return value, _any(wished), _any(offered)


def _common(codes: Iterable[str], left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> Floats:
    """How many codes each of these has in common with each of those."""
    mark = _marker(tuple(codes))
    return mark(left) @ mark(right).T


def _marker(codes: tuple[str, ...]) -> Callable[[Sequence[frozenset[str]]], Floats]:
    places = {code: place for place, code in enumerate(codes)}

    def mark(sets: Sequence[frozenset[str]]) -> Floats:
        marks = np.zeros((len(sets), len(places)))
        for row, each in enumerate(sets):
            marks[row, [places[code] for code in each]] = 1.0
        return marks

    return mark


def _any(values: Iterable[object]) -> Bools:
    return np.array([bool(each) for each in values], dtype=bool)


def _alone(code: str) -> frozenset[str]:
    return frozenset({code}) if code else frozenset()


def _asked(wishes: Wishes) -> frozenset[str]:
    return _alone(wishes.gender) if wishes.gender_must else frozenset()
