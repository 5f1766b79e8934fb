"""The gates in their order: all are asked, their flags gathered, and a crisis is never only given back."""

import pytest
from pytest_django import Settings

from rooms.gates import Allow, Draft, Flag, Hold, Passage, Refuse, Verdict, pass_gates, shape
from rooms.refusals import Held, Refused

ASKED: list[str] = []


def draft(body: str = "hello", warning: str = "") -> Draft:
    return Draft(body, warning, "room", 1, ())


CALM = Flag("spam.link", "spam", "routine")
GRAVE = Flag("suicide.plan", "suicide", "crisis", level=5, crisis=True, card="crisis")


def allows(draft: Draft) -> Verdict:
    ASKED.append("allows")
    return Allow((CALM,))


def marks(draft: Draft) -> Verdict:
    ASKED.append("marks")
    return Allow((GRAVE,))


def returns(draft: Draft) -> Verdict:
    ASKED.append("returns")
    return Hold("contact", lambda: "why", ("part",))


def keeps(draft: Draft) -> Verdict:
    ASKED.append("keeps")
    return Hold("method", lambda: "later", flags=(GRAVE,), keeps=True)


def refuses(draft: Draft) -> Verdict:
    ASKED.append("refuses")
    return Refuse("too_long")


def named(*names: str) -> list[str]:
    ASKED.clear()
    return [f"tests.rooms.test_gates.{name}" for name in names]


def test_all_gates_are_asked_in_order_and_their_flags_gathered(settings: Settings) -> None:
    settings.MESSAGE_GATES = named("allows", "marks")
    passage = pass_gates(draft())
    assert (passage.flags, passage.held) == ((CALM, GRAVE), None)
    assert ASKED == ["allows", "marks"]


def test_what_goes_back_to_its_author_is_not_stored_and_says_why(settings: Settings) -> None:
    settings.MESSAGE_GATES = named("allows", "returns")
    with pytest.raises(Held) as held:
        pass_gates(draft())
    assert (held.value.reason, held.value.text, held.value.parts) == ("contact", "why", ("part",))


def test_what_is_kept_comes_with_its_reason_and_its_flags(settings: Settings) -> None:
    settings.MESSAGE_GATES = named("allows", "keeps")
    passage = pass_gates(draft())
    assert passage.flags == (CALM, GRAVE)
    assert passage.held is not None
    assert (passage.held.reason, passage.held.text) == ("method", "later")


@pytest.mark.parametrize(
    "names", [("returns", "marks"), ("marks", "returns"), ("returns", "keeps"), ("keeps", "returns")]
)
def test_a_crisis_is_never_only_given_back(names: tuple[str, str], settings: Settings) -> None:
    settings.MESSAGE_GATES = named(*names)
    passage = pass_gates(draft("a phone number and words that show a crisis"))
    assert passage.flags == (GRAVE,)
    assert passage.held is not None
    assert list(names) == ASKED


def test_a_refusal_ends_it_too(settings: Settings) -> None:
    settings.MESSAGE_GATES = named("refuses", "returns")
    with pytest.raises(Refused, match="too_long"):
        pass_gates(draft())
    assert ASKED == ["refuses"]


def test_a_house_without_gates_allows(settings: Settings) -> None:
    settings.MESSAGE_GATES = []
    assert pass_gates(draft("call 212-555-0142")) == Passage()


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
