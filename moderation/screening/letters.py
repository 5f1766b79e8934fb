"""Letters: a text as the plain lower-case Latin it is meant to be read as. Nothing here knows a word.

Every step works character by character, so that a place in the plain text has a place in the text it came from.
"""

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from confusable_homoglyphs import confusables

# Blocks with letters that pass for Latin ones: Greek, Cyrillic, Armenian, Cherokee, IPA, phonetic extensions, Lisu, Coptic.
_BLOCKS = (
    (0x250, 0x2B0),
    (0x370, 0x590),
    (0x13A0, 0x1400),
    (0x1D00, 0x1D80),
    (0x2C60, 0x2D00),
    (0xA4D0, 0xA500),
    (0xA720, 0xA800),
)
# Look-alikes that Unicode TR 39 folds to something else than the letter they are used for, and the small capitals.
_ALSO = dict(
    zip("кптмнвгдзлёßøðłıαβεητκμρωχ", ["k", "n", "t", "m", "h", "b", "r", "d", "e", "l", "e", "ss", "o", "d", "l", "i",
                                      "a", "b", "e", "n", "t", "k", "u", "p", "w", "x"], strict=True)
) | dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢғ", "abcdefghijklmnopqrstuvwyzf", strict=True))  # fmt: skip
_UNSEEN = (
    *range(0x300, 0x370), *range(0x1AB0, 0x1B00), *range(0x1DC0, 0x1E00), *range(0x20D0, 0x2100), *range(0xFE00, 0xFE10),
    *range(0xFE20, 0xFE30), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xE0000, 0xE0080),
    0xAD, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x2800, 0x3164, 0xFEFF, 0xFFA0,
)  # fmt: skip
# Marks and pictures that stand for a word or a stop. A picture counts only where a rule reads it together with words.
_MARKS = {
    "‘": "'", "’": "'", "ʼ": "'", "′": "'", "`": "'", "´": "'", "“": '"', "”": '"', "«": '"', "»": '"', "„": '"',
    "–": ",", "—": ",", "―": ",", "•": "\n", "¿": ".", "¡": ".", "€": "$", "£": "$", "\r": "\n", "\u2028": "\n", "\u2029": "\n",
    "🔪": " knife ", "🗡": " knife ", "🔫": " gun ", "💊": " pills ", "💉": " needle ", "🪒": " razor ", "🪢": " noose ",
    "❄": " snow ", "🔌": " plug ", "🍆": " eggplant ",
}  # fmt: skip


_FEW = 20  # different characters outside ASCII; a text in Spanish has six or so


def plain(text: str) -> str:
    """The text in lower-case Latin: wide, accented and look-alike letters folded (Unicode NFKD and TR 39), unseen ones gone."""
    if text.isascii():
        return text.lower()
    foreign = {character for character in text if character > "\x7f"}
    if len(foreign) > _FEW:
        return "".join([meant(character) for character in text])
    for character in foreign:
        text = text.replace(character, meant(character))
    return text.lower()


@lru_cache(maxsize=4096)
def meant(character: str) -> str:
    """What one character stands for: mostly itself, in lower case."""
    return unicodedata.normalize("NFKD", character.translate(_BEFORE)).casefold().translate(_AFTER).lower()


def places(text: str) -> list[int]:
    """For each character of `plain(text)`, the place in `text` of the character it came from; one more at the end."""
    if text.isascii():
        return list(range(len(text) + 1))
    ends = list(accumulate(len(meant(character)) for character in text))
    return [bisect_right(ends, place) for place in range(ends[-1])] + [len(text)]


def _before() -> dict[int, str]:
    table = {ord(mark): meaning for mark, meaning in _MARKS.items()}
    for first in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6):  # letters in squares and circles, and those that make flags
        table |= {first + index: chr(ord("a") + index) for index in range(26)}
    return table


def _after() -> dict[int, str]:
    table = {}
    for character in (chr(code) for first, end in _BLOCKS for code in range(first, end)):
        if twin := _latin(character):
            table[ord(character)] = twin
    return table | {ord(character): letter for character, letter in _ALSO.items()} | dict.fromkeys(_UNSEEN, "")


def _latin(character: str) -> str:
    for found in confusables.is_confusable(character, greedy=True) or []:
        for homoglyph in found["homoglyphs"]:
            if homoglyph["c"].isascii() and homoglyph["c"].isalpha():
                return str(homoglyph["c"]).lower()
    return ""


_BEFORE, _AFTER = _before(), _after()
