"""Frames: what stands around a passage and takes its edge off. "I don't want to die", "ten years ago I wanted to die", "she said …".

Looks a bounded number of words to either side, so that what one passage costs does not grow with the text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderation.screening.phrases import Vocabulary
from moderation.screening.tokens import PAUSE, STOP

_BEFORE = 10  # words looked at for what negates or reports
_TENSE = 4  # words before the passage in which its verb may stand
_STORY = 60  # words back to where a story set its time
_OUTCOME = 30  # words on to where it says how things turned out


@dataclass(frozen=True, slots=True)
class Frames:
    """`negated`, `negated_subject`, `affirmed` and `reported` end where the passage begins; the others stand near it."""

    negated: re.Pattern[str]
    negated_subject: re.Pattern[str]
    affirmed: re.Pattern[str]
    reported: re.Pattern[str]
    past: re.Pattern[str]
    present: re.Pattern[str]
    recovered: re.Pattern[str]
    subjects: frozenset[str]
    past_tense: frozenset[str]
    breaks: frozenset[str]

    @classmethod
    def of(cls, frames: Mapping[str, Sequence[str]], breaks: Sequence[str], vocabulary: Vocabulary) -> "Frames":
        """From the [frames] of the word files. Raises NotAPhrase, KeyError."""

        def either(name: str) -> str:
            return f"(?:{'|'.join(vocabulary.pattern(phrase).regex for phrase in frames[name])})"

        def symbols(name: str) -> frozenset[str]:
            return frozenset("".join(map(vocabulary.word, frames[name])))

        return cls(
            negated=re.compile(either("negated") + r"\Z"),
            negated_subject=re.compile(either("negated_subject") + r"\Z"),
            affirmed=re.compile(either("affirmed") + r"\Z"),
            reported=re.compile(either("reported") + r"\Z"),
            past=re.compile(either("past")),
            present=re.compile(either("present")),
            recovered=re.compile(either("recovered")),
            subjects=symbols("subjects"),
            past_tense=symbols("past_tense"),
            breaks=frozenset("".join(map(vocabulary.word, breaks)) + STOP + PAUSE),
        )

    def is_negated(self, symbols: str, start: int) -> bool:
        """ "I do not want to die" is; "I can't stop thinking of dying", "I can not not kill myself" are not."""
        if start and symbols[start - 1] in self.subjects:
            start -= 1  # the clause begins there, whether or not the pattern does
        before = symbols[max(0, start - _BEFORE) : start]
        negated = self.negated_subject if symbols[start] in self.subjects else self.negated
        return negated.search(before) is not None and self.affirmed.search(before) is None

    def is_reported(self, symbols: str, start: int) -> bool:
        """What somebody else said or wrote: "my brother texted me: I want to die"."""
        return self.reported.search(symbols[max(0, start - _BEFORE) : start]) is not None

    def is_past(self, symbols: str, start: int, end: int) -> bool:
        """A story of long ago, told in the past tense, with nothing in its own clause that makes it yesterday's."""
        if self.past_tense.isdisjoint(symbols[max(0, start - _TENSE) : end]):
            return False
        clause = symbols[self._clause_start(symbols, start) : self._clause_end(symbols, end)]
        if self.present.search(clause) and not self.past.search(clause):  # "a year ago today" is long ago
            return False
        before = symbols[max(0, start - _STORY) : end]
        when = max((found.end() for found in self.past.finditer(before)), default=-1)
        now = max((found.end() for found in self.present.finditer(before)), default=-1)
        if when >= max(now, 0):
            return True
        sentence = symbols[end : end + _OUTCOME].split(STOP, 1)[0]
        return bool(self.past.search(sentence) or self.recovered.search(symbols, end, end + _OUTCOME))

    def _clause_start(self, symbols: str, start: int) -> int:
        return next(
            (place + 1 for place in range(start - 1, max(0, start - _BEFORE) - 1, -1) if symbols[place] in self.breaks),
            max(0, start - _BEFORE),
        )

    def _clause_end(self, symbols: str, end: int) -> int:
        last = min(len(symbols), end + _BEFORE)
        return next((place for place in range(end, last) if symbols[place] in self.breaks), last)
