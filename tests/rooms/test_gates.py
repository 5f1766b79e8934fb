"""The gates in their order: the first that does not allow decides, and flags are gathered on the way."""

import pytest
from pytest_django import Settings

from rooms.gates import Allow, Draft, Hold, Refuse, Verdict, pass_gates, shape
from rooms.refusals import Held, Refused

ASKED: list[str] = []


def draft(body: str = "hello", warning: str = "") -> Draft:
    return Draft(body, warning, "room", 1, ())


def allows(draft: Draft) -> Verdict:
    ASKED.append("allows")
    return Allow(("seen",))


def marks(draft: Draft) -> Verdict:
    ASKED.append("marks")
    return Allow(("crisis",))


def holds(draft: Draft) -> Verdict:
    ASKED.append("holds")
    return Hold("contact", lambda: "why", ("part",))


def refuses(draft: Draft) -> Verdict:
    ASKED.append("refuses")
    return Refuse("too_long")


def named(*names: str) -> list[str]:
    ASKED.clear()
    return [f"tests.rooms.test_gates.{name}" for name in names]


def test_all_gates_are_asked_in_order_and_their_flags_gathered(settings: Settings) -> None:
    settings.MESSAGE_GATES = named("allows", "marks")
    assert pass_gates(draft()) == ("seen", "crisis")
    assert ASKED == ["allows", "marks"]


def test_a_hold_ends_it_with_its_reason(settings: Settings) -> None:
    settings.MESSAGE_GATES = named("allows", "holds", "marks")
    with pytest.raises(Held) as held:
        pass_gates(draft())
    assert (held.value.reason, held.value.text, held.value.parts) == ("contact", "why", ("part",))
    assert ASKED == ["allows", "holds"]


def test_a_refusal_ends_it_too(settings: Settings) -> None:
    settings.MESSAGE_GATES = named("refuses", "holds")
    with pytest.raises(Refused, match="too_long"):
        pass_gates(draft())
    assert ASKED == ["refuses"]


def test_a_house_without_gates_allows(settings: Settings) -> None:
    settings.MESSAGE_GATES = []
    assert pass_gates(draft("call 212-555-0142")) == ()


def test_the_house_asks_for_shape_before_it_reads_closely(settings: Settings) -> None:
    assert settings.MESSAGE_GATES[0] == "rooms.gates.shape"
    with pytest.raises(Refused, match="too_long"):
        pass_gates(draft("212-555-0142 " * 1000))
    with pytest.raises(Held):
        pass_gates(draft("212-555-0142"))


@pytest.mark.parametrize(
    ("body", "warning", "verdict"),
    [
        ("a", "", Allow()),
        ("👩\u200d👧", "", Allow()),
        ("é" * 4000, "ñ" * 120, Allow()),
        ("", "sleep", Refuse("empty")),
        ("\u200b\ufeff\u2800", "", Refuse("empty")),
        ("a" * 4001, "", Refuse("too_long")),
        ("a", "w" * 121, Refuse("too_long")),
    ],
)
def test_the_first_gate_looks_at_length_alone(body: str, warning: str, verdict: Verdict) -> None:
    assert shape(draft(body, warning)) == verdict
