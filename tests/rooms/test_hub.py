"""One hub, conversations without a network, a store that is a dictionary: what each socket hears, in which order, how often."""

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from django.db import OperationalError
from pytest_django import Settings

from accounts.models import Role
from accounts.sessions import Signed
from rooms import hub as hub_module
from rooms.access import Seat
from rooms.changes import Announcement
from rooms.conversation import Conversation
from rooms.faces import Face
from rooms.hub import Hub
from rooms.live_room import LiveRoom, piece_of
from rooms.reading import OpenMessage, Page
from rooms.roster import Roster

ROOM = "room-1"


def face(number: int) -> Face:
    return Face(f"m_{number}", f"Member {number}", 0, None)


def message(number: int, seq: int | None = None) -> OpenMessage:
    return OpenMessage(
        f"id{seq or number}", seq or number, number, datetime(2026, 11, 23, tzinfo=UTC), face(1), f"body {number}"
    )


def announcement(after: int, seq: int) -> Announcement:
    return Announcement(ROOM, after, seq, [message(number) for number in range(after + 1, seq + 1)])


def roster(*members: int, version: int = 1, agreement: int = 1) -> Roster:
    return Roster(version, agreement, 100, {number: face(number) for number in members}, ())


class Person:
    """A conversation and all that its socket heard."""

    def __init__(self, hub: Hub, number: int, language: str = "en") -> None:
        self.heard: list[dict[str, Any]] = []
        signed = Signed(number, f"session-{number}", language, Role.CLIENT)
        self.conversation = Conversation(signed, language, hub, self._send)
        self.seat = Seat(number, ROOM, number, face(number))

    async def _send(self, event: dict[str, Any]) -> None:
        self.heard.append(json.loads(event["text"]) if "text" in event else event)

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.heard if frame["type"] == kind]

    @property
    def reached(self) -> list[tuple[int, int]]:
        return [(frame["after"], frame["seq"]) for frame in self.of_type("messages")]

    @property
    def read(self) -> list[int]:
        return [message["changed"] for frame in self.of_type("messages") for message in frame["messages"]]


class Store:
    """What `_since` would read: every change up to `number`, `page` of them at a time."""

    def __init__(self) -> None:
        self.number = 0
        self.page = 200
        self.asked: list[int] = []
        self.broken = False
        self.meanwhile: Callable[[], None] = lambda: None

    async def ask(self, function: object, room_id: str, after: int) -> tuple[int, Page]:
        self.asked.append(after)
        await asyncio.sleep(0)
        if self.broken:
            raise OperationalError
        last = min(self.number, after + self.page)
        page = Page([message(number) for number in range(after + 1, last + 1)], last < self.number)
        self.meanwhile()
        return last, page


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store()
    monkeypatch.setattr(hub_module, "in_store", store.ask)
    monkeypatch.setattr(hub_module, "_PATIENCE", 0.0)
    monkeypatch.setattr(hub_module, "_NEWS", 0.0)
    return store


@pytest.fixture
async def hub(store: Store) -> Hub:
    return Hub()


@pytest.fixture
async def live(hub: Hub) -> LiveRoom:
    return hub.open(ROOM, 0, roster(1, 2, 3))


def sit(hub: Hub, live: LiveRoom, number: int, language: str = "en") -> Person:
    person = Person(hub, number, language)
    hub.welcome(person.conversation, 10)
    hub.seat(live, person.conversation, person.seat)
    return person


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not done():  # noqa: ASYNC110  (what is waited for is the hub's own, and has no event)
            await asyncio.sleep(0)


async def a_while() -> None:
    """Long enough for every timer of no length and what it starts."""
    for _ in range(50):
        await asyncio.sleep(0)


def relayed(hub: Hub, after: int, seq: int) -> None:
    """From another process."""
    piece = piece_of(ROOM, after, seq, announcement(after, seq).messages)
    hub._hear({"room": ROOM, "what": "messages", "from": "other", "piece": asdict(piece)})


# --- in order, once -------------------------------------------------------------------------------------------------


async def test_everybody_in_the_room_hears_the_same_frame_encoded_once(hub: Hub, live: LiveRoom) -> None:
    sent: list[object] = []
    people = [sit(hub, live, number) for number in (1, 2, 3)]
    for person in people:

        async def keep(event: dict[str, Any]) -> None:
            sent.append(event)

        person.conversation.outbox._send = keep
    hub.announce(announcement(0, 2))
    assert len(sent) == 3
    assert len({id(event) for event in sent}) == 1


async def test_what_another_process_announces_is_heard_here(hub: Hub, live: LiveRoom) -> None:
    person = sit(hub, live, 1)
    hub.announce(announcement(0, 1))
    relayed(hub, 1, 3)
    assert person.read == [1, 2, 3]


async def test_what_is_heard_twice_is_told_once(hub: Hub, live: LiveRoom, store: Store) -> None:
    person = sit(hub, live, 1)
    for _ in range(3):
        hub.announce(announcement(0, 2))
        relayed(hub, 0, 2)
        relayed(hub, 0, 1)
    assert person.reached == [(0, 2)]
    assert store.asked == []


