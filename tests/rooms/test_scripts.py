"""The scripts and templates of the pages keep the promises that no run of them would show."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from rooms.words import script_words

SCRIPTS = sorted(
    path for folder in ("", "calls") for path in (settings.BASE_DIR / "static" / "js" / folder).glob("*.js")
)
SHEETS = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def _words_said(script: str) -> set[str]:
    said = set(re.findall(r'\bword\(\s*"(\w+)"', script))
    for name in re.findall(r'\bcounted\(\s*"(\w+)"', script):
        said |= {f"{name}_one", f"{name}_other"}
    return said


def test_every_word_a_script_says_comes_with_the_page() -> None:
    said = set().union(*(_words_said(path.read_text(encoding="utf-8")) for path in SCRIPTS))
    assert said
    assert said <= script_words().keys()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_makes_no_markup_and_stores_nothing(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "localStorage",
        "sessionStorage",
        "indexedDB",
    ):
        assert forbidden not in script


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_imports_only_its_neighbours_and_ends_the_line(path: Path) -> None:
    for line in re.findall(r"^import .*$", path.read_text(encoding="utf-8"), re.MULTILINE):
        assert re.fullmatch(r'import .* from "\.{1,2}/\w+\.js";', line), line


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_keeps_to_its_layers(path: Path) -> None:
    sheet = path.read_text(encoding="utf-8")
    assert sheet.startswith("@layer reset, base, layout, components, utilities;\n")
    assert "!important" not in sheet
    assert "http" not in sheet


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_a_page_has_no_inline_style_or_script_and_loads_nothing_foreign(path: Path) -> None:
    markup = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", markup)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', markup)
