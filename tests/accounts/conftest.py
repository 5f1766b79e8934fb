"""What every test of this app starts from: the cast, no rooms behind invitations, an empty cache and an open post office."""

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from accounts import mail
from tests.people import (
    a_client,
    another_client,
    clinician,
    coordinator,
    mentor,
    moderator,
    outsider,
)

__all__ = ["a_client", "another_client", "clinician", "coordinator", "mentor", "moderator", "outsider"]

admitted: list[tuple[int, list[str]]] = []


def places() -> list[tuple[str, str]]:
    return [("willow", "Willow group"), ("heron", "Heron group")]


def admit(account: Any, ids: list[str]) -> None:
    admitted.append((account.pk, ids))


class AtOnce(Executor):
    """Runs what is submitted before it returns, so that a test sees the letter."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@pytest.fixture(autouse=True)
def _house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.INVITATION_PLACES = "tests.accounts.conftest.places"
    settings.INVITATION_ACCEPTED = "tests.accounts.conftest.admit"
    settings.STAFF_NEED_SECOND_FACTOR = False
    monkeypatch.setattr(mail, "post_office", AtOnce())
    admitted.clear()
    cache.clear()
    yield
    cache.clear()
