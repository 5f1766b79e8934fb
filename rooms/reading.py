"""Reads messages and opens them. Who may read was decided before (access); nothing here writes.

Every function takes the same number of queries however long the history is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rooms.faces import Face, face_of
from rooms.models import HeldMessage, Membership, Message, Mute, Reaction
from vault.sealing import CannotOpen, Sealed, unseal

PAGE = 50
CATCH_UP = 200
EXCERPT = 120  # characters


@dataclass(frozen=True, slots=True)
class Quote:
    """The message answered. `excerpt` is None where showing it would unfold a warning or undo a redaction."""

    id: str
    author: str
    excerpt: str | None


@dataclass(frozen=True, slots=True)
class OpenMessage:
    """A message as its room reads it; docs/protocol.md says what each field means."""

    id: str
    seq: int
    changed: int
    at: datetime
    author: Face
    body: str | None
    warning: str | None = None
    reply_to: Quote | None = None
    edited: bool = False
    redacted: bool = False
    removed: bool = False  # redacted by a moderator
    blurred: bool = False
    reactions: dict[str, list[str]] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Messages in the order they were asked in, and whether there are more beyond them."""

    messages: list[OpenMessage]
    more: bool


def newest(room_id: str, limit: int = PAGE) -> Page:
    return _backwards(Message.objects.filter(room_id=room_id).order_by("-seq")[: limit + 1], limit)


def before(room_id: str, seq: int, limit: int = PAGE) -> Page:
    """The messages just older than `seq`, oldest first."""
    return _backwards(Message.objects.filter(room_id=room_id, seq__lt=seq).order_by("-seq")[: limit + 1], limit)


def after(room_id: str, seq: int, limit: int = PAGE) -> Page:
    """The messages just newer than `seq`, oldest first."""
    rows = list(Message.objects.filter(room_id=room_id, seq__gt=seq).order_by("seq")[: limit + 1])
    return Page(opened(rows[:limit]), len(rows) > limit)


def since(room_id: str, number: int, limit: int = CATCH_UP) -> Page:
    """What was posted or changed after `number`, oldest change first."""
    rows = list(Message.objects.filter(room_id=room_id, changed__gt=number).order_by("changed")[: limit + 1])
    return Page(opened(rows[:limit]), len(rows) > limit)


def muted_by(member: Membership) -> list[str]:
    return list(Mute.objects.filter(member=member).values_list("muted__handle", flat=True))


def opened(rows: Sequence[Message]) -> list[OpenMessage]:
    """The rows, unsealed, with their authors, quotes and reactions: three queries more at most."""
    quoted = {row.pk: row for row in _rows_by_id({row.reply_to_id for row in rows if row.reply_to_id})}
    faces = _faces({row.author_id for row in [*rows, *quoted.values()]})
    reactions = _reactions([row.pk for row in rows])
    return [_open(row, faces, quoted, reactions) for row in rows]


def quote(row: Message, author: Face) -> Quote:
    """How a message looks when another answers it."""
    if row.is_gone or row.blurred_at or row.warning is not None:
        return Quote(row.pk, author.pseudonym, None)
    body = _text(row, row.body, "message.body")
    return Quote(row.pk, author.pseudonym, None if body is None else shortened(body))


def shortened(body: str) -> str:
    flat = " ".join(body.split())
    return flat if len(flat) <= EXCERPT else flat[: EXCERPT - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class HeldText:
    body: str
    warning: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A held message as its author sees it. `replaces` is the message it would change, or empty."""

    id: str
    key: str
    at: datetime
    body: str
    warning: str
    replaces: str


def waiting_of(member: Membership) -> list[Waiting]:
    """What this member wrote that waits for a moderator, oldest first. What cannot be opened any more is left out."""
    rows = HeldMessage.objects.filter(room_id=member.room_id, author=member, state=HeldMessage.State.WAITING)
    found = []
    for row in rows.order_by("posted_at"):
        try:
            text = open_held(row)
        except CannotOpen:
            continue
        found.append(Waiting(row.pk, row.key, row.posted_at, text.body, text.warning, row.replaces_id))
    return found


def open_held(row: HeldMessage) -> HeldText:
    """What waits, for its author and for the moderator it waits for. Raises CannotOpen where its key was destroyed."""
    owner = f"room:{row.room_id}"
    warning = row.warning
    return HeldText(
        unseal(row.body, owner=owner, purpose="message.body", place=row.pk),
        unseal(warning, owner=owner, purpose="message.warning", place=row.pk) if warning is not None else "",
    )


def open_body(row: Message) -> str | None:
    """None where it was redacted, or its key destroyed."""
    return _text(row, row.body, "message.body")


def _backwards(newest_first: Iterable[Message], limit: int) -> Page:
    rows = list(newest_first)
    return Page(opened(rows[:limit][::-1]), len(rows) > limit)


def _open(
    row: Message, faces: dict[int, Face], quoted: dict[str, Message], reactions: dict[str, dict[str, list[str]]]
) -> OpenMessage:
    body = None if row.is_gone else open_body(row)
    warning = _text(row, row.warning, "message.warning")
    if body is None or (row.warning is not None and warning is None):  # no body without the warning that folds it
        return OpenMessage(
            row.pk,
            row.seq,
            row.changed,
            row.posted_at,
            faces[row.author_id],
            None,
            redacted=True,
            removed=row.removed_at is not None and row.redacted_at is None,
        )
    answered = quoted.get(row.reply_to_id or "")
    return OpenMessage(
        id=row.pk,
        seq=row.seq,
        changed=row.changed,
        at=row.posted_at,
        author=faces[row.author_id],
        body=body,
        warning=warning,
        reply_to=quote(answered, faces[answered.author_id]) if answered else None,
        edited=row.edited_at is not None,
        blurred=row.blurred_at is not None,
        reactions=reactions.get(row.pk),
    )


def _text(row: Message, sealed: Sealed | None, purpose: str) -> str | None:
    if sealed is None:
        return None
    try:
        return unseal(sealed, owner=f"room:{row.room_id}", purpose=purpose, place=row.pk)
    except CannotOpen:
        return None


def _rows_by_id(ids: set[str]) -> Iterable[Message]:
    return Message.objects.filter(pk__in=ids) if ids else ()


def _faces(ids: set[int]) -> dict[int, Face]:
    if not ids:
        return {}
    return {member.pk: face_of(member) for member in Membership.objects.filter(pk__in=ids).select_related("account")}


def _reactions(ids: list[str]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    if ids:
        chosen = (
            Reaction.objects.filter(message_id__in=ids)
            .order_by("pk")
            .values_list("message_id", "kind", "member__handle")
        )
        for message_id, kind, handle in chosen:
            found[message_id].setdefault(kind, []).append(handle)
    return found