async def test_late_pieces_are_put_in_order_without_asking_the_store(hub: Hub, live: LiveRoom, store: Store) -> None:
    person = sit(hub, live, 1)
    relayed(hub, 3, 4)
    relayed(hub, 1, 3)
    assert person.read == []
    relayed(hub, 0, 1)
    assert person.reached == [(0, 1), (1, 3), (3, 4)]
    await a_while()
    assert store.asked == []
    assert live.late == {}


async def test_a_gap_is_filled_from_the_store_once(hub: Hub, live: LiveRoom, store: Store) -> None:
    person = sit(hub, live, 1)
    store.number = 7
    relayed(hub, 4, 6)
    relayed(hub, 6, 7)
    await until(lambda: live.number == 7)
    await a_while()
    assert person.read == [1, 2, 3, 4, 5, 6, 7]
    assert store.asked == [0]
    assert live.late == {}
    assert not live.repairing


async def test_a_large_gap_is_filled_page_by_page(hub: Hub, live: LiveRoom, store: Store) -> None:
    person = sit(hub, live, 1)
    store.number, store.page = 25, 10
    relayed(hub, 24, 25)
    await until(lambda: live.number == 25)
    await a_while()
    assert person.read == list(range(1, 26))
    assert person.reached == [(0, 10), (10, 20), (20, 25)]


async def test_what_arrives_while_the_store_is_asked_is_not_told_twice(hub: Hub, live: LiveRoom, store: Store) -> None:
    person = sit(hub, live, 1)
    store.number = 4
    store.meanwhile = lambda: hub.announce(announcement(0, 5))
    relayed(hub, 3, 4)
    await until(lambda: live.number == 5)
    await a_while()
    assert person.read == [1, 2, 3, 4, 5]


async def test_a_store_out_of_reach_is_asked_again_at_the_next_beat(hub: Hub, live: LiveRoom, store: Store) -> None:
    person = sit(hub, live, 1)
    store.number, store.broken = 3, True
    hub.repair(live)
    await until(lambda: not live.repairing)
    assert person.read == []
    store.broken = False
    hub.repair(live)
    await until(lambda: live.number == 3)
    assert person.read == [1, 2, 3]


async def test_only_one_repair_runs_at_a_time(hub: Hub, live: LiveRoom, store: Store) -> None:
    store.number = 2
    for _ in range(5):
        hub.repair(live)
    await until(lambda: live.number == 2)
    await a_while()
    assert store.asked == [0]


@pytest.mark.parametrize("seed", range(20))
async def test_pieces_in_any_order_lost_and_doubled_come_out_once_and_in_order(
    hub: Hub, live: LiveRoom, store: Store, seed: int
) -> None:
    chance = random.Random(seed)
    person = sit(hub, live, 1)
    cuts = sorted({0, 40, *(chance.randrange(1, 40) for _ in range(15))})
    pieces = [piece for piece in pairwise(cuts) for _ in range(2) if chance.random() < 0.6]
    chance.shuffle(pieces)
    store.number = 40
    for piece in pieces:
        relayed(hub, *piece)
        if chance.random() < 0.3:
            await asyncio.sleep(0)
    hub.repair(live)  # what the pulse does when nothing more comes
    await until(lambda: live.number == 40 and not live.repairing)
    assert person.read == list(range(1, 41))
    assert [after for after, _ in person.reached] == [0, *(seq for _, seq in person.reached)][:-1]


async def test_a_room_that_nobody_has_open_costs_nothing(hub: Hub, store: Store) -> None:
    hub.announce(announcement(0, 1))
    relayed(hub, 5, 6)
    await a_while()
    assert store.asked == []
    assert hub.rooms == {}


# --- seats ----------------------------------------------------------------------------------------------------------


async def test_who_leaves_hears_nothing_more_and_the_others_do(hub: Hub, live: LiveRoom) -> None:
    goes, stays = sit(hub, live, 1), sit(hub, live, 2)
    hub.leave(goes.conversation, ROOM)
    hub.announce(announcement(0, 1))
    assert (goes.read, stays.read) == ([], [1])


async def test_a_socket_that_is_ended_hears_nothing_more(hub: Hub, live: LiveRoom) -> None:
    person = sit(hub, live, 1)
    person.conversation.end(4401)
    hub.announce(announcement(0, 1))
    await until(lambda: person.heard != [])
    hub.announce(announcement(1, 2))
    assert person.heard == [{"type": "websocket.close", "code": 4401}]
    assert list(hub.conversations()) == []


async def test_a_room_is_closed_when_the_last_one_left(hub: Hub, live: LiveRoom) -> None:
    person = sit(hub, live, 1)
    hub.close_empty()
    assert ROOM in hub.rooms
    hub.farewell(person.conversation)
    hub.close_empty()
    assert hub.rooms == {}


