"""The best assignment of all: it breaks no rule, overfills nobody, is the maximum, and lets nobody wait for ever."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.greedy import greedy
from mentoring.matching import rules
from mentoring.matching.assign import DAYS_A_FIT, EVEN, Plan, evenness, plan, worths
from mentoring.matching.people import Candidate, Seeker
from mentoring.matching.table import table
from mentoring.matching.wishes import Offers, Wishes
from tests.mentoring.matched import Cast, casts, unhurried


def value_of(mentors: dict[str, int], seekers: list[Seeker], candidates: list[Candidate]) -> float:
    """What an assignment is worth, counted by hand."""
    worth = worths(seekers, table(seekers, candidates))
    rows = {each.id: row for row, each in enumerate(seekers)}
    columns = {each.id: column for column, each in enumerate(candidates)}
    total = sum(float(worth[rows[request], columns[mentor]]) for request, mentor in mentors.items())
    for mentor, count in Counter(mentors.values()).items():
        total += sum(evenness(candidates[columns[mentor]], further) for further in range(count))
    return total


def is_lawful(mentors: dict[str, int], seekers: list[Seeker], candidates: list[Candidate]) -> bool:
    by_request = {each.id: each for each in seekers}
    by_number = {each.id: each for each in candidates}
    return not any(rules.broken(by_request[request], by_number[mentor]) for request, mentor in mentors.items()) and all(
        count <= by_number[mentor].free for mentor, count in Counter(mentors.values()).items()
    )


def best_by_force(seekers: list[Seeker], candidates: list[Candidate]) -> float:
    """Every assignment there is, tried one by one."""
    choices = product([None, *(each.id for each in candidates)], repeat=len(seekers))
    tried = (
        {each.id: mentor for each, mentor in zip(seekers, choice, strict=True) if mentor is not None}
        for choice in choices
    )
    return max(value_of(mentors, seekers, candidates) for mentors in tried if is_lawful(mentors, seekers, candidates))


@unhurried
@given(casts())
def test_no_rule_is_broken_no_mentor_overfilled_and_nobody_matched_twice(cast: Cast) -> None:
    found = plan(*cast)
    assert is_lawful(found.mentors, *cast)
    assert set(found.mentors) <= {each.id for each in cast[0]}


@unhurried
@given(casts())
def test_it_is_worth_at_least_what_greedy_reaches(cast: Cast) -> None:
    found, quick = plan(*cast), greedy(*cast)
    assert is_lawful(quick.mentors, *cast)
    assert found.value >= quick.value - 1e-9
    assert found.value == pytest.approx(value_of(found.mentors, *cast))
    assert quick.value == pytest.approx(value_of(quick.mentors, *cast))


@settings(parent=unhurried, max_examples=60)
@given(casts(seekers=4, candidates=3))
def test_of_a_few_people_it_is_the_best_that_there_is(cast: Cast) -> None:
    assert plan(*cast).value == pytest.approx(best_by_force(*cast))


@unhurried
@given(casts())
def test_nobody_is_left_out_beside_a_free_place_that_they_may_have(cast: Cast) -> None:
    seekers, candidates = cast
    mentors = plan(seekers, candidates).mentors
    taken = Counter(mentors.values())
    for seeker in seekers:
        if seeker.id not in mentors:
            assert not [each for each in candidates if not rules.broken(seeker, each) and taken[each.id] < each.free], (
                seeker
            )


@unhurried
@given(casts())
def test_nobody_loses_a_place_to_somebody_who_came_much_later(cast: Cast) -> None:
    seekers, candidates = cast
    mentors = plan(seekers, candidates).mentors
    by_number = {each.id: each for each in candidates}
    for left_out in (each for each in seekers if each.id not in mentors):
        for served in (each for each in seekers if each.id in mentors):
            if not rules.broken(left_out, by_number[mentors[served.id]]):
                assert left_out.days - served.days <= DAYS_A_FIT


def test_it_is_better_than_one_after_the_other() -> None:
    """Greedy gives the first her best mentor, who is the only one that the second may have."""
    first = Seeker("first", 90, 0, Wishes(lived=frozenset({"grief"})))
    second = Seeker("second", 91, 0, Wishes(gender="woman", gender_must=True))
    both = Candidate(1, places=1, carried=0, offers=Offers(lived=frozenset({"grief"}), gender="woman"))
    other = Candidate(2, places=1, carried=0, offers=Offers(gender="man"))
    assert plan([first, second], [both, other]).mentors == {"first": 2, "second": 1}


@unhurried
@given(days=st.integers(0, 300), later=st.integers(1, 300))
def test_of_two_alike_the_one_who_waited_longer_is_served(days: int, later: int) -> None:
    long, short = Seeker("long", 90, days + later), Seeker("short", 91, days)
    assume(days + later != days)
    assert plan([short, long], [Candidate(1, places=1, carried=0)]).mentors == {"long": 1}


def test_of_two_mentors_alike_the_emptier_one_is_proposed() -> None:
    full, empty = Candidate(1, places=4, carried=3), Candidate(2, places=4, carried=0)
    found = plan([Seeker("a", 90, 1), Seeker("b", 91, 1)], [full, empty])
    assert found.mentors == {"a": 2, "b": 2}
    assert evenness(empty, 0) <= EVEN


def test_with_nobody_there_is_nothing_to_assign() -> None:
    assert plan([], []) == plan([Seeker("a", 90, 1)], []) == plan([], [Candidate(1, 2, 0)]) == Plan({}, 0, 0)
