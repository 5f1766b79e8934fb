"""What a client wished, as a coordinator reads it: heading, what was ticked, what was written. In the order of the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from mentoring.matching.wishes import labels, words_of


@dataclass(frozen=True, slots=True)
class Said:
    heading: str
    ticked: list[str]
    words: str = ""


def said(stored: dict[str, Any]) -> list[Said]:
    """Empty headings are left out."""
    words = words_of(stored)
    gender = labels("gender", [stored.get("gender", "")])
    if gender and stored.get("gender_must"):
        gender.append(gettext("it has to be so"))
    small = (
        [gettext("A mentor who is in a small group with them is all right.")] if stored.get("small_group_ok") else []
    )
    found = [
        Said(gettext("Should know from their own life"), labels("lived", stored.get("lived", []))),
        Said(gettext("Would like to work on"), labels("goals", stored.get("goals", [])), words.get("goals", "")),
        Said(gettext("Gender of the mentor"), gender),
        Said(gettext("Culture and community"), labels("culture", stored.get("culture", []))),
        Said(gettext("Would rather not have"), labels("avoid", stored.get("avoid", [])), words.get("avoid", "")),
        Said(gettext("Languages"), labels("languages", stored.get("languages", []))),
        Said(gettext("Times"), labels("times", stored.get("times", []))),
        Said(gettext("Groups"), small),
        Said(gettext("For the coordinator"), [], words.get("note", "")),
    ]
    return [each for each in found if each.ticked or each.words]
