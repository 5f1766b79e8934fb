"""Search in one room: sealed messages are opened in memory, newest first, a slice at a time. No index, nothing kept.

Each slice asks anew whether the person may still read.
"""

import unicodedata

from rooms import reading
from rooms.access import standing
from rooms.models import Message
from rooms.reading import OpenMessage

SLICE = 200  # messages opened between two looks at whether anybody still wants them


def words_of(query: str) -> tuple[str, ...]:
    """What must all occur: case and accents apart."""
    return tuple(_plain(query).split())


def search_slice(
    account_id: int, room_id: str, words: tuple[str, ...], before: int | None
) -> tuple[list[OpenMessage], int | None]:
    """The matches among the SLICE messages older than `before`, newest first, and where to go on (None at the beginning).

    Raises Refused.
    """
    standing(account_id, room_id)
    rows = Message.objects.filter(room_id=room_id, redacted_at=None, removed_at=None).order_by("-seq")
    slice_ = list((rows if before is None else rows.filter(seq__lt=before))[:SLICE])
    matches = [row for row in slice_ if _matches(row, words)]
    return reading.opened(matches), slice_[-1].seq if len(slice_) == SLICE else None


def _matches(row: Message, words: tuple[str, ...]) -> bool:
    body = reading.open_body(row)
    if body is None:
        return False
    plain = _plain(body)
    return all(word in plain for word in words)


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
