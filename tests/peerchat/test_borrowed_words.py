"""What Django and allauth say on our pages is said in our words, in every language."""

from collections.abc import Callable
from pathlib import Path

import allauth
import django
import polib
import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = [code for code, _ in settings.LANGUAGES]
THEIRS = [
    path for package in (django, allauth) for path in Path(package.__path__[0]).rglob("locale/es/LC_MESSAGES/django.po")
]


def _ours(language: str) -> dict[str, polib.POEntry]:
    entries = polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))
    return {entry.msgid: entry for entry in entries if not entry.msgctxt}


def test_what_is_borrowed_is_still_said_there() -> None:
    said = {entry.msgid for path in THEIRS for entry in polib.pofile(str(path)) if not entry.obsolete}
    assert not [text for text in _ours("en") if text not in said]


def _told(language: str, ask: Callable[[str], object], answer: str) -> list[str]:
    """What a person reads who answers so."""
    with translation.override(language), pytest.raises(ValidationError) as refused:
        ask(answer)
    with translation.override(language):
        return refused.value.messages


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_field_is_told_in_our_words(language: str) -> None:
    assert _told(language, forms.CharField().clean, "") == [_ours(language)["This field is required."].msgstr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_password_is_told_in_our_words_and_with_the_right_plural(language: str) -> None:
    entry = _ours(language)["This password is too short. It must contain at least %d character."]
    assert _told(language, validate_password, "an oak") == [entry.msgstr_plural[1] % 15]
