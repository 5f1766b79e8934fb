"""For somebody who cannot sign in: a link in an e-mail that says nothing, and what the link opens.

It opens one thing only, the page of one sanction (views/cards.access), and for so many days. Whoever holds the link reads why and
until when, and may ask for another look; nothing else of the account opens with it.
"""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts import mail
from moderation.models import Sanction
from moderation.refusals import Refused

LINK_DAYS = 30
_SALT = "moderation.access"


def token_of(sanction: Sanction) -> str:
    return signing.dumps(sanction.pk, salt=_SALT)


def sanction_behind(token: str) -> Sanction:
    """Raises Refused("not_found"): forged, too old and unknown look alike."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=LINK_DAYS * 24 * 60 * 60)
    except signing.BadSignature:
        raise Refused("not_found") from None
    found = Sanction.objects.filter(pk=pk).select_related("account", "case", "room", "appeal").first()
    if found is None:
        raise Refused("not_found")
    return found


def tell_by_mail(sanction: Sanction) -> None:
    """After the commit: that something about the person's access changed, and the link. Never what it is about."""
    transaction.on_commit(lambda: _send(sanction), robust=True)


def _send(sanction: Sanction) -> None:
    account = sanction.account
    url = settings.SITE_ADDRESS + reverse("moderation:access", args=[token_of(sanction)])
    languages = mail.languages_for(account.language)
    mail.send_later(mail.letter(to=account.email, template="access_changed", languages=languages, context={"url": url}))
