"""The door: what is found where, what a room can tighten, what stands around a passage, disguises."""

import pytest

from moderation.screening import Category, Does, Severity, screen


def test_an_ordinary_text_has_no_findings() -> None:
    screening = screen("I had a long day, the walk by the river helped. How was yours?")
    assert (screening.findings, screening.severity, screening.holds, screening.card) == ((), None, False, False)
    assert (screening.level, screening.codes, screening.notices) == (0, (), ())


def test_thoughts_without_a_method_are_delivered_with_the_card() -> None:
    screening = screen("I want to kill myself")
    assert (screening.card, screening.holds, screening.level, screening.severity) == (True, False, 2, Severity.URGENT)


def test_a_method_is_held_from_the_room_and_its_author_gets_the_card() -> None:
    screening = screen("I keep thinking about hanging myself")
    assert (screening.card, screening.holds, screening.level, screening.severity) == (True, True, 3, Severity.CRISIS)


def test_an_insult_is_held_with_a_kind_word() -> None:
    screening = screen("you're a pathetic loser")
    assert screening.holds
    assert screening.notices == (Category.HARASSMENT,)
    assert not screening.card


def test_danger_at_home_is_never_held() -> None:
    screening = screen("my husband threatened to kill me")
    assert (screening.card, screening.holds, screening.severity) == (True, False, Severity.CRISIS)


def test_the_gravest_finding_comes_first() -> None:
    screening = screen("You're a pathetic loser. I'm going to kill myself tonight. Click here to win a prize.")
    assert screening.findings[0].category is Category.SUICIDE
    assert screening.severity is Severity.CRISIS
    assert {finding.category for finding in screening.findings} == {
        Category.SUICIDE,
        Category.HARASSMENT,
        Category.SPAM,
    }


@pytest.mark.parametrize("name", ["suicide", "suicide.thoughts"])
def test_a_room_tightens_a_category_or_a_rule(name: str) -> None:
    assert not screen("I want to kill myself").holds
    assert screen("I want to kill myself", strict=[name]).holds
    assert not screen("I want to kill myself", strict=["spam"]).holds


def test_the_content_warning_is_read_too_and_has_no_place_in_the_text() -> None:
    screening = screen("no words today", warning="I want to kill myself")
    assert [finding.span for finding in screening.findings] == [None]
    assert screen("I want to die", warning="I want to die").findings[0].span == (0, 13)
    assert screen("A calm walk.", warning="talk of suicide").findings == ()


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("Well. I want to die, really.", "I want to die"),
        ("Ay… me quiero morir ya", "me quiero morir"),
        ("🙂🙂 I want to 𝐝𝐢𝐞", "I want to 𝐝𝐢𝐞"),
        ("so, k i l l  m y s e l f", "k i l l  m y s e l f"),
        ("ﬁne. I want to die", "I want to die"),
    ],
)
def test_a_span_is_in_the_text_as_it_was_written(text: str, passage: str) -> None:
    span = screen(text).findings[0].span
    assert span is not None
    assert text[slice(*span)] == passage


@pytest.mark.parametrize(
    "text",
    [
        "I want to k1ll mys3lf", "i want to kiiiiill myself", "I want to КІLL myself", "I want to k\u200bill my\u200dself",
        "I want to ｋｉｌｌ ｍｙｓｅｌｆ", "I want to k.i.l.l myself", "i wanna kms", "i want to unalive myself", "feeling su1c1dal",
        "i am s u i c i d a l", "thinking of suicde", "I want to k*ll myself", "sewerslide is on my mind, thinking about sewerslide",
        "I want to ᴋɪʟʟ ᴍʏsᴇʟғ", "I WANT TO KILL MYSELF!!!", "i want to kil my self", "me kiero matar", "ME QUIERO MATAR",
        "me quiero mätar", "tengo pensamientos suicídas", "I just can't anymore, me quiero matar",
    ],
)  # fmt: skip
def test_a_disguise_does_not_hide_it(text: str) -> None:
    assert Category.SUICIDE in {finding.category for finding in screen(text).findings}


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to die", "I dont want to kill myself", "I’m not suicidal", "no quiero morir", "I would never kill myself",
        "I have no plan to kill myself", "I do not think I want to die", "nunca me haría daño, no pienso en suicidarme",
    ],
)  # fmt: skip
def test_what_is_negated_is_not_meant(text: str) -> None:
    assert screen(text).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to live", "no quiero vivir", "I can't not kill myself", "I can't stop thinking about killing myself",
        "no dejo de pensar en matarme", "I can't take it and want to kill myself", "I'm not ok. I want to die.",
        "why shouldn't I just kill myself", "I'm not sure I can keep from killing myself",
    ],
)  # fmt: skip
def test_what_only_looks_negated_is_meant(text: str) -> None:
    assert Category.SUICIDE in {finding.category for finding in screen(text).findings}


@pytest.mark.parametrize(
    "text",
    [
        "three years ago I wanted to die, today I am glad I stayed",
        "Ten years ago I attempted suicide. I am so glad I survived.",
        "When I was 16 I was in a dark place. I tried to kill myself. Now I have two kids.",
        "hace diez años intenté quitarme la vida y hoy doy gracias",
        "I used to want to die every single day",
    ],
)
def test_a_story_of_long_ago_is_no_emergency(text: str) -> None:
    assert screen(text).findings == ()


@pytest.mark.parametrize(
    "text",
    ["last night I took all my pills", "I tried again yesterday", "Ten years ago my mom died. Last night I tried to kill myself.",
     "ayer intenté matarme"],
)  # fmt: skip
def test_what_happened_last_night_is_one(text: str) -> None:
    screening = screen(text)
    assert (screening.level, screening.severity) == (5, Severity.CRISIS)


def test_what_somebody_else_said_is_for_a_person_to_look_at_and_not_a_crisis_of_the_writer() -> None:
    screening = screen('my brother texted me "I am going to kill myself tonight"')
    assert (screening.level, screening.severity, screening.holds) == (1, Severity.URGENT, False)
    assert {does for finding in screening.findings for does in finding.does} == {Does.FLAG}


def test_an_insult_that_is_only_told_is_no_insult() -> None:
    assert screen("He called me a fat pig for years").findings == ()


def test_one_sentence_does_not_excuse_another() -> None:
    calm = "I used to be a teacher and I loved it. The kids made me laugh, we planted tomatoes behind the school. " * 12
    text = f"{calm}I don't want to argue with anyone. I have the pills in front of me. {calm}"
    screening = screen(text)
    assert (screening.level, screening.holds) == (5, True)
    span = screening.findings[0].span
    assert span is not None
    assert text[slice(*span)].startswith("have the pills") or text[slice(*span)].startswith("pills")


def test_a_rule_is_found_once_however_often_and_in_whatever_language_it_is_said() -> None:
    codes = screen("I want to die. Me quiero morir. I want to die. I want to die.").codes
    assert len(codes) == len(set(codes))
    assert codes.count("suicide.wish") == 1
