"""Scoring: how well the screen finds what people have labelled. `peerchat screen` prints it, a test holds it."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from moderation.screening.findings import Category
from moderation.screening.reading import screen

NONE = "none"  # the category of a harmless text
CRISIS = (3, 4, 5)  # levels
_COLUMNS = ("text", "category", "level")
_LONGEST = 10_000_000  # characters in one field; public sets have whole posts


class BadFile(Exception):
    """The labelled file cannot be read; the words say why and where."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what people say it is. `category` "none" for a harmless one; `level` None where the file says nothing of levels."""

    text: str
    category: str
    level: int | None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the screen said of one labelled text: the categories it found, the level, the rules."""

    labelled: Labelled
    found: frozenset[str]
    level: int
    rules: tuple[str, ...]

    @property
    def right(self) -> bool:
        """A harmless text with nothing found; any other with its category found, a crisis level as a crisis level."""
        if self.labelled.category == NONE:
            return not self.found
        if self.labelled.category not in self.found:
            return False
        return self.labelled.level not in CRISIS or self.level in CRISIS


@dataclass(slots=True)
class Count:
    """`labelled` texts, of which `found` were; `wrong` others were taken for one."""

    labelled: int = 0
    found: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float | None:
        return self.found / self.labelled if self.labelled else None

    @property
    def precision(self) -> float | None:
        return self.found / (self.found + self.wrong) if self.found + self.wrong else None


@dataclass(slots=True)
class Score:
    """Counts of a whole file: by category, by level of suicide (the exact level; `crisis` is 3 to 5 found as 3 to 5), harmless texts."""

    categories: dict[str, Count] = field(default_factory=dict)
    levels: dict[int, Count] = field(default_factory=dict)
    crisis: Count = field(default_factory=Count)
    harmless: int = 0
    false_alarms: int = 0
    misses: list[Verdict] = field(default_factory=list)

    @property
    def false_alarm_rate(self) -> float | None:
        return self.false_alarms / self.harmless if self.harmless else None


def judged(texts: Iterable[Labelled]) -> Iterator[Verdict]:
    """The screen's verdict on each text."""
    for labelled in texts:
        screening = screen(labelled.text)
        found = frozenset(str(finding.category) for finding in screening.findings)
        yield Verdict(labelled, found, screening.level, screening.codes)


def score(verdicts: Iterable[Verdict], *, only: frozenset[str] = frozenset()) -> Score:
    """The counts. With `only`, findings of other categories do not matter."""
    result = Score()
    for verdict in verdicts:
        seen = Verdict(verdict.labelled, verdict.found & only, verdict.level, verdict.rules) if only else verdict
        _count(result, seen)
        if not seen.right:
            result.misses.append(seen)
    return result


def _count(result: Score, verdict: Verdict) -> None:
    labelled = verdict.labelled
    if labelled.category == NONE:
        result.harmless += 1
        result.false_alarms += bool(verdict.found)
    else:
        result.categories.setdefault(labelled.category, Count()).labelled += 1
    for category in verdict.found:
        count = result.categories.setdefault(category, Count())
        count.found += category == labelled.category
        count.wrong += category != labelled.category
    if labelled.level is not None:
        _count_level(result, labelled.level if labelled.category == Category.SUICIDE else 0, verdict.level)


def _count_level(result: Score, labelled: int, found: int) -> None:
    if labelled:
        count = result.levels.setdefault(labelled, Count())
        count.labelled += 1
        count.found += labelled == found
    if found and found != labelled:
        result.levels.setdefault(found, Count()).wrong += 1
    result.crisis.labelled += labelled in CRISIS
    result.crisis.found += labelled in CRISIS and found in CRISIS
    result.crisis.wrong += labelled not in CRISIS and found in CRISIS


def labelled_in(path: Path) -> list[Labelled]:
    """The rows of a file of ours: columns text, category, level, and language where there is one. Raises BadFile."""
    rows = _rows(path)
    if missing := [name for name in _COLUMNS if rows and name not in rows[0]]:
        raise BadFile(f"{path.name} has no column {', '.join(missing)}; it has {', '.join(rows[0])}.")
    return [_labelled(row, f"{path.name}, row {number}") for number, row in enumerate(rows, start=2)]


def two_kinds_in(path: Path, *, text: str, label: str, positive: str, category: str) -> list[Labelled]:
    """The rows of a public set with two kinds: `positive` in column `label` is `category`, all else harmless. Raises BadFile."""
    rows = _rows(path)
    if missing := [name for name in (text, label) if rows and name.strip().lower() not in rows[0]]:
        raise BadFile(f"{path.name} has no column {', '.join(missing)}; it has {', '.join(rows[0])}.")
    labels = [(row[text.strip().lower()], row[label.strip().lower()].strip().lower()) for row in rows]
    if not any(each == positive.strip().lower() for _, each in labels):
        raise BadFile(f"No row of {path.name} has “{positive}” in column {label}.")
    return [Labelled(said, category if each == positive.strip().lower() else NONE, None) for said, each in labels]


def _labelled(row: dict[str, str], where: str) -> Labelled:
    category = row["category"].strip().lower()
    if category not in {NONE, *Category}:
        raise BadFile(f"{where}: there is no category “{category}”. There are {', '.join((NONE, *Category))}.")
    level = row["level"].strip() or "0"
    if level not in {"0", "1", "2", "3", "4", "5"} or (level != "0") != (category == Category.SUICIDE):
        raise BadFile(f"{where}: level is 1 to 5 for suicide and 0 for everything else, not “{level}”.")
    return Labelled(row["text"], category, int(level), row.get("language", "").strip().lower())


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows with the names of the columns in lower case."""
    csv.field_size_limit(_LONGEST)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            names = [(name or "").strip().lower() for name in reader.fieldnames or []]
            rows = [
                dict(zip(names, (row.get(name) or "" for name in reader.fieldnames or []), strict=True))
                for row in reader
            ]
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name} is not UTF-8.") from error
    except (OSError, csv.Error) as error:
        raise BadFile(f"{path.name}: {error}") from error
    if not rows:
        raise BadFile(f"{path.name} has no rows.")
    return rows
