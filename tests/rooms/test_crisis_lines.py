"""Help now: who answers, for whom, in which order."""

from django.utils import translation

from rooms.crisis_lines import lines_of


def test_spanish_readers_find_the_line_that_answers_in_spanish_first() -> None:
    with translation.override("es"):
        assert lines_of("US")[0].name == "988 en español"


def test_everybody_else_finds_the_lifeline_first() -> None:
    with translation.override("en"):
        assert lines_of("US")[0].name == "988 Suicide & Crisis Lifeline"


def test_the_word_to_text_is_one_that_the_line_answers_in_the_readers_language() -> None:
    words = {}
    for language in ("en", "es"):
        with translation.override(language):
            words[language] = {line.name: str(line.sms_text) for line in lines_of("US")}["Crisis Text Line"]
    assert words == {"en": "HOME", "es": "HOLA"}
