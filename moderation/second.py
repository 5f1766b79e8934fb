"""The second screen reads what was stored and adds flags to the case of its message (settings.SECOND_SCREENS).

On a thread of its own, one message after the other: however slow or broken it is, no message waits for it. What a process had
not read when it ended is not read again: the rules have read it, and anybody can flag it.
"""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

from moderation import intake
from moderation.matters import Weight
from moderation.models import Category, Severity
from moderation.screening import Screening, SecondScreen, screen_with
from rooms import reading
from rooms.models import Message

MOST_WAITING = 5000  # commits' worth of messages; a screen that falls further behind misses some, and the log says so
_log = logging.getLogger(__name__)
_thread = ThreadPoolExecutor(1, thread_name_prefix="peerchat-second-screen")
_places = threading.BoundedSemaphore(MOST_WAITING)


def read(ids: list[str]) -> None:
    """Queues stored messages to be read (settings.MESSAGES_STORED). Returns at once."""
    if not _places.acquire(blocking=False):
        _log.warning("The second screen is too slow: %d messages are not read by it.", len(ids))
        return
    _thread.submit(_read_all, ids)


def read_now(id: str) -> None:
    """In the calling thread."""
    row = Message.objects.filter(pk=id).first()
    body = None if row is None or row.is_gone else reading.open_body(row)
    if body is None:
        return
    found = screen_with(_screens(tuple(settings.SECOND_SCREENS)), body, first=Screening())
    weights = [
        (Weight(Category(each.category), Severity(each.severity), each.level), each.rule) for each in found.findings
    ]
    if weights:
        intake.found_later(id, weights, card=found.card)


def _read_all(ids: list[str]) -> None:
    _places.release()
    close_old_connections()
    for id in ids:
        try:
            read_now(id)
        except Exception as error:  # the next message must not pay for it
            _log.error("The second screen could not read a message (%s).", type(error).__name__)
    close_old_connections()


@cache
def _screens(names: tuple[str, ...]) -> tuple[SecondScreen, ...]:
    return tuple(import_string(name) for name in names)
