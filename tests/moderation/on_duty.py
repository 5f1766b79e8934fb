"""Shifts as they stand on the rota, made straight in the store; and what was said to whom."""

from datetime import timedelta

from django.core import mail
from django.utils import timezone

from accounts.models import Account
from moderation.models import Shift


def on_call(account: Account, step: int = 1, *, since: float = 1, left: float = 1) -> Shift:
    """On call since and for so many hours; a negative `since` begins later."""
    now = timezone.now()
    starts, ends = now - timedelta(hours=since), now + timedelta(hours=left)
    return Shift.objects.create(account=account, starts=starts, ends=ends, step=step)


def written_to() -> list[str]:
    """The addresses that got an e-mail, since this was last asked."""
    addresses = [address for message in mail.outbox for address in message.to]
    mail.outbox.clear()
    return sorted(addresses)
