"""Reads settings from the environment and fails with a sentence, not a traceback deep in a library.

Called by settings.py only. Every variable of ours starts with PEERCHAT_.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(f"PEERCHAT_{name}", default)


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in _YES | _NO:
        return value in _YES
    raise ImproperlyConfigured(f"PEERCHAT_{name} must be 1 or 0, and is {value!r}.")


def number(name: str, *, default: int) -> int:
    value = text(name)
    if not value:
        return default
    if value.isascii() and value.isdigit():
        return int(value)
    raise ImproperlyConfigured(f"PEERCHAT_{name} must be a whole number, and is {value!r}.")


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    return Path(text(name) or default).resolve()


def secret(name: str) -> str:
    """The value of PEERCHAT_<name>, or what the file named by PEERCHAT_<name>_FILE holds (Docker secrets)."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"PEERCHAT_{name}_FILE names {path}, which cannot be read: {error.strerror}."
        ) from error
