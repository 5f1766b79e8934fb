"""Rules and fit: each one by itself, and the arrays that know the same for all pairs at once."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from mentoring.matching import fit, reasons, rules
from mentoring.matching.people import Candidate, Seeker
from mentoring.matching.rules import Rule
from mentoring.matching.table import table
from mentoring.matching.wishes import Offers, Wishes, offers_of, parts_of, wishes_of
from mentoring.standing import Lack, Standing
from tests.mentoring.matched import Cast, casts, unhurried

SEEKER = Seeker(id="r", client=90, days=3)
CANDIDATE = Candidate(id=1, places=3, carried=1)


def seeker(**wishes: object) -> Seeker:
    return replace(SEEKER, wishes=Wishes(**wishes))  # type: ignore[arg-type]


def candidate(**offers: object) -> Candidate:
    return replace(CANDIDATE, offers=Offers(**offers))  # type: ignore[arg-type]


def test_two_about_whom_nothing_is_known_may_be_brought_together() -> None:
    assert rules.broken(SEEKER, CANDIDATE) == []
    assert fit.fit(fit.parts(SEEKER.wishes, CANDIDATE.offers)) == fit.NEUTRAL


@pytest.mark.parametrize(
    ("client", "mentor", "rule"),
    [
        (SEEKER, replace(CANDIDATE, standing=Standing((Lack("certification"),))), Rule.STANDING),
        (SEEKER, replace(CANDIDATE, has_name=False), Rule.NAMELESS),
        (SEEKER, replace(CANDIDATE, is_away=True), Rule.AWAY),
        (SEEKER, replace(CANDIDATE, is_taking=False), Rule.NOT_TAKING),
        (SEEKER, replace(CANDIDATE, carried=3), Rule.FULL),
        (SEEKER, replace(CANDIDATE, carried=4), Rule.FULL),
        (replace(SEEKER, client=1), CANDIDATE, Rule.SELF),
        (replace(SEEKER, apart=frozenset({1})), CANDIDATE, Rule.APART),
        (replace(SEEKER, declined=frozenset({1})), CANDIDATE, Rule.DECLINED),
        (replace(SEEKER, groups=frozenset({"g"})), replace(CANDIDATE, groups=frozenset({"g"})), Rule.SMALL_GROUP),
        (seeker(gender="woman", gender_must=True), candidate(gender="man"), Rule.GENDER),
        (seeker(gender="woman", gender_must=True), candidate(), Rule.GENDER),
        (seeker(languages=frozenset({"es"})), candidate(languages=frozenset({"en"})), Rule.LANGUAGE),
    ],
)
def test_each_rule_keeps_two_apart_and_has_a_sentence(client: Seeker, mentor: Candidate, rule: Rule) -> None:
    assert rules.broken(client, mentor) == [rule]
    assert not table([client], [mentor]).allowed.any()
    assert reasons.against(rule, mentor).endswith(".")
    assert reasons.counted(rule, 2).endswith(".")


@pytest.mark.parametrize(
    ("client", "mentor"),
    [
        (replace(SEEKER, wishes=Wishes(small_group_ok=True), groups=frozenset({"g"})), replace(CANDIDATE, groups=frozenset({"g"}))),
        (seeker(gender="woman"), candidate(gender="man")),
        (seeker(languages=frozenset({"es"})), candidate()),
        (seeker(), candidate(languages=frozenset({"es"}))),
        (SEEKER, replace(CANDIDATE, carried=2)),
    ],
)  # fmt: skip
def test_a_wish_is_no_rule(client: Seeker, mentor: Candidate) -> None:
    assert rules.broken(client, mentor) == []


def test_who_says_nothing_stands_between_who_meets_the_wish_and_who_does_not() -> None:
    wishes = Wishes(lived=frozenset({"grief"}))
    met, unsaid, other = (
        fit.fit(fit.parts(wishes, Offers(lived=lived)))
        for lived in (frozenset({"grief"}), frozenset[str](), frozenset({"ptsd"}))
    )
    assert met == 1
    assert unsaid == fit.NEUTRAL
    assert other == 0


@pytest.mark.parametrize("name", sorted(fit.WEIGHTS))
def test_what_matters_most_to_the_client_outweighs_any_other_part(name: str) -> None:
    assert fit.weight_of(name, Wishes(most=name)) > max(
        weight for other, weight in fit.WEIGHTS.items() if other != name
    )


def test_one_thing_that_the_client_would_rather_not_have_is_enough() -> None:
    wishes = Wishes(avoid=frozenset({"faith", "direct"}))
    [part] = fit.parts(wishes, Offers(ways=frozenset({"faith", "humor"})))
    assert part.value == 0
    assert part.common == frozenset({"faith"})


def test_three_times_in_common_are_all_that_is_needed() -> None:
    wishes = Wishes(times=frozenset({"0m", "1m", "2m", "3m", "4m"}))
    assert fit.fit(fit.parts(wishes, Offers(times=frozenset({"0m", "1m", "2m"})))) == 1
    assert fit.fit(fit.parts(wishes, Offers(times=frozenset({"0m"})))) == pytest.approx(1 / 3)


@unhurried
@given(casts())
def test_the_arrays_say_what_the_explained_rules_and_parts_say(cast: Cast) -> None:
    seekers, candidates = cast
    found = table(seekers, candidates)
    assert found.allowed.shape == found.fits.shape == (len(seekers), len(candidates))
    for row, client in enumerate(seekers):
        for column, mentor in enumerate(candidates):
            assert found.allowed[row, column] == (not rules.broken(client, mentor))
            assert found.fits[row, column] == pytest.approx(fit.fit(fit.parts(client.wishes, mentor.offers)))
    assert np.all((found.fits >= 0) & (found.fits <= 1))


@unhurried
@given(casts(seekers=3, candidates=3))
def test_a_client_reads_nothing_that_the_mentor_did_not_say(cast: Cast) -> None:
    for client in cast[0]:
        for mentor in cast[1]:
            parts = fit.parts(client.wishes, mentor.offers)
            told = " ".join(reasons.to_client(parts))
            said = [part for part in parts if part.is_said and part.value > 0]
            assert len(reasons.to_client(parts)) == len(said)
            assert not [part.name for part in said if part.common - _named(mentor.offers)]
            assert "most" not in told


def _named(offers: Offers) -> frozenset[str]:
    return (
        offers.lived | offers.goals | offers.languages | offers.times | offers.culture | offers.ways | {offers.gender}
    )


def test_what_is_stored_and_not_known_any_more_is_left_out() -> None:
    stored = {"lived": ["grief", "gone"], "gender": "gone", "most": 3, "times": "0m", "gender_must": "yes"}
    assert wishes_of(stored) == Wishes(lived=frozenset({"grief"}))
    assert offers_of({"languages": ["en"], "ways": [1]}) == Offers(languages=frozenset({"en"}))


def test_hours_count_for_a_part_of_the_day_from_an_hour_on() -> None:
    assert parts_of([{"days": [0], "from": "09:00", "to": "12:30"}]) == {"0m"}
    assert parts_of([{"days": [6], "from": "22:00", "to": "08:00"}]) == {"6e", "0m"}
    assert parts_of([{"days": [2], "from": "00:00", "to": "00:00"}]) == {"2m", "2a", "2e"}
    assert parts_of([]) == frozenset()


def test_a_long_list_is_counted() -> None:
    assert reasons.listed("lived", ["anxiety", "ptsd"]) == "anxiety or panic, PTSD or trauma"
    many = ["anxiety", "depression", "ptsd", "addiction", "grief", "work"]
    assert reasons.listed("lived", many) == "anxiety or panic, depression, PTSD or trauma, alcohol or drugs and 2 more"
    assert reasons.listed("times", ["0m"]) == "Monday morning"
    assert reasons.listed("languages", ["es"]) == "Spanish"
