"""After a whole evening of talk, nothing of what was said, and nobody who said it, is found in anything that is kept."""

import asyncio
import base64
import json
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import redis as redis_client

from tests.harness.client import BareClient, Frame
from tests.harness.engines import Postgres, Redis
from tests.harness.server import Stores
from tests.live.house import House, embedded, two_processes
from tests.live.pages import Browser
from tests.live.raw import TEXT, RawSocket

pytestmark = pytest.mark.servers

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"  # the demo prints its letters; here they go nowhere
PASSWORD, WRONG_PASSWORD = "seven quiet lanterns at dusk", "eight loud lanterns at dawn"
PEOPLE = {
    "Philippa Quandary": ("philippa.quandary@thistle.example", "Marbled Godwit"),
    "Barnabás Ólafsson": ("barnabas@saltmarsh.example", "Tufted Plover"),
}
INVITED = ("Wilhelmina Sprocket", "wilhelmina@driftwood.example")
STRANGER = "nobody.at.all@elsewhere.example"
PAGE_ROOM = "Plainly named group"  # rooms' names are no secret: what proves that the search would find one

SAID = {
    "posted": "The lighthouse keeper counts seventeen gulls",
    "accented": "Señales del faro: crème brûlée a medianoche",
    "warning": "Beware of tangerine thunder",
    "before the edit": "Velvet compasses point south in June",
    "after the edit": "Velvet compasses point north in July",
    "redacted": "Forget the porcelain otters entirely",
    "reply": "Gulls were eighteen by my reckoning",
    "on paper": "Copper umbrellas line the promenade",
    "warning on paper": "Concerning copper promenades",
    "searched": "umbrellas promenade copperly",
    "held": "Ring the orchard on (212) 555-0143 past nine",
    "held on paper": "Ring the vineyard on (212) 555-0178 past ten",
    "held while edited": "Ring the meadow on (212) 555-0199 past noon",
    "too long": "Marmalade without horizon",
    "not entered": "Knocking at a shut walnut door",
    "foreign room": "Whistling into a stranger's cellar",
    "malformed": "Half a sentence about paper foxes",
    "unknown type": "A teapot shouting in the hallway",
    "too large": "An oversized parcel of feathers",
    "far too large": "A caravan of oversized feathers",
    "not utf8": "Broken crockery behind the curtain",
    "in bytes": "Binary acorns under the stairs",
    "in an address": "addressbar-secret-hazelnut",
    "in a query": "querystring-secret-chestnut",
    "in the past": "Last season the harbour froze over",
    "between two processes": "The ferry crosses between two towers",
    "in a thread": "Lanterns float under the old viaduct",
    "a goal": "Paint the garden shed in cobalt",
    "a reached goal": "Walk round the millpond on Sundays",
    "a milestone": "Forty mornings with porridge and clover",
    "shared": "Thunder over the chestnut orchard wakes me",
    "shared and taken back": "Ribbons in the attic frighten me",
    "farewell": "May your compass needle stay steady",
    "summary": "We sorted buttons, then mended the kite",
}
THREAD_NAMES = ("Speckled Sandpiper", "Hollyhock")  # how the two of a thread know each other


def _shapes(text: str) -> Iterator[bytes]:
    """What `text` may look like inside a file."""
    raw = text.encode()
    yield from (raw, text.encode("utf-16-le"), text.encode("utf-16-be"))
    yield from (raw.hex().encode(), raw.hex().upper().encode())
    yield json.dumps(text)[1:-1].encode()
    yield from (quote(text).encode(), text.replace(" ", "+").encode(), text.casefold().encode())
    for shift, skipped in enumerate((0, 2, 3)):  # base64 at each of the three places it can begin in
        coded = base64.b64encode(b"\0" * shift + raw)[skipped:-4]
        yield from (coded, coded.translate(bytes.maketrans(b"+/", b"-_")))


def _found(texts: list[str], haystacks: dict[str, bytes]) -> list[str]:
    needles = {text: set(_shapes(text)) for text in texts}
    return [
        f"{text!r} in {place}"
        for place, content in haystacks.items()
        for text, shapes in needles.items()
        if any(shape in content for shape in shapes)
    ]


