"""Writes to people: short, plain, and never a word that says what kind of place this is.

A letter is written in the person's language; where that is not known, in every language one below the other.
"""

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

_BETWEEN = "\n\n" + "-" * 40 + "\n\n"

log = logging.getLogger(__name__)
_is_silent = ContextVar("silent", default=False)
post_office: Executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def letter(
    *, to: str, template: str, languages: list[str], context: Mapping[str, str], folder: str = "accounts/email"
) -> EmailMessage:
    """The e-mail made of <folder>/<template>_subject.txt and _message.txt, once for each language."""
    subjects, texts = [], []
    for language in languages:
        with translation.override(language):
            subjects.append(_render(f"{folder}/{template}_subject", context))
            texts.append(_render(f"{folder}/{template}_message", context))
    return EmailMessage(subject=" / ".join(dict.fromkeys(subjects)), body=_BETWEEN.join(texts), to=[to])


def languages_for(language: str) -> list[str]:
    """The person's language first, then the others, for who reads it with them."""
    every = [code for code, _ in settings.LANGUAGES]
    return sorted(every, key=lambda code: code != language)


def site() -> str:
    """Where people reach the house, for letters that no page asked for."""
    return settings.CSRF_TRUSTED_ORIGINS[0].rstrip("/") if settings.CSRF_TRUSTED_ORIGINS else "http://127.0.0.1:8000"


def send_later(message: EmailMessage) -> None:
    """Sends from another thread, so that the time a page takes does not tell whether there was anything to send."""
    if not _is_silent.get():
        post_office.submit(_send_quietly, message)


@contextmanager
def silence() -> Iterator[None]:
    """Nothing is sent by this thread: the demo makes people's past, and nobody is told of it."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


def _send_quietly(message: EmailMessage) -> None:
    try:
        message.send()
    except OSError as error:  # smtplib's errors are among these
        log.error("An e-mail could not be sent: %s.", type(error).__name__)  # the message would name the address


def _render(name: str, context: Mapping[str, str]) -> str:
    return render_to_string(f"{name}.txt", dict(context)).strip()
