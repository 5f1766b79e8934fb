"""One table over every address of asking, matching and the profile: whoever may not see it gets what a wrong address gets."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account, Role
from mentoring import apart
from mentoring.models import Apart, Offer, Request, Thread
from mentoring.urls import matching
from tests.mentoring.asked import asking, offered, offering
from tests.people import a_client, both_stores, coordinator, make
from tests.strangers import NONSENSE, ask, strict, token_of
from vault.models import TrailEntry

__all__ = ["a_client", "coordinator"]
pytestmark = both_stores

VIEWERS = ("signed out", "owner", "client", "mentor", "offered mentor", "moderator", "clinician", "coordinator")
CLIENTS, MENTORS, COORDINATOR = {"owner", "client"}, {"mentor", "offered mentor"}, {"coordinator"}
TABLE = {
    "ask": CLIENTS,
    "ask_take_back": {"owner"},
    "offer": {"owner"},
    "offer_decline": {"owner"},
    "profile": MENTORS,
    "matching": COORDINATOR,
    "waits": COORDINATOR,
    "request": COORDINATOR,
    "confirm": COORDINATOR,
    "offer_withdraw": COORDINATOR,
    "apart": COORDINATOR,
    "apart_lift": COORDINATOR,
}


@pytest.fixture
def world(a_client: Account, coordinator: Account) -> dict[str, Client]:
    """The owner has an offer that is out; somebody else waits."""
    mentor = offering()
    offered(asking(a_client), mentor, coordinator)
    other = offering()
    apart.keep_apart(client=a_client, mentor=other, why=Apart.Why.CONFLICT, by=coordinator)
    people = {
        "owner": a_client,
        "client": make(Role.CLIENT),
        "mentor": other.account,
        "offered mentor": mentor.account,
        "moderator": make(Role.MODERATOR),
        "clinician": make(Role.CLINICIAN),
        "coordinator": coordinator,
    }
    return {"signed out": strict(None), **{name: strict(person) for name, person in people.items()}}


def path(name: str) -> str:
    offer = Offer.objects.get()
    ids = {"offer_id": offer.pk, "request_id": offer.request_id, "pk": Apart.objects.get().pk}
    [pattern] = [each for each in matching.urlpatterns if getattr(each, "name", "") == name]
    return reverse(f"mentoring:{name}", kwargs={each: ids[each] for each in pattern.pattern.converters})


def test_every_address_is_in_the_table() -> None:
    assert {getattr(each, "name", None) for each in matching.urlpatterns} == set(TABLE)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_to_whoever_may_not_see_it_nothing_is_there_and_nothing_happens(world: dict[str, Client], viewer: str) -> None:
    browser = world[viewer]
    token = token_of(browser)
    before = TrailEntry.objects.count()
    addresses = {name: path(name) for name, allowed in TABLE.items() if viewer not in allowed}
    for name, address in addresses.items():
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            wrong = ask(browser, method, NONSENSE, token)
            found = ask(browser, method, address, token)
            if name in ("ask_take_back", "offer", "offer_decline") and viewer == "client":
                assert found.status in (403, 404, 405), (
                    name,
                    method,
                )  # clients know these pages, and have nothing there
            else:
                assert found == wrong, (name, method)
                assert found.status == 404, (name, method)
    assert TrailEntry.objects.count() == before
    assert Request.objects.get().state == Request.State.OFFERED
    assert not Thread.objects.exists()


@pytest.mark.parametrize("viewer", VIEWERS)
def test_whoever_may_see_it_finds_something(world: dict[str, Client], viewer: str) -> None:
    for name, allowed in TABLE.items():
        if viewer in allowed:
            assert ask(world[viewer], "GET", path(name)).status in (200, 302, 405), name


@pytest.mark.parametrize("viewer", ["owner", "coordinator"])
def test_what_is_not_there_is_a_wrong_address_to_those_who_may_look_too(world: dict[str, Client], viewer: str) -> None:
    browser = world[viewer]
    token = token_of(browser)
    for name in ("offer", "offer_decline", "request", "confirm", "offer_withdraw", "apart", "apart_lift"):
        if viewer in TABLE[name]:
            offer, apart_line = Offer.objects.get(), Apart.objects.get()
            address = path(name).replace(offer.pk, "nothing").replace(offer.request_id, "nothing")
            address = address.replace(f"/{apart_line.pk}/lift", "/999999/lift")
            assert {ask(browser, method, address, token).status for method in ("GET", "POST")} <= {404, 405}, name
            assert 404 in {ask(browser, method, address, token).status for method in ("GET", "POST")}, name
