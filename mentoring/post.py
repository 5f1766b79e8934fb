"""Tells people that something is new for them. What it is they read here, once they have signed in.

A mentor outside their hours, or away, is left in peace: the e-mail waits for their next hour, and many become one. Only a crisis does not wait.
"""

from django.conf import settings
from django.db import transaction

from accounts import mail
from accounts.models import Account
from mentoring import hours
from mentoring.models import Mentor


def tell(account: Account, *, at_once: bool = False) -> None:
    """After the commit: that something is new, with a link to the front page. Never what. `at_once`: a crisis."""
    transaction.on_commit(lambda: _send_or_keep(account, at_once), robust=True)


def send_kept() -> int:
    """What waited for who is there now (settings.CHORES). Returns how many were written to."""
    sent = 0
    for mentor in Mentor.objects.filter(owed_note=True).select_related("account"):
        if hours.may_be_written_to(mentor.account) and Mentor.objects.filter(pk=mentor.pk, owed_note=True).update(
            owed_note=False
        ):
            _send(mentor.account)
            sent += 1
    return sent


def _send_or_keep(account: Account, at_once: bool) -> None:
    if at_once or hours.may_be_written_to(account):
        _send(account)
    else:
        Mentor.objects.filter(account=account).update(owed_note=True)


def _send(account: Account) -> None:
    if not account.is_active:
        return
    mail.send_later(
        mail.letter(
            to=account.email,
            template="news",
            languages=mail.languages_for(account.language),
            context={"url": f"{settings.SITE_ADDRESS}/"},
            folder="mentoring/email",
        )
    )
