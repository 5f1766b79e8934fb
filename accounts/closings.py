"""Tells every process which sockets must close: through the store, so that nothing is lost on the way.

Whoever signs out, ends, suspends, locks or demotes calls `close` in the same transaction. The pulse of
`rooms` asks `since` a few times a second.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Closing
from accounts.ordering import keep_commits_in_order

_KEPT = timedelta(days=1)
_ORDER_LOCK = 0x70656572  # any constant: one advisory lock for this table


def handle(session_key: str) -> str:
    """What stands for a session key wherever one is stored: its SHA-256 in hex."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def close(*, account: int | None = None, session_key: str | None = None, place: str = "") -> None:
    """Closes every socket of an account, or of one session; `place` "room:<id>" narrows it to that room."""
    _note([Closing(account=account, session_key=handle(session_key) if session_key else "", place=place)])


def close_sessions(handles: Iterable[str]) -> None:
    """Closes the sockets of sessions known only by what is stored of their keys."""
    _note([Closing(session_key=each) for each in handles])


def since(id: int) -> list[Closing]:
    """Every closing after that one, oldest first."""
    return list(Closing.objects.filter(id__gt=id).order_by("id"))


def newest() -> int:
    return Closing.objects.aggregate(newest=Max("id"))["newest"] or 0


def _note(closings: list[Closing]) -> None:
    with transaction.atomic():
        keep_commits_in_order(_ORDER_LOCK)
        Closing.objects.filter(at__lt=timezone.now() - _KEPT).delete()
        Closing.objects.bulk_create(closings)
