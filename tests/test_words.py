"""Every word a person can read is there in every language, with its placeholders and its plurals."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [
    "vault",
    "accounts",
    "rooms",
    "moderation",
    "mentoring",
    "program",
    "care",
    "peerchat",
    "templates",
]
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str | None, str]]:
    """(context, text) of all that code and templates mark for translation, read by gettext itself."""
    if not shutil.which("xgettext"):
        pytest.skip("gettext is not installed")
    copy = tmp_path_factory.mktemp("words")
    for name in SOURCES:
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    (copy / "locale").mkdir()
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "--locale=xx",
        "--no-location",
        "--verbosity=0",
    ]
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=copy, env=env, check=True, capture_output=True, timeout=120)
    catalogue = polib.pofile(str(copy / "locale" / "xx" / "LC_MESSAGES" / "django.po"))
    return {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}


def _catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_said_is_translated(language: str, said: set[tuple[str | None, str]]) -> None:
    translated = {(entry.msgctxt, entry.msgid) for entry in _catalogue(language).translated_entries()}
    assert not sorted(text for context, text in said if (context, text) not in translated)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_nobody_says(language: str, said: set[tuple[str | None, str]]) -> None:
    leftover = [entry.msgid for entry in _catalogue(language) if (entry.msgctxt, entry.msgid) not in said]
    assert not leftover


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_placeholders(language: str) -> None:
    strange = []
    for entry in _catalogue(language).translated_entries():
        texts = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
        originals = {frozenset(_PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text}
        strange += [entry.msgid for text in texts if frozenset(_PLACEHOLDER.findall(text)) not in originals]
    assert not strange


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_as_a_guess(language: str) -> None:
    assert not [entry.msgid for entry in _catalogue(language).fuzzy_entries()]
