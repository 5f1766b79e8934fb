"""Evidence: the flagged message and two on either side, as they stood when they were flagged, under the case's own key.

So neither its author's redaction nor a destroyed epoch takes it away (DESIGN 6.8 and 9). `shown` opens it; whoever asks records
the look first (trails.looked).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from moderation import sealed
from moderation.identity import new_id
from moderation.models import Case, Evidence
from rooms import reading
from rooms.faces import face_of
from rooms.models import HeldMessage, Message
from rooms.times import moment
from vault.sealing import CannotOpen

ON_EITHER_SIDE = 2
PURGED = "purged"  # at the end of its room's term
_PURPOSE = "evidence.content"


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as it was. `state` is what became of it (`states_of`)."""

    message_id: str
    seq: int | None
    pseudonym: str
    badge: str | None
    body: str | None
    warning: str | None
    at: datetime | None
    is_flagged: bool
    is_held: bool
    state: str


def snapshot(case: Case, message_id: str, *, is_held: bool = False) -> None:
    """Keeps the message, and its neighbours where it is in a room. What is kept already stays as it was."""
    if is_held:
        _keep_held(case, message_id)
        return
    row = Message.objects.filter(pk=message_id, room=case.room_id).first()
    if row is None:
        return
    around = Message.objects.filter(room_id=row.room_id)
    before = list(around.filter(seq__lt=row.seq).order_by("-seq")[:ON_EITHER_SIDE])
    after = list(around.filter(seq__gt=row.seq).order_by("seq")[:ON_EITHER_SIDE])
    known = dict(case.evidence.values_list("message_id", "is_flagged"))
    if known.get(message_id) is False:
        case.evidence.filter(message_id=message_id).update(is_flagged=True)
    new = [each for each in (*before, row, *after) if each.pk not in known]
    for message in reading.opened(new):
        content = {
            "pseudonym": message.author.pseudonym,
            "badge": message.author.badge,
            "body": message.body,
            "warning": message.warning,
            "at": moment(message.at),
        }
        _keep(case, message.id, message.seq, content, is_flagged=message.id == message_id)


def shown(case: Case) -> list[Shown]:
    """In the order of the conversation; what was held comes last. Three queries."""
    rows = list(case.evidence.all())
    states = states_of([row.message_id for row in rows])
    return [_shown(case, row, states.get(row.message_id, PURGED)) for row in rows]


def states_of(ids: Collection[str]) -> dict[str, str]:
    """What became of each: posted, redacted (by its author), removed, blurred; waiting or refused where it was held.

    One that is not in here was purged. Two queries.
    """
    held = dict(HeldMessage.objects.filter(pk__in=ids).values_list("pk", "state"))
    found = Message.objects.filter(pk__in=ids).only("removed_at", "blurred_at", "redacted_at")
    return held | {row.pk: _state(row) for row in found}


def _keep_held(case: Case, held_id: str) -> None:
    held = HeldMessage.objects.filter(pk=held_id, room=case.room_id).select_related("author__account").first()
    if held is None or case.evidence.filter(message_id=held_id).exists():
        return
    face = face_of(held.author)
    try:
        text = reading.open_held(held)
    except CannotOpen:
        return
    content = {
        "pseudonym": face.pseudonym,
        "badge": face.badge,
        "body": text.body,
        "warning": text.warning or None,
        "at": moment(held.posted_at),
    }
    _keep(case, held_id, None, content, is_flagged=True)


def _keep(case: Case, message_id: str, seq: int | None, content: dict[str, str | None], *, is_flagged: bool) -> None:
    id = new_id()
    text = sealed.close(json.dumps(content), case_id=case.pk, purpose=_PURPOSE, place=id)
    Evidence.objects.create(id=id, case=case, message_id=message_id, seq=seq, is_flagged=is_flagged, content=text)


def _shown(case: Case, row: Evidence, state: str) -> Shown:
    text = sealed.open_text(row.content, case_id=case.pk, purpose=_PURPOSE, place=row.pk)
    content = json.loads(text) if text else {}
    return Shown(
        message_id=row.message_id,
        seq=row.seq,
        pseudonym=content.get("pseudonym", ""),
        badge=content.get("badge"),
        body=content.get("body"),
        warning=content.get("warning"),
        at=datetime.fromisoformat(content["at"]) if content else None,
        is_flagged=row.is_flagged,
        is_held=row.seq is None,
        state=state,
    )


def _state(row: Message) -> str:
    if row.redacted_at:
        return "redacted"
    if row.removed_at:
        return "removed"
    return "blurred" if row.blurred_at else "posted"
