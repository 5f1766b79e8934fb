"""Sends the alerts that are due: in the background after the commit, and again by the clock until they are sent.

A process takes what it sends with one UPDATE, so that no two send the same; what a process that died had taken is free again
after a minute. Whatever goes wrong is logged by its kind alone, and tried again at the next tick.
"""

from __future__ import annotations

import logging
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from urllib.parse import quote

from django.core.mail import EmailMessage
from django.db import close_old_connections
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import mail
from accounts.models import Account, Role
from moderation import push
from moderation.ladder import unanswered
from moderation.models import Alert

TAKEN = timedelta(minutes=1)  # longer than anything takes to be sent
BETWEEN = timedelta(minutes=1)  # of one person by one way: all messages say the same
STALE = timedelta(hours=1)  # a later telling has taken its place
KEPT = timedelta(days=30)  # how long it can be seen who was told when
_HANDS = 4  # a mail server that hangs must not keep the others waiting
_PLACES = {
    Role.MODERATOR: "moderation:queue",
    Role.CLINICIAN: "moderation:handovers",
    Role.COORDINATOR: "moderation:rota",
}

log = logging.getLogger(__name__)
messengers: Executor = ThreadPoolExecutor(max_workers=_HANDS, thread_name_prefix="alerts")


def soon() -> None:
    """Now, from other threads."""
    for _ in range(_HANDS):
        messengers.submit(_send_quietly)


def send_due() -> int:
    """Sends what waits, one message for all that a person is told of by one way. Says how many went out (settings.CHORES)."""
    sent = 0
    tried: set[tuple[int, str]] = set()
    while (waiting := _next(tried)) is not None:
        tried.add(waiting)  # what fails now is left for the next tick
        sent += _send(*waiting)
    return sent


def clear() -> None:
    """Takes old alerts out of the table (settings.CHORES)."""
    Alert.objects.filter(told_at__lt=timezone.now() - KEPT).delete()


def try_out(account: Account, channel: str) -> Future[bool]:
    """The same as in earnest, from another thread. The answer says whether it went out."""
    return messengers.submit(_tried, account, channel)


def letter_to(account: Account) -> EmailMessage:
    """The same for everybody and everything, in the person's language."""
    return mail.letter(
        to=account.email,
        template="alert",
        languages=[account.language] if account.language else mail.languages_for(""),
        context={"url": mail.site() + way_in(account)},
        folder="moderation/email",
    )


def way_in(account: Account) -> str:
    """To where this person works, past the sign-in page where they are signed out."""
    return f"{reverse('account_login')}?next={quote(place_of(account))}"


def place_of(account: Account) -> str:
    return reverse(_PLACES.get(Role(account.role), "rooms:list"))


def _send_quietly() -> None:
    close_old_connections()
    try:
        send_due()
    except Exception as error:  # the store is away: the next tick finds what waits
        log.error("Alerts could not be sent now: %s.", type(error).__name__)
    finally:
        close_old_connections()


def _tried(account: Account, channel: str) -> bool:
    close_old_connections()
    try:
        _reach(account, channel)
    except Exception as error:
        log.error("An alert (%s) that somebody tried could not be sent: %s.", channel, type(error).__name__)
        return False
    finally:
        close_old_connections()
    return True


def _next(tried: set[tuple[int, str]]) -> tuple[int, str] | None:
    due = _due(timezone.now()).order_by("told_at", "pk").values_list("account_id", "channel")
    return next((each for each in due if each not in tried), None)


def _due(now: datetime) -> QuerySet[Alert]:
    """What may go out now. Whoever was told within a minute is on their way: the next message waits that long."""
    is_free = Q(taken_at=None) | Q(taken_at__lt=now - TAKEN)
    just_told = Alert.objects.filter(
        account=OuterRef("account"), channel=OuterRef("channel"), sent_at__gt=now - BETWEEN
    )
    return Alert.objects.filter(is_free, ~Exists(just_told), sent_at=None, told_at__gt=now - STALE)


def _send(account_id: int, channel: str) -> int:
    """1 where it went out."""
    now = timezone.now()
    theirs = _due(now).filter(account_id=account_id, channel=channel)
    if not theirs.update(taken_at=now, tries=F("tries") + 1):
        return 0  # another process was faster
    taken = Alert.objects.filter(account_id=account_id, channel=channel, sent_at=None, taken_at=now)
    taken.exclude(case__in=unanswered()).delete()  # somebody has it by now
    alert = taken.select_related("account").first()
    if alert is None:
        return 0
    try:
        _reach(alert.account, channel)
    except Exception as error:  # its text would name an address
        log.error("An alert (%s) could not be sent: %s. It is tried again.", channel, type(error).__name__)
        taken.update(taken_at=None)
        return 0
    taken.update(sent_at=timezone.now())
    return 1


def _reach(account: Account, channel: str) -> None:
    if not account.is_active:
        return
    if channel == Alert.Channel.PUSH:
        push.wake(account)
    else:
        letter_to(account).send()
