"""The real-name gate, over tests/data/names.csv: initials, order, accents, and names that are everyday words."""

import csv
from pathlib import Path

import pytest

from rooms.contact import gate
from rooms.gates import Allow, Draft, Hold

TABLE = Path(__file__).resolve().parents[1] / "data" / "names.csv"
ROOM = ("Teodor Brandt", "Casimir Dunmore")


def rows(verdict: str) -> list[tuple[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [(row["name"], row["text"]) for row in csv.DictReader(file) if row["verdict"] == verdict]


def of_room(name: str, text: str) -> Draft:
    return Draft(text, "", "room", 1, (*ROOM, name))


@pytest.mark.parametrize(("name", "text"), rows("held"))
def test_the_name_of_somebody_in_the_room_is_held(name: str, text: str) -> None:
    verdict = gate(of_room(name, text))
    assert isinstance(verdict, Hold)
    assert verdict.reason == "name"
    assert verdict.parts


@pytest.mark.parametrize(("name", "text"), rows("harmless"))
def test_a_first_name_alone_and_everyday_words_pass(name: str, text: str) -> None:
    assert gate(of_room(name, text)) == Allow()


def test_the_name_of_somebody_elsewhere_passes() -> None:
    assert gate(Draft("Ines Valdovinos wrote a book", "", "room", 1, ROOM)) == Allow()


def test_a_name_in_the_warning_is_held_too() -> None:
    assert isinstance(gate(Draft("hello", "about Teodor Brandt", "room", 1, ROOM)), Hold)
