"""What was stored is named to whoever reads it once more, off the live path (settings.MESSAGES_STORED). Ids only, never text."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from rooms.changes import Change, Done, Edit, Outcome, Post, Posted


def tell(changes: Sequence[Change], outcomes: Sequence[Outcome]) -> None:
    """Returns at once: who is told has a thread of their own."""
    if not settings.MESSAGES_STORED:
        return
    ids = [
        change.id
        for change, outcome in zip(changes, outcomes, strict=True)
        if (isinstance(change, Post) and isinstance(outcome, Posted))
        or (isinstance(change, Edit) and isinstance(outcome, Done))
    ]
    if ids:
        told: Callable[[list[str]], None] = import_string(settings.MESSAGES_STORED)
        told(ids)
