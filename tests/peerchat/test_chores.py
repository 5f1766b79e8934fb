"""What the clock does: every chore in settings can be called, and one that fails ends no other."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from peerchat import chores


def test_each_chore_is_there() -> None:
    assert settings.CHORES
    for name in settings.CHORES:
        assert callable(import_string(name))


def test_the_clock_has_each_chore_once() -> None:
    scheduler = chores.in_background()
    try:
        jobs = {job.id: job for job in scheduler.get_jobs()}
        assert {name: job.trigger.interval.total_seconds() for name, job in jobs.items()} == settings.CHORES
        assert all(job.misfire_grace_time is None for job in jobs.values())  # late is better than not at all
    finally:
        scheduler.shutdown(wait=False)


def test_a_crisis_does_not_wait_for_the_clock_longer_than_it_may() -> None:
    for name in ("moderation.clocks.tick", "moderation.sending.send_due"):
        assert settings.CHORES[name] <= 20


@pytest.mark.django_db(databases=["default", "keys"])
@pytest.mark.parametrize("name", sorted(settings.CHORES))
def test_a_chore_runs_on_an_empty_store(name: str) -> None:
    import_string(name)()


@pytest.mark.django_db(databases=["default", "keys"])
def test_a_failing_chore_says_so_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    run: Callable[[], None] = chores._guarded("tests.peerchat.test_chores.failing")
    run()
    assert "RuntimeError" in caplog.text
    assert "a secret sentence" not in caplog.text


def failing() -> None:
    raise RuntimeError("a secret sentence")
