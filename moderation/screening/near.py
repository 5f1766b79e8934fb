"""Near misses: the ways in which a word that matters is commonly misspelled ("suicde", "overdsoe"), worked out once."""

from collections.abc import Collection, Iterator, Mapping

_SHORTEST = 6  # letters; a slip in a shorter word too often makes another word
_VOWELS = "aeiou"


def misspelled(words: Collection[str], symbols: Mapping[str, str], never: Collection[str]) -> dict[str, str]:
    """`symbols` and, for each slip in one of `words`, that word's symbols. A known word, or one of `never`, is no slip."""
    slips = {
        slip: symbols[word] for word in words if word in symbols and len(word) >= _SHORTEST for slip in _slips(word)
    }
    return {slip: found for slip, found in slips.items() if slip not in never} | dict(symbols)


def _slips(word: str) -> Iterator[str]:
    for place, letter in enumerate(word):
        yield word[:place] + letter + word[place:]
        if place:  # people get the first letter right
            yield word[:place] + word[place + 1 :]
            if letter in _VOWELS:
                yield from (word[:place] + vowel + word[place + 1 :] for vowel in _VOWELS)
        if 0 < place < len(word) - 1:
            yield word[:place] + word[place + 1] + letter + word[place + 2 :]
