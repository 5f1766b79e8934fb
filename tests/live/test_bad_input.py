"""Whatever comes over a socket, its owner alone is affected: everybody else goes on talking while each of these tests runs."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.harness.client import BareClient, FaithfulClient, Frame
from tests.live.house import House, Person
from tests.live.raw import BINARY, TEXT, RawSocket
from tests.live.waiting import eventually

pytestmark = pytest.mark.servers

MARK = "Zanzibar"  # stands in what is sent wrongly, and must not come back
LATE = 2.0  # seconds: one is promised; the office that fills a room holds the store for a while on a busy machine
KIB = 1024


@dataclass(frozen=True)
class Scene:
    """A room in which two bystanders talk without a pause, and a third member whom the test lets misbehave."""

    house: House
    room: str
    who: Person
    url: str
    delays: list[float]


@pytest.fixture
async def scene(small_house: House) -> AsyncIterator[Scene]:
    """At the end: the bystanders kept talking, and were never late."""
    room = await asyncio.to_thread(small_house.room)
    who, one, two = await asyncio.to_thread(small_house.people, room, 3)
    delays: list[float] = []

    async def chat(writer: FaithfulClient, reader: FaithfulClient) -> None:
        while True:
            sent = time.monotonic()
            id = (await writer.post("How is everybody?"))["id"]
            await reader.until(partial(_holds, id))
            delays.append(time.monotonic() - sent)
            await asyncio.sleep(0.05)

    async with (
        FaithfulClient(small_house.url(), one.cookie, room) as first,
        FaithfulClient(small_house.url(), two.cookie, room) as second,
    ):
        for each in (first, second):
            await each.until(lambda client: client.entered.is_set())
        chats = [asyncio.create_task(chat(first, second)), asyncio.create_task(chat(second, first))]
        yield Scene(small_house, room, who, small_house.url(), delays)
        so_far = len(delays)
        await eventually(lambda: len(delays) >= so_far + 4)
        for task in chats:
            task.cancel()
        assert max(delays) < LATE
        assert (first.connects, second.connects) == (1, 1)


def _holds(id: str, client: FaithfulClient) -> bool:
    return id in client.messages


async def _entered(client: BareClient, scene: Scene) -> Frame:
    return await client.ask({"type": "enter", "room": scene.room})


async def _still_works(client: BareClient, scene: Scene) -> None:
    answer = await client.ask({"type": "typing", "room": scene.room})
    assert (answer["type"], answer["what"]) == ("done", "typing")


# --- frames that are none ------------------------------------------------------------------------------------------

MALFORMED = {
    "nothing": "",
    "half an object": '{"type":"enter",',
    "words": MARK,
    "an array": '[{"type":"enter"}]',
    "a number": "42",
    "null": "null",
    "two objects": '{"type":"enter"}{"type":"enter"}',
    "a deep nest": "[" * 30_000,
    "a deep nest of objects": '{"a":' * 10_000,
    "a number without end": '{"type":"read","seq":' + "9" * 10_000 + "}",
    "bytes": b'{"type":"enter"}',
}
UNKNOWN: list[Frame] = [
    {},
    {"type": MARK},
    {"type": 5},
    {"type": None},
    {"type": ["enter"]},
    {"type": {"enter": 1}},
    {"type": "__init__"},
]


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
async def test_what_is_no_json_object_is_answered_with_an_error(scene: Scene, text: str | bytes) -> None:
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        await _entered(client, scene)
        await client.send_raw(text)
        answer = await client.expect("error")
        assert (answer["reason"], bool(answer["text"])) == ("malformed", True)
        assert MARK not in answer["text"]
        await _still_works(client, scene)


async def test_an_unknown_type_is_answered_with_an_error(scene: Scene) -> None:
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        await _entered(client, scene)
        for frame in UNKNOWN:
            answer = await client.ask(frame)
            assert (answer["type"], answer["reason"]) == ("error", "unknown_type")
            assert MARK not in json.dumps(answer)
        await _still_works(client, scene)


def _invalid(room: str) -> list[tuple[str, dict[str, Any]]]:
    """A field, and a frame in which it alone is not what it should be."""
    id, key = "0" * 32, "a-good-key"
    post = {"type": "post", "room": room, "key": key, "body": "Hello."}
    return [
        ("room", {"type": "enter"}),
        ("room", {"type": "enter", "room": 5}),
        ("room", {"type": "enter", "room": MARK * 100}),
        ("room", {"type": "enter", "room": "a\u0000b"}),
        ("room", {"type": "enter", "room": "../../etc"}),
        ("since", {"type": "enter", "room": room, "since": -1}),
        ("since", {"type": "enter", "room": room, "since": 2**60}),
        ("since", {"type": "enter", "room": room, "since": "1"}),
        ("since", {"type": "enter", "room": room, "since": 1.5}),
        ("since", {"type": "enter", "room": room, "since": True}),
        ("key", {**post, "key": "short"}),
        ("key", {**post, "key": "with space and " + MARK}),
        ("key", {**post, "key": None}),
        ("body", {**post, "body": ["Hello."]}),
        ("body", {**post, "body": "x" * 16_001}),
        ("body", {**post, "body": MARK + "\ud800"}),
        ("body", {**post, "body": "\udfff" + MARK}),
        ("warning", {**post, "warning": "\ud83d"}),
        ("warning", {**post, "warning": 7}),
        ("reply_to", {**post, "reply_to": "not an id " + MARK}),
        ("before", {"type": "history", "room": room}),
        ("before", {"type": "history", "room": room, "before": -5}),
        ("limit", {"type": "history", "room": room, "before": 5, "limit": 0}),
        ("limit", {"type": "history", "room": room, "before": 5, "limit": 101}),
        ("limit", {"type": "history", "room": room, "before": 5, "limit": 10**15}),
        ("id", {"type": "redact", "room": room, "id": id.upper() + "A"}),
        ("kind", {"type": "react", "room": room, "id": id, "kind": MARK, "on": True}),
        ("on", {"type": "react", "room": room, "id": id, "kind": "heart", "on": 1}),
        ("member", {"type": "mute", "room": room, "member": MARK, "on": True}),
        ("query", {"type": "search", "room": room, "search": "s", "query": "x"}),
        ("query", {"type": "search", "room": room, "search": "s", "query": "   "}),
        ("query", {"type": "search", "room": room, "search": "s", "query": "x" * 101}),
        ("search", {"type": "stop", "room": room, "search": ""}),
        ("ref", {"type": "typing", "room": room, "ref": "x" * 65}),
        ("ref", {"type": "typing", "room": room, "ref": [MARK]}),
    ]


@pytest.mark.parametrize("part", range(3))
async def test_a_wrong_field_is_named_and_never_repeated(scene: Scene, part: int) -> None:
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        await _entered(client, scene)
        for field, frame in _invalid(scene.room)[part::3]:
            await client.send(frame)
            answer = await client.expect("error", "refused", "posted", "done", "entered", "searched", "history")
            assert (answer["type"], answer["reason"]) == ("error", "invalid"), (field, frame, answer)
            assert field in answer["text"]
            assert MARK not in json.dumps(answer)
        await _still_works(client, scene)


async def test_what_cannot_be_seen_does_not_reach_the_room(scene: Scene) -> None:
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        await _entered(client, scene)
        post = {"type": "post", "room": scene.room, "key": "nul-and-more", "body": "calm\u0000er\u2028 now\u0007"}
        answer = await client.ask(post)
        assert answer["type"] == "posted"
        page = await client.ask({"type": "history", "room": scene.room, "before": answer["seq"] + 1, "limit": 1})
        assert page["messages"][0]["body"] == "calmer now"
        for number, empty in enumerate(("", "  \n ", "\u0000\u0007")):
            nothing = await client.ask({**post, "key": f"nothing-{number}", "body": empty})
            assert (nothing["type"], nothing["reason"]) == ("refused", "empty")
        much = await client.ask({**post, "key": "much-too-long", "body": "x" * 4_001})
        assert (much["type"], much["reason"], much["key"]) == ("refused", "too_long", "much-too-long")


# --- sizes and bytes -----------------------------------------------------------------------------------------------


async def test_a_frame_over_64_kib_is_an_error_and_the_socket_stays(scene: Scene) -> None:
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        await _entered(client, scene)
        for filler in ("x" * (64 * KIB + 1), "é" * (32 * KIB + 1), "x" * 100 * KIB):
            await client.send_raw(filler)
            assert (await client.expect("error"))["reason"] == "too_large"
        await client.send_raw(b"x" * 100 * KIB)
        assert (await client.expect("error"))["reason"] in {"too_large", "malformed"}
        await _still_works(client, scene)


@pytest.mark.parametrize("kind", ["text", "bytes", "in pieces"])
async def test_a_frame_far_over_the_limit_closes_its_socket(scene: Scene, kind: str) -> None:
    socket = await RawSocket.open(scene.url, scene.who.cookie)
    try:
        if kind == "in pieces":
            for number in range(40):
                await socket.send_raw(0 if number else TEXT, b"x" * 8 * KIB, final=False)
        else:
            await socket.send_raw(BINARY if kind == "bytes" else TEXT, b"x" * KIB * KIB)
    except OSError:
        pass  # closed before all of it was sent
    try:
        assert await socket.closing() == 1009
    finally:
        await socket.hang_up()


@pytest.mark.parametrize(
    "pieces", [[b"\xff\xfe"], [b'{"type":"', b"\xc3"], [b"\xed\xa0\x80"]], ids=["bytes", "pieces", "a surrogate"]
)
async def test_what_is_not_utf8_closes_its_socket(scene: Scene, pieces: list[bytes]) -> None:
    socket = await RawSocket.open(scene.url, scene.who.cookie)
    for number, piece in enumerate(pieces):
        await socket.send_raw(0 if number else TEXT, piece, final=number == len(pieces) - 1)
    assert await socket.closing() == 1007
    await socket.hang_up()


@pytest.mark.parametrize("opcode", [3, 11, 0], ids=["a reserved one", "a reserved control", "a piece of nothing"])
async def test_what_is_no_websocket_frame_closes_its_socket(scene: Scene, opcode: int) -> None:
    socket = await RawSocket.open(scene.url, scene.who.cookie)
    await socket.send_raw(opcode, b"hello")
    assert await socket.closing() == 1002
    await socket.hang_up()


# --- rooms that are not theirs -------------------------------------------------------------------------------------


async def test_unknown_foreign_and_left_rooms_look_alike(scene: Scene) -> None:
    foreign = await asyncio.to_thread(scene.house.room, "Foreign group")
    left = await asyncio.to_thread(scene.house.room, "Left group")
    await asyncio.to_thread(scene.house.member, left, scene.who.cookie)
    await asyncio.to_thread(scene.house.office, "remove", cookie=scene.who.cookie, room=left)
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        answers = []
        for room in ("A" * 16, foreign, left):
            for frame in ({"type": "enter"}, {"type": "enter", "since": 0}):
                await client.send({**frame, "room": room})
                answer = await client.expect("refused", "entered")
                assert answer.pop("room") == room
                answers.append(answer)
        assert all(answer == answers[0] for answer in answers)
        assert (answers[0]["reason"], answers[0]["what"]) == ("not_found", "enter")


async def test_nothing_is_done_in_a_room_that_was_not_entered(scene: Scene) -> None:
    foreign = await asyncio.to_thread(scene.house.room, "Foreign group")
    id = "0" * 32
    asked: list[Frame] = [
        {"type": "post", "key": "not-entered", "body": "Hello."},
        {"type": "history", "before": 10},
        {"type": "edit", "id": id, "body": "Hello."},
        {"type": "redact", "id": id},
        {"type": "react", "id": id, "kind": "heart", "on": True},
        {"type": "read", "seq": 1},
        {"type": "typing"},
        {"type": "mute", "member": scene.who.member, "on": True},
        {"type": "search", "search": "s", "query": "hello"},
    ]
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        for room in (scene.room, foreign, "A" * 16):
            for frame in asked:
                answer = await client.ask({**frame, "room": room})
                assert (answer["type"], answer["reason"]) == ("refused", "not_entered"), frame
                assert (answer["what"], answer["room"]) == (frame["type"], room)
        assert (await client.ask({"type": "leave", "room": foreign}))["type"] == "done"
        await _entered(client, scene)
        assert (await client.ask({"type": "leave", "room": scene.room}))["type"] == "done"
        assert (await client.ask({"type": "typing", "room": scene.room}))["reason"] == "not_entered"
        assert await client.silence(lasts=0.5), "a room that was left is heard no more"


async def test_ids_of_another_room_are_not_found_here(scene: Scene) -> None:
    """Even by somebody who belongs to both, and who wrote that message."""
    other = await asyncio.to_thread(scene.house.room, "Other group")
    there = await asyncio.to_thread(scene.house.member, other, scene.who.cookie)
    message = await asyncio.to_thread(
        scene.house.office, "post", cookie=scene.who.cookie, room=other, body="Over there."
    )
    id = message["id"]
    asked: list[Frame] = [
        {"type": "post", "key": "a-foreign-reply", "body": "Hello.", "reply_to": id},
        {"type": "edit", "id": id, "body": "Hello."},
        {"type": "redact", "id": id},
        {"type": "react", "id": id, "kind": "heart", "on": True},
        {"type": "mute", "member": there.member, "on": True},
    ]
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        await _entered(client, scene)
        for frame in asked:
            answer = await client.ask({**frame, "room": scene.room})
            assert (answer["type"], answer["reason"]) == ("refused", "not_found"), frame
    (row,) = await asyncio.to_thread(scene.house.office, "stored", room=other)
    assert (row["body"], row["changed"], row["redacted"]) == ("Over there.", 1, False)


# --- too much ------------------------------------------------------------------------------------------------------


async def test_huge_histories_come_in_pages(scene: Scene) -> None:
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        await _entered(client, scene)
        await asyncio.to_thread(
            scene.house.office, "post_many", cookie=scene.who.cookie, room=scene.room, count=220, length=3500
        )
        last = await client.ask({"type": "history", "room": scene.room, "before": 2**53, "limit": 100})
        assert (last["type"], len(last["messages"]), last["more"]) == ("history", 100, True)
        none = await client.ask({"type": "history", "room": scene.room, "before": 0})
        assert (none["messages"], none["more"]) == ([], False)
        again = await client.ask({"type": "enter", "room": scene.room, "since": 0})
        assert (len(again["messages"]), again["more"]) == (200, True)
        ahead = await client.ask({"type": "enter", "room": scene.room, "since": 2**53})
        assert (ahead["type"], ahead["messages"], ahead["more"]) == ("entered", [], False)
        for _ in range(50):
            await client.send({"type": "history", "room": scene.room, "before": 2**53, "limit": 100})
        for _ in range(50):
            await client.expect("history", within=30)
        await _still_works(client, scene)


async def test_a_flood_of_posts_is_slowed_to_the_rooms_limit(scene: Scene) -> None:
    quiet = await asyncio.to_thread(scene.house.room, "Quiet group", posts_a_minute=5)
    await asyncio.to_thread(scene.house.member, quiet, scene.who.cookie)
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        await client.ask({"type": "enter", "room": quiet})
        for number in range(30):
            await client.send({"type": "post", "room": quiet, "key": f"post-{number:04}", "body": f"Number {number}."})
        answers = [await client.expect("posted", "refused") for _ in range(30)]
        kinds = [answer["type"] for answer in answers]
        assert kinds.count("posted") == 5
        refused = [answer for answer in answers if answer["type"] == "refused"]
        assert {answer["reason"] for answer in refused} == {"too_fast"}
        assert all(0 < answer["retry_after"] <= 12 for answer in refused)
        assert (await client.ask({"type": "typing", "room": quiet}))["type"] == "done"


async def test_a_flood_of_frames_closes_its_socket(scene: Scene) -> None:
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        await _entered(client, scene)
        answers: list[Frame] = []

        async def read() -> None:
            while True:
                frame = json.loads(await client.connection.recv())
                if frame["type"] == "refused":
                    answers.append(frame)

        reading = asyncio.create_task(read())
        sending = asyncio.create_task(_send_many(client, {"type": "typing", "room": scene.room}, 6000))
        async with asyncio.timeout(60):
            await asyncio.gather(reading, sending, return_exceptions=True)
        assert await client.closed() == 4408
        assert answers
        assert {answer["reason"] for answer in answers} == {"too_fast"}
        assert all(answer["retry_after"] >= 0 for answer in answers)


async def _send_many(client: BareClient, frame: Frame, count: int) -> None:
    for _ in range(count):
        await client.send(frame)


async def test_twenty_bad_frames_in_a_minute_close_their_socket(scene: Scene) -> None:
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        await _entered(client, scene)
        for _ in range(19):
            await client.send_raw("{")
            assert (await client.expect("error"))["reason"] == "malformed"
        await _still_works(client, scene)
        await client.send_raw("{")
        assert await client.closed() == 4408


async def test_a_new_socket_begins_with_new_patience(scene: Scene) -> None:
    for _ in range(4):
        async with BareClient.open(scene.url, scene.who.cookie) as client:
            await _entered(client, scene)
            for _ in range(15):
                await client.send_raw("{")
                await client.expect("error")
            await _still_works(client, scene)


async def test_who_asks_and_asks_and_never_listens_is_closed(scene: Scene) -> None:
    await asyncio.to_thread(
        scene.house.office, "post_many", cookie=scene.who.cookie, room=scene.room, count=100, length=3500
    )
    socket = await RawSocket.open(scene.url, scene.who.cookie, receive_buffer=8 * KIB)
    await socket.send({"type": "enter", "room": scene.room})
    before = len(scene.delays)
    for number in range(400):
        await socket.send({"type": "history", "room": scene.room, "before": 2**53, "limit": 100, "ref": str(number)})
    await eventually(lambda: len(scene.delays) > before + 20)
    await socket.hang_up()


# --- the door ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", "http://127.0.0.1:1", "http://127.0.0.1.evil.example", "file://"]
)
async def test_a_foreign_origin_is_turned_away(scene: Scene, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with BareClient.open(scene.url, scene.who.cookie, headers={"Origin": origin}):
            pass
    assert refused.value.response.status_code == 403


async def test_the_sites_own_origin_is_welcome(scene: Scene) -> None:
    headers = {"Origin": scene.house.server.url}
    async with BareClient.open(scene.url, scene.who.cookie, headers=headers) as client:
        assert (await _entered(client, scene))["type"] == "entered"


@pytest.mark.parametrize("subprotocol", [None, "peerchat.v2", "chat"])
async def test_another_subprotocol_is_turned_away(scene: Scene, subprotocol: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with BareClient.open(scene.url, scene.who.cookie, subprotocol=subprotocol):
            pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    "cookie",
    [
        None,
        "peerchat_session=",
        "peerchat_session=" + "a" * 40,
        "peerchat_session=' OR 1=1 --",
        "peerchat_session=" + "ab" * 2000,
        "peerchat_session=\xff\xfe",
        '=;;==; \t "peerchat_session',
        "sessionid=whatever",
    ],
)
async def test_nobody_comes_in_without_a_session(scene: Scene, cookie: str | None) -> None:
    async with BareClient.open(scene.url, cookie) as client:
        assert await client.closed() == 4401


@pytest.mark.parametrize("act", ["expire", "lock", "end_sessions", "suspend"])
async def test_a_session_that_is_over_opens_no_socket(scene: Scene, act: str) -> None:
    await asyncio.to_thread(scene.house.office, act, cookie=scene.who.cookie)
    async with BareClient.open(scene.url, scene.who.cookie) as client:
        assert await client.closed() == 4401


async def test_the_eleventh_socket_of_a_person_is_turned_away(scene: Scene) -> None:
    open_sockets = [await RawSocket.open(scene.url, scene.who.cookie) for _ in range(10)]
    for socket in open_sockets:
        await socket.send({"type": "enter", "room": scene.room})
        await socket.expect("entered")
    async with BareClient.open(scene.url, scene.who.cookie) as eleventh:
        assert await eleventh.closed() == 4409
    await open_sockets.pop().hang_up()

    async def is_welcome() -> bool:
        async with BareClient.open(scene.url, scene.who.cookie) as client:
            await client.send({"type": "enter", "room": scene.room})
            try:
                await client.expect("entered")
            except Exception:
                return False
            return True

    async with asyncio.timeout(10):
        while not await is_welcome():
            pass
    for socket in open_sockets:
        await socket.hang_up()


async def test_half_a_handshake_holds_nobody_up(scene: Scene) -> None:
    place = scene.url.removeprefix("ws://").removesuffix("/ws/")
    host, port = place.split(":")
    writers = []
    for begin in (b"GET /ws/ HT", b"\x16\x03\x01\x02\x00", b"\x00" * 100):
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(begin)
        await writer.drain()
        writers.append(writer)
    before = len(scene.delays)
    await eventually(lambda: len(scene.delays) > before + 4)
    for writer in writers:
        writer.close()
