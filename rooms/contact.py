"""The contact-details gate (DESIGN 6.3): what would let somebody be found outside is held before a group reads it.

Phone numbers by the `phonenumbers` library; e-mail, links to profiles, handles, national ids and street addresses by patterns over a form
of the text in which common disguises ("at", "dot", spelled digits) are undone; real names from the room's roster.
A cheap first look decides whether the dear one is taken at all: most messages pay a few microseconds.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext

from rooms.gates import Allow, Draft, Hold, Verdict


def gate(draft: Draft) -> Verdict:
    """Holds a draft with contact details or a real name of the room's people in it."""
    text = f"{draft.warning}\n{draft.body}" if draft.warning else draft.body
    if parts := tuple(dict.fromkeys(contact_details(text))):
        return Hold("contact", _explain_contact, parts)
    if parts := tuple(dict.fromkeys(real_names(text, draft.names))):
        return Hold("name", _explain_name, parts)
    return Allow()


def _explain_contact() -> str:
    return gettext(
        "This looks like a way to be reached outside this room. To keep everybody safe it was not sent. "
        "You can change it and send it again."
    )


def _explain_name() -> str:
    return gettext(
        "This looks like the real name of somebody in this room. Here we use pseudonyms, so it was not sent. "
        "You can change it and send it again."
    )


def contact_details(text: str) -> Iterator[str]:
    """The passages of `text` that look like contact details, as they stand in the text where they can be pointed at."""
    plain = unicodedata.normalize("NFKC", text) if not text.isascii() else text
    if _MAY_BE_ADDRESS.search(plain):
        for pattern in _ADDRESSES:
            yield from (found.group().strip() for found in pattern.finditer(plain))
    digits = sum(map(plain.count, "0123456789")) + len(_SPELLED_DIGIT.findall(plain))
    if digits >= _FEWEST_DIGITS:
        yield from _numbers(plain)
    if _MAY_BE_STREET.search(plain):
        yield from (found.group().strip() for pattern in _STREETS for found in pattern.finditer(plain))


_FEWEST_DIGITS = 7  # a local phone number

# --- e-mail, links, handles ---------------------------------------------------------------------------------

_MAY_BE_ADDRESS = re.compile(
    r"[@＠#]|\(at\)|\[at\]|\bat\b|\barroba\b|://|www\.|\.(?:com|net|org|me|gg|link|ee|app|io|es|mx)\b"
    r"|\b(?:insta|instagram|ig|snap|snapchat|tiktok|telegram|discord|whatsapp|signal|facebook|fb|twitter|kik|skype|venmo|cashapp)\b",
    re.IGNORECASE,
)
_AT = r"(?:\s*[@＠]\s*|\s*[\(\[\{]\s*(?:at|arroba)\s*[\)\]\}]\s*|\s+(?:at|arroba)\s+)"
_DOT = r"(?:\s*\.\s*|\s*[\(\[\{]\s*(?:dot|punto)\s*[\)\]\}]\s*|\s+(?:dot|punto)\s+)"
_TOP = r"(?:com|net|org|edu|gov|info|me|io|co|us|uk|ca|es|mx|ar|cl|de|fr|eu|app|dev|email|live|icloud)"
_SERVICE = r"(?:insta(?:gram)?|ig|snap(?:chat)?|tik\s?tok|telegram|discord|whats\s?app|signal|facebook|fb|twitter|kik|skype|venmo|cash\s?app)"
_ADDRESSES = [
    # name@host.tld, and with an "@" anything that has a dot after it
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    # name at host dot com: the words need the top level domain at the end, since "at" alone is everywhere
    re.compile(rf"\b[\w.+-]{{2,40}}{_AT}[\w-]{{2,40}}{_DOT}{_TOP}\b", re.IGNORECASE),
    # a link, or a bare host with a path
    re.compile(r"(?:https?://|www\.)[^\s<>\"]{3,200}", re.IGNORECASE),
    re.compile(
        r"\b(?:facebook|fb|instagram|twitter|tiktok|snapchat|discord|telegram|linkedin|wa|t|linktr|onlyfans|paypal)"
        r"\.(?:com|me|gg|ee)/[\w.@/-]{2,80}",
        re.IGNORECASE,
    ),
    # @handle that stands alone; two letters at least, so that "@ 9" is nothing
    re.compile(r"(?<![\w@])@[A-Za-z_][\w.]{1,40}\b"),
    # my insta is quiet_heron, snap: heron99, find me on telegram as heron
    re.compile(
        rf"\b(?:my|mi|me|on|en)\s+(?:\w+\s+)?{_SERVICE}\s*(?:is|es|name|user(?:name)?|handle|:|=|-|as|como)+\s*[:=]?\s*[\"'“]?@?[\w.]{{3,40}}",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_SERVICE}\s*[:=]\s*@?[\w.]{{3,40}}", re.IGNORECASE),
    # heron#1234 (Discord's older form)
    re.compile(r"\b[\w.]{2,32}#\d{4}\b"),
]

# --- numbers: phones and national ids ---------------------------------------------------------------------------

