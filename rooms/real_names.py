"""The real name of somebody in the room, found in what is about to be said there. Called by the contact gate.

A first name alone is not held: half the room would be unable to say "Grace" or "my son Daniel".
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_NEAR = 3  # words from one part of a name to the other
# Names that are everyday words too. A name made of nothing else is only seen where it is written as a name.
_EVERYDAY_WORDS = """
    amber angel april art august autumn baker ball bell best bill bird black blue bob brook brown carol chance charity chase christian
    cook cross crystal daisy dark dawn day dean destiny drew earl eve faith fields fisher forest fox frank friend gay gene good grace
    grant green grey gray grove guy hall harmony heaven hill holly hope hunter iris ivy jack jewel joy june justice king knight lake
    lane lily little long love mark mason may melody mercy mild miles moody moon noble page park patience pearl penny pope price prudence
    rain ray reed rich river rivers rob rock rose ruby rush sandy serenity short skip sky small snow star stone strong sue summer sunny
    swan trinity victor violet walker way weeks west white wild will winter wise wolf wood woods young
    alba angel blanca blanco bravo bueno cabello calle calvo campo campos caridad casas consuelo cruz delgado domingo dolores esperanza
    feliz flor flores franco gallo gloria guerra iglesias leal leon luna luz mar marina mercedes merced milagros moreno negro nieves paz
    pena piedad pino prado reina rey reyes rio rios rojo rosa rosario rubio santos segura serrano sol soledad solis torres valiente valle
    vega victoria vida
"""
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())


@dataclass(frozen=True, slots=True)
class _Name:
    whole: str
    last: frozenset[str]
    everyday: bool
    written: re.Pattern[str]  # capitalised, side by side, or an initial with a dot before the last name


def real_names(text: str, words: list[str], names: tuple[str, ...]) -> Iterator[str]:
    """Whose first and last name stand within a few words of each other, in any order; or the last with an initial before it.

    `words` are those of `text`, case and accents apart.
    """
    by_word = _known(names)
    if by_word.keys().isdisjoint(words):
        return
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        if word in by_word:
            places.setdefault(word, []).append(place)
    for word in places:
        for is_first, name in by_word[word]:
            if (
                is_first
                and _stand_near(name, places[word], words)
                and (not name.everyday or name.written.search(_bare(text)))
            ):
                yield name.whole
            elif not is_first and "." in text and (found := name.written.search(_bare(text))):
                yield found.group()


def _stand_near(name: _Name, firsts: list[int], words: list[str]) -> bool:
    return any(
        not name.last.isdisjoint(words[max(0, place - _NEAR) : place])
        or not name.last.isdisjoint(words[place + 1 : place + 1 + _NEAR])
        for place in firsts
    )


@lru_cache(maxsize=256)
def _known(names: tuple[str, ...]) -> dict[str, list[tuple[bool, _Name]]]:
    """By each first name and each last name, whose it is."""
    known: dict[str, list[tuple[bool, _Name]]] = {}
    for whole in names:
        parts = [
            part for part in re.findall(r"[^\W\d_]+", _bare(whole)) if len(part) > 1 and part.lower() not in _TITLES
        ]
        if len(parts) < 2:
            continue
        first, *last = (part.casefold() for part in parts)
        everyday = first in _EVERYDAY and all(part in _EVERYDAY for part in last)
        name = _Name(whole, frozenset(last) - _PARTICLES, everyday, _as_written(parts[0], parts[1:]))
        known.setdefault(first, []).append((True, name))
        for part in name.last:
            known.setdefault(part, []).append((False, name))
    return known


_TITLES = frozenset({"dr", "mr", "mrs", "ms", "sr", "sra", "dra", "don", "jr"})
_PARTICLES = frozenset(
    {"de", "del", "la", "las", "los", "van", "von", "der", "den", "da", "di", "el", "al", "bin", "ben", "y"}
)


def _as_written(first: str, last: list[str]) -> re.Pattern[str]:
    one = rf"(?:{first}|{first.upper()})"
    others = "|".join({part for each in last if each.casefold() not in _PARTICLES for part in (each, each.upper())})
    return re.compile(
        rf"\b(?:{one},?\s+(?:[A-Z]\.?\s+)?(?:{others})|(?:{others}),?\s+{one}|{first[0].upper()}\.\s?(?:{others}))\b"
    )


def _bare(text: str) -> str:
    """Without accents, in the case it was written in."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
