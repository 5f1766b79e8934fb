"""The contact-details gate, over the sentences of tests/data/contact.csv: what is held, what sounds alike and is not."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from rooms import phones
from rooms.contact import contact_details, gate
from rooms.crisis_lines import LINES
from rooms.gates import Allow, Draft, Hold, Verdict

SENTENCES = Path(__file__).resolve().parents[1] / "data" / "contact.csv"


def weigh(body: str, warning: str = "") -> Verdict:
    return gate(Draft(body, warning, "room", 1, ("Ines Valdovinos", "Teodor Brandt")))


def sentences(verdict: str, language: str) -> list[str]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        return [
            row["text"] for row in csv.DictReader(file) if row["verdict"] == verdict and row["language"] == language
        ]


@pytest.mark.parametrize(("language", "least"), [("en", 100), ("es", 50)])
def test_ways_to_be_reached_are_held(language: str, least: int) -> None:
    held = sentences("held", language)
    missed = [text for text in held if not isinstance(weigh(text), Hold)]
    assert len(held) >= least
    assert len(missed) <= 0.03 * len(held), missed


@pytest.mark.parametrize(("language", "least"), [("en", 250), ("es", 90)])
def test_sentences_that_only_sound_alike_pass(language: str, least: int) -> None:
    harmless = sentences("harmless", language)
    held = [text for text in harmless if isinstance(weigh(text), Hold)]
    assert len(harmless) >= least
    assert len(held) <= 0.02 * len(harmless), held


def test_the_passage_is_named_for_its_author() -> None:
    verdict = weigh("I'd rather talk outside. My number is 212-555-0142, or heron@mail.example.")
    assert isinstance(verdict, Hold)
    assert verdict.reason == "contact"
    assert set(verdict.parts) == {"212-555-0142", "heron@mail.example"}


def test_a_content_warning_is_read_as_closely_as_the_message() -> None:
    assert isinstance(weigh("hello", warning="212-555-0142"), Hold)
    assert weigh("hello", warning="sleep") == Allow()


@pytest.mark.parametrize(
    "disguised",
    [
        "２１２-５５５-０１４２",
        "2\u200b1\u200b2-555\u2060-0142",
        "٢١٢-٥٥٥-٠١٤٢",
        "212\u2013555\u20130142",
        "heron\u200b@mail.exam\u00adple",
    ],
)
def test_unseen_characters_and_other_digits_are_no_disguise(disguised: str) -> None:
    assert isinstance(weigh(f"it is {disguised}"), Hold)


def test_every_crisis_line_may_be_said() -> None:
    for line in (line for lines in LINES.values() for line in lines):
        for number in {line.number, line.tel} - {""}:
            assert weigh(f"please call {number}, they are kind") == Allow(), number
        assert weigh(f"look at www.{line.source}") == Allow(), line.source


def test_the_programs_own_line_may_be_said(settings: Settings) -> None:
    assert isinstance(weigh("call 212-555-0142 at night"), Hold)
    settings.PROGRAM_LINE = {"name": "Our line", "number": "212-555-0142", "hours": ""}
    phones._help_lines.cache_clear()
    assert weigh("call 212-555-0142 at night") == Allow()
    phones._help_lines.cache_clear()


def test_a_number_of_another_country_is_held_where_the_program_is(settings: Settings) -> None:
    settings.COUNTRY = "IE"
    assert list(contact_details("ring me on 085 012 3456"))
    assert not list(contact_details("I took 50 mg at 8 and 100 mg at 12, for 085 days"))


PIECES = st.sampled_from(
    ["a", "@", "a@", ".", "1", "12", "-", " ", "555", "0142", "five", ",", "at", "dot", "insta", "my", "is", "_", "#", "st", "calle", "A",
     "Road", "+", "(", "[at]", "$", "u/", "www.", "/", "é", "\n", "Ines", "Valdovinos", ".com", "dni", "Z"]
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6).map("".join), st.booleans())
def test_no_text_takes_longer_than_its_length_explains(unit: str, spaced: bool) -> None:
    unit += " " * spaced

    def cost(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        began = time.process_time()
        weigh(text)
        return time.process_time() - began

    def slower() -> bool:
        return min(cost(8000), cost(8000)) > 8 * min(cost(2000), cost(2000)) + 0.02

    assert not (slower() and slower()), unit


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_a_verdict(text: str) -> None:
    assert isinstance(weigh(text), Allow | Hold)
