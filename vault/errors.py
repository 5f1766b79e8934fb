"""What the vault refuses, in one small family. No message holds a word of a text or a byte of a key."""

from django.core.management.base import CommandError


class CannotOpen(Exception):
    """The sealed text was altered, belongs elsewhere, or its key is destroyed or unknown."""


class CannotSeal(Exception):
    """The key for this owner and epoch was destroyed: nothing new is written under it."""


class CannotStart(CommandError):
    """The keys are not there or not right: one sentence that says what to do. A command prints just that."""


class CannotDestroy(Exception):
    """There is no such key, or the house cannot stand without it."""


class CannotRotate(Exception):
    """There is no such key, or other data depends on it staying the same."""
