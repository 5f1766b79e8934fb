"""Tells people that something is new for them. What it is they read here, once they have signed in."""

from functools import partial

from django.conf import settings
from django.db import transaction

from accounts import mail
from accounts.models import Account


def tell(account: Account) -> None:
    """After the commit: that something is new, with a link to the front page. Never what."""
    transaction.on_commit(partial(_send, account), robust=True)


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
