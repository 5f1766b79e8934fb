"""A second screen: it reads what was stored, adds to the case, and nobody waits for it or loses by it."""

import threading
from collections.abc import Iterable

import pytest
from pytest_django import Settings

from moderation import second
from moderation.models import Case
from moderation.screening import Category, Does, Finding, Severity
from rooms import posting
from rooms.access import Seat
from rooms.changes import Posted
from tests.people import both_stores

pytestmark = both_stores
READ: list[str] = []
TOLD: list[str] = []


def reads(text: str) -> Iterable[Finding]:
    READ.append(text)
    if "quiet" in text:
        yield Finding("outside.quiet", Category.SUICIDE, 4, Severity.CRISIS, frozenset({Does.FLAG}), None)


def fails(text: str) -> Iterable[Finding]:
    raise TimeoutError("an outside service")


@pytest.fixture(autouse=True)
def _screens(settings: Settings) -> None:
    READ.clear()
    TOLD.clear()
    settings.SECOND_SCREENS = ["tests.moderation.test_second.fails", "tests.moderation.test_second.reads"]


def posted(seat: Seat, body: str) -> str:
    outcome = posting.post(seat, body=body)
    assert isinstance(outcome, Posted)
    return outcome.id


def test_what_it_finds_opens_or_joins_the_case_of_its_message_whatever_another_screen_does(heron: Seat) -> None:
    second.read_now(posted(heron, "quiet words"))
    case = Case.objects.get()
    assert (case.severity, case.level, case.flags.get().source, case.flags.get().rules) == (
        "crisis",
        4,
        "second",
        ["outside.quiet"],
    )


def test_what_it_finds_harmless_or_gone_leaves_no_trace(heron: Seat) -> None:
    second.read_now(posted(heron, "calm words"))
    gone = posted(heron, "quiet words")
    posting.redact(heron, id=gone)
    second.read_now(gone)
    assert READ == ["calm words"]
    assert not Case.objects.exists()


def test_messages_are_named_after_they_were_stored_and_changes_too(heron: Seat, settings: Settings) -> None:
    settings.MESSAGES_STORED = "tests.moderation.test_second.told"
    id = posted(heron, "first")
    posting.edit(heron, id=id, body="second")
    posting.react(heron, id=id, kind="heart")
    assert [id, id] == TOLD


def told(ids: list[str]) -> None:
    TOLD.extend(ids)


def test_whoever_posts_does_not_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on, was_read = threading.Event(), threading.Event()

    def slow(id: str) -> None:
        may_go_on.wait(10)
        was_read.set()

    monkeypatch.setattr(second, "read_now", slow)
    second.read(["0" * 32])
    assert not was_read.is_set()
    may_go_on.set()
    assert was_read.wait(10)
