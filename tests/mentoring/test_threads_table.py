"""One table over every address of threads: whoever is not one of the two gets what a wrong address gets.

The addresses are collected from the resolver: a new one fails here until the table says who may see it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import appointments, closing, goals, milestones
from mentoring.models import Appointment, Thread
from mentoring.urls import threads as urls
from tests.harness.client import BareClient
from tests.harness.server import Stores
from tests.live.house import House, embedded
from tests.mentoring.cast import certified
from tests.mentoring.pairs import pair
from tests.moderation.test_access_table import ask, collected
from tests.people import both_stores, clinician, coordinator, make, moderator
from tests.strangers import METHODS, NONSENSE, strict, token_of
from vault.models import TrailEntry

__all__ = ["clinician", "coordinator", "moderator"]

# "former" was the client's mentor before.
VIEWERS = (
    "signed out",
    "client",
    "mentor",
    "another client",
    "another mentor",
    "former",
    "moderator",
    "clinician",
    "coordinator",
)
STRANGERS = {"another client", "another mentor", "former"}
THE_TWO, CLIENT = {"client", "mentor"}, {"client"}
WHO = {
    "thread": THE_TWO,
    "goal_write": THE_TWO,
    "goal_turn": THE_TWO,
    "milestone_mark": THE_TWO,
    "milestone_back": THE_TWO,
    "share": THE_TWO,
    "share_with_cover": THE_TWO,
    "appointment_propose": THE_TWO,
    "appointment_file": THE_TWO,
    "appointment_turn": THE_TWO,
    "another": CLIENT,
    "step_back": {"mentor"},
    "thread_close": THE_TWO,
    "thread_summary": THE_TWO,
    "summary_file": CLIENT,
    "threads": {"coordinator"},
    "thread_end": {"coordinator"},
}
ENDED = {"thread_summary", "summary_file"}  # there once a thread is closed
PARAMETERS = dict(collected(urls.urlpatterns))


@dataclass
class World:
    """Something real behind every address, and a browser for every viewer."""

    browsers: dict[str, Client]
    ids: dict[str, Any]
    ended: str

    def path(self, name: str) -> str:
        ids = self.ids | ({"thread_id": self.ended} if name in ENDED else {})
        ids["turn"] = "call_off" if name == "appointment_turn" else "reach"
        return reverse(f"mentoring:{name}", kwargs={each: ids[each] for each in PARAMETERS[name]})

    def unknown(self, name: str) -> str:
        nothing = {each: 10**9 if each in ("goal_id", "milestone_id") else "nothing" for each in PARAMETERS[name]}
        return reverse(f"mentoring:{name}", kwargs=nothing)


@pytest.fixture
def world(moderator: Account, clinician: Account, coordinator: Account) -> World:
    client, mentor, former = make(Role.CLIENT), certified(called="Juniper"), certified(called="Sorrel")
    before = pair(client=client, mentor=former)
    closing.close(thread=before.thread, by=client)
    ended = pair(client=client, mentor=mentor)
    closing.close(thread=ended.thread, by=mentor.account, summary="We worked on sleep.")
    two, others = pair(client=client, mentor=mentor), pair(mentor=certified(called="Yarrow"))
    goal = goals.write(thread=two.thread, by=client, text="One walk a week")
    milestone = milestones.mark(thread=two.thread, by=client, text="Thirty days", on=timezone.localdate())
    made = appointments.propose(
        thread=two.thread,
        by=client,
        starts=timezone.now() + timedelta(days=1),
        minutes=30,
        way=Appointment.Way.TEXT,
    )
    appointments.agree(thread=two.thread, appointment_id=made.pk, by=mentor.account)
    people = {
        "client": client,
        "mentor": mentor.account,
        "another client": others.client,
        "another mentor": others.mentor.account,
        "former": former.account,
        "moderator": moderator,
        "clinician": clinician,
        "coordinator": coordinator,
    }
    return World(
        browsers={"signed out": strict(None), **{name: strict(person) for name, person in people.items()}},
        ids={
            "thread_id": two.thread.pk,
            "goal_id": goal.pk,
            "milestone_id": milestone.pk,
            "appointment_id": made.pk,
        },
        ended=ended.thread.pk,
    )


def test_the_table_knows_every_address() -> None:
    assert set(PARAMETERS) == set(WHO)


@both_stores
@pytest.mark.parametrize("viewer", VIEWERS)
def test_who_may_not_see_it_finds_what_a_wrong_address_finds(world: World, viewer: str) -> None:
    browser = world.browsers[viewer]
    token = token_of(browser)
    before = TrailEntry.objects.count()
    for name, allowed in WHO.items():
        if viewer in allowed:
            continue
        for method in METHODS:
            there, not_there, wrong = (
                ask(browser, method, path, token) for path in (world.path(name), world.unknown(name), NONSENSE)
            )
            assert there == not_there, (viewer, method, name)
            if viewer in STRANGERS and there.status in (403, 405):
                continue  # clients and mentors know of such pages, from threads of their own
            assert there == wrong, (viewer, method, name)
            assert there.status == 404
    assert TrailEntry.objects.count() == before


@both_stores
@pytest.mark.parametrize("viewer", ["client", "mentor", "coordinator"])
def test_who_may_see_it_finds_it_and_nothing_under_unknown_ids(world: World, viewer: str) -> None:
    browser = world.browsers[viewer]
    token = token_of(browser)
    for name in (each for each, allowed in WHO.items() if viewer in allowed):
        if PARAMETERS[name]:
            for method in ("GET", "POST"):
                assert ask(browser, method, world.unknown(name), token).status in (404, 405), (viewer, name)
        assert ask(browser, "GET", world.path(name)).status != 404, (viewer, name)


@both_stores
def test_what_belongs_to_another_thread_is_not_found_through_ones_own(world: World) -> None:
    others = pair(mentor=certified(called="Tansy"))
    browser = strict(others.client)
    token = token_of(browser)
    for name in ("goal_turn", "milestone_back", "appointment_turn"):
        path = world.path(name).replace(world.ids["thread_id"], others.thread.pk)
        assert ask(browser, "POST", path, token).status == 404, name
    path = world.path("appointment_file").replace(world.ids["thread_id"], others.thread.pk)
    assert ask(browser, "GET", path).status == 404


@both_stores
def test_a_change_without_a_token_changes_nothing(world: World) -> None:
    for name in ("goal_write", "another", "thread_close", "share"):
        assert ask(world.browsers["client"], "POST", world.path(name)).status == 403, name
    assert ask(world.browsers["mentor"], "POST", world.path("step_back")).status == 403


@both_stores
def test_the_room_of_a_thread_is_a_wrong_address_to_everybody_else(world: World) -> None:
    room = Thread.objects.get(pk=world.ids["thread_id"]).room
    for viewer in set(VIEWERS) - {"client", "mentor", "signed out"}:
        browser = world.browsers[viewer]
        token = token_of(browser)
        for path in (f"/rooms/{room.pk}/", f"/rooms/{room.pk}/join/", f"/moderation/rooms/{room.pk}/flag/"):
            for method in ("GET", "POST"):
                assert ask(browser, method, path, token).status == 404, (viewer, path)
        assert room.pk not in browser.get("/").content.decode()


@pytest.fixture(scope="module")
def house(stores: Stores) -> Iterator[House]:
    with embedded(stores) as house:
        yield house


@pytest.mark.servers
async def test_nobody_else_enters_reads_or_flags_over_the_socket(house: House) -> None:
    client, mentor = house.stranger(), house.stranger(role="mentor")
    made = house.office("make_thread", client=client, mentor=mentor)
    message = house.office("post", cookie=client, room=made["room"], body="Good evening.")["id"]
    for role in ("client", "mentor", "moderator", "clinician", "coordinator"):
        async with BareClient.open(house.url(), house.stranger(role=role)) as socket:
            for about in (
                {"type": "enter"},
                {"type": "watch"},
                {"type": "post", "key": f"not-mine-{role}", "body": "Hello."},
                {"type": "flag", "id": message, "category": "harassment", "words": "It hurt."},
                {"type": "history", "before": 99, "limit": 10},
            ):
                there, nowhere = [await socket.ask({**about, "room": room}) for room in (made["room"], "nothing")]
                for each in (there, nowhere):
                    each.pop("ref", None)
                    each.pop("room", None)
                assert there == nowhere, (role, about["type"])
    assert house.office("cases") == []
    async with BareClient.open(house.url(), mentor) as socket:
        entered = await socket.ask({"type": "enter", "room": made["room"]})
        assert {each["pseudonym"] for each in entered["members"]} == {"Gray Wren", "Juniper"}
        assert "Given" not in str(entered)
        assert "live.example" not in str(entered)
