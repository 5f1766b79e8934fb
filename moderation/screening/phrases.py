"""Phrases: the notation rule files are written in, made into patterns over words. docs/screening.md explains it.

    want to (die|be dead)   words, and a choice          {want}   a list from words.toml
    [so] tired              may be there                 #        a number
    give ... away           up to four words between     ...8     up to eight
    not ~5                  up to five words of the same clause (no comma, no joining word between)
    ^ i am done $           begins, ends a clause
    gun & on myself         both in one sentence, in either order, at most twelve words apart

Each word is one symbol, so a pattern is a short regular expression over few characters. Nothing in the notation repeats
without a bound and the bounds are checked, so the work a phrase can cost grows with the text and no faster.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from moderation.screening.tokens import NUMBER, PAUSE, STOP

WAYS = 600  # in how many ways a phrase may be spread over a text from one starting word
_PART = re.compile(r"\{[a-z_]+\}|\.\.\.[0-9]{0,2}|~[0-9]{1,2}|[()\[\]|^$#&]|[a-z0-9']+")
_TOUCHING = re.compile(r"[a-z0-9'][(\[{]|[)\]}][a-z0-9']")
_TOGETHER = 12  # words at most between the two sides of "&"
_SHORTEST_NUMBER = 3  # digits of a number that is a word of its own: 988
_GAP = 4  # words, where "..." names no number
Needs = tuple[frozenset[str], ...]


class NotAPhrase(ValueError):
    """The notation is wrong; the words say how."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`regex` over symbols; `needs` are sets of which a text must have one symbol each; `ways` bounds the work."""

    regex: str
    needs: Needs = ()
    ways: int = 1


class Vocabulary:
    """The words of all rules, each with a symbol of its own, and what is written for them."""

    def __init__(
        self,
        spellings: Mapping[str, str],
        fillers: Collection[str],
        numbers: Collection[str],
        lists: Mapping[str, Collection[str]],
    ) -> None:
        self.symbols: dict[str, str] = dict.fromkeys(numbers, NUMBER) | dict.fromkeys(fillers, "")
        self._fresh = map(chr, count(0x4E00))
        self._spellings = spellings
        self._lists = lists
        self._made: dict[str, Pattern] = {}
        self._breaks = ""
        self._everywhere = self._common = frozenset[str]()

    def know(self, *, breaks: Collection[str], everywhere: Collection[str], common: Collection[str]) -> None:
        """The words that begin another clause, for `~`, and those too common to look by. Said once, before the first phrase."""
        self._breaks = self._all(breaks)
        self._everywhere, self._common = frozenset(self._all(everywhere)), frozenset(self._all(common))

    def _all(self, words: Collection[str]) -> str:
        return "".join(self.word(word) for word in words)

    def rarest(self, needs: Needs) -> frozenset[str]:
        """Of several needs the one that the fewest texts meet."""
        return min(
            needs,
            key=lambda need: (len(need & self._everywhere), len(need & self._common), len(need)),
            default=frozenset(),
        )

    def word(self, word: str) -> str:
        """The symbols of a word: one, or those of what it is short for, or none for a filler."""
        if (symbols := self.symbols.get(word)) is not None:
            return symbols
        self.symbols[word] = next(self._fresh)  # also where a spelling leads back to itself
        if word in self._spellings:
            self.symbols[word] = "".join(self.word(each) for each in self._spellings[word].split())
        return self.symbols[word]

    def pattern(self, phrase: str) -> Pattern:
        """Raises NotAPhrase."""
        parts = _PART.findall(phrase)
        if "".join(parts) != "".join(phrase.split()):
            raise NotAPhrase(f"“{phrase}” has signs that are not part of the notation.")
        if _TOUCHING.search(phrase):
            raise NotAPhrase(f"“{phrase}” has a bracket inside a word.")
        sides = [self._choice(iter(_PART.findall(side)), until="") for side in phrase.split("&")]
        made = sides[0] if len(sides) == 1 else self._together(sides)
        if made.ways > WAYS:
            raise NotAPhrase(f"“{phrase}” is too loose: fewer gaps and optional words, please.")
        return made

    def _together(self, sides: list[Pattern]) -> Pattern:
        if len(sides) > 2 or not all(side.needs for side in sides):
            raise NotAPhrase("“&” joins two things that are there.")
        one, other = sides
        gap = f"[^{STOP}]{{0,{_TOGETHER}}}?"
        regex = f"(?:{one.regex}{gap}{other.regex}|{other.regex}{gap}{one.regex})"
        return Pattern(regex, one.needs + other.needs, 2 * (_TOGETHER + 1) * one.ways * other.ways)

    def _choice(self, parts: Iterator[str], until: str) -> Pattern:
        choices: list[list[Pattern]] = [[]]
        for part in parts:
            if part == until:
                return self._either(choices)
            if part == "|":
                choices.append([])
            elif part in (")", "]"):
                break
            else:
                choices[-1].append(self._element(part, parts))
        else:
            if not until:
                return self._either(choices)
        raise NotAPhrase("A bracket is opened or closed once too often.")

    def _element(self, part: str, parts: Iterator[str]) -> Pattern:
        match part[0]:
            case "(":
                return self._choice(parts, until=")")
            case "[":
                inner = self._choice(parts, until="]")
                return Pattern(f"(?:{inner.regex})?", ways=inner.ways + 1)
            case "{":
                return self._list(part[1:-1])
            case "." | "~":
                length = int(part.lstrip(".~") or _GAP)
                stops = STOP if part[0] == "." else STOP + PAUSE + self._breaks
                return Pattern(f"[^{stops}]{{0,{length}}}?", ways=length + 1)
            case "^":
                return Pattern(f"(?:\\A|(?<=[{STOP}{PAUSE}]))")
            case "$":
                return Pattern(f"(?=[{STOP}{PAUSE}]|\\Z)")
            case "#":
                return Pattern(NUMBER, needs=(frozenset(NUMBER),))
        if part.isdigit() and len(part) < _SHORTEST_NUMBER:
            raise NotAPhrase(f"Write # for a number; {part} would no longer be one elsewhere.")
        symbols = self.word(part)
        return Pattern(symbols, needs=tuple(frozenset(symbol) for symbol in symbols))

    def _list(self, name: str) -> Pattern:
        if name not in self._made:
            if name not in self._lists:
                raise NotAPhrase(f"There is no list called {{{name}}}.")
            self._made[name] = Pattern("")  # a list that names itself adds nothing
            self._made[name] = self._either([[self.pattern(phrase)] for phrase in self._lists[name]])
        return self._made[name]

    def _either(self, sequences: list[list[Pattern]]) -> Pattern:
        """One of them: single words become a set, the rest alternatives, the longest first. A choice of fillers only is none."""
        choices = [made for each in sequences if (made := _joined(each)).regex or not each]
        if len(choices) == 1:
            return choices[0]
        if not choices:
            return Pattern("")
        singles = {each.regex for each in choices if len(each.regex) == 1}
        longer = sorted({each.regex for each in choices if len(each.regex) != 1}, key=lambda regex: -len(regex))
        either = [*longer, f"[{''.join(sorted(singles))}]"] if singles else longer
        needed = [self.rarest(each.needs) for each in choices]
        needs = (frozenset[str]().union(*needed),) if all(needed) else ()
        return Pattern(f"(?:{'|'.join(either)})", needs, max(each.ways for each in choices))


def _joined(sequence: list[Pattern]) -> Pattern:
    ways = 1
    for each in sequence:
        ways *= each.ways
    return Pattern("".join(each.regex for each in sequence), sum((each.needs for each in sequence), ()), ways)
