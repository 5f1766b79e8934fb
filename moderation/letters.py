"""Private words between moderators and the person: written by the doors of moderation, shown as cards on the person's pages (cards).

Nothing here names who flagged anything. A person sees their own letters only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Account
from moderation import alerts, matters, news, sealed
from moderation.models import Case, Category, Letter, Sanction, Severity
from moderation.refusals import Refused
from moderation.screening import screen
from rooms import topics
from vault import sealing

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST = 2000  # characters of an answer
MOST_ANSWERS = 5  # to one letter; then it is the moderator's turn
MOST_SHOWN = 50
ANSWERABLE = (Letter.Kind.CHECK_IN, Letter.Kind.WARNING)
_PURPOSE = "letter.text"


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter as its person reads it. Case, room, sanction and appeal are loaded with `letter`."""

    letter: Letter
    text: str
    answers: tuple[Answer, ...] = ()


def write(
    case: Case,
    kind: Letter.Kind,
    by: Account | None = None,
    text: str = "",
    sanction: Sanction | None = None,
    *,
    to: Account | None = None,
    about: str = "",
) -> Letter:
    """Call it in the transaction of the act that it tells of.

    `to` is who reads it where that is not the person the case is about: a flagger who hears that it was handled. `about` names
    the held message it is about, so that its author gets their words back.
    """
    account_id = to.pk if to else case.account_id
    return _sent(Letter(case=case, account_id=account_id, by=by, kind=kind, sanction=sanction, about=about), text)


@transaction.atomic
def answer(account: Account, letter_id: str, text: str) -> Letter:
    """The person answers a check-in or a warning. Raises Refused: not_found, empty, too_long, done (enough was answered).

    The case comes up again for its moderator, resolved or put off as it may be; words that show a crisis raise it.
    """
    words = text.strip()
    if not words:
        raise Refused("empty")
    if len(words) > LONGEST:
        raise Refused("too_long")
    letter = _own(account).filter(pk=letter_id, kind__in=ANSWERABLE).select_related("case").first()
    if letter is None:
        raise Refused("not_found")
    case, is_raised = matters.answered(_where_it_is_read(letter.case), words)
    if _own(account).filter(kind=Letter.Kind.REPLY, about=letter.pk).count() >= MOST_ANSWERS:
        raise Refused("done")
    if screen(words).card:
        write(case, Letter.Kind.CRISIS)
    news.came_in(case, is_new=is_raised)
    if case.severity == Severity.CRISIS and case.told_at is None:  # it came back
        alerts.raised(case)
    return _sent(Letter(case=case, account=account, kind=Letter.Kind.REPLY, about=letter.pk), words)


@transaction.atomic
def put_away(account: Account, letter_id: str) -> None:
    """The card goes. Raises Refused("not_found"); a second time changes nothing."""
    letter = _own(account).filter(pk=letter_id).exclude(kind=Letter.Kind.REPLY).first()
    if letter is None:
        raise Refused("not_found")
    same = Q(pk=letter.pk)
    if letter.kind in SHOWN_ONCE:
        same |= Q(case=letter.case_id, kind=letter.kind)
    _own(account).filter(same, put_away_at=None).update(put_away_at=timezone.now())
    topics.moved(topics.person_topic(account.pk))


# Several messages of one night show as one card.
SHOWN_ONCE = (Letter.Kind.CRISIS, Letter.Kind.CARE)


def shown_to(account: Account, room_id: str | None = None, *, put_away: bool = False) -> list[OpenLetter]:
    """Newest first, at most 50; with `room_id` those about this room or about none. Two queries, and one of the keys database."""
    found = _own(account).filter(put_away_at__isnull=not put_away).exclude(kind=Letter.Kind.REPLY)
    if room_id is not None:
        found = found.filter(Q(case__room=room_id) | Q(case__room=None) | Q(sanction__kind=Sanction.Kind.SUSPEND))
    related = ("case__room", "case__acknowledged_by", "by", "sanction__room", "sanction__appeal")
    rows = list(found.select_related(*related).order_by("-at", "-pk")[:MOST_SHOWN])
    answers = _answers_of(account, [row for row in rows if row.kind in ANSWERABLE])
    _warm(rows)
    return [OpenLetter(row, opened(row), tuple(answers[row.pk])) for row in _each_once(rows)]


def opened(letter: Letter) -> str:
    """Empty where nothing was written, or the case's key has ended."""
    return sealed.open_text(letter.text, case_id=letter.case_id, purpose=_PURPOSE, place=letter.pk)


def count_for(account: Account) -> int:
    """How many cards are there for this person: one look into an index."""
    return _own(account).filter(put_away_at=None).exclude(kind=Letter.Kind.REPLY).count()


def _where_it_is_read(case: Case) -> str:
    """Where the matter was resolved and the person has another one open, that one: two open ones would be two conversations."""
    if not case.is_resolved:
        return case.pk
    open_now = Case.objects.unresolved().filter(room=case.room_id, account=case.account_id)
    return open_now.exclude(category=Category.APPEAL).values_list("pk", flat=True).first() or case.pk


def _own(account: Account) -> QuerySet[Letter]:
    return Letter.objects.filter(account=account)


def _sent(letter: Letter, text: str) -> Letter:
    if text:
        letter.text = sealed.close(text, case_id=letter.case_id, purpose=_PURPOSE, place=letter.pk)
    with transaction.atomic():
        letter.save(force_insert=True)
        topics.moved(topics.person_topic(letter.account_id))
    return letter


def _answers_of(account: Account, letters: Sequence[Letter]) -> dict[str, list[Answer]]:
    """By letter, oldest first."""
    answers: dict[str, list[Answer]] = defaultdict(list)
    if letters:
        rows = list(_own(account).filter(kind=Letter.Kind.REPLY, about__in=[letter.pk for letter in letters]))
        _warm(rows)
        for row in rows:
            answers[row.about].append(Answer(opened(row), row.at))
    return answers


def _warm(letters: Sequence[Letter]) -> None:
    """Each case has a key of its own: all that are needed are fetched together."""
    texts = [letter.text for letter in letters if letter.text is not None]
    reasons = [letter.sanction.reason for letter in letters if letter.sanction is not None]
    sealing.warm([*texts, *reasons])


def _each_once(newest_first: Sequence[Letter]) -> list[Letter]:
    seen: set[tuple[str, str]] = set()
    shown = []
    for letter in newest_first:
        same = (letter.case_id, letter.kind)
        if letter.kind not in SHOWN_ONCE or same not in seen:
            shown.append(letter)
        seen.add(same)
    return shown
