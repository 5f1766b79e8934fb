"""A second screen can add findings and can do no harm."""

import logging
from collections.abc import Iterable

import pytest

from moderation.screening import Category, Does, Finding, Severity, screen, screen_with
from moderation.screening.findings import Screening

FOUND = Finding("classifier.spam", Category.SPAM, 0, Severity.ROUTINE, frozenset([Does.FLAG]), None)
CRISIS = Finding("classifier.suicide", Category.SUICIDE, 4, Severity.CRISIS, frozenset([Does.FLAG, Does.CARD]), None)


def classifier(text: str, /) -> Iterable[Finding]:
    return [FOUND] if text else []


def worried(text: str, /) -> Iterable[Finding]:
    return [CRISIS]


def broken(text: str, /) -> Iterable[Finding]:
    raise RuntimeError(text)


def test_its_findings_join_those_of_the_rules_gravest_first() -> None:
    first = screen("I want to die")
    assert screen_with([classifier, worried], "I want to die", first=first).codes == (
        "classifier.suicide", *first.codes, "classifier.spam",
    )  # fmt: skip


def test_one_that_fails_takes_nothing_away_and_its_text_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert screen_with([broken, classifier], "secret words", first=Screening()).findings == (FOUND,)
    assert "secret words" not in caplog.text
    assert "broken failed: RuntimeError" in caplog.text


def test_the_rules_have_the_first_word_on_their_own_ids() -> None:
    first = screen("I want to die")
    mild = Finding(first.codes[0], Category.SPAM, 0, Severity.ROUTINE, frozenset(), None)
    assert screen_with([lambda text, /: [mild]], "I want to die", first=first) == first