_WORDS_FOR_DIGITS = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "cero": "0", "uno": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6", "siete": "7", "ocho": "8",
    "nueve": "9",
}  # fmt: skip
_SPELLED_DIGIT = re.compile(rf"\b(?:{'|'.join(_WORDS_FOR_DIGITS)})\b", re.IGNORECASE)
_SPELLED_RUN = re.compile(
    rf"(?:\b(?:{'|'.join(_WORDS_FOR_DIGITS)}|\d)\b[\s.,-]{{1,3}}){{6,}}\b(?:{'|'.join(_WORDS_FOR_DIGITS)}|\d)\b",
    re.IGNORECASE,
)
# A crisis line is help, not a way to be found.
_HELP_LINES = re.compile(
    r"^\D*(?:1?\D*8[0-9]{2}\D*273\D*8255|988|741\D*741|911|112|024|116\D*123|1?\D*800\D*662\D*4357)\D*$"
)
_LOCAL_PHONE = re.compile(r"(?<![\d/$€£.,:-])\b[2-9]\d{2}[-. ]\d{4}\b(?![\d/%-])")
_SPACED_DIGITS = re.compile(r"(?<!\d)\d(?:[\s.-]\d){6,14}(?!\d)")
_NATIONAL_IDS = [
    re.compile(r"(?<!\d)(?!000|666|9\d\d)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}(?!\d)"),  # US social security number
    re.compile(r"\b[XYZ]?\d{7,8}[- ]?[A-HJ-NP-TV-Z]\b"),  # Spanish DNI and NIE, checked by their letter below
    re.compile(r"\b[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d\b"),  # Mexican CURP
]
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def _numbers(text: str) -> Iterator[str]:
    for match in phonenumbers.PhoneNumberMatcher(text, settings.COUNTRY, leniency=phonenumbers.Leniency.VALID):
        if not _HELP_LINES.match(match.raw_string):
            yield match.raw_string
    for pattern in (_LOCAL_PHONE, _SPACED_DIGITS):
        for found in pattern.finditer(text):
            if not _HELP_LINES.match(found.group()):
                yield found.group()
    for found in _SPELLED_RUN.finditer(text):
        if len(found.group().split()) >= _FEWEST_DIGITS and _is_dialled(found.group()):
            yield found.group()
    for pattern in _NATIONAL_IDS:
        yield from (found.group() for found in pattern.finditer(text) if _is_national_id(found.group()))


def _is_dialled(run: str) -> bool:
    """Spelled digits that are a count ("one two three four five six seven": breathing) are no phone number."""
    digits = [int(_WORDS_FOR_DIGITS.get(word.lower(), word)) for word in re.findall(r"\w+", run) if word]
    steps = {b - a for a, b in itertools.pairwise(digits)}
    return steps not in ({1}, {-1}, {0})


def _is_national_id(found: str) -> bool:
    compact = re.sub(r"[- ]", "", found)
    if re.fullmatch(r"[XYZ]?\d{7,8}[A-Z]", compact):
        number = int(compact[:-1].translate(str.maketrans("XYZ", "012")))
        return _DNI_LETTERS[number % 23] == compact[-1]
    return True


# --- street addresses ---------------------------------------------------------------------------------------------

_MAY_BE_STREET = re.compile(r"\d")
_STREET_WORD = (
    r"(?:street|str|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl"
    r"|terrace|ter|circle|cir|highway|hwy|parkway|pkwy|way)"
)
_STREETS = [
    # 221B Baker Street, 1600 N Main St. Apt 4
    re.compile(
        rf"\b\d{{1,5}}[A-Za-z]?\s+(?:(?:[NSEW]|North|South|East|West)\.?\s+)?(?:[A-Z][\w'’-]*\s+){{1,3}}{_STREET_WORD}\b\.?"
        r"(?:,?\s*(?:apt|apartment|unit|suite|#)\s*\w{1,5})?",
        re.IGNORECASE,
    ),
    # calle Mayor 12, avenida de la Paz, 4
    re.compile(
        r"\b(?:calle|c/|avenida|avda\.?|av\.|plaza|paseo|carrera|camino)\s+(?:(?:de|del|la|las|los|el)\s+){0,3}[A-ZÁÉÍÓÚÑ][\wáéíóúñ'-]*"
        r"(?:\s+[\wáéíóúñ'-]+){0,3},?\s*(?:n[º°.]?\s*|#\s*)?\d{1,4}\b",
        re.IGNORECASE,
    ),
    re.compile(r"\bP\.?\s?O\.?\s+Box\s+\d{1,6}\b", re.IGNORECASE),
]


# --- real names ----------------------------------------------------------------------------------------------------


def real_names(text: str, names: tuple[str, ...]) -> Iterator[str]:
    """Passages in which a first and a last name of one person stand within two words of each other, in any order.

    A first name alone is not held: half the room would be unable to say "Grace" or "my son Daniel".
    """
    spoken = _name_words(text)
    if not spoken:
        return
    places: dict[str, list[int]] = {}
    for place, word in enumerate(spoken):
        places.setdefault(word, []).append(place)
    for name in names:
        words = [word for word in _name_words(name) if len(word) > 1]
        if len(words) < 2:
            continue
        for first in places.get(words[0], ()):
            near = set(spoken[max(0, first - 2) : first]) | set(spoken[first + 1 : first + 4])
            if near & set(words[1:]):
                yield name
                break


_NAME_WORD = re.compile(r"[^\W\d_]+")


def _name_words(text: str) -> list[str]:
    plain = (
        text
        if text.isascii()
        else "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    )
    return _NAME_WORD.findall(plain.casefold())
