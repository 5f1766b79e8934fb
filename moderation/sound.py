"""Whether the queue plays a sound for a new crisis case. Kept with the person's other ways of being told (alerts)."""

from accounts.models import Account
from moderation.models import AlertChoice


def turn(account: Account, *, on: bool) -> None:
    AlertChoice.objects.update_or_create(account=account, defaults={"sound": on})
