"""What a client wishes for and what a mentor offers, in the same words: codes that are stored, and what each is called.

Free words are kept beside the codes (`words_of`); matching never reads them, people do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Labels = Mapping[str, "str | Promise"]

LIVED: Final[Labels] = {
    "anxiety": _("Anxiety or panic"),
    "depression": _("Depression"),
    "ptsd": _("PTSD or trauma"),
    "addiction": _("Alcohol or drugs"),
    "co_occurring": _("Addiction and mental health together"),
    "bipolar": _("Bipolar disorder"),
    "voices": _("Hearing voices or psychosis"),
    "eating": _("Trouble with eating"),
    "grief": _("Grief"),
    "hospital": _("A stay in hospital"),
    "parent": _("Being a parent"),
    "work": _("Losing or keeping work"),
    "housing": _("Losing a home"),
    "justice": _("Prison or court"),
    "violence": _("Violence at home"),
}
GOALS: Final[Labels] = {
    "hard_days": _("Getting through hard days"),
    "alone": _("Feeling less alone"),
    "sober": _("Staying sober"),
    "sleep": _("Sleep"),
    "rhythm": _("A daily rhythm"),
    "people": _("Being among people again"),
    "work": _("Work or school"),
    "family": _("Family and relationships"),
    "worth": _("Self-worth"),
    "treatment": _("Making use of treatment"),
}
LANGUAGES: Final[Labels] = {
    "en": _("English"),
    "es": _("Spanish"),
    "zh": _("Chinese"),
    "vi": _("Vietnamese"),
    "tl": _("Tagalog"),
    "ar": _("Arabic"),
    "fr": _("French"),
    "ht": _("Haitian Creole"),
    "ko": _("Korean"),
    "pt": _("Portuguese"),
    "ru": _("Russian"),
    "asl": _("American Sign Language"),
}
CULTURE: Final[Labels] = {
    "lgbtq": _("LGBTQ+"),
    "black": _("Black"),
    "latino": _("Latino or Latina"),
    "indigenous": _("Indigenous"),
    "asian": _("Asian or Pacific Islander"),
    "middle_eastern": _("Middle Eastern or North African"),
    "immigrant": _("Came from another country"),
    "faith": _("Faith matters"),
    "veteran": _("Served in the military"),
    "young": _("Young adult"),
    "older": _("Over sixty"),
    "rural": _("Lives in the countryside"),
    "disability": _("Lives with a disability"),
}
WAYS: Final[Labels] = {
    "faith": _("Talk of faith"),
    "twelve_steps": _("The Twelve Steps"),
    "direct": _("Very direct words"),
    "humor": _("Humor"),
    "own_story": _("A lot of one's own story"),
    "exercises": _("Exercises to do between talks"),
}
GENDERS: Final[Labels] = {"woman": _("A woman"), "man": _("A man"), "nonbinary": _("A nonbinary person")}
PARTS: Final[Labels] = {"m": _("morning"), "a": _("afternoon"), "e": _("evening")}
TIMES: Final = tuple(f"{day}{part}" for day in range(7) for part in PARTS)  # "0m": Monday morning
DIMENSIONS: Final[Labels] = {
    "lived": _("What they have been through themselves"),
    "goals": _("What I would like to work on"),
    "languages": _("The language"),
    "times": _("The times"),
    "gender": _("The gender of my mentor"),
    "culture": _("Culture and community"),
    "avoid": _("What I would rather not have"),
}
VOCABULARY: Final[Mapping[str, Labels]] = {
    "lived": LIVED,
    "goals": GOALS,
    "languages": LANGUAGES,
    "culture": CULTURE,
    "avoid": WAYS,
    "ways": WAYS,
    "gender": GENDERS,
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """Of a client. Empty: it does not matter, or they would rather not say."""

    lived: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    culture: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()  # ways of talking they would rather not have
    gender: str = ""
    gender_must: bool = False
    most: str = ""  # the dimension that matters most to them
    small_group_ok: bool = False  # a mentor who stands in a small group with them is all right


@dataclass(frozen=True, slots=True)
class Offers:
    """Of a mentor: only what they want clients to know. Empty: not said. Their times are their hours (`parts_of`)."""

    lived: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    culture: frozenset[str] = frozenset()
    ways: frozenset[str] = frozenset()
    gender: str = ""


def wishes_of(stored: Mapping[str, Any]) -> Wishes:
    """From the JSON of a request. What is not known (any more) is left out."""
    return Wishes(
        lived=_known(stored, "lived", LIVED),
        goals=_known(stored, "goals", GOALS),
        languages=_known(stored, "languages", LANGUAGES),
        times=_known(stored, "times", TIMES),
        culture=_known(stored, "culture", CULTURE),
        avoid=_known(stored, "avoid", WAYS),
        gender=_one(stored, "gender", GENDERS),
        gender_must=stored.get("gender_must") is True,
        most=_one(stored, "most", DIMENSIONS),
        small_group_ok=stored.get("small_group_ok") is True,
    )


def offers_of(stored: Mapping[str, Any], hours: Iterable[Mapping[str, Any]] = ()) -> Offers:
    """From the JSON and the hours of a mentor's file."""
    return Offers(
        lived=_known(stored, "lived", LIVED),
        goals=_known(stored, "goals", GOALS),
        languages=_known(stored, "languages", LANGUAGES),
        times=parts_of(hours),
        culture=_known(stored, "culture", CULTURE),
        ways=_known(stored, "ways", WAYS),
        gender=_one(stored, "gender", GENDERS),
    )


def words_of(stored: Mapping[str, Any]) -> dict[str, str]:
    """What was written in free words, by field: goals, avoid, note of a client; about of a mentor."""
    words = stored.get("words")
    return {name: str(text) for name, text in words.items() if text} if isinstance(words, dict) else {}


_SPANS: Final = {"m": (6 * 60, 12 * 60), "a": (12 * 60, 17 * 60), "e": (17 * 60, 23 * 60)}  # minutes of the day
_ENOUGH: Final = 60  # minutes of a part of the day for it to count


def parts_of(hours: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The parts of the week in which hours (rooms.opening_hours) leave an hour at least."""
    found = set()
    for line in hours:
        start, end = _minutes(line["from"]), _minutes(line["to"])
        end += 24 * 60 if end <= start else 0
        for day in line["days"]:
            for later in (0, 1):  # what goes on after midnight is the next day's
                for part, (first, last) in _SPANS.items():
                    first, last = first + later * 24 * 60, last + later * 24 * 60
                    if min(end, last) - max(start, first) >= _ENOUGH:
                        found.add(f"{(day + later) % 7}{part}")
    return frozenset(found)


def label(dimension: str, code: str) -> str:
    """What a code is called, as in the list of choices."""
    if dimension == "times":
        return gettext("%(day)s %(part)s") % {"day": WEEKDAYS[int(code[0])], "part": PARTS[code[1]]}
    return str(VOCABULARY[dimension][code])


def labels(dimension: str, codes: Iterable[str]) -> list[str]:
    """In the order of the list of choices."""
    order = TIMES if dimension == "times" else tuple(VOCABULARY[dimension])
    chosen = set(codes)
    return [label(dimension, code) for code in order if code in chosen]


def _minutes(text: str) -> int:
    hour, _colon, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def _known(stored: Mapping[str, Any], name: str, known: Iterable[str]) -> frozenset[str]:
    found = stored.get(name)
    return frozenset(found).intersection(known) if isinstance(found, list) else frozenset()


def _one(stored: Mapping[str, Any], name: str, known: Labels) -> str:
    found = stored.get(name)
    return found if isinstance(found, str) and found in known else ""
