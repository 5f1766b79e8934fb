"""The contact-details gate (DESIGN 6.3): what would let somebody be found outside is held before a group reads it.

A cheap first look over the words decides which of the dear ones is taken at all: phones, addresses and real_names know
what each looks like. Most messages pay a few microseconds.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext

from rooms import addresses, phones
from rooms.gates import Allow, Draft, Hold, Verdict
from rooms.real_names import real_names


def gate(draft: Draft) -> Verdict:
    """Holds a draft with contact details or a real name of the room's people in it."""
    text = plain(f"{draft.warning}\n{draft.body}" if draft.warning else draft.body)
    words = words_of(text)
    if parts := tuple(dict.fromkeys(_details(text, words))):
        return Hold("contact", _explain_contact, parts)
    if parts := tuple(dict.fromkeys(real_names(text, words, draft.names))):
        return Hold("name", _explain_name, parts)
    return Allow()


def contact_details(text: str) -> Iterator[str]:
    """The passages of `text` that look like contact details."""
    text = plain(text)
    return _details(text, words_of(text))


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


def _details(text: str, words: list[str]) -> Iterator[str]:
    said = frozenset(words)
    if addresses.may_be_online(text, said):
        yield from addresses.online(text, said)
    digits = len(_DIGIT.findall(text))
    if digits + sum(word in phones.DIGIT_WORDS for word in words) >= phones.FEWEST_DIGITS:
        yield from phones.numbers(text, said)
    if digits and addresses.may_be_street(text, said):
        yield from addresses.streets(text)


_DIGIT = re.compile(r"[0-9]")
_WORD = re.compile(r"[^\W\d_]+")
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\u20e3]"
)
_DASH = re.compile(r"[\u2010-\u2015\u2212\u00b7\u2022\u2219]")
_ACCENT = re.compile(r"[\u0300-\u036f]")
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")


def plain(text: str) -> str:
    """The text without the disguises that a reader does not see through: wide letters, keycaps, unseen characters, other digits."""
    if text.isascii():
        return text
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.decimal(found.group())), _DASH.sub("-", text))


def words_of(text: str) -> list[str]:
    """The words, case and accents apart."""
    if not text.isascii():
        text = _ACCENT.sub("", unicodedata.normalize("NFKD", text))
    return _WORD.findall(text.casefold())
