"""A mentor as a client sees them with an offer: what the mentor wants clients to know, and why they might be right. Nothing else of the file."""

from __future__ import annotations

from dataclasses import dataclass

from mentoring import pool
from mentoring.expectations import agreement_text
from mentoring.matching import fit, reasons
from mentoring.matching.wishes import labels, offers_of, words_of
from mentoring.mentors import called
from mentoring.models import Offer, Request
from rooms.hours_said import hours_said


@dataclass(frozen=True, slots=True)
class Presented:
    called: str
    about: str
    reasons: list[str]
    lived: list[str]
    goals: list[str]
    culture: list[str]
    languages: list[str]
    hours: list[str]
    agreement: str


def to_client(offer: Offer) -> Presented:
    mentor = offer.mentor
    stored = pool.offers_stored_in(mentor)
    offered = offers_of(stored, mentor.hours)
    return Presented(
        called=called(mentor),
        about=words_of(stored).get("about", ""),
        reasons=reasons.to_client(fit.parts(pool.wishes_in(offer.request), offered)),
        lived=labels("lived", offered.lived),
        goals=labels("goals", offered.goals),
        culture=labels("culture", offered.culture),
        languages=labels("languages", offered.languages),
        hours=hours_said(mentor.hours),
        agreement=agreement_text(),
    )


def lines_of_request(request: Request) -> dict[str, str]:
    """What the client wrote when they asked, as lines that they could share: to be shown to them, and to nobody else."""
    stored = pool.stored_in(request)
    words = words_of(stored)
    goals = ", ".join(labels("goals", stored.get("goals", [])))
    avoid = ", ".join(labels("avoid", stored.get("avoid", [])))
    return {
        "note": ", ".join(labels("lived", stored.get("lived", []))),
        "goals": "\n".join(filter(None, (goals, words.get("goals", "")))),
        "ways": "\n".join(filter(None, (avoid and reasons.rather_not(avoid), words.get("avoid", "")))),
    }
