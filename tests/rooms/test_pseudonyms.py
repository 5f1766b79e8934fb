"""What a pseudonym may look like, and which two are too alike to stand in one room."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import Role
from rooms import pseudonyms
from rooms.pseudonyms import check, skeleton
from tests.people import both_stores

pytestmark = both_stores

NAME = "Ines Valdovinos"


def refusal(pseudonym: str, real_name: str = NAME) -> str:
    with pytest.raises(ValidationError) as error:
        check(pseudonym, real_name=real_name)
    return " ".join(error.value.messages)


@pytest.mark.parametrize(
    "pseudonym",
    [
        "Quiet Heron",
        "Sol",
        "Robin K.",
        "O'Tide",
        "Alba-Luz",
        "Garza del norte",
        "Ñandú",
        "Heron 7",
        "Тихая Цапля",
        "しずかなさぎ",
        "Ĉielo",
    ],
)
def test_a_name_of_any_alphabet_will_do(pseudonym: str) -> None:
    assert check(pseudonym, real_name=NAME) == pseudonym


def test_a_name_is_tidied() -> None:
    assert check("  Quiet \t Heron ", real_name=NAME) == "Quiet Heron"
    assert check("Ｑuiet", real_name=NAME) == "Quiet"


@pytest.mark.parametrize("pseudonym", ["ab", "a" * 25, "", "   "])
def test_three_to_twenty_four_characters(pseudonym: str) -> None:
    assert "3" in refusal(pseudonym)
    check("abc", real_name=NAME)
    check("b" * 24, real_name=NAME)


@pytest.mark.parametrize(
    "pseudonym",
    [
        "123",
        "---",
        "_heron_",
        "heron!",
        "<b>heron</b>",
        "heron@home",
        "🦆🦆🦆",
        "-heron",
        "her\u202eon",
        "her\u200bon",
        "a  --  b",
        "her\non\x00",
    ],
)
def test_letters_and_numbers_with_single_marks_between(pseudonym: str) -> None:
    refusal(pseudonym)


@pytest.mark.parametrize("pseudonym", ["Quiеt Heron", "Ηeron", "hеrоn", "раypal"])
def test_two_alphabets_do_not_mix(pseudonym: str) -> None:
    assert any(ord(letter) > 0x370 for letter in pseudonym)
    refusal(pseudonym)


@pytest.mark.parametrize(
    "pseudonym",
    ["Moderator", "moderat0r", "M0D", "Admin", "The Admin", "Anna-Moderator", "mentor.anna", "Peer Chat", "PeerChat", "Terapeuta", "STAFF",
     "Coordinadora Ana", "Dr. Therapist", "Support", "MODERATÖR"],
)  # fmt: skip
def test_nobody_is_called_like_an_office(pseudonym: str) -> None:
    assert "staff" in refusal(pseudonym)


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
@pytest.mark.parametrize("role", [role for role in Role if role.badge])
def test_nobody_is_called_what_a_badge_says(role: Role, language: str) -> None:
    with translation.override(language):
        words = str(role.label)
    assert "staff" in refusal(words)


@pytest.mark.parametrize("pseudonym", ["Modest Heron", "Supporting Oak", "Systema Rosa"])
def test_a_word_that_begins_like_an_office_is_no_office(pseudonym: str) -> None:
    assert check(pseudonym, real_name=NAME) == pseudonym


@pytest.mark.parametrize(
    "pseudonym",
    [
        "Ines",
        "ines v",
        "Quiet Inés",
        "1nes",
        "Valdovinos",
        "val-dovinos",
        "InesTheQuiet",
        "VALDOV1NOS",
        "I Valdovinos",
        "Quietvaldovinos",
    ],
)
def test_nobody_is_called_by_their_own_name(pseudonym: str) -> None:
    assert "real name" in refusal(pseudonym)
    if "ald" not in pseudonym.lower():
        check(pseudonym, real_name="Teodor Brandt")


@pytest.mark.parametrize(
    ("pseudonym", "name"), [("Lion Heart", "Li Na"), ("Open Tide", "Ope N."), ("Annual Fern", "Ann Lee")]
)
def test_a_short_name_inside_another_word_is_chance(pseudonym: str, name: str) -> None:
    assert check(pseudonym, real_name=name) == pseudonym


@pytest.mark.parametrize("pseudonym", ["212-555-0142", "2125550142 call", "a 212 555 0142"])
def test_a_name_is_no_way_to_be_reached(pseudonym: str) -> None:
    refusal(pseudonym)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quiet Heron", "quiet heron"),
        ("Quiet Heron", "QuietHeron"),
        ("Quiet Heron", "Quíet Herön"),
        ("Quiet Heron", "Qu1et Her0n"),
        ("Quiet Heron", "Quiet-Heron"),
        ("Will", "W1ll"),
        ("Modern", "Modem"),
        ("Savvy", "Sawy"),
        ("Clara", "dara"),
        ("Sol", "Ѕоӏ"),
        ("Pace", "Расе"),
        ("Ohm", "Οհm"),
        ("Lill", "IiIl"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert one != other
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Quiet Heron", "Quiet Haron"), ("Sol", "Sal"), ("Heron 7", "Heron 8"), ("Luna", "Lune")]
)
def test_names_that_look_different_have_two(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_the_index_says_nothing_and_differs_by_room() -> None:
    here, there = (pseudonyms.index("Quiet Heron", room_id=room) for room in ("room-1", "room-2"))
    assert here != there
    assert here == pseudonyms.index("QUIET HERON", room_id="room-1")
    assert b"eron" not in here.lower()
    assert len(here) == 32


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_every_suggestion_would_do(language: str) -> None:
    for _ in range(20):
        ideas = pseudonyms.suggestions(language)
        assert len(set(ideas)) == 4
        for idea in ideas:
            assert check(idea, real_name=NAME) == idea
