"""Hard rules: what no fit can outweigh. Each has a name here and a sentence in `reasons`.

Those of a mentor hold towards everybody; those of a pair between two. `table` knows the same rules for all pairs at once, and a test
holds the two together.
"""

from __future__ import annotations

from enum import StrEnum

from mentoring.matching.people import Candidate, Seeker

SMALL_GROUP = 8  # clients; in a group with fewer a mentor could tell who it is whom they know there under another name


class Rule(StrEnum):
    STANDING = "standing"  # valid credentials (DESIGN section 10: expired means no new matches)
    NAMELESS = "nameless"
    AWAY = "away"
    NOT_TAKING = "not_taking"
    FULL = "full"
    SELF = "self"
    APART = "apart"
    DECLINED = "declined"
    SMALL_GROUP = "small_group"
    GENDER = "gender"
    LANGUAGE = "language"


def of_mentor(candidate: Candidate) -> list[Rule]:
    """What keeps this mentor from any new client."""
    return [
        rule
        for rule, is_broken in (
            (Rule.STANDING, not candidate.standing.is_valid),
            (Rule.NAMELESS, not candidate.has_name),
            (Rule.AWAY, candidate.is_away),
            (Rule.NOT_TAKING, not candidate.is_taking),
            (Rule.FULL, candidate.free == 0),
        )
        if is_broken
    ]


def of_pair(seeker: Seeker, candidate: Candidate) -> list[Rule]:
    """What keeps these two apart. Of language and gender a rule speaks only where both have said something, or the client insists."""
    wishes, offers = seeker.wishes, candidate.offers
    both_say = bool(wishes.languages and offers.languages)
    return [
        rule
        for rule, is_broken in (
            (Rule.SELF, seeker.client == candidate.id),
            (Rule.APART, candidate.id in seeker.apart),
            (Rule.DECLINED, candidate.id in seeker.declined),
            (Rule.SMALL_GROUP, not wishes.small_group_ok and not seeker.groups.isdisjoint(candidate.groups)),
            (Rule.GENDER, bool(wishes.gender) and wishes.gender_must and offers.gender != wishes.gender),
            (Rule.LANGUAGE, both_say and wishes.languages.isdisjoint(offers.languages)),
        )
        if is_broken
    ]


def broken(seeker: Seeker, candidate: Candidate) -> list[Rule]:
    """Every rule that is against these two, the mentor's own first. Empty: they may be brought together."""
    return of_mentor(candidate) + of_pair(seeker, candidate)
