"""The rulebook: all rule files of all languages, read once and made ready for `reading`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from moderation.screening.frames import Frames
from moderation.screening.letters import plain
from moderation.screening.near import misspelled
from moderation.screening.phrases import NotAPhrase, Pattern, Vocabulary
from moderation.screening.rule_files import BadRule, Rule, name_of, rules_in, toml
from moderation.screening.tokens import Unmasked

RULES = Path(__file__).parent / "rules"
WORDS = "_words.toml"  # beside the rules of each language: lists, spellings, frames


@dataclass(frozen=True, slots=True)
class Clue:
    """One pattern of a rule. It is compiled when a text first has all that it needs: most never are, and a process starts sooner."""

    needs: tuple[frozenset[str], ...]
    source: str
    rule: int  # its place in the rulebook

    @property
    def regex(self) -> re.Pattern[str]:
        return _compiled(self.source)


@dataclass(frozen=True, slots=True)
class Rulebook:
    rules: tuple[Rule, ...]
    known: Unmasked
    clues: Mapping[str, tuple[Clue, ...]]  # by the rarest symbol each needs
    anchors: frozenset[str]
    exceptions: Mapping[int, re.Pattern[str]]  # by the rule's place
    unless: Mapping[int, re.Pattern[str]]
    frames: Frames


@cache
def rulebook() -> Rulebook:
    """The rules that come with the program, both languages together: people mix them. Raises BadRule."""
    return load(RULES)


def load(folder: Path) -> Rulebook:
    """The rules of every language under `folder`. Raises BadRule."""
    languages = sorted(path.parent for path in folder.glob(f"*/{WORDS}"))
    words = _Words()
    for language in languages:
        words.read(language / WORDS)
    rules = [rule for language in languages for path in sorted(language.glob("[!_]*.toml")) for rule in rules_in(path)]
    _no_id_twice(rules)
    return _ready(words, rules)


@dataclass
class _Words:
    """What the word files of all languages say together."""

    spellings: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    frames: dict[str, list[str]] = field(default_factory=dict)
    sets: dict[str, list[str]] = field(
        default_factory=dict
    )  # fillers, numbers, breaks, everywhere, common, masked, spelled_alike

    def read(self, path: Path) -> None:
        data = toml(path)
        for correct, written in data.pop("spellings", {}).items():
            self.spellings |= {plain(each): plain(correct) for each in written}
        for kept, part in (
            (self.lists, data.pop("lists", {})),
            (self.frames, data.pop("frames", {})),
            (self.sets, data),
        ):
            for name, entries in part.items():
                if not isinstance(entries, list):
                    raise BadRule(f"{name_of(path)}: {name} must be a list of texts.")
                kept.setdefault(name, []).extend(map(plain, entries))


def _ready(words: _Words, rules: list[Rule]) -> Rulebook:
    vocabulary = Vocabulary(words.spellings, words.sets.get("fillers", []), words.sets.get("numbers", []), words.lists)
    vocabulary.know(**{name: words.sets.get(name, []) for name in ("breaks", "everywhere", "common")})
    clues: dict[str, list[Clue]] = {}
    exceptions, unless = {}, {}
    for place, rule in enumerate(rules):
        for phrase in rule.patterns:
            pattern = _pattern(vocabulary, phrase, rule)
            if not pattern.needs:
                raise BadRule(f"{rule.where}: “{phrase}” would be found in any text.")
            clue = Clue(pattern.needs, pattern.regex, place)
            for anchor in vocabulary.rarest(pattern.needs):
                clues.setdefault(anchor, []).append(clue)
        if rule.exceptions:
            exceptions[place] = _any(_pattern(vocabulary, phrase, rule) for phrase in rule.exceptions)
        if rule.unless:
            unless[place] = _any(_pattern(vocabulary, phrase, rule) for phrase in rule.unless)
    try:
        frames = Frames.of(words.frames, words.sets.get("breaks", []), vocabulary)
    except (NotAPhrase, KeyError) as error:
        raise BadRule(f"{WORDS}, frames: {error}") from error
    for word in words.spellings:
        vocabulary.word(word)
    masked = [plain(word) for word in words.sets.get("masked", [])]
    known = misspelled(masked, vocabulary.symbols, never=frozenset(words.sets.get("spelled_alike", [])))
    return Rulebook(
        rules=tuple(rules),
        known=Unmasked(known, masked),
        clues={anchor: tuple(found) for anchor, found in clues.items()},
        anchors=frozenset(clues),
        exceptions=exceptions,
        unless=unless,
        frames=frames,
    )


_compiled = cache(re.compile)  # as many as there are patterns; what `re` keeps by itself is not enough


def _any(patterns: Iterable[Pattern]) -> re.Pattern[str]:
    """Any of them, each as wide as it gets: a gap at its end takes what it may."""
    return re.compile("|".join(re.sub(r"\}\?\Z", "}", pattern.regex) for pattern in patterns))


def _pattern(vocabulary: Vocabulary, phrase: str, rule: Rule) -> Pattern:
    try:
        return vocabulary.pattern(plain(phrase))
    except NotAPhrase as error:
        raise BadRule(f"{rule.where}: {error}") from error


def _no_id_twice(rules: list[Rule]) -> None:
    """An id stands once a language; two languages share it where they mean the same."""
    seen: dict[tuple[str, str], Rule] = {}
    for rule in rules:
        if seen.setdefault((rule.language, rule.id), rule) is not rule:
            raise BadRule(f"{rule.where}: this id stands twice.")
