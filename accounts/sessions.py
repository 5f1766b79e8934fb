"""Who is signed in: Django's session engine over our own sealed table, and what the live sockets ask of it.

Everything outside names a session by its key (the cookie's value); the table knows only the key's SHA-256.
A session ends after SESSION_IDLE_SECONDS without a sign of life, and SESSION_COOKIE_AGE after it began.
"""

import json
import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts import closings
from accounts.closings import handle
from accounts.models import Account, Role, Session
from vault.sealing import CannotOpen, Sealed, seal, unseal

_BACKEND = "accounts.backends.ByEmail"
_KEY_LENGTH = 40  # of 36 letters: 206 bits
_TOUCH_AFTER = timedelta(seconds=60)  # a sign of life younger than this needs no write

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Signed:
    """A person who may be let in through this session."""

    account_id: int
    session_key: str
    language: str
    role: Role


def start_session(account: Account, *, device: str = "") -> str:
    """Signs the person in unasked and returns the cookie's value. For the demo, casts and tests."""
    store = SessionStore()
    store.device = device
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = _BACKEND
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.save()
    assert store.session_key is not None
    return store.session_key


def who(session_key: str) -> Signed | None:
    """Who is behind it, or None: unknown, ended, idle, locked, suspended, or owing a second factor."""
    found = (
        Session.objects.admitted()
        .filter(handle=handle(session_key))
        .values_list("account_id", "account__language", "account__role")
        .first()
    )
    if found is None or found[0] is None:
        return None
    return Signed(account_id=found[0], session_key=session_key, language=found[1], role=Role(found[2]))


def touch(session_keys: Iterable[str]) -> None:
    """A sign of life from each of these sessions. One that has already idled out stays out."""
    handles = [handle(key) for key in session_keys]
    now = timezone.now()
    Session.objects.alive().filter(handle__in=handles, last_seen__lt=now - _TOUCH_AFTER).update(last_seen=now)


def gone(session_keys: Collection[str]) -> set[str]:
    """Which of these sessions `who` would no longer answer for."""
    by_handle = {handle(key): key for key in session_keys}
    there = Session.objects.admitted().filter(handle__in=by_handle).values_list("handle", flat=True)
    return {by_handle[each] for each in by_handle.keys() - set(there)}


def end(*, account: int, handles: Collection[str] | None = None, but: str | None = None) -> int:
    """Ends a person's sessions, the ones given or all, but never that with key `but`. Says how many."""
    with transaction.atomic():
        ending = Session.objects.filter(account_id=account)
        if handles is not None:
            ending = ending.filter(handle__in=handles)
        if but is not None:
            ending = ending.exclude(handle=handle(but))
        ended = list(ending.values_list("handle", flat=True))
        closings.close_sessions(ended)
        Session.objects.filter(handle__in=ended).delete()
    return len(ended)


def lock(session_key: str) -> None:
    with transaction.atomic():
        Session.objects.filter(handle=handle(session_key)).update(locked=True)
        closings.close(session_key=session_key)


def unlock(session_key: str) -> None:
    Session.objects.filter(handle=handle(session_key)).update(locked=False)


def clear_expired() -> None:
    """Takes ended sessions out of the table; called by the clock (settings.CHORES)."""
    SessionStore.clear_expired()


class SessionStore(SessionBase):
    """Django's engine over `accounts.models.Session`."""

    locked = False
    device = ""  # "Firefox on Android"
    last_seen: datetime | None = None
    began: tuple[datetime, datetime] | None = None  # since when somebody is signed in, and until when at most

    def load(self) -> dict[str, Any]:
        row = Session.objects.alive().filter(handle=handle(self.session_key or "")).first()
        if row is None:
            self._session_key = None
            return {}
        try:
            data: dict[str, Any] = json.loads(_open(row.sealed_data, "session.data", row.handle))
            self.device = device_of(row)
        except CannotOpen:
            log.warning("A session could not be opened and was put aside.")
            self._session_key = None
            return {}
        self.locked, self.last_seen = row.locked, row.last_seen
        self.began = (row.created, row.expire_date) if row.account_id else None
        return data

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(handle=handle(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = get_random_string(_KEY_LENGTH, VALID_KEY_CHARS)
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        key = handle(self.session_key or "")
        content = {
            "account_id": data.get(SESSION_KEY),
            "sealed_data": _close(json.dumps(data), "session.data", key),
            "sealed_device": _close(self.device, "session.device", key) if self.device else None,
        }
        if must_create:
            self._insert(key, content)
        elif not Session.objects.filter(handle=key).update(**content):
            raise UpdateError

    def _insert(self, key: str, content: dict[str, Any]) -> None:
        now = timezone.now()
        created, expires = now, now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        if content["account_id"] and self.began:  # a new key within a stay does not lengthen the stay
            created, expires = self.began
        row = Session(handle=key, created=created, expire_date=expires, locked=self.locked, **content)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise CreateError from error

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is None:
            return
        with transaction.atomic():
            row = Session.objects.filter(handle=handle(key))
            if row.filter(account__isnull=False).exists():
                closings.close(session_key=key)
            row.delete()

    def flush(self) -> None:
        super().flush()
        self.locked, self.device, self.began = False, "", None

    def touch(self) -> None:
        """A page was asked for."""
        if self.session_key and self.last_seen and timezone.now() - self.last_seen > _TOUCH_AFTER:
            touch([self.session_key])

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.exclude(handle__in=Session.objects.alive().values("handle")).delete()


def device_of(row: Session) -> str:
    return _open(row.sealed_device, "session.device", row.handle) if row.sealed_device else ""


def _close(text: str, purpose: str, key: str) -> Sealed:
    return seal(text, owner="system", purpose=purpose, place=f"session:{key}")


def _open(sealed: Sealed, purpose: str, key: str) -> str:
    return unseal(sealed, owner="system", purpose=purpose, place=f"session:{key}")
