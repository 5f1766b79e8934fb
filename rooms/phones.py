"""Phone numbers and national ids, spelled or written, in the shapes people give them in. Called by the contact gate.

Digits that stand near one another are gathered into a run of groups; what a run is, its shape says: `555-0142` is a number to call,
`120/80` is not. `phonenumbers` says whether such a number can exist. Lines that help (crisis_lines) are never held.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from django.conf import settings

from rooms import crisis_lines

FEWEST_DIGITS = 7  # a local phone number

_SPELLED = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
    "seventeen": "17", "eighteen": "18", "nineteen": "19",
    "cero": "0", "uno": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6", "siete": "7", "ocho": "8", "nueve": "9",
    "diez": "10", "once": "11", "doce": "12", "trece": "13", "catorce": "14", "quince": "15",
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
}  # fmt: skip
DIGIT_WORDS = frozenset(_SPELLED) | frozenset(_TENS)  # each stands for one digit at least

_TOKEN = re.compile(
    rf"(?P<digits>[0-9]+)|\b(?P<tens>{'|'.join(_TENS)})(?:(?:\s+y\s+|[\s-])(?P<unit>{'|'.join(_SPELLED)}))?\b"
    rf"|\b(?P<word>{'|'.join(sorted(_SPELLED, key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"[0-9]+")
_GAP = re.compile(r"[\s.,()/_+-]{0,4}")
_ASKS_TO_CALL = frozenset(
    ["call", "text", "phone", "number", "cell", "mobile", "reach", "ring", "dial", "tel", "whatsapp", "sms", "llamame", "marca",
     "numero", "movil", "cel", "celular", "telefono", "fijo", "apunta"]
)  # fmt: skip
_ASKS_FOR_ID = frozenset(["social", "ssn", "security", "seguro"])


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    digits: str
    spelled: bool


def numbers(text: str, said: frozenset[str]) -> Iterator[str]:
    """`said` are the words of the text."""
    asked, asked_id = not said.isdisjoint(_ASKS_TO_CALL), not said.isdisjoint(_ASKS_FOR_ID)
    for run in _runs(text, is_spelled=not said.isdisjoint(DIGIT_WORDS)):
        if sum(len(group.digits) for group in run) >= FEWEST_DIGITS:
            yield from _in_run(text, run, asked, asked_id)
    yield from (found.group() for pattern in _IDS for found in pattern.finditer(text) if _is_national_id(found.group()))
    if settings.COUNTRY not in _SHAPED_COUNTRIES:
        matcher = phonenumbers.PhoneNumberMatcher(text, settings.COUNTRY, leniency=phonenumbers.Leniency.VALID)
        yield from (match.raw_string for match in matcher if not _is_help(re.sub(r"\D", "", match.raw_string)))


def _runs(text: str, *, is_spelled: bool) -> Iterator[list[_Group]]:
    run: list[_Group] = []
    for group in _spelled_groups(text) if is_spelled else _written_groups(text):
        if run and not _goes_on(text, run, group):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def _written_groups(text: str) -> Iterator[_Group]:
    for found in _WRITTEN.finditer(text):
        yield _Group(found.start(), found.end(), found.group(), False)


def _spelled_groups(text: str) -> Iterator[_Group]:
    for found in _TOKEN.finditer(text):
        yield _Group(found.start(), found.end(), _digits(found), not found["digits"])


def _digits(found: re.Match[str]) -> str:
    if found["tens"]:
        return str(_TENS[found["tens"].lower()] + int(_SPELLED[found["unit"].lower()] if found["unit"] else 0))
    return found["digits"] or _SPELLED[found["word"].lower()]


def _goes_on(text: str, run: list[_Group], after: _Group) -> bool:
    """A comma goes on only where somebody spells: `12, 15, 20` are three numbers."""
    gap = text[run[-1].end : after.start]
    return _GAP.fullmatch(gap) is not None and (
        "," not in gap or after.spelled or any(group.spelled for group in run[-12:])
    )


def _in_run(text: str, run: list[_Group], asked: bool, asked_id: bool) -> Iterator[str]:
    gaps = [text[one.end : other.start] for one, other in itertools.pairwise(run)]
    edges = [text[max(0, run[0].start - 2) : run[0].start], *gaps, text[run[-1].end : run[-1].end + 1]]
    if _is_help("".join(group.digits for group in run)) or _counts(run, gaps):
        return
    place = 0
    while place < len(run):
        length = _length_of_number(run, edges, place, asked, asked_id)
        if length:
            yield text[run[place].start : run[place + length - 1].end]
        place += length or 1


_SHAPES = [  # the digits in each group; the longest first
    (1, 3, 3, 4), (3, 3, 2, 2), (3, 2, 2, 2), (2, 3, 2, 2), (3, 3, 4), (3, 3, 3), (2, 4, 4), (3, 2, 4), (3, 4), (3, 7), (6, 4), (5, 6),
    (3, 6), (7,), (9,), (10,), (11,),
]  # fmt: skip


def _length_of_number(run: list[_Group], edges: list[str], place: int, asked: bool, asked_id: bool) -> int:
    """How many groups from `place` on are a number to call; 0 for none. `edges` stand before each group and after the last."""
    if "+" in edges[place] and (length := _international(run, place)):
        return length
    if place == 0 and _is_spelled_out(run, asked):
        return len(run)
    lengths = tuple(len(group.digits) for group in run[place : place + 4])
    for shape in _SHAPES:
        end = place + len(shape)
        if lengths[: len(shape)] == shape and _stands_alone(edges[place], edges[end]):
            within = edges[place + 1 : end]
            if _is_number(shape, [group.digits for group in run[place:end]], within, asked, asked_id):
                return len(shape)
    return 0


def _is_spelled_out(run: list[_Group], asked: bool) -> bool:
    """Digit by digit, or partly in words: then only the whole of it says what it is."""
    spelled = any(group.spelled for group in run)
    if len(run) > 12 or not (spelled or sum(len(group.digits) == 1 for group in run) >= 4):
        return False
    whole = "".join(group.digits for group in run)
    return (len(whole) != FEWEST_DIGITS or asked or spelled) and _exists(whole)


def _international(run: list[_Group], place: int) -> int:
    digits = 0
    for length, group in enumerate(run[place : place + 8], 1):
        digits += len(group.digits)
        if 9 <= digits <= 15 and length == len(run[place : place + 8]):
            return length
    return 0


def _stands_alone(before: str, after: str) -> bool:
    """Not a piece of something longer, of money or of a share."""
    return (
        before[-1:] not in tuple("-/.$€£#")
        and after[:1] not in tuple("-/%€£")
        and not (after[:1] == "." and len(after) > 1 and after != ". ")
    )


def _is_number(shape: tuple[int, ...], groups: list[str], within: list[str], asked: bool, asked_id: bool) -> bool:
    digits = "".join(groups)
    if _is_help(digits):
        return False
    match shape:
        case (3, 2, 4):
            return _is_social_security(groups) and (within == ["-", "-"] or asked_id)
        case (7,):
            return asked and digits[0] > "1"
        case (3, 4):
            return digits[0] > "1" and (within[0].strip() == "-" or asked)
        case (5, 6):
            return digits.startswith("07")
        case (2, 4, 4):
            return not all(group[:2] in ("19", "20") for group in groups[1:]) and _exists(digits)
        case (3, 3, 3) | (3, 3, 4):
            return (asked or not all(group.endswith("0") for group in groups)) and _exists(digits)
    return _exists(digits)


_LONGEST_ROUND = 8  # breaths that are told again and again


def _counts(run: list[_Group], gaps: list[str]) -> bool:
    """A list of things, or breaths: `1 2 3 4 5 6 7`, `4 7 8 4 7 8`, `six, five, seven`."""
    if gaps and all("," in gap for gap in gaps):
        return True
    values = [int(group.digits[:9]) for group in run]
    if len(values) < 4:
        return False
    if len({b - a for a, b in itertools.pairwise(values)}) == 1:
        return True
    return any(values[period:] == values[:-period] for period in range(1, 1 + min(_LONGEST_ROUND, len(values) // 2)))


_SHAPED_COUNTRIES = frozenset({"US", "CA", "MX", "ES"})


@lru_cache(maxsize=1024)
def _exists(digits: str) -> bool:
    """Whether the digits, as dialled at home, can be a number of where our people are. A bare local number may be anything."""
    if len(digits) == FEWEST_DIGITS:
        return digits[0] > "1"
    if len(digits) == 11 and digits.startswith("07"):  # a British mobile
        return True
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    regions = {9: ("ES",), 10: ("US", "MX")}.get(len(digits), ())
    return any(phonenumbers.is_valid_number(phonenumbers.parse(digits, region)) for region in regions)


@cache
def _help_lines() -> frozenset[str]:
    """What may always be said, by digits, with and without the country's prefix."""
    lines = [line for lines in crisis_lines.LINES.values() for line in lines]
    written = {number for line in lines for number in (line.number, line.tel, line.sms)} | {"1-800-273-8255"}
    if settings.PROGRAM_LINE:
        written.add(settings.PROGRAM_LINE["number"])
    known = {re.sub(r"\D", "", number) for number in written} - {""}
    return frozenset(known | {number[1:] for number in known if len(number) == 11 and number[0] == "1"})


def _is_help(digits: str) -> bool:
    return digits in _help_lines()


_IDS = [
    re.compile(r"\b[XYZ]?[0-9]{7,8}[- ]?[A-HJ-NP-TV-Z]\b"),  # Spanish DNI and NIE, checked by their letter below
    re.compile(r"\b[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[A-Z0-9][0-9]\b"),  # Mexican CURP
]
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def _is_national_id(found: str) -> bool:
    compact = re.sub(r"[- ]", "", found)
    if re.fullmatch(r"[XYZ]?[0-9]{7,8}[A-Z]", compact):
        number = int(compact[:-1].translate(str.maketrans("XYZ", "012")))
        return _DNI_LETTERS[number % 23] == compact[-1]
    return True


def _is_social_security(groups: list[str]) -> bool:
    """SSA: no area 000, 666 or 9xx, no group 00, no serial 0000."""
    area, group, serial = groups
    return area not in ("000", "666") and area[0] != "9" and group != "00" and serial != "0000"
