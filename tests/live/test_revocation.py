"""Who was shown out hears nothing more within a second: in every process, by every way out, whether or not they hang up."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.harness.client import BareClient, Frame
from tests.harness.engines import Redis
from tests.live.house import House, Person
from tests.live.pages import Browser
from tests.live.raw import RawSocket
from tests.live.waiting import eventually

pytestmark = [pytest.mark.servers, pytest.mark.engines]

WITHIN = 1.0  # seconds from the moment the act is done
SECRET = "Only those who belong here read this sentence"


def _signs_out(house: House, person: Person) -> None:
    assert Browser(house.servers[0].url, person.cookie).post("/account/logout/").status == 302


def _signs_out_everywhere(house: House, person: Person) -> None:
    elsewhere = house.office("sign_in_again", cookie=person.cookie)
    assert Browser(house.servers[1].url, elsewhere).post("/account/sessions/end-all/").status == 302


def _locks_the_screen(house: House, person: Person) -> None:
    assert Browser(house.servers[1].url, person.cookie).post("/account/lock/").status == 302


def _leaves_quickly(house: House, person: Person) -> None:
    assert Browser(house.servers[0].url, person.cookie).post("/leave/").status == 302


@dataclass(frozen=True)
class Way:
    """A way out: what is done, and what the person's sockets are told (a notice's reason, or a close code)."""

    name: str
    act: Callable[[House, Person], Any]
    told: str | int


WAYS = [
    Way("removed", lambda house, who: house.office("remove", cookie=who.cookie, room=who.room), "removed"),
    Way(
        "left",
        lambda house, who: Browser(house.servers[1].url, who.cookie).post(f"/rooms/{who.room}/leave/"),
        "removed",
    ),
    Way("agreement changed", lambda house, who: house.office("publish_agreement", room=who.room), "agreement"),
    Way("suspended", lambda house, who: house.office("suspend", cookie=who.cookie), 4401),
    Way("role changed", lambda house, who: house.office("change_role", cookie=who.cookie, role="mentor"), 4401),
    Way("signed out", _signs_out, 4401),
    Way("signed out everywhere", _signs_out_everywhere, 4401),
    Way("screen locked", _locks_the_screen, 4401),
    Way("left quickly", _leaves_quickly, 4401),
]


async def _enter(client: BareClient | RawSocket, room: str) -> Frame:
    await client.send({"type": "enter", "room": room})
    return await client.expect("entered")


async def _told(client: BareClient | RawSocket, way: Way) -> float:
    """When the socket was told, on the monotonic clock."""
    if isinstance(way.told, int):
        code = await (client.closed() if isinstance(client, BareClient) else client.closing())
        assert code == way.told
    else:
        notice = await client.expect("notice")
        assert (notice["reason"], bool(notice["text"])) == (way.told, True)
    return time.monotonic()


async def _others_talk(house: House, others: list[Person], way: Way) -> None:
    """One in each process; both read what both write."""
    if way.told == "agreement":
        for other in others:
            await asyncio.to_thread(house.office, "accept_agreement", cookie=other.cookie, room=other.room)
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(BareClient.open(house.url(number), other.cookie))
            for number, other in enumerate(others)
        ]
        for client, other in zip(clients, others, strict=True):
            await _enter(client, other.room)
        for number, (client, other) in enumerate(zip(clients, others, strict=True)):
            post = {
                "type": "post",
                "room": other.room,
                "key": f"after-{number}-{other.member}",
                "body": f"{SECRET} {number}",
            }
            await client.send(post)
        for client in clients:
            heard: set[str] = set()
            async with asyncio.timeout(10):
                while len(heard) < len(others):
                    heard |= {each["body"] for each in (await client.expect("messages"))["messages"]}


async def _nothing_more_is_heard(house: House, way: Way) -> None:
    room = await asyncio.to_thread(house.room)
    who, *others = await asyncio.to_thread(house.people, room, 3)
    async with AsyncExitStack() as stack:
        polite = [await stack.enter_async_context(BareClient.open(house.url(each), who.cookie)) for each in (0, 1)]
        stubborn = [await RawSocket.open(house.url(each), who.cookie) for each in (0, 1)]
        for socket in stubborn:
            stack.push_async_callback(socket.hang_up)
        sockets: list[BareClient | RawSocket] = [*polite, *stubborn]
        for each in sockets:
            await _enter(each, room)
        watches = [asyncio.create_task(_told(each, way)) for each in sockets]
        await asyncio.to_thread(way.act, house, who)
        done = time.monotonic()
        late = [round(moment - done, 2) for moment in await asyncio.gather(*watches)]
        assert max(late) < WITHIN, late

        await _others_talk(house, others, way)
        for each in stubborn:
            with_room = {"room": room, "ref": "again"}
            try:
                await each.send({"type": "enter", **with_room})
                await each.send({"type": "post", "key": "after-the-end", "body": "I am still here.", **with_room})
                await each.send({"type": "history", "before": 100, **with_room})
            except OSError:
                continue
            for payload in await each.all_that_comes(lasts=1.0):
                assert SECRET.encode() not in payload
                assert isinstance(way.told, str), f"after its close frame the socket was sent {payload!r}"
                answer = json.loads(payload)
                assert answer["type"] in {"refused", "presence"}, answer
                assert answer.get("reason") in {None, "not_found", "not_entered", "agreement"}, answer
    stored = await asyncio.to_thread(house.office, "stored", room=room)
    assert sorted(row["body"] for row in stored) == [f"{SECRET} 0", f"{SECRET} 1"]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
async def test_who_was_shown_out_hears_nothing_more_in_any_process(big_house: House, way: Way) -> None:
    await _nothing_more_is_heard(big_house, way)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
async def test_it_holds_while_redis_is_down(big_house: House, redis: Redis, way: Way) -> None:
    redis.kill()
    try:
        await _nothing_more_is_heard(big_house, way)
    finally:
        await asyncio.to_thread(redis.start)


@pytest.mark.parametrize("act", ["remove", "suspend"])
async def test_posts_in_flight_of_a_removed_member_are_refused(big_house: House, act: str) -> None:
    """The act is committed first; what then reaches the store is turned away, whatever the sockets still believe."""
    room = await asyncio.to_thread(big_house.room, posts_a_minute=100_000)
    who = await asyncio.to_thread(big_house.person, room)
    stop = asyncio.Event()
    answers: list[Frame] = []

    async def flood(client: BareClient) -> None:
        count = 0
        while not stop.is_set():
            await client.send({"type": "post", "room": room, "key": f"flood-{count:06}", "body": f"Message {count}."})
            answers.append(await client.expect("posted", "refused"))
            count += 1

    about = {"cookie": who.cookie, **({"room": room} if act == "remove" else {})}
    async with BareClient.open(big_house.url(), who.cookie) as client:
        await _enter(client, room)
        flooding = asyncio.create_task(flood(client))
        await eventually(lambda: len(answers) >= 20)
        await asyncio.to_thread(big_house.office, act, **about)
        last = await asyncio.to_thread(big_house.office, "number_of", room=room)
        if act == "remove":
            await eventually(lambda: answers[-1]["type"] == "refused")
            assert answers[-1]["reason"] in {"not_found", "not_entered"}
            stop.set()
        else:
            async with asyncio.timeout(10):
                await asyncio.wait([flooding])  # the close ends its reading
            assert await client.closed() == 4401
        await asyncio.gather(flooding, return_exceptions=True)
    stored = await asyncio.to_thread(big_house.office, "stored", room=room)
    acknowledged = [answer["seq"] for answer in answers if answer["type"] == "posted"]
    assert max(row["seq"] for row in stored) <= last
    assert set(acknowledged) <= {row["seq"] for row in stored}


async def test_only_the_session_that_signed_out_is_closed(big_house: House) -> None:
    room = await asyncio.to_thread(big_house.room)
    who = await asyncio.to_thread(big_house.person, room)
    other_cookie = await asyncio.to_thread(big_house.office, "sign_in_again", cookie=who.cookie)
    async with (
        BareClient.open(big_house.url(0), who.cookie) as leaving,
        BareClient.open(big_house.url(1), other_cookie) as staying,
    ):
        await _enter(leaving, room)
        await _enter(staying, room)
        await asyncio.to_thread(_signs_out, big_house, who)
        assert await leaving.closed(within=WITHIN + 1) == 4401
        answer = await staying.ask(
            {"type": "post", "room": room, "key": "still-here", "body": "I am here on my phone."}
        )
        assert answer["type"] == "posted"


async def test_who_comes_back_is_let_in_at_once(big_house: House) -> None:
    """A closing is about the sockets that were open then, not about those opened after it."""
    room = await asyncio.to_thread(big_house.room)
    who = await asyncio.to_thread(big_house.person, room)
    await asyncio.to_thread(big_house.office, "change_role", cookie=who.cookie, role="mentor")
    async with BareClient.open(big_house.url(), who.cookie) as client:
        await _enter(client, room)
        assert await client.silence(lasts=1.5)
        assert (await client.ask({"type": "typing", "room": room}))["type"] == "done"


async def test_who_comes_back_is_let_in_at_once_by_a_process_that_just_started(big_house: House) -> None:
    room = await asyncio.to_thread(big_house.room)
    who = await asyncio.to_thread(big_house.person, room)
    await asyncio.to_thread(big_house.office, "change_role", cookie=who.cookie, role="mentor")
    await asyncio.to_thread(big_house.server.restart)
    async with BareClient.open(big_house.url(), who.cookie) as client:
        await _enter(client, room)
        assert await client.silence(lasts=1.5)
        assert (await client.ask({"type": "typing", "room": room}))["type"] == "done"