# --- the evening ---------------------------------------------------------------------------------------------------


async def _talk(client: BareClient, room: str, foreign: str) -> None:
    async def ask(type: str, **about: str) -> Frame:
        return await client.ask({"type": type, "room": room, **about})

    async def post(what: str, **about: str) -> Frame:
        return await ask("post", key=f"key-{abs(hash(what))}", body=SAID[what], **about)

    assert (await client.ask({"type": "post", "room": room, "key": "not-yet-here", "body": SAID["not entered"]}))[
        "reason"
    ] == "not_entered"
    await ask("enter")
    first = await post("posted", warning=SAID["warning"])
    assert (
        first["type"]
        == (await post("accented"))["type"]
        == (await post("reply", reply_to=first["id"]))["type"]
        == "posted"
    )
    edited = await post("before the edit")
    assert (await ask("edit", id=edited["id"], body=SAID["after the edit"]))["type"] == "done"
    assert (await ask("edit", id=edited["id"], body=SAID["held while edited"]))["type"] == "held"
    assert (await ask("redact", id=(await post("redacted"))["id"]))["type"] == "done"
    assert (await post("held"))["type"] == "held"
    assert (await ask("post", key="far-too-long", body=SAID["too long"] + " and on" * 1000))["reason"] == "too_long"
    assert (await client.ask({"type": "post", "room": foreign, "key": "foreign-room", "body": SAID["foreign room"]}))[
        "reason"
    ]
    await client.send({"type": "search", "room": room, "search": SAID["searched"], "query": SAID["searched"]})
    await client.expect("searched")
    await client.send_raw('{"type":"post","body":"' + SAID["malformed"])
    await client.send({"type": SAID["unknown type"]})
    await client.send_raw(SAID["too large"] * 3000)
    await client.send_raw(SAID["in bytes"].encode())
    for _ in range(4):
        await client.expect("error")


async def _break_off(url: str, cookie: str) -> None:
    """Sockets that end badly, with words in their hands."""
    for payload in (SAID["far too large"].encode() * 10_000, SAID["not utf8"].encode() + b"\xff"):
        raw = await RawSocket.open(url, cookie)
        with suppress(OSError):
            await raw.send_raw(TEXT, payload)
        await raw.closing()
        await raw.hang_up()


def _sign_in(house: House, email: str) -> str:
    browser = Browser(house.server.url)
    assert browser.post("/account/login/", login=STRANGER, password=WRONG_PASSWORD).status == 200
    assert browser.post("/account/login/", login=email, password=WRONG_PASSWORD).status == 200
    assert browser.post("/account/login/", login=email, password=PASSWORD).status == 302
    return browser.cookie()


def _write_on_paper(house: House, cookie: str, room: str) -> None:
    """Without JavaScript."""
    browser = Browser(house.server.url, cookie)
    path = f"/rooms/{room}/"
    assert SAID["posted"] in browser.get(path).body
    fields = {"key": "written-on-paper", "body": SAID["on paper"], "warning": SAID["warning on paper"]}
    assert browser.post(path, **fields).status == 302
    held = browser.post(path, key="held-on-paper", body=SAID["held on paper"])
    assert (held.status, SAID["held on paper"].split(" (")[0] in held.body) == (422, True)
    assert browser.get(f"/join/{SAID['in an address']}/").status in {200, 404, 410}
    assert browser.get(f"/rooms/{SAID['in an address']}/").status == 404
    assert browser.get(f"/help/?q={SAID['in a query']}").status == 200


def _invite(house: House) -> None:
    house.office("make_person", email="cora@office.example", name="Cora Office", role="coordinator", password=PASSWORD)
    browser = Browser(house.server.url)
    assert browser.post("/account/login/", login="cora@office.example", password=PASSWORD).status == 302
    name, email = INVITED
    about = {"name": name, "email": email, "role": "client", "language": "en"}
    answer = browser.post("/people/invite/", **about)
    assert name in answer.body or answer.status == 302, answer.body[:2000]


