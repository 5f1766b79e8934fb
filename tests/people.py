"""The standing cast: one person of every kind, made when a test asks for them by name.

A conftest imports what its tests need; `open_room` and `seated` give them somewhere
to be. `signed_in` gives the browser of somebody who is signed in already.
"""

from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Account, Role
from accounts.sessions import start_session
from rooms import access, joining
from rooms.access import Seat
from rooms.models import Membership, Room

PASSWORD = "a lantern on the quiet water"
both_stores = pytest.mark.django_db(databases=["default", "keys"])

_numbers = count(1)


def make(role: Role, *, name: str = "", email: str = "", password: str = PASSWORD, language: str = "") -> Account:
    """Somebody with a name and an address that nobody else in the test run has."""
    number = next(_numbers)
    return Account.objects.create_account(
        email=email or f"{role.value}.{number}@people.example",
        name=name or f"{role.label} Number {number}",
        role=role,
        password=password,
        language=language,
    )


def signed_in(account: Account) -> Client:
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = start_session(account)
    return browser


@pytest.fixture
def a_client() -> Account:
    return make(Role.CLIENT, name="Ines Valdovinos", email="ines@people.example")


@pytest.fixture
def another_client() -> Account:
    return make(Role.CLIENT, name="Teodor Brandt", email="teodor@people.example")


@pytest.fixture
def mentor() -> Account:
    return make(Role.MENTOR, name="Marguerite Oyelaran", email="marguerite@people.example")


@pytest.fixture
def moderator() -> Account:
    return make(Role.MODERATOR, name="Hollis Achterberg", email="hollis@people.example")


@pytest.fixture
def clinician() -> Account:
    return make(Role.CLINICIAN, name="Dr. Priya Raghunathan", email="priya@people.example")


@pytest.fixture
def coordinator() -> Account:
    return make(Role.COORDINATOR, name="Solveig Lindqvist", email="solveig@people.example")


@pytest.fixture
def outsider() -> Account:
    """A client like the others, who belongs nowhere."""
    return make(Role.CLIENT, name="Casimir Dunmore", email="casimir@people.example")


def open_room(name: str = "Anxiety group", *, agreement: str = "What is said here stays here.", **fields: Any) -> Room:
    """A room with the first version of its agreement, as a coordinator opens it."""
    room = Room.objects.create(name=name, **{"condition": Room.Condition.ANXIETY, **fields})
    joining.publish_agreement(room, agreement, actor=make(Role.COORDINATOR))
    room.refresh_from_db()
    return room


def admitted(account: Account, room: Room) -> Membership:
    """Somebody who may enter and has not: no pseudonym, no agreement accepted."""
    return joining.admit(account, room, actor=make(Role.COORDINATOR))


def seated(account: Account, room: Room, pseudonym: str) -> Seat:
    """Somebody who belongs, chose a pseudonym and accepted the agreement."""
    member = admitted(account, room)
    member.refresh_from_db()
    joining.enter(member, pseudonym=pseudonym, version=member.room.agreement_version)
    return access.seat_of(access.standing(account.pk, room.pk))
