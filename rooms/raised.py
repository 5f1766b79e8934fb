"""What gates flagged is taken to whoever works on it, right after it was stored (settings.FLAGS_RAISED).

It was stored with its message in one transaction (models.Raised): if this fails, the clock takes it a little later.
"""

import logging
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from rooms.changes import Change, Edit, Kept, Outcome, Post

_log = logging.getLogger(__name__)


def is_any(changes: Sequence[Change], outcomes: Sequence[Outcome]) -> bool:
    """Whether one of these changes left something to be taken."""
    return any(
        isinstance(outcome, Kept) or (isinstance(change, Post | Edit) and bool(change.flags))
        for change, outcome in zip(changes, outcomes, strict=True)
    )


def take_if_any(changes: Sequence[Change], outcomes: Sequence[Outcome]) -> None:
    if is_any(changes, outcomes):
        take()


def take() -> None:
    """In the calling thread. Never raises: the message it is about is stored, and must not pay for this."""
    take_all: Callable[[], int] = import_string(settings.FLAGS_RAISED)
    try:
        take_all()
    except Exception as error:
        _log.error("What gates flagged could not be taken (%s); it is tried again by the clock.", type(error).__name__)
