"""Who is here and who is typing, over all processes. The clock is the test's own; the loop's timers are not waited for."""

import asyncio
from types import SimpleNamespace

import pytest

from rooms import presence
from rooms.presence import REMOTE, SETTLE, TYPING, Presence


class Room:
    """A presence, its clock, and how often it asked to be looked at."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.moved = 0
        self.presence = Presence(self._count)

    def _count(self) -> None:
        self.moved += 1

    def settle(self) -> tuple[list[str], list[str], list[str] | None]:
        came, went, typing = self.presence.settle()
        return sorted(came), sorted(went), typing if typing is None else sorted(typing)

    def wakes_in(self) -> float | None:
        """Seconds until it asks to be looked at."""
        timer = self.presence._timer
        if timer is None:
            return None
        return timer.when() - asyncio.get_running_loop().time()


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    room = Room()
    monkeypatch.setattr(presence, "time", SimpleNamespace(monotonic=lambda: room.now))
    return room


async def test_many_arrivals_are_told_once(room: Room) -> None:
    for number in range(100):
        room.presence.came(f"m_{number}")
    assert room.wakes_in() == pytest.approx(SETTLE, abs=0.1)
    came, went, typing = room.settle()
    assert (len(came), went, typing) == (100, [], None)
    assert room.settle() == ([], [], None)
    assert room.presence.count() == 100


async def test_a_reload_is_no_coming_and_going(room: Room) -> None:
    room.presence.came("m_1")
    room.settle()
    room.presence.went("m_1")
    room.presence.came("m_1")
    assert room.settle() == ([], [], None)


async def test_a_person_with_two_tabs_leaves_with_the_second(room: Room) -> None:
    room.presence.came("m_1")
    room.presence.came("m_1")
    room.presence.went("m_1")
    assert room.presence.is_here("m_1")
    assert room.settle() == (["m_1"], [], None)
    room.presence.went("m_1")
    assert not room.presence.is_here("m_1")
    assert room.settle() == ([], ["m_1"], None)


async def test_who_is_here_in_another_process_is_here(room: Room) -> None:
    room.presence.came("m_1")
    room.presence.heard("other", ["m_1", "m_2"])
    assert room.settle()[0] == ["m_1", "m_2"]
    assert room.presence.here_locally() == ["m_1"]
    room.presence.went("m_1")
    assert room.settle() == ([], [], None)
    room.presence.heard("other", [])
    assert room.settle() == ([], ["m_1", "m_2"], None)


async def test_the_people_of_a_process_that_fell_silent_go_away(room: Room) -> None:
    room.presence.heard("other", ["m_2"])
    room.settle()
    assert room.wakes_in() == pytest.approx(REMOTE, abs=0.2)  # nobody else would look
    room.now += REMOTE - 1
    room.presence.heard("other", ["m_2"])
    room.now += 2
    assert room.settle() == ([], [], None)
    room.now += REMOTE
    assert room.settle() == ([], ["m_2"], None)
    assert room.wakes_in() is None


async def test_typing_is_told_when_it_begins_and_when_it_ends(room: Room) -> None:
    room.presence.came("m_1")
    room.presence.typed("m_1")
    assert room.settle() == (["m_1"], [], ["m_1"])
    room.now += TYPING - 1
    room.presence.typed("m_1")
    assert room.settle() == ([], [], None)
    room.now += TYPING + 0.1
    assert room.settle() == ([], [], [])
    assert room.settle() == ([], [], None)


async def test_who_typed_and_fell_silent_is_looked_at_again_by_itself(room: Room) -> None:
    room.presence.typed("m_1")
    room.settle()
    assert room.wakes_in() == pytest.approx(TYPING, abs=0.2)


async def test_who_goes_is_not_typing(room: Room) -> None:
    room.presence.came("m_1")
    room.presence.typed("m_1")
    room.settle()
    room.presence.went("m_1")
    assert room.settle() == ([], ["m_1"], [])
