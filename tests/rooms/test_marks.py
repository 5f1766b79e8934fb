"""How far the other has received and read: in threads only, forward only, gathered, to the other only."""

import asyncio
from dataclasses import replace

import pytest

from accounts.models import Account
from rooms import marks as marks_module
from rooms import posting
from rooms.hub import Hub
from rooms.live_room import LiveRoom
from rooms.marks import Marks
from rooms.models import Membership, Room
from rooms.pulse import _keep_furthest
from tests.people import both_stores, open_room, seated, signed_in
from tests.rooms.test_hub import ROOM, Person, a_while, announcement, roster, sit


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks_module, "SETTLE", 0.0)


@pytest.fixture
async def hub() -> Hub:
    return Hub()


@pytest.fixture
async def thread(hub: Hub) -> LiveRoom:
    return hub.open(ROOM, 0, replace(roster(1, 2), kind=Room.Kind.THREAD))


def mark(hub: Hub, live: LiveRoom, person: Person, **how_far: int) -> None:
    hub.mark(live, person.seat, **how_far)


def told(person: Person) -> list[tuple[str, int, int]]:
    return [(frame["member"], frame["got"], frame["read"]) for frame in person.of_type("marks")]


async def test_the_other_hears_it_on_every_page_and_oneself_on_none(hub: Hub, thread: LiveRoom) -> None:
    author, reader, second_page = sit(hub, thread, 1), sit(hub, thread, 2), sit(hub, thread, 1)
    hub.announce(announcement(0, 4))
    mark(hub, thread, reader, got=4)
    await a_while()
    mark(hub, thread, reader, read=3)
    await a_while()
    assert told(author) == told(second_page) == [("m_2", 4, 0), ("m_2", 4, 3)]
    assert told(reader) == []


async def test_many_marks_become_one_frame_and_what_is_old_none(hub: Hub, thread: LiveRoom) -> None:
    author, reader = sit(hub, thread, 1), sit(hub, thread, 2)
    hub.announce(announcement(0, 9))
    for seq in (1, 5, 3, 9, 2):
        mark(hub, thread, reader, got=seq)
    mark(hub, thread, reader, read=9)
    await a_while()
    mark(hub, thread, reader, got=4, read=2)
    await a_while()
    assert told(author) == [("m_2", 9, 9)]
    assert hub.arrivals == {2: 9}


async def test_nobody_has_received_what_is_not_there(hub: Hub, thread: LiveRoom) -> None:
    author, reader = sit(hub, thread, 1), sit(hub, thread, 2)
    hub.announce(announcement(0, 2))
    mark(hub, thread, reader, got=3)
    await a_while()
    assert told(author) == []
    assert hub.arrivals == {}


@pytest.mark.parametrize("kind", [Room.Kind.GROUP, Room.Kind.CIRCLE])
async def test_a_room_of_many_keeps_no_marks(hub: Hub, kind: Room.Kind) -> None:
    live = hub.open(ROOM, 0, replace(roster(1, 2), kind=kind))
    author, reader = sit(hub, live, 1), sit(hub, live, 2)
    hub.announce(announcement(0, 2))
    mark(hub, live, reader, got=2, read=2)
    hub.learn_marks(ROOM, [("m_2", 2, 2)])
    await a_while()
    assert (live.marks, told(author), hub.arrivals) == (None, [], {})


async def test_what_the_store_or_another_process_says_is_told_once(hub: Hub, thread: LiveRoom) -> None:
    author = sit(hub, thread, 1)
    for _ in range(3):
        hub.learn_marks(ROOM, [("m_1", 9, 9), ("m_2", 7, 5)])
        await a_while()
    hub._hear({"room": ROOM, "what": "marks", "from": "other", "mark": ["m_2", 8, 5]})
    await a_while()
    assert told(author) == [("m_2", 7, 5), ("m_2", 8, 5)]
    assert hub.arrivals == {}  # who heard it writes nothing


async def test_marks_settle_some_time_later_and_say_what_moved_here() -> None:
    moved = asyncio.Event()
    marks = Marks(moved.set)
    marks.advance("m_1", 3, 0, here=True)
    marks.advance("m_2", 2, 1, here=False)
    await asyncio.wait_for(moved.wait(), 1)
    assert sorted(marks.settle()) == [("m_1", 3, 0, True), ("m_2", 2, 1, False)]
    assert marks.settle() == []


@both_stores
def test_positions_of_the_store_only_move_forward(a_client: Account) -> None:
    seat = seated(a_client, open_room(), "Gray Wren")
    for field in ("read", "got"):
        _keep_furthest(field, {seat.member_id: 7})
        _keep_furthest(field, {seat.member_id: 5})
    member = Membership.objects.get(pk=seat.member_id)
    assert (member.read, member.got) == (7, 7)


@both_stores
def test_without_script_a_page_says_how_far_the_newest_of_ones_own_came(a_client: Account, mentor: Account) -> None:
    thread = open_room("", kind=Room.Kind.THREAD)
    client, guide = seated(a_client, thread, "Gray Wren"), seated(mentor, thread, "Juniper")
    for body in ("one", "two", "three", "four"):
        posting.post(client, body=body)
    Membership.objects.filter(pk=guide.member_id).update(got=3, read=1)

    def marks_on(account: Account) -> list[str]:
        page = signed_in(account).get(f"/rooms/{thread.pk}/").content.decode()
        lines = [line.strip() for line in page.splitlines() if 'data-slot="mark"' in line and " hidden" not in line]
        return [line.removeprefix('<p class="message__mark" data-slot="mark">').removesuffix("</p>") for line in lines]

    assert marks_on(a_client) == ["Read", "Delivered", "Sent"]
    assert marks_on(mentor) == []
