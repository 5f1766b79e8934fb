"""The browsers that a person wants woken, and waking them. What reaches a browser is one constant word; its sentence is there already.

A subscription is sealed under its person's key, and found by a blind index of its address. It outlives the session, since
somebody on call at night is signed out for being idle; it ends where the person signs out, leaves, or turns it off.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from accounts.models import Account
from moderation import push_service
from moderation.models import PushSubscription
from moderation.push_service import Address, Gone, NotReached
from moderation.refusals import Refused
from vault.index import blind_index
from vault.sealing import CannotOpen, seal, unseal

DEVICES = 5  # of one person; a further one takes the place of the oldest
COOKIE = "peerchat_push"  # which subscription is this browser's, so that signing out here ends it
_COOKIE_AGE = 365 * 24 * 60 * 60  # seconds
_PURPOSE = "push.subscription"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Device:
    """One browser of a person: `index` in hex stands for its address."""

    index: str
    name: str  # "Firefox on Android"
    since: datetime
    here: bool


def subscribe(account: Account, address: Address, *, device: str = "") -> str:
    """Wakes this browser from now on. Returns its index in hex. Raises Refused("push_address")."""
    try:
        push_service.check(address)
    except ValueError:
        raise Refused("push_address") from None
    index = blind_index(address.endpoint, purpose="push.endpoint")
    content = json.dumps({**asdict(address), "device": device})
    sealed = seal(content, owner=_owner(account.pk), purpose=_PURPOSE, place=index.hex())
    with transaction.atomic():
        PushSubscription.objects.filter(index=index).exclude(account=account).delete()  # who used this browser before
        PushSubscription.objects.update_or_create(index=index, defaults={"account": account, "subscription": sealed})
        newest = PushSubscription.objects.filter(account=account).order_by("-at", "-pk").values_list("pk", flat=True)
        PushSubscription.objects.filter(account=account).exclude(pk__in=list(newest[:DEVICES])).delete()
    return index.hex()


def unsubscribe(account: Account, index: str) -> None:
    """One of their own browsers is woken no more; one that is not theirs, or not there, changes nothing."""
    PushSubscription.objects.filter(account=account, index=_of_hex(index)).delete()


def devices(account: Account, *, here: str = "") -> list[Device]:
    """The browsers of a person, the newest first. `here` is the index of the one that asks."""
    rows = PushSubscription.objects.filter(account=account).order_by("-at", "-pk")
    return [
        Device(bytes(row.index).hex(), _content(row).get("device", ""), row.at, bytes(row.index).hex() == here)
        for row in rows
    ]


def wake(account: Account) -> int:
    """Wakes all browsers of a person; says how many took it. Raises NotReached where there are some and none did."""
    rows = list(PushSubscription.objects.filter(account=account))
    reached = 0
    failure: NotReached | None = None
    for row in rows:
        try:
            push_service.send(_address(row))
            reached += 1
        except Gone:
            row.delete()
        except NotReached as error:
            failure = error
    if failure is not None and not reached:
        raise failure
    return reached


def remember_browser(response: HttpResponseBase, index: str) -> None:
    response.set_cookie(
        COOKIE, index, max_age=_COOKIE_AGE, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def forget_browser(request: HttpRequest, response: HttpResponseBase, everywhere: int | None = None) -> None:
    """Somebody signs out here or leaves: this browser is woken no more (settings.SIGNED_OUT). It drops its own side by itself.

    `everywhere` is the account of somebody who signs out of all their browsers.
    """
    if everywhere is not None:
        PushSubscription.objects.filter(account=everywhere).delete()
    if index := request.COOKIES.get(COOKIE):
        PushSubscription.objects.filter(index=_of_hex(index)).delete()
        response.delete_cookie(COOKIE, samesite="Lax")


def _address(row: PushSubscription) -> Address:
    """Raises Gone where it cannot be opened: its key was destroyed."""
    content = _content(row)
    if not content:
        raise Gone
    return Address(content["endpoint"], content["p256dh"], content["auth"])


def _content(row: PushSubscription) -> dict[str, str]:
    try:
        text = unseal(row.subscription, owner=_owner(row.account_id), purpose=_PURPOSE, place=bytes(row.index).hex())
    except CannotOpen:
        return {}
    content: dict[str, str] = json.loads(text)
    return content


def _owner(account_id: int) -> str:
    return f"person:{account_id}"


def _of_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
