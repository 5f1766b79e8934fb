"""What every test of this app starts from: the cast, a second moderator, one room, three seats in it."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from accounts.models import Account, Role
from moderation import intake, sending
from rooms import rates
from rooms.access import Seat
from rooms.models import Room
from tests.moderation.at_once import AtOnce
from tests.people import (
    a_client,
    another_client,
    clinician,
    coordinator,
    make,
    mentor,
    moderator,
    open_room,
    outsider,
    seated,
)

__all__ = ["a_client", "another_client", "clinician", "coordinator", "mentor", "moderator", "outsider"]


@pytest.fixture(autouse=True)
def _house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.STAFF_NEED_SECOND_FACTOR = False
    monkeypatch.setattr(sending, "messengers", AtOnce())
    for buckets in (rates.posts, rates.frames, intake._flags):
        buckets._levels.clear()
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def another_moderator() -> Account:
    return make(Role.MODERATOR, name="Bertrand Okafor", email="bertrand@people.example")


@pytest.fixture
def room() -> Room:
    return open_room()


@pytest.fixture
def heron(room: Room, a_client: Account) -> Seat:
    return seated(a_client, room, "Quiet Heron")


@pytest.fixture
def river(room: Room, another_client: Account) -> Seat:
    return seated(another_client, room, "Steady River")


@pytest.fixture
def juniper(room: Room, mentor: Account) -> Seat:
    return seated(mentor, room, "Juniper")