def _with_a_mentor(house: House, client: str) -> None:
    """In a private thread: beside the talk, and to its end."""
    pseudonym, called = THREAD_NAMES
    mentor = house.stranger(role="mentor")
    room = house.office("make_thread", client=client, mentor=mentor, pseudonym=pseudonym, called=called)["room"]
    address = f"/thread/{house.office('thread_of', room=room)}/"
    theirs, mentors = (Browser(house.server.url, each) for each in (client, mentor))
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    house.office("post", cookie=client, room=room, body=SAID["in a thread"])
    for browser, path, fields in (
        (theirs, "goals/", {"text": SAID["a goal"]}),
        (mentors, "goals/", {"text": SAID["a reached goal"]}),
        (theirs, "milestones/", {"text": SAID["a milestone"], "on": date.today().isoformat(), "say": "1"}),
        (theirs, "shared/", {"line": "lived", "text": SAID["shared"]}),
        (theirs, "shared/", {"line": "note", "text": SAID["shared and taken back"]}),
        (theirs, "shared/", {"line": "note", "take_back": "1"}),
        (theirs, "appointments/", {"day": tomorrow, "time": "15:30", "minutes": "30", "way": "video"}),
    ):
        assert browser.post(address + path, **fields).status == 302, path
    page = mentors.get(address).body
    for what in ("a goal", "a reached goal", "a milestone", "shared"):
        assert SAID[what] in page
    agree = re.search(r"/appointments/[^/]+/agree/", page)
    assert agree
    assert mentors.post(f"{address.rstrip('/')}{agree.group()}").status == 302
    words = {"farewell": SAID["farewell"], "summary": SAID["summary"]}
    assert mentors.post(f"{address}close/", **words).status == 302
    assert SAID["summary"] in theirs.get(f"{address}summary/summary.txt").body


async def _evening(house: House) -> list[str]:
    """A whole evening; returns everything that must not be found afterwards."""
    room = await asyncio.to_thread(house.room, PAGE_ROOM)
    foreign = await asyncio.to_thread(house.room, "Other group")
    cookies = []
    for name, (email, pseudonym) in PEOPLE.items():
        made = await asyncio.to_thread(house.office, "make_person", email=email, name=name, password=PASSWORD)
        await asyncio.to_thread(house.office, "make_member", cookie=made, room=room, pseudonym=pseudonym)
        cookies += [made, await asyncio.to_thread(_sign_in, house, email)]
    await asyncio.to_thread(_invite, house)
    await asyncio.to_thread(_with_a_mentor, house, cookies[1])
    say = {"cookie": cookies[0], "room": room, "body": SAID["in the past"]}
    await asyncio.to_thread(house.office, "post", days_ago=45, **say)
    async with (
        BareClient.open(house.url(0), cookies[1]) as writer,
        BareClient.open(house.url(1), cookies[3]) as reader,
    ):
        await reader.ask({"type": "enter", "room": room})
        await _talk(writer, room, foreign)
        post = {"type": "post", "room": room, "key": "two-processes", "body": SAID["between two processes"]}
        assert (await writer.ask(post))["type"] == "posted"
        heard: set[str | None] = set()
        async with asyncio.timeout(10):
            while SAID["between two processes"] not in heard:
                heard |= {each["body"] for each in (await reader.expect("messages"))["messages"]}
        await asyncio.to_thread(_write_on_paper, house, cookies[1], room)
    await _break_off(house.url(), cookies[3])
    assert [row["body"] for row in await asyncio.to_thread(house.office, "stored", room=room)][:2] == [
        SAID["in the past"],
        SAID["posted"],
    ]
    names = [word for name, (email, pseudonym) in PEOPLE.items() for word in (name, name.split()[1], email, pseudonym)]
    keys = [cookie.split("=", 1)[1] for cookie in cookies]
    return [*SAID.values(), *THREAD_NAMES, *names, *INVITED, STRANGER, PASSWORD, WRONG_PASSWORD, *keys]


