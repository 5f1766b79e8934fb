"""A second screen: a classifier or an outside service that reads what the rules have read, named in settings.SECOND_SCREENS.

It is slow and it may fail, so it runs after the message is stored, off the live path, and can only add findings: no message
waits for it and none is lost by it. docs/screening.md shows one.
"""

import logging
from collections.abc import Iterable
from typing import Protocol

from moderation.screening.findings import Finding, Screening, gravity

_log = logging.getLogger(__name__)


class SecondScreen(Protocol):
    """A callable under an import path. Its rule ids should say whose they are: "classifier.harassment"."""

    def __call__(self, text: str, /) -> Iterable[Finding]: ...


def screen_with(screens: Iterable[SecondScreen], text: str, *, first: Screening) -> Screening:
    """`first` and what the screens find besides. A screen that fails adds nothing; its name and the kind of failure are logged, never text."""
    findings = {finding.rule: finding for finding in first.findings}
    for each in screens:
        for finding in _asked(each, text):
            findings.setdefault(finding.rule, finding)
    return Screening(tuple(sorted(findings.values(), key=gravity)))


def _asked(each: SecondScreen, text: str) -> list[Finding]:
    try:
        return list(each(text))
    except Exception as error:  # whatever it is, the message is stored and the rules have spoken
        _log.error("second screen %s failed: %s", _name(each), type(error).__name__)
        return []


def _name(each: SecondScreen) -> str:
    return str(getattr(each, "__qualname__", type(each).__qualname__))
