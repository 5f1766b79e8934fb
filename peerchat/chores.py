"""What is done by the clock, whoever is there: named in settings.CHORES, each with the seconds from one time to the next.

Embedded, the serving process does them on a thread of its own; with several processes `peerchat worker` does, once.
"""

import logging
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

_log = logging.getLogger(__name__)


def in_background() -> BaseScheduler:
    """Starts them beside the serving process."""
    scheduler = _scheduled(BackgroundScheduler(daemon=True, timezone="UTC"))
    scheduler.start()
    return scheduler


def for_ever() -> None:
    """Does nothing else until the process is told to stop."""
    _scheduled(BlockingScheduler(timezone="UTC")).start()


def _scheduled(scheduler: BaseScheduler) -> BaseScheduler:
    for name, seconds in settings.CHORES.items():
        chore, jitter = _guarded(name), seconds // 10  # so that several houses on one machine do not all begin at once
        scheduler.add_job(
            chore,
            "interval",
            seconds=seconds,
            id=name,
            jitter=jitter,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,  # late on a busy machine is better than not at all
        )
    return scheduler


def _guarded(name: str) -> Callable[[], None]:
    def run() -> None:
        close_old_connections()
        try:
            import_string(name)()
        except Exception as error:  # one chore must not end the others; what it read must not reach a log
            _log.error("The chore %s failed (%s) and is tried again next time.", name, type(error).__name__)
        finally:
            close_old_connections()

    return run
