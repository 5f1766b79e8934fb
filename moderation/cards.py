"""Cards: a person's own letters as their pages show them. For the person alone; nothing here says who flagged or who decided.

Read by the pages of the person (views/cards) and, lazily, by every page's frame (`on_page`, a context processor).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Account, Role
from moderation import letters, sanctions
from moderation.letters import Answer, OpenLetter
from moderation.models import Case, Letter, Sanction
from rooms import reading
from rooms.crisis_lines import Line, lines_of
from rooms.models import HeldMessage
from vault.sealing import CannotOpen

LINES = 3  # of the country, on a crisis card; all of them are behind Help now
_ORDER = [
    Letter.Kind.CRISIS,
    Letter.Kind.CARE,
    Letter.Kind.CHECK_IN,
    Letter.Kind.SANCTION,
    Letter.Kind.DECISION,
    Letter.Kind.WARNING,
    Letter.Kind.REFUSED,
    Letter.Kind.RELEASED,
    Letter.Kind.HANDLED,
]


@dataclass(frozen=True, slots=True)
class Card:
    """One letter. `state` says where the matter stands: of a crisis told, seen, with_you or over; of a sanction running or over;
    of an appeal lifted or upheld. `id` is the letter's; on a page without sign-in there is none.
    """

    id: str
    kind: str
    at: datetime
    by: str
    text: str = ""
    state: str = ""
    room_id: str = ""
    room: str = ""
    sanction_id: str = ""
    sanction: str = ""
    until: datetime | None = None
    can_appeal: bool = False
    is_appealed: bool = False
    can_answer: bool = False
    answers: tuple[Answer, ...] = ()
    given_back: reading.HeldText | None = None
    typed: str = ""  # what was refused a moment ago, so that it is not lost
    error: str = ""

    @property
    def version(self) -> str:
        """Another one whenever the card shows something else."""
        return f"{self.state}.{len(self.answers)}.{self.is_appealed:d}.{self.can_appeal:d}.{self.error:.1}"

    @property
    def is_about(self) -> str:
        """A room's id, or empty for what concerns every page."""
        return "" if self.sanction == Sanction.Kind.SUSPEND else self.room_id


def cards_of(account: Account, *, put_away: bool = False) -> list[Card]:
    """What is most pressing first, then the newest. Two queries; one more for answers, one for messages that were refused."""
    opened = letters.shown_to(account, put_away=put_away)
    refused = _refused([each.letter for each in opened])
    return sorted((_card(each, refused) for each in opened), key=_pressing)


def card_of_sanction(sanction: Sanction) -> Card:
    """The same for somebody who cannot sign in."""
    return _of_sanction(Card("", Letter.Kind.SANCTION, sanction.started_at, ""), sanction)


def answers_to_appeal(sanction: Sanction) -> list[Card]:
    """What was answered to an appeal against it, newest first."""
    rows = Letter.objects.filter(sanction=sanction, account=sanction.account_id, kind=Letter.Kind.DECISION)
    found = rows.select_related("case__room", "by", "sanction__room", "sanction__appeal").order_by("-at")
    return [replace(_card(OpenLetter(row, letters.opened(row)), {}), id="") for row in found]


def first_lines() -> list[Line]:
    """The few lines of the country that a crisis card has room for: in the reader's language, each number once."""
    chosen: list[Line] = []
    for line in lines_of(settings.COUNTRY):
        is_foreign = line.language and line.language != get_language()
        is_known = line.tel and any(line.tel == other.tel for other in chosen)
        if not is_foreign and not is_known:
            chosen.append(line)
    return chosen[:LINES]


@dataclass
class OwnCards:
    """What a page shows of the person's cards, asked for once and only if it shows any."""

    account: Account
    room_id: str

    @cached_property
    def all(self) -> list[Card]:
        return cards_of(self.account)

    @property
    def here(self) -> list[Card]:
        """On a room's page, what is about this room or about all."""
        return [card for card in self.all if not self.room_id or card.is_about in ("", self.room_id)]

    @property
    def is_on_every_page(self) -> bool:
        """Those who work in the house all day see a mark at the menu instead, outside the rooms."""
        return self.account.role in (Role.CLIENT, Role.MENTOR)

    @property
    def lines(self) -> list[Line]:
        return first_lines()


