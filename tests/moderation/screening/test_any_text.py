"""Any text gives an answer, in time that grows with its length and no faster."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.screening import screen
from moderation.screening.letters import places, plain
from moderation.screening.rulebook import rulebook
from moderation.screening.tokens import symbols_of, tokens_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
_WORDS = [
    "I",
    "want",
    "to",
    "die",
    "kill",
    "not",
    "myself",
    "no",
    "quiero",
    "morir",
    "pills",
    "the",
    ",",
    ".",
    "k i l l",
    "💊",
    "’",
    "$20",
    "l33t",
    "aaaa",
]
TALK = st.lists(st.sampled_from(_WORDS), max_size=60).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(TEXT | TALK)
def test_any_text_gives_an_answer_whose_spans_are_in_it(text: str) -> None:
    for finding in screen(text, warning=text[:100], strict=["spam"]).findings:
        if finding.span is not None:
            start, end = finding.span
            assert 0 <= start < end <= len(text)


@settings(max_examples=150, deadline=None)
@given(TEXT | TALK)
def test_the_two_ways_to_read_a_text_agree(text: str) -> None:
    """One pass for what most texts cost, one with places for those in which something was found."""
    bare, known = plain(text), rulebook().known
    assert symbols_of(bare, known) == "".join(token.symbols for token in tokens_of(bare, known))


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_each_character_of_the_plain_text_has_its_place(text: str) -> None:
    back = places(text)
    assert len(back) == len(plain(text)) + 1
    assert back == sorted(back)
    assert back[-1] == len(text)


CALM = "I had a long day at work and the traffic was awful, but my sister called and that helped. "
ADVERSARIAL = {
    "ordinary": CALM,
    "one word": "a",
    "kill": "kill ",
    "i i i": "I ",
    "spaced": "k i l l ",
    "meant": "I want to die ",
    "negated": "I did not kill myself. ",
    "no end": "not kill myself ",
    "gaps": "i want to not die pills the bridge going to ",
    "masked": "a*",
    "digits": "1",
    "stops": "! ",
    "accents": "é",
    "stretched": "aaab",
    "quotes": "he said i want to die ",
}


def _seconds(call: Callable[[], object]) -> float:
    """Processor time of the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.thread_time()
        call()
        best = min(best, time.thread_time() - start)
    return best


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_time_grows_with_the_length_and_no_faster(name: str) -> None:
    def text(length: int) -> str:
        return (ADVERSARIAL[name] * (length // len(ADVERSARIAL[name]) + 1))[:length]

    rulebook()
    small, large = text(10_000), text(100_000)
    assert _seconds(lambda: screen(large)) < 40 * max(_seconds(lambda: screen(small)), 0.0005)


def test_the_longest_message_costs_no_more_than_a_blink() -> None:
    for text in ADVERSARIAL.values():
        longest = (text * 4000)[:4000]
        assert _seconds(lambda longest=longest: screen(longest)) < 0.05  # type: ignore[misc]
