"""The gate of moderation: what the screen finds becomes flags, a hold, a card; most words pass untouched."""

import pytest

from moderation.gate import gate
from moderation.models import Category, Severity
from moderation.screening import Category as Found
from moderation.screening import Severity as Grave
from rooms.gates import Allow, Draft, Hold, Verdict


def asked(body: str, *strict: str) -> Verdict:
    return gate(Draft(body, "", "room", 1, (), strict))


def test_ordinary_words_pass_without_a_flag() -> None:
    for body in ("Good morning everybody.", "I slept four hours. It is something.", "Hoy fue un día largo."):
        assert asked(body) == Allow()


def test_thoughts_are_delivered_with_a_flag_and_a_card() -> None:
    verdict = asked("I have been thinking about killing myself.")
    assert isinstance(verdict, Allow)
    assert {(flag.category, flag.card) for flag in verdict.flags} == {("suicide", "crisis")}


@pytest.mark.parametrize(
    "body",
    [
        "I have the pills in front of me and I am going to take them all tonight.",
        "Tengo las pastillas aquí y me las voy a tomar todas.",
    ],
)
def test_a_plan_waits_for_a_moderator_and_is_a_crisis(body: str) -> None:
    verdict = asked(body)
    assert isinstance(verdict, Hold)
    assert verdict.keeps
    assert any(flag.crisis and flag.level >= 3 and flag.card == "crisis" for flag in verdict.flags)
    assert verdict.explain()


def test_a_room_may_hold_what_others_only_mark() -> None:
    body = "I have been thinking about killing myself."
    assert isinstance(asked(body), Allow)
    assert isinstance(asked(body, "suicide"), Hold)


def test_the_screens_words_are_the_cases_words() -> None:
    assert {each.value for each in Found} <= set(Category.values)
    assert {each.value for each in Grave} == set(Severity.values)