async def test_a_person_has_so_many_sockets_and_no_more(hub: Hub) -> None:
    people = [Person(hub, 1) for _ in range(3)]
    assert [hub.welcome(person.conversation, 2) for person in people] == [True, True, False]
    hub.farewell(people[0].conversation)
    assert hub.welcome(people[2].conversation, 2)
    assert hub.welcome(Person(hub, 2).conversation, 2)


# --- rosters --------------------------------------------------------------------------------------------------------


async def test_who_is_no_longer_a_member_is_shown_out_and_the_room_is_told(hub: Hub, live: LiveRoom) -> None:
    goes, stays = sit(hub, live, 1, "es"), sit(hub, live, 2)
    hub.renew(live, roster(2, 3, version=2))
    hub.announce(announcement(0, 1))
    (notice,) = goes.of_type("notice")
    assert notice["reason"] == "removed"
    assert notice["text"]
    assert goes.read == []
    assert goes.conversation.seats == {}
    assert [frame["gone"] for frame in stays.of_type("presence")] == [["m_1"]]
    assert stays.read == [1]


async def test_who_has_not_accepted_the_new_agreement_is_shown_out_to_read_it(hub: Hub, live: LiveRoom) -> None:
    people = [sit(hub, live, number) for number in (1, 2)]
    hub.renew(live, roster(1, 2, 3, version=2, agreement=2))
    hub.announce(announcement(0, 1))
    for person in people:
        assert [frame["reason"] for frame in person.of_type("notice")] == ["agreement"]
        assert person.read == []


async def test_a_new_member_is_introduced_once(hub: Hub, live: LiveRoom) -> None:
    person = sit(hub, live, 1)
    hub.renew(live, roster(1, 2, 3, 4, version=2))
    hub.renew(live, roster(1, 2, 3, 4, version=3))
    introduced = [frame["members"] for frame in person.of_type("presence")]
    assert introduced == [[{"id": "m_4", "pseudonym": "Member 4", "colour": 0, "badge": None, "here": False}]]


async def test_a_newer_roster_read_at_the_door_shows_out_too(hub: Hub, live: LiveRoom) -> None:
    goes = sit(hub, live, 1)
    assert hub.open(ROOM, 0, roster(2, 3, version=2)) is live
    assert [frame["reason"] for frame in goes.of_type("notice")] == ["removed"]
    hub.open(ROOM, 0, roster(1, 2, 3, version=1))
    assert set(live.roster.faces) == {2, 3}


# --- those who watch ------------------------------------------------------------------------------------------------


async def test_a_watcher_hears_how_many_and_never_what(hub: Hub, live: LiveRoom) -> None:
    watcher = Person(hub, 1)
    hub.watch(live, watcher.conversation, watcher.seat)
    hub.announce(announcement(0, 2))
    hub.announce(announcement(2, 3))
    hub.announce(Announcement(ROOM, 3, 4, [message(4, seq=1)]))  # an edit is no news
    await until(lambda: watcher.heard != [])
    await a_while()
    assert watcher.heard == [{"type": "news", "room": ROOM, "posted": 3}]


async def test_a_watcher_who_enters_or_leaves_hears_no_more_news(hub: Hub, live: LiveRoom) -> None:
    enters, leaves, removed = (Person(hub, number) for number in (1, 2, 3))
    for person in (enters, leaves, removed):
        hub.watch(live, person.conversation, person.seat)
    hub.seat(live, enters.conversation, enters.seat)
    hub.leave(leaves.conversation, ROOM)
    hub.renew(live, roster(1, 2, version=2))
    hub.announce(announcement(0, 1))
    await a_while()
    assert [person.of_type("news") for person in (enters, leaves, removed)] == [[], [], []]
    assert enters.read == [1]


# --- presence -------------------------------------------------------------------------------------------------------


async def test_arrivals_and_typing_are_told_together_some_time_later(hub: Hub, live: LiveRoom) -> None:
    first, second = sit(hub, live, 1), sit(hub, live, 2)
    hub.typing(live, "m_2")
    assert first.heard == []
    hub._presence_moved(ROOM)
    assert sorted(first.of_type("presence")[0]["here"]) == ["m_1", "m_2"]
    assert first.of_type("typing")[0]["members"] == ["m_2"]
    hub.leave(second.conversation, ROOM)
    hub._presence_moved(ROOM)
    assert first.of_type("presence")[1]["away"] == ["m_2"]
    assert first.of_type("typing")[1]["members"] == []


async def test_nothing_a_socket_hears_names_an_account(hub: Hub, live: LiveRoom, settings: Settings) -> None:
    person = sit(hub, live, 1)
    hub.announce(announcement(0, 2))
    hub.renew(live, roster(1, 2, 3, 4, version=2))
    hub._presence_moved(ROOM)
    keys: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, dict):
            keys.update(value)
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(person.heard)
    assert not keys & {"account", "account_id", "name", "email", "user", "role", "joined"}
