"""One message to one push service: sealed for the browser (RFC 8291), signed with the house's own key (RFC 8292), sent.

The address comes from a browser, and we call it: only services named in settings.PUSH_HOSTS are called, and no redirect is
followed. Knows addresses and keys, no person. Called by `push`.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from http.client import HTTPException
from time import time
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from moderation.models import PushIdentity
from vault.sealing import seal, unseal

WORD: Final = b"new"  # all that is ever sent
_TTL = 15 * 60  # seconds that a service keeps it for a browser that is offline
_SIGNED_FOR = 12 * 60 * 60  # seconds; RFC 8292 allows 24 hours
_PATIENCE = 10  # seconds
_LONGEST = 1000  # characters of an address
_POINT, _SECRET = 65, 16  # bytes of a browser's key and of its secret (RFC 8291, section 3.2)
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class Gone(Exception):
    """The browser has ended this subscription."""


class NotReached(Exception):
    """The service did not take it. Says why by its status alone."""


@dataclass(frozen=True, slots=True)
class Address:
    """What a browser hands out (PushSubscription.toJSON): where it is reached, its key and its secret, base64url."""

    endpoint: str
    p256dh: str
    auth: str


def check(address: Address) -> None:
    """Raises ValueError for an address that is not called, or keys that are none."""
    if not is_allowed(address.endpoint):
        raise ValueError("not a push service that this house calls")
    if len(_bytes(address.auth)) != _SECRET:
        raise ValueError("not a secret of RFC 8291")
    _point(address.p256dh)


def is_allowed(endpoint: str) -> bool:
    """https on its own port to a host of settings.PUSH_HOSTS, where "*." stands for what is below it.

    An entry that is a whole origin, as http://127.0.0.1:8080, allows just that: for tests and houses with a service of their own.
    """
    if len(endpoint) > _LONGEST or not endpoint.isascii() or any(each.isspace() for each in endpoint):
        return False
    try:
        address = urlsplit(endpoint)
        port = address.port
    except ValueError:
        return False
    if address.username is not None or address.password is not None or not address.hostname:
        return False
    if f"{address.scheme}://{address.netloc}" in settings.PUSH_HOSTS:
        return True
    return address.scheme == "https" and port in (None, 443) and _is_named(address.hostname)


def send(address: Address) -> None:
    """Raises Gone or NotReached. Waits for the network: never on a page's thread, never in a transaction."""
    if not is_allowed(address.endpoint):  # the list may have grown shorter since it was stored
        raise Gone
    request = Request(address.endpoint, data=sealed(WORD, address), headers=_headers(address.endpoint), method="POST")  # noqa: S310  (checked above)
    try:
        with _opener.open(request, timeout=_PATIENCE):
            return
    except HTTPError as error:
        error.close()
        if error.code in _GONE:
            raise Gone from None
        raise NotReached(str(error.code)) from None
    except (OSError, HTTPException) as error:  # their words name the address
        raise NotReached(type(error).__name__) from None


def sealed(
    word: bytes, address: Address, *, key: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """The body of a push message. `key` and `salt` are fresh for each one; only the RFC's example gives its own."""
    body: bytes = http_ece.encrypt(
        word,
        salt=salt,
        private_key=key or ec.generate_private_key(ec.SECP256R1()),
        dh=_bytes(address.p256dh),
        auth_secret=_bytes(address.auth),
        version="aes128gcm",
    )
    return body


def public_key() -> str:
    """What browsers subscribe with: the house's public key, an uncompressed point in base64url."""
    point = _identity().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _text(point)


def _headers(endpoint: str) -> dict[str, str]:
    address = urlsplit(endpoint)
    claims = {
        "aud": f"{address.scheme}://{address.netloc}",
        "exp": int(time()) + _SIGNED_FOR,
        "sub": settings.PUSH_CONTACT,
    }
    signed: dict[str, str] = _identity().sign(claims)
    return {
        **signed,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_TTL),
        "Urgency": "high",
        "Topic": "queue",  # one that was not delivered yet is replaced, not added to
    }


def _identity() -> Any:
    """The house's key pair: from PEERCHAT_PUSH_KEY, else made at first use and sealed."""
    if settings.PUSH_KEY:
        return _pair(settings.PUSH_KEY)
    stored = PushIdentity.objects.filter(pk=_ONLY).first() or _made()
    return _pair(unseal(stored.private, owner="system", purpose=_PURPOSE, place=stored.public))


def _made() -> PushIdentity:
    """Two processes may come here at once: the first wins."""
    pair = Vapid02()
    pair.generate_keys()
    public = _text(pair.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    private = _text(pair.private_key.private_numbers().private_value.to_bytes(32))
    sealed_private = seal(private, owner="system", purpose=_PURPOSE, place=public)
    stored, _ = PushIdentity.objects.get_or_create(pk=_ONLY, defaults={"public": public, "private": sealed_private})
    return stored


@lru_cache(maxsize=2)
def _pair(private: str) -> Any:
    return Vapid02.from_string(private)


def _is_named(host: str) -> bool:
    return any(
        host.endswith(name[1:]) and host != name[2:] if name.startswith("*.") else host == name
        for name in settings.PUSH_HOSTS
    )


def _point(text: str) -> None:
    point = _bytes(text)
    if len(point) != _POINT:
        raise ValueError("not an uncompressed point")
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def _bytes(text: str) -> bytes:
    """Of base64url, with its padding or without. Raises ValueError."""
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def _text(of: bytes) -> str:
    return urlsafe_b64encode(of).rstrip(b"=").decode()


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """A service that was allowed must not send us on to one that is not: the answer becomes an error."""


_PURPOSE: Final = "push.identity"
_ONLY: Final = 1
_opener = build_opener(_NoRedirects)
