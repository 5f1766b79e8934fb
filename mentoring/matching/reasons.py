"""Rules and parts of a fit in plain sentences: one wording for the coordinator, one for the client.

The coordinator reads what both wrote and no more. The client reads only what speaks for a mentor, and only what the mentor wants clients
to know. In the language that is active where it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext, ngettext, pgettext

from mentoring.matching.fit import Part
from mentoring.matching.people import Candidate
from mentoring.matching.rules import SMALL_GROUP, Rule
from mentoring.matching.wishes import labels

_MOST_NAMED = 4  # of a long list; the others are counted


def speaks_for(parts: Sequence[Part]) -> list[str]:
    """What a coordinator may say for this mentor: what matters most to the client first."""
    return [_for(part) for part in _ordered(parts) if part.is_said and part.value >= 0.5]


def speaks_against(parts: Sequence[Part]) -> list[str]:
    """What a coordinator should know: what is not as the client wished."""
    return [_against(part) for part in _ordered(parts) if part.is_said and part.value < 1]


def is_open(parts: Sequence[Part]) -> str:
    """What the mentor says nothing about, in one sentence; empty where there is nothing like that."""
    silent = [_NAMES[part.name]() for part in _ordered(parts) if not part.is_said]
    return gettext("They say nothing about: %(what)s.") % {"what": ", ".join(silent)} if silent else ""


def to_client(parts: Sequence[Part]) -> list[str]:
    """Why this mentor might be right, told to the client."""
    return [_to_client(part) for part in _ordered(parts) if part.is_said and part.value > 0]


def against(rule: Rule, candidate: Candidate) -> str:
    """Why the rule keeps these two apart, to the coordinator."""
    return {
        Rule.STANDING: lambda: candidate.standing.text,
        Rule.NAMELESS: lambda: gettext("This mentor has not chosen a name for clients yet."),
        Rule.AWAY: lambda: gettext("This mentor is away just now."),
        Rule.NOT_TAKING: lambda: gettext("This mentor takes no new clients just now."),
        Rule.FULL: lambda: gettext("This mentor has no free place."),
        Rule.SELF: lambda: gettext("This is the same person."),
        Rule.APART: lambda: gettext("These two are kept apart."),
        Rule.DECLINED: lambda: gettext("The client asked for somebody else than this mentor."),
        Rule.SMALL_GROUP: lambda: (
            gettext(
                "Both are in a group with fewer than %(count)s clients, where this mentor could tell who the client is."
            )
            % {"count": SMALL_GROUP}
        ),
        Rule.GENDER: lambda: gettext("The client asks for a mentor of another gender."),
        Rule.LANGUAGE: lambda: gettext("They have no language in common."),
    }[rule]()


def counted(rule: Rule, count: int) -> str:
    """How many mentors a rule keeps from a client whom nobody fits."""
    texts = {
        Rule.STANDING: ngettext(
            "%(count)s mentor lacks valid credentials.", "%(count)s mentors lack valid credentials.", count
        ),
        Rule.NAMELESS: ngettext(
            "%(count)s mentor has no name for clients yet.", "%(count)s mentors have no name for clients yet.", count
        ),
        Rule.AWAY: ngettext("%(count)s mentor is away.", "%(count)s mentors are away.", count),
        Rule.NOT_TAKING: ngettext(
            "%(count)s mentor takes no new clients.", "%(count)s mentors take no new clients.", count
        ),
        Rule.FULL: ngettext("%(count)s mentor has no free place.", "%(count)s mentors have no free place.", count),
        Rule.SELF: ngettext("%(count)s is the same person.", "%(count)s are the same person.", count),
        Rule.APART: ngettext(
            "%(count)s mentor is kept apart from them.", "%(count)s mentors are kept apart from them.", count
        ),
        Rule.DECLINED: ngettext(
            "They asked for somebody else than %(count)s mentor.",
            "They asked for somebody else than %(count)s mentors.",
            count,
        ),
        Rule.SMALL_GROUP: ngettext(
            "%(count)s mentor is in a small group with them.",
            "%(count)s mentors are in a small group with them.",
            count,
        ),
        Rule.GENDER: ngettext(
            "%(count)s mentor has another gender than the one they ask for.",
            "%(count)s mentors have another gender than the one they ask for.",
            count,
        ),
        Rule.LANGUAGE: ngettext(
            "%(count)s mentor has no language in common with them.",
            "%(count)s mentors have no language in common with them.",
            count,
        ),
    }
    return texts[rule] % {"count": count}


def strength(fit: float) -> str:
    """A fit in a word or two."""
    if fit >= 0.8:
        return gettext("Fits very well")
    if fit >= 0.6:
        return gettext("Fits well")
    return gettext("Fits in part") if fit >= 0.4 else gettext("Fits little")


def rather_not(ways: str) -> str:
    """What a client would rather not have, as they would say it to their mentor."""
    return gettext("I would rather not have: %(what)s.") % {"what": ways}


def listed(dimension: str, codes: Iterable[str]) -> str:
    """`anxiety or panic, grief and 2 more`, as it stands inside a sentence."""
    found = [_inside(dimension, each) for each in labels(dimension, codes)]
    named, more = found[:_MOST_NAMED], len(found) - _MOST_NAMED
    text = ", ".join(named)
    if more <= 0:
        return text
    return ngettext("%(list)s and %(count)s more", "%(list)s and %(count)s more", more) % {"list": text, "count": more}


def _for(part: Part) -> str:
    what = {"what": listed(part.name, part.common)}
    sentences = {
        "lived": lambda: gettext("Knows from their own life: %(what)s.") % what,
        "times": lambda: gettext("Both have time: %(what)s.") % what,
        "culture": lambda: gettext("Shares: %(what)s.") % what,
        "gender": lambda: gettext("Gender as wished."),
        "avoid": lambda: gettext("Nothing that the client would rather not have."),
        "languages": lambda: gettext("Both speak: %(what)s.") % what,
        "goals": lambda: gettext("Likes to help with: %(what)s.") % what,
    }
    return _with_weight(part, sentences[part.name]())


def _against(part: Part) -> str:
    what = {"what": listed(part.name, part.common)}
    some = part.value > 0
    sentences = {
        "lived": lambda: gettext("Has not been through all of it.") if some else gettext("Names none of what the client has been through."),
        "times": lambda: gettext("Few times in common.") if some else gettext("No times in common."),
        "culture": lambda: gettext("Shares a part of it only.") if some else gettext("Another culture or community than wished."),
        "gender": lambda: gettext("Another gender than wished."),
        "avoid": lambda: gettext("Brings what the client would rather not have: %(what)s.") % what,
        "languages": lambda: gettext("They have no language in common."),
        "goals": lambda: gettext("Not all of the client's goals.") if some else gettext("None of the client's goals."),
    }  # fmt: skip
    return _with_weight(part, sentences[part.name]())


def _to_client(part: Part) -> str:
    what = {"what": listed(part.name, part.common)}
    sentences = {
        "lived": lambda: gettext("They know from their own life: %(what)s.") % what,
        "times": lambda: gettext("You both have time: %(what)s.") % what,
        "culture": lambda: gettext("You share: %(what)s.") % what,
        "gender": lambda: gettext("The gender you wished for."),
        "avoid": lambda: gettext("They say nothing of what you would rather not have."),
        "languages": lambda: gettext("You both speak: %(what)s.") % what,
        "goals": lambda: gettext("They like to help with: %(what)s.") % what,
    }
    return sentences[part.name]()


def _with_weight(part: Part, sentence: str) -> str:
    return gettext("%(sentence)s This matters most to them.") % {"sentence": sentence} if part.is_most else sentence


def _ordered(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: -part.weight)


def _inside(dimension: str, text: str) -> str:
    """Small where a sentence goes on; languages and days, and what begins with two capitals, keep theirs."""
    if dimension in ("languages", "times") or text[1:2].isupper():
        return text
    return text[:1].lower() + text[1:]


_NAMES = {
    "lived": lambda: pgettext("a mentor says nothing about", "what they have been through"),
    "times": lambda: pgettext("a mentor says nothing about", "their hours"),
    "culture": lambda: pgettext("a mentor says nothing about", "culture and community"),
    "gender": lambda: pgettext("a mentor says nothing about", "gender"),
    "avoid": lambda: pgettext("a mentor says nothing about", "how they talk"),
    "languages": lambda: pgettext("a mentor says nothing about", "languages"),
    "goals": lambda: pgettext("a mentor says nothing about", "what they like to help with"),
}
