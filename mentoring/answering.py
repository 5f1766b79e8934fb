"""The questions at the end of a training: judged, explained, tried again as often as somebody likes; all right, and it is done.

Called by the page of the questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from mentoring.curriculum import Module, Question, module
from mentoring.models import Mentor, Training
from mentoring.trainings import months_later
from vault import trail


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one question. `chosen` is None where it was left open."""

    question: Question
    chosen: int | None

    @property
    def is_right(self) -> bool:
        return self.chosen == self.question.right


def judged(of: Module, answers: Mapping[int, int]) -> list[Verdict]:
    """Answers by the place of their question; what is no choice of it counts as left open."""
    return [
        Verdict(question, chosen if (chosen := answers.get(place)) in range(len(question.choices)) else None)
        for place, question in enumerate(of.quiz)
    ]


@transaction.atomic
def answer(*, mentor: Mentor, code: str, answers: Mapping[int, int]) -> tuple[list[Verdict], Training | None]:
    """What became of each question, and the training once all are right. There is no limit to trying, and no record of it.

    Raises Refused("not_found").
    """
    read = module(code)
    verdicts = judged(read, answers)
    if not all(verdict.is_right for verdict in verdicts):
        return verdicts, None
    today, now = timezone.localdate(), timezone.now()
    Mentor.objects.select_for_update(of=("self",), no_key=True).get(pk=mentor.pk)  # pressing twice makes one
    done, is_new = Training.objects.get_or_create(
        mentor=mentor,
        module=code,
        done_on=today,
        source=Training.Source.HERE,
        version=read.version,
        withdrawn_at=None,
        defaults={
            "hours": (Decimal(read.minutes) / 60).quantize(Decimal("0.01")),
            "expires": months_later(today, read.valid_months),
            "added_by": mentor.account,
            "verified_at": now,
        },
    )
    if is_new:
        actor = f"account:{mentor.pk}"
        trail.record(actor=actor, act="training.pass", subject=f"training:{done.pk} {actor}")
    return verdicts, done
