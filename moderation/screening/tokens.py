"""Tokens: the words and stops of a plain text, and the words that somebody has spaced out, stretched or masked.

Called by `reading` with the words that the rules know. One pass; what a token costs does not depend on the text around it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STOP, PAUSE, NUMBER, OTHER = ".", ",", "#", "_"  # the symbols of what is not a word of any rule
DOLLARS = "dollars"

_TOKEN = re.compile(
    r"(?:https?://|www\.)[^\s]+|[a-z0-9@$*](?:[a-z0-9'@$*]|[!|](?=[a-z0-9])|[.,](?=[0-9]))*|[.!?;\n]+|[,:()]"
)
# Letters that stand alone with little between them: "k i l l", "k.i.l.l", "k-i-l-l". Three or more, and nothing joined to the last.
_SPACED = re.compile(r"(?<![a-z0-9'])[a-z0-9$@](?:[ .,*_/~-]{1,3}[a-z0-9$@](?![a-z0-9'])){2,}")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_QUANTITY = re.compile(r"([$]?)[0-9]+(?:[.,][0-9]+)*([$]?)([a-z]*)")
_LEET = [str.maketrans("034578@$|1!", "oeastbasl" + letter * 2) for letter in "il"]
_LETTERS = 0.4  # of a word that somebody has masked with digits; "c78" is no word
_EDGES = "'*@$"
_LONGEST_SPACED = 60  # letters that are looked through for words; longer runs are nobody's sentence


@dataclass(frozen=True, slots=True)
class Token:
    """`symbols` is what the rules see of it (none for a filler); start and end are places in the plain text."""

    symbols: str
    start: int
    end: int


class Unmasked(dict[str, str]):
    """The words that the rules know, with their symbols; a word that is not among them is unmasked or is OTHER."""

    def __init__(self, known: Mapping[str, str], censored: Sequence[str]) -> None:
        super().__init__(known)
        self.update({".": STOP, "!": STOP, "?": STOP, "\n": STOP, ",": PAUSE, ":": PAUSE, "(": PAUSE, ")": PAUSE})
        self._by_length: dict[int, list[str]] = {}
        for word in censored:
            self._by_length.setdefault(len(word), []).append(word)
        self._longest = max(map(len, known), default=0)

    def __missing__(self, token: str) -> str:
        """The symbols of a token that is no known word. Nothing is remembered: what people wrote stays where it is."""
        if token.isalpha():
            return self._relaxed(token) if _STRETCHED.search(token) else OTHER
        if token[0] in ".!?;\n":
            return PAUSE if token in ("..", "...", "....") else STOP
        return self._masked(token)

    def segmented(self, letters: str) -> list[str] | None:
        """The fewest known words that the letters spell, None where they spell none."""
        if len(letters) > _LONGEST_SPACED:
            return None
        best: list[list[str] | None] = [[]]
        for end in range(1, len(letters) + 1):
            ways = (
                [*before, letters[start:end]]
                for start in range(max(0, end - self._longest), end)
                if (before := best[start]) is not None and letters[start:end] in self
            )
            best.append(min(ways, key=len, default=None))
        return best[-1]

    def _relaxed(self, token: str) -> str:
        """ "kiiiill" is "kill", "diiie" is "die"."""
        for length in (r"\1\1", r"\1"):
            if (word := _STRETCHED.sub(length, token)) in self:
                return self[word]
        singles = re.sub(r"([a-z])\1+", r"\1", token)
        return self.get(singles, OTHER)

    def _masked(self, token: str) -> str:
        if token.isdigit():
            return NUMBER
        bare = token.strip(_EDGES)
        if bare != token and bare in self:
            return self[bare]
        for table in _LEET if sum(map(str.isalpha, bare)) >= _LETTERS * len(bare) else ():
            word = token.translate(table)
            if word in self or (bare and (word := bare.translate(table)) in self):
                return self[word]
            if _STRETCHED.search(word) and (symbols := self._relaxed(word)) != OTHER:
                return symbols
        if quantity := _QUANTITY.fullmatch(token):
            money = self.get(DOLLARS, OTHER) if quantity[1] or quantity[2] else ""
            return NUMBER + money + (self.get(quantity[3], OTHER) if quantity[3] else "")
        if "*" in bare and (symbols := self._censored(bare)):
            return symbols
        parts = [part for part in re.split(r"[^a-z0-9]+", bare) if part]
        if "'" in bare and parts:
            return self.get(parts[0], OTHER)  # "mom's" is "mom"
        if len(parts) > 1:
            return "".join(self[part] for part in parts)
        return OTHER

    def _censored(self, token: str) -> str:
        """ "s*icide", "k**l": the one word that fits, among those people mask."""
        if not token[0].isalpha():
            return ""
        shape = re.compile(re.sub(r"\\\*", "[a-z]", re.escape(token)))
        return next((self[word] for word in self._by_length.get(len(token), ()) if shape.fullmatch(word)), "")


def symbols_of(text: str, known: Unmasked) -> str:
    """The plain text with each word as the symbols that the rules see: one pass, nothing kept."""
    if _SPACED.search(text):
        return "".join(token.symbols for token in tokens_of(text, known))
    return "".join(map(known.__getitem__, _TOKEN.findall(text)))


def tokens_of(text: str, known: Unmasked) -> list[Token]:
    """The same, with the place of each word. Only a text in which something was found pays for it."""
    tokens: list[Token] = []
    done = 0
    for run in _SPACED.finditer(text):
        if words := _spelled(run.group(), known):
            tokens += _between(text, done, run.start(), known)
            tokens += [Token("".join(known[word] for word in words), run.start(), run.end())]
            done = run.end()
    return tokens + _between(text, done, len(text), known)


def _between(text: str, start: int, end: int, known: Unmasked) -> list[Token]:
    found = _TOKEN.finditer(text, start, end)
    return [Token(known[token.group()], token.start(), token.end()) for token in found]


def _spelled(run: str, known: Unmasked) -> list[str] | None:
    """The words of letters that stand apart; wider gaps part words, where they do not the letters are looked through."""
    apart = [re.sub(r"[^a-z0-9$@]", "", part) for part in re.split(r"[ ]{2,}|[/,]+", run)]
    for table in _LEET:
        words = [word.translate(table) for word in apart if word]
        if all(word in known for word in words) and any(len(word) > 2 for word in words):
            return words
        joined = known.segmented("".join(words))
        if joined and any(len(word) > 2 for word in joined):
            return joined
    return None
