"""The door of the socket: who may open one, and the loop that hears it. What frames do is in conversation.

A plain ASGI application, not a Channels consumer: a consumer takes a thread hop before each event it dispatches
(docs/decisions.md).
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error
from django.http.request import validate_host
from django.utils.translation import get_supported_language_variant

from accounts import closings, sessions
from accounts.sessions import Signed
from rooms import hub
from rooms.conversation import Conversation
from rooms.frames import PROTOCOL
from rooms.outbox import Send
from rooms.threads import reading

_log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]


async def socket(scope: Scope, receive: Receive, send: Send) -> None:
    """One WebSocket, from its handshake to its end."""
    await receive()  # websocket.connect
    headers = dict(scope["headers"])
    if PROTOCOL not in scope["subprotocols"] or not _is_ours(headers):
        await send({"type": "websocket.close", "code": 4400})  # before it is accepted: the handshake ends in HTTP 403
        return
    await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
    try:
        signed, newest = await _admitted(_cookie(headers, settings.SESSION_COOKIE_NAME))
    except Error:
        await send({"type": "websocket.close", "code": 1013})
        return
    if signed is None:
        await send({"type": "websocket.close", "code": 4401})
        return
    conversation = Conversation(signed, _language(signed, headers), hub.here(), send, newest)
    if not hub.here().welcome(conversation, settings.SOCKETS_A_PERSON):
        await send({"type": "websocket.close", "code": 4409})
        return
    del headers
    try:
        await _listen(conversation, receive)
    finally:
        conversation.stop_search()
        conversation.outbox.drop()
        hub.here().farewell(conversation)


async def _admitted(session_key: str) -> tuple[Signed | None, int]:
    """Who it is, and the newest closing this takes account of.

    Asked again where the pulse carried out a newer one meanwhile, which could not find this socket yet.
    """
    while True:
        newest, signed = await reading(_at_the_door, session_key)
        if hub.here().closed_up_to(newest):
            return signed, newest


def _at_the_door(session_key: str) -> tuple[int, Signed | None]:
    """The closings first: what is closed in between is closed once more rather than never."""
    return closings.newest(), sessions.who(session_key)


async def _listen(conversation: Conversation, receive: Receive) -> None:
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        try:
            await conversation.hear(event.get("text"))
        except Exception as error:
            _log.error(
                "A frame failed (%s).\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
            )


def _is_ours(headers: dict[bytes, bytes]) -> bool:
    """OWASP WebSocket sheet: a browser's `Origin` is the site's own. A program that sends none holds the cookie by itself."""
    host = headers.get(b"host", b"").decode("latin-1")
    if not validate_host(urlsplit(f"//{host}").hostname or "", settings.ALLOWED_HOSTS):
        return False
    if b"origin" not in headers:
        return True
    origin = headers[b"origin"].decode("latin-1")
    return origin in settings.CSRF_TRUSTED_ORIGINS or urlsplit(origin).netloc.lower() == host.lower()


def _cookie(headers: dict[bytes, bytes], name: str) -> str:
    try:
        found = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _language(signed: Signed, headers: dict[bytes, bytes]) -> str:
    wishes: Iterable[str] = (
        _cookie(headers, settings.LANGUAGE_COOKIE_NAME),
        signed.language,
        headers.get(b"accept-language", b"").decode("latin-1")[:2],
    )
    for wish in wishes:
        try:
            return get_supported_language_variant(wish)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