def _files(folder: Path) -> dict[str, bytes]:
    """Everything in the data folder but the static files."""
    kept = [path for path in folder.rglob("*") if path.is_file() and "static" not in path.relative_to(folder).parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


async def test_nothing_that_was_said_is_found_in_the_data_folder(stores: Stores) -> None:
    with embedded(stores, PEERCHAT_EMAIL_BACKEND=NO_MAIL) as house:
        secrets = await _evening(house)
        kept = _files(house.store.data)
        assert {"peerchat.sqlite3", "peerchat.sqlite3-wal", "keys.sqlite3"} <= set(kept)
        assert any(PAGE_ROOM.encode() in content for content in kept.values())
        assert _found(secrets, kept) == []
        rows = {"the rows": "\n".join(house.office("rows")).encode()}
        assert PAGE_ROOM.encode() in rows["the rows"]
        assert _found(secrets, rows) == []
        house.server.kill()
        assert _found(secrets, _files(house.store.data)) == []
        house.server.start()
        house.server.stop()
        assert _found(secrets, _files(house.store.data)) == []


@contextmanager
def _watching(redis: Redis) -> Iterator[list[bytes]]:
    """Every command that Redis is given meanwhile."""
    seen: list[bytes] = []
    with ExitStack() as stack:
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", redis.port)))
        connection.sendall(b"MONITOR\r\n")
        assert connection.recv(5).startswith(b"+OK")

        def read() -> None:
            with suppress(OSError):
                while data := connection.recv(65536):
                    seen.append(data)

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        yield seen
        connection.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


def _all_of(redis: Redis) -> dict[str, bytes]:
    """Every key with its value, as DUMP gives it and as it stands, and the file that SAVE writes."""
    found = {"the saved file": redis.dump()}
    with redis_client.Redis.from_url(redis.url) as connection:
        for key in connection.scan_iter():
            value = connection.dump(key) or b""
            if connection.type(key) == b"zset":
                value += b"".join(connection.zrange(key, 0, -1))
            found[f"Redis key {key!r}"] = key + b" " + value
    return found


@pytest.mark.engines
async def test_nothing_that_was_said_is_found_in_postgres_or_redis(
    stores: Stores, postgres: Postgres, redis: Redis
) -> None:
    with two_processes(stores, postgres, redis, PEERCHAT_EMAIL_BACKEND=NO_MAIL) as house:
        with _watching(redis) as commands:
            secrets = await _evening(house)
            room = next(iter({row.split()[0] for row in house.office("rows") if PAGE_ROOM in row}))
        passed = {"what Redis was told": b"".join(commands)}
        assert f"room.{room}".encode() in passed["what Redis was told"]
        assert _found(secrets, passed) == []

        # With the other process asleep, what is on its way to it lies in Redis.
        one = await asyncio.to_thread(house.person, room)
        two = await asyncio.to_thread(house.person, room)
        async with (
            BareClient.open(house.url(0), one.cookie) as writer,
            BareClient.open(house.url(1), two.cookie) as reader,
        ):
            for client in (writer, reader):
                await client.ask({"type": "enter", "room": room})
            os.kill(house.servers[1].pid, signal.SIGSTOP)
            try:
                for number in range(5):
                    body = f"{SAID['between two processes']} {number}"
                    post = {"type": "post", "room": room, "key": f"asleep-{number}", "body": body}
                    assert (await writer.ask(post))["type"] == "posted"
                lying = await asyncio.to_thread(_all_of, redis)
            finally:
                os.kill(house.servers[1].pid, signal.SIGCONT)
        assert sum(map(len, lying.values())) > 1000, "there is something in Redis to look at"
        assert _found(secrets, lying) == []

        dumps = {
            name: postgres.dump(url.rsplit("/", 1)[1])
            for name, url in house.store.env.items()
            if "_DATABASE_URL" in name
        }
        assert len(dumps) == 2
        assert any(PAGE_ROOM.encode() in dump for dump in dumps.values())
        assert _found(secrets, dumps) == []
        logs = {"PostgreSQL's log": postgres.log().encode(), "Redis' log": (redis.folder / "log").read_bytes()}
        assert _found(secrets, logs | _files(house.store.data)) == []
        assert _found(secrets, {"the rows": "\n".join(house.office("rows")).encode()}) == []


# --- ciphertexts and keys ------------------------------------------------------------------------------------------


async def _reads(house: House, cookie: str, room: str) -> dict[str, str | None]:
    """What a member reads, by id, through the running server."""
    async with BareClient.open(house.url(), cookie) as client:
        entered = await client.ask({"type": "enter", "room": room})
        return {message["id"]: message["body"] for message in entered["messages"]}


async def test_a_ciphertext_copied_elsewhere_does_not_open(small_house: House) -> None:
    house = small_house
    room, other = await asyncio.to_thread(house.room), await asyncio.to_thread(house.room)
    who = await asyncio.to_thread(house.person, room)
    await asyncio.to_thread(house.member, other, who.cookie)
    say = {"cookie": who.cookie}
    one, two = [house.office("post", room=room, body=f"Sentence {number}.", **say)["id"] for number in (1, 2)]
    far = house.office("post", room=other, body="Sentence 3.", **say)["id"]
    sealed = {id: house.office("sealed_body", id=id) for id in (one, two, far)}

    house.office("put_sealed_body", id=two, sealed=sealed[one])
    assert await _reads(house, who.cookie, room) == {one: "Sentence 1.", two: None}
    house.office("put_sealed_body", id=far, sealed=sealed[one])
    assert await _reads(house, who.cookie, other) == {far: None}
    header = 2 * 9  # hex digits: a byte of version, eight of the key's id
    house.office("put_sealed_body", id=one, sealed=sealed[far][:header] + sealed[one][header:])
    assert await _reads(house, who.cookie, room) == {one: None, two: None}
    for id in (one, two, far):
        house.office("put_sealed_body", id=id, sealed=sealed[id])
    assert await _reads(house, who.cookie, room) == {one: "Sentence 1.", two: "Sentence 2."}
    for owner, purpose, place in (
        (f"room:{other}", "message.body", one),
        (f"room:{room}", "message.warning", one),
        (f"room:{room}", "message.body", two),
    ):
        assert not house.office("opens", sealed=sealed[one], owner=owner, purpose=purpose, place=place)
    assert house.office("opens", sealed=sealed[one], owner=f"room:{room}", purpose="message.body", place=one)


async def test_a_destroyed_epoch_does_not_open(small_house: House) -> None:
    house = small_house
    room = await asyncio.to_thread(house.room)
    who = await asyncio.to_thread(house.person, room)
    old = house.office("post", cookie=who.cookie, room=room, body="Said long ago.", days_ago=45)
    new = house.office("post", cookie=who.cookie, room=room, body="Said today.")
    assert old["epoch"] != new["epoch"]
    assert await _reads(house, who.cookie, room) == {old["id"]: "Said long ago.", new["id"]: "Said today."}
    backup = house.office("sealed_body", id=old["id"])
    backup_opens = {"sealed": backup, "owner": f"room:{room}", "purpose": "message.body", "place": old["id"]}
    assert house.office("opens", **backup_opens)

    await asyncio.to_thread(
        house.store.command,
        "keys",
        "destroy",
        "--owner",
        f"room:{room}",
        "--epoch",
        old["epoch"],
        "--why",
        "its term",
        "--yes",
    )
    done = time.monotonic()
    gone = {old["id"]: None, new["id"]: "Said today."}
    while await _reads(house, who.cookie, room) != gone:
        assert time.monotonic() - done < 5, "every process forgets the key within seconds"
    async with BareClient.open(house.url(), who.cookie) as client:
        await client.ask({"type": "enter", "room": room})
        await client.send({"type": "search", "room": room, "search": "s", "query": "said"})
        found = await client.expect("found")
        assert [message["body"] for message in found["messages"]] == ["Said today."]
    await asyncio.to_thread(house.server.restart)
    house.office("put_sealed_body", id=old["id"], sealed=backup)
    assert await _reads(house, who.cookie, room) == gone
    assert not house.office("opens", **backup_opens)
