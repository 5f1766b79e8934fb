"""Pseudonyms: what one may look like, which two are too alike, and suggestions for those who do not want to think of one.

Two pseudonyms are too alike when their skeletons are equal (after Unicode TR 39 section 4: confusable characters fold to one),
so that nobody can pass for another member.
"""

import re
import secrets
import unicodedata
from functools import cache

from confusable_homoglyphs import confusables
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rooms.contact import contact_details
from vault.index import blind_index

SHORTEST, LONGEST = 3, 24  # characters
_SHAPE = re.compile(r"[^\W_](?:[^\W_]|[ '’.-](?=[^\W_])|(?<=[^\W_])[ '’.-])*")
_OFFICES = frozenset(
    ["admin", "administrator", "moderator", "mod", "mentor", "clinician", "coordinator", "facilitator", "staff", "therapist",
     "doctor", "peerchat", "support", "helpdesk", "system", "moderador", "moderadora", "moderación", "mentora",
     "mentoría", "clínico", "clínica", "coordinador", "coordinadora", "coordinación", "facilitador", "facilitadora", "facilitación",
     "administrador", "administradora", "terapeuta", "doctora", "psicólogo", "psicóloga", "soporte"]
)  # fmt: skip


def check(pseudonym: str, *, real_name: str) -> str:
    """The pseudonym, tidied. Raises ValidationError with the reason in words for the person."""
    pseudonym = " ".join(unicodedata.normalize("NFKC", pseudonym).split())
    if not SHORTEST <= len(pseudonym) <= LONGEST:
        raise ValidationError(
            gettext("Choose a name of %(shortest)s to %(longest)s characters."),
            params={"shortest": SHORTEST, "longest": LONGEST},
        )
    if not _SHAPE.fullmatch(pseudonym) or not any(c.isalpha() for c in pseudonym):
        raise ValidationError(
            _("Use letters and numbers. A space, a dot, a hyphen or an apostrophe may stand between them.")
        )
    if confusables.is_mixed_script(pseudonym):
        raise ValidationError(_("Please use the letters of one alphabet only, so that names cannot be mistaken."))
    if _has_part_of(pseudonym, real_name):
        raise ValidationError(
            _("This has a part of your real name in it. Choose something that nobody would know you by.")
        )
    if any(skeleton(word) in _office_skeletons() for word in (pseudonym, *re.split(r"[^\w]", pseudonym))):
        raise ValidationError(_("This sounds like a member of staff. Please choose another name."))
    if any(contact_details(pseudonym)):
        raise ValidationError(_("This looks like a way to be reached outside. Please choose another name."))
    return pseudonym


def skeleton(pseudonym: str) -> str:
    """Equal for names that look alike: case, accents, spaces, look-alike letters and digits folded."""
    folded = "".join(_prototype(c) for c in unicodedata.normalize("NFKD", pseudonym) if not unicodedata.combining(c))
    plain = "".join(c for c in folded.casefold() if c.isalnum())
    return plain.translate(_LOOK_ALIKES).replace("rn", "m").replace("vv", "w").replace("cl", "d")


def index(pseudonym: str, *, room_id: str) -> bytes:
    """What makes it unique in its room without being readable."""
    return blind_index(f"{room_id}:{skeleton(pseudonym)}", purpose="membership.pseudonym")


_LOOK_ALIKES = str.maketrans("01i|!$35789", "olllls" + "esq" + "bg")


@cache
def _prototype(character: str) -> str:
    """The Latin letter or digit that a character is confusable with, else itself."""
    if character.isascii():
        return character
    for found in confusables.is_confusable(character, greedy=True) or []:
        for homoglyph in found["homoglyphs"]:
            if homoglyph["c"].isascii() and homoglyph["c"].isalnum():
                return str(homoglyph["c"])
    return character


@cache
def _office_skeletons() -> frozenset[str]:
    return frozenset(map(skeleton, _OFFICES))


_HIDES_IN_OTHERS = 4  # letters; a shorter name stands in too many words by chance


def _has_part_of(pseudonym: str, real_name: str) -> bool:
    """Whether a first or last name is one of the words, however it is dressed up, or is hidden in them."""
    whole, words = skeleton(pseudonym), {skeleton(word) for word in re.split(r"[^\w]", pseudonym)}
    parts = [skeleton(part) for part in re.findall(r"[^\W\d_]+", real_name) if len(part) > 2]
    return any(part in words or (len(part) >= _HIDES_IN_OTHERS and part in whole) for part in parts)


_QUALITIES = {
    "en": ["Quiet", "Steady", "Gentle", "Brave", "Morning", "Evening", "Silver", "Amber", "Patient", "Open", "Kind", "Northern", "Hopeful",
           "Wandering", "Little", "Calm"],
    "es": ["serena", "valiente", "tranquila", "amable", "paciente", "plateada", "azul", "del alba", "del norte", "abierta", "clara",
           "sencilla"],
}  # fmt: skip
_THINGS = {
    "en": ["Heron", "River", "Maple", "Harbor", "Lantern", "Meadow", "Sparrow", "Willow", "Pebble", "Cedar", "Finch", "Tide", "Comet",
           "Fern", "Otter", "Robin", "Juniper", "Cove"],
    "es": ["Garza", "Orilla", "Montaña", "Estrella", "Brisa", "Semilla", "Nube", "Alondra", "Marea", "Hoja", "Luna", "Nutria"],
}  # fmt: skip


def suggestions(language: str, count: int = 4) -> list[str]:
    """Different ones each time. Whether one is taken shows when it is chosen."""
    language = language if language in _THINGS else "en"
    things = secrets.SystemRandom().sample(_THINGS[language], count)
    qualities = secrets.SystemRandom().sample(_QUALITIES[language], count)
    if language == "es":
        return [f"{thing} {quality}" for thing, quality in zip(things, qualities, strict=True)]
    return [f"{quality} {thing}" for thing, quality in zip(things, qualities, strict=True)]