def on_page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page (a context processor): `own_cards`. One indexed query where the page shows any, else none."""
    user = getattr(request, "user", None)
    if not isinstance(user, Account) or request.session.locked:  # type: ignore[attr-defined]  # a locked screen shows nothing
        return {"own_cards": None}
    place = request.resolver_match
    is_room = place is not None and place.view_name == "rooms:room"
    room_id = str(place.kwargs.get("room_id", "")) if place is not None and is_room else ""
    return {"own_cards": OwnCards(user, room_id)}


# --- one card ------------------------------------------------------------------------------------------------------------


def _card(opened: OpenLetter, refused: dict[str, reading.HeldText]) -> Card:
    letter = opened.letter
    room = letter.case.room
    card = Card(
        id=letter.pk,
        kind=letter.kind,
        at=letter.at,
        by=_role_of(letter.by),
        text=opened.text,
        room_id=room.pk if room else "",
        room=room.title if room else "",
        answers=opened.answers,
    )
    match letter.kind:
        case Letter.Kind.CRISIS:
            return replace(card, state=_state_of(letter))
        case Letter.Kind.SANCTION if letter.sanction is not None:
            return _of_sanction(card, letter.sanction)
        case Letter.Kind.DECISION if letter.sanction is not None:
            appeal = getattr(letter.sanction, "appeal", None)
            return replace(
                _of_sanction(card, letter.sanction), text=opened.text, state=appeal.decision if appeal else ""
            )
        case Letter.Kind.CHECK_IN | Letter.Kind.WARNING:
            return replace(card, can_answer=len(opened.answers) < letters.MOST_ANSWERS)
        case Letter.Kind.REFUSED:
            return replace(card, given_back=refused.get(letter.about))
    return card


def _of_sanction(card: Card, sanction: Sanction) -> Card:
    is_appealed = hasattr(sanction, "appeal")
    is_over = sanction.ended_at is not None
    return replace(
        card,
        text=sanctions.reason_of(sanction),
        state="over" if is_over else "running",
        room_id=sanction.room_id or "",
        room=sanction.room.title if sanction.room else "",
        sanction_id=sanction.pk,
        sanction=sanction.kind,
        until=sanction.until,
        can_appeal=not is_over and not is_appealed,
        is_appealed=is_appealed and not is_over and not sanction.appeal.decision,
    )


def _state_of(letter: Letter) -> str:
    """Who had the case before they wrote this has not seen it yet."""
    case = letter.case
    if case.is_resolved:
        return "over"
    if case.acknowledged_by is not None:
        return "with_you"
    was_handed_over = case.state == Case.State.HANDED_OVER and case.assigned_to_id is None  # and is not asked anew
    was_answered = case.first_response_at is not None and case.first_response_at >= letter.at
    return "seen" if case.is_with_somebody or was_handed_over or was_answered else "told"


def _role_of(account: Account | None) -> str:
    """Who wrote it, by what they are. Staff names stay in the house."""
    if account is None:
        return ""
    return _("a clinician") if account.role == Role.CLINICIAN else _("a moderator")


def _pressing(card: Card) -> tuple[int, float]:
    kind = Letter.Kind(card.kind)
    return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), -card.at.timestamp())


def _refused(rows: Iterable[Letter]) -> dict[str, reading.HeldText]:
    """By the held message: what its author wrote, as long as the room keeps it."""
    ids = [row.about for row in rows if row.kind == Letter.Kind.REFUSED and row.about]
    texts: dict[str, reading.HeldText] = {}
    for held in HeldMessage.objects.filter(pk__in=ids) if ids else ():
        try:
            texts[held.pk] = reading.open_held(held)
        except CannotOpen:
            continue
    return texts
