"""Rule files: what one rule says, read from TOML and checked. docs/screening.md says how to write one.

A file that is wrong stops the program at its start, with the name of file and rule and what is wrong, never a message later.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from moderation.screening.findings import Category, Does, Severity

_FRAMES = frozenset(["negated", "past", "reported"])
_LISTS = ("does", "patterns", "exceptions", "unless", "despite", "matches", "passes")
_REQUIRED = {"id", "severity", "does", "why", "patterns", "matches", "passes"}
_FIELDS = _REQUIRED | {"level", *_LISTS}


class BadRule(Exception):
    """A rule file is wrong. Names file and rule, and says what."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one language. `matches` and `passes` are its own examples, which a test runs."""

    id: str
    language: str
    category: Category
    level: int
    severity: Severity
    does: frozenset[Does]
    why: str
    patterns: tuple[str, ...]
    exceptions: tuple[str, ...]  # a passage that one of these touches is not meant
    unless: tuple[str, ...]  # nothing in a sentence with one of these is meant
    despite: frozenset[str]  # the frames that do not excuse it: negated, past, reported
    matches: tuple[str, ...]
    passes: tuple[str, ...]

    @property
    def where(self) -> str:
        return f"{self.language}/{self.category}.toml: {self.id}"


def rules_in(path: Path) -> Iterator[Rule]:
    """The rules of one file. Raises BadRule."""
    data = toml(path)
    category = _one_of(Category, data.get("category"), f"{name_of(path)}: category")
    if not isinstance(data.get("rule"), list) or data.keys() != {"category", "rule"}:
        raise BadRule(f"{name_of(path)}: has `category` and [[rule]] tables, nothing else.")
    for number, table in enumerate(data["rule"], start=1):
        where = f"{name_of(path)}: {table.get('id') or f'rule {number}'}"
        if wrong := sorted((_REQUIRED - table.keys()) | (table.keys() - _FIELDS)):
            raise BadRule(f"{where}: missing or unknown: {', '.join(wrong)}.")
        yield _rule(path, category, table, where)


def _rule(path: Path, category: Category, table: dict[str, Any], where: str) -> Rule:
    level = table.get("level", 0)
    if not isinstance(level, int) or not 0 <= level <= 5 or (level > 0) != (category is Category.SUICIDE):
        raise BadRule(f"{where}: level is 1 to 5 for suicide and left out for every other category.")
    texts = {name: table.get(name, []) for name in _LISTS}
    for name, entries in texts.items():
        if not isinstance(entries, list) or not all(isinstance(entry, str) and entry.strip() for entry in entries):
            raise BadRule(f"{where}: {name} must be a list of texts.")
        if name in _REQUIRED and not entries:
            raise BadRule(f"{where}: {name} is empty.")
    if unknown := set(texts["despite"]) - _FRAMES:
        raise BadRule(f"{where}: despite may name {', '.join(sorted(_FRAMES))}, not {', '.join(sorted(unknown))}.")
    return Rule(
        id=table["id"],
        language=path.parent.name,
        category=category,
        level=level,
        severity=_one_of(Severity, table["severity"], f"{where}: severity"),
        does=frozenset(_one_of(Does, each, f"{where}: does") for each in texts["does"]),
        why=table["why"],
        patterns=tuple(texts["patterns"]),
        exceptions=tuple(texts["exceptions"]),
        unless=tuple(texts["unless"]),
        despite=frozenset(texts["despite"]),
        matches=tuple(texts["matches"]),
        passes=tuple(texts["passes"]),
    )


def toml(path: Path) -> dict[str, Any]:
    """What the file says. Raises BadRule."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadRule(f"{name_of(path)}: {error}") from error


def name_of(path: Path) -> str:
    """The file as people call it: en/suicide.toml."""
    return f"{path.parent.name}/{path.name}"


_Choice = TypeVar("_Choice", bound=StrEnum)


def _one_of(choices: type[_Choice], value: object, where: str) -> _Choice:
    try:
        return choices(str(value))
    except ValueError:
        raise BadRule(f"{where} is one of {', '.join(choices)}, not {value!r}.") from None
