"""The room's journeys by a client written from docs/protocol.md alone, on every ground Peerchat is served on."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.harness.client import BareClient, FaithfulClient
from tests.live.gathering import gathering
from tests.live.house import House
from tests.live.waiting import eventually

pytestmark = pytest.mark.servers


async def test_entering_says_who_you_are_and_who_is_here(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        for member in (heron, finch):
            you = member.entered["you"]
            assert (you["id"], you["pseudonym"], you["badge"]) == (member.person.member, member.person.pseudonym, None)
            assert you["colour"] in range(8)
            assert (you["read"], you["muted"]) == (0, [])
        assert member.entered["messages"] == []
        assert member.entered["more"] is False
        assert {each["id"] for each in finch.entered["members"]} == {heron.person.member, finch.person.member}
        assert house.office("number_of", room=heron.person.room) == finch.entered["seq"] == 0


async def test_a_message_reaches_everybody_in_its_full_shape(house: House) -> None:
    async with gathering(house, 3) as (heron, finch, river):
        posted = await heron.post("I slept four hours.\nIt is something.", warning="sleep")
        assert (posted["type"], posted["seq"]) == ("posted", 1)
        for member in (heron, finch, river):
            message = await member.hears(posted["id"])
            assert message == {
                "id": posted["id"],
                "seq": 1,
                "changed": 1,
                "at": posted["at"],
                "author": {key: heron.entered["you"][key] for key in ("id", "pseudonym", "colour", "badge")},
                "body": "I slept four hours.\nIt is something.",
                "warning": "sleep",
                "reply_to": None,
                "edited": False,
                "redacted": False,
                "reactions": {},
            }


async def test_a_key_sent_again_returns_the_first_message(house: House) -> None:
    async with gathering(house) as (heron, finch):
        first = await heron.ask("post", key="the-same-key", body="Once.")
        again = await heron.ask("post", key="the-same-key", body="Once.")
        assert {**again, "ref": 0} == {**first, "ref": 0}
        elsewhere = BareClient.open(house.url(1), heron.person.cookie)
        async with elsewhere as second:
            await second.ask({"type": "enter", "room": heron.person.room})
            post = {"type": "post", "room": heron.person.room, "key": "the-same-key", "body": "Once."}
            assert (await second.ask(post))["id"] == first["id"]
        theirs = await finch.ask("post", key="the-same-key", body="Mine.")
        assert theirs["id"] != first["id"]
        assert [row["body"] for row in house.office("stored", room=heron.person.room)] == ["Once.", "Mine."]


async def test_a_reply_quotes_and_a_warning_hides_the_quote(house: House) -> None:
    async with gathering(house) as (heron, finch):
        asked = await heron.post("How was the night?")
        heavy = await heron.post("It was hard.", warning="panic")
        answer = await finch.post("Long.", reply_to=asked["id"])
        quoted = (await heron.hears(answer["id"]))["reply_to"]
        assert quoted == {"id": asked["id"], "author": heron.person.pseudonym, "excerpt": "How was the night?"}
        second = await finch.post("I am with you.", reply_to=heavy["id"])
        assert (await heron.hears(second["id"]))["reply_to"]["excerpt"] is None
        await heron.ask("redact", id=asked["id"])
        page = await finch.ask("history", before=2**50)
        shown = {message["id"]: message for message in page["messages"]}
        assert shown[answer["id"]]["reply_to"]["excerpt"] is None


async def test_editing_and_taking_back_change_the_message_everywhere(house: House) -> None:
    async with gathering(house) as (heron, finch):
        posted = await heron.post("I slept for hours.")
        await finch.hears(posted["id"])
        assert (await heron.ask("edit", id=posted["id"], body="I slept four hours.", warning="sleep"))["type"] == "done"
        edited = await finch.hears(posted["id"], changed=2)
        assert (edited["body"], edited["warning"], edited["edited"]) == ("I slept four hours.", "sleep", True)
        assert (edited["seq"], edited["changed"]) == (1, 2)
        assert (await finch.ask("edit", id=posted["id"], body="No."))["reason"] == "not_yours"
        assert (await finch.ask("redact", id=posted["id"]))["reason"] == "not_yours"
        assert (await heron.ask("redact", id=posted["id"]))["type"] == "done"
        redacted = await finch.hears(posted["id"], changed=3)
        assert (redacted["redacted"], redacted["body"], redacted["warning"], redacted["reactions"]) == (
            True,
            None,
            None,
            {},
        )
        assert (await heron.ask("edit", id=posted["id"], body="Back."))["reason"] == "not_found"
        assert (await heron.ask("redact", id=posted["id"]))["type"] == "done"


async def test_reactions_come_and_go(house: House) -> None:
    async with gathering(house) as (heron, finch):
        posted = await heron.post("Ninety-one days.")
        for _ in range(2):
            assert (await finch.ask("react", id=posted["id"], kind="proud", on=True))["type"] == "done"
        await heron.ask("react", id=posted["id"], kind="heart", on=True)
        message = await heron.hears(posted["id"], changed=3)
        assert message["reactions"] == {"proud": [finch.person.member], "heart": [heron.person.member]}
        assert message["changed"] == 3, "a repeated reaction changes nothing"
        await finch.ask("react", id=posted["id"], kind="proud", on=False)
        message = await heron.hears(posted["id"], changed=4)
        assert message["reactions"] == {"heart": [heron.person.member]}


async def test_history_leads_back_to_the_beginning(house: House) -> None:
    room = await asyncio.to_thread(house.room)
    author = await asyncio.to_thread(house.person, room)
    await asyncio.to_thread(house.office, "post_many", cookie=author.cookie, room=room, count=130, length=10)
    async with gathering(house, 1, room=room) as (heron,):
        seqs = [message["seq"] for message in heron.entered["messages"]]
        assert (seqs, heron.entered["more"]) == (list(range(81, 131)), True)
        while True:
            page = await heron.ask("history", before=seqs[0], limit=30)
            seqs = [message["seq"] for message in page["messages"]] + seqs
            if not page["more"]:
                break
        assert seqs == list(range(1, 131))


async def test_catching_up_brings_every_change_in_order(house: House) -> None:
    room = await asyncio.to_thread(house.room)
    author = await asyncio.to_thread(house.person, room)
    async with gathering(house, 1, room=room) as (heron,):
        first = await heron.post("The first.")
        await heron.ask("leave")
        await asyncio.to_thread(house.office, "post_many", cookie=author.cookie, room=room, count=450, length=5)
        await heron.ask("enter")
        await heron.ask("react", id=first["id"], kind="heart", on=True)
        await heron.ask("leave")
        since, changes, rounds = 1, [], 0
        while True:
            entered = await heron.ask("enter", since=since)
            changes += [message["changed"] for message in entered["messages"]]
            since, rounds = entered["seq"], rounds + 1
            assert len(entered["messages"]) <= 200
            if not entered["more"]:
                break
        assert changes == list(range(2, 453))
        assert entered["messages"][-1]["id"] == first["id"]
        assert (since, rounds) == (452, 3)


async def test_who_comes_and_goes_is_seen_in_every_process(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        room = heron.person.room
        here: dict[str, bool] = {each["id"]: each["here"] for each in heron.entered["members"]}

        async def watch() -> None:
            while True:
                frame = await heron.expect("presence", within=60)
                here.update({each["id"]: each["here"] for each in frame["members"]})
                here.update(dict.fromkeys(frame["here"], True) | dict.fromkeys(frame["away"], False))
                for gone in frame["gone"]:
                    here.pop(gone)

        watching = asyncio.create_task(watch())
        them = finch.person.member
        await eventually(lambda: here.get(them) is True)
        await finch.client.connection.close()
        await eventually(lambda: here.get(them) is False)
        async with BareClient.open(house.url(1), finch.person.cookie) as back:
            await back.ask({"type": "enter", "room": room})
            await eventually(lambda: here.get(them) is True)
            newcomer = await asyncio.to_thread(house.person, room)
            await eventually(lambda: here.get(newcomer.member) is False)
            await asyncio.to_thread(house.office, "remove", cookie=newcomer.cookie, room=room)
            await eventually(lambda: newcomer.member not in here)
            await asyncio.to_thread(house.office, "suspend", cookie=finch.person.cookie)
            await eventually(lambda: them not in here)
        watching.cancel()


async def test_a_new_role_shows_its_badge_to_who_is_there(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        await asyncio.to_thread(house.office, "change_role", cookie=finch.person.cookie, role="mentor")
        async with asyncio.timeout(10):
            while True:
                frame = await heron.expect("presence")
                if badges := [each["badge"] for each in frame["members"] if each["id"] == finch.person.member]:
                    break
        assert badges == ["mentor"]


async def test_typing_is_shown_and_ends(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        assert (await finch.ask("typing"))["type"] == "done"
        assert (await heron.expect("typing"))["members"] == [finch.person.member]
        await finch.post("There.")
        assert (await heron.expect("typing", within=4))["members"] == []
        await finch.ask("typing")
        assert (await heron.expect("typing"))["members"] == [finch.person.member]
        assert (await heron.expect("typing", within=8))["members"] == []


async def test_the_read_position_only_moves_forward_and_is_kept(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        for number in range(5):
            last = await heron.post(f"Number {number}.")
        await finch.hears(last["id"])
        for seq in (4, 2):
            assert (await finch.ask("read", seq=seq))["type"] == "done"
        assert (await finch.ask("read", seq=2**40))["type"] in {"done", "refused"}
        room, cookie = finch.person.room, finch.person.cookie
        async with asyncio.timeout(20):
            while True:
                async with BareClient.open(house.url(0), cookie) as again:
                    entered = await again.ask({"type": "enter", "room": room})
                if entered["you"]["read"] == 4:
                    break
                assert entered["you"]["read"] == 0
                await asyncio.sleep(0.2)


async def test_muting_is_kept_for_oneself_alone(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        assert (await finch.ask("mute", member=heron.person.member, on=True))["type"] == "done"
        assert (await finch.ask("mute", member=finch.person.member, on=True))["reason"] == "not_found"
        posted = await heron.post("Can you hear me?")
        await finch.hears(posted["id"])
        assert (await finch.ask("enter"))["you"]["muted"] == [heron.person.member]
        assert (await heron.ask("enter"))["you"]["muted"] == []
        await finch.ask("mute", member=heron.person.member, on=False)
        assert (await finch.ask("enter"))["you"]["muted"] == []


async def test_search_finds_newest_first_and_can_be_stopped(house: House) -> None:
    room = await asyncio.to_thread(house.room)
    author = await asyncio.to_thread(house.person, room)
    say = {"cookie": author.cookie, "room": room}
    for body in ("The Café by the river.", "Nothing.", "A RIVER of cafés."):
        await asyncio.to_thread(house.office, "post", body=body, **say)
    await asyncio.to_thread(house.office, "post_many", count=500, length=5, **say)
    async with gathering(house, 1, room=room) as (heron,):
        search = {"type": "search", "room": room}
        await heron.client.send({**search, "search": "one", "query": "cafe RIVER"})
        found: list[str] = []
        while (frame := await heron.expect("found", "searched"))["type"] == "found":
            assert frame["search"] == "one"
            found += [message["body"] for message in frame["messages"]]
        assert found == ["A RIVER of cafés.", "The Café by the river."]
        assert (frame["search"], frame["stopped"]) == ("one", False)
        assert frame["read"] >= 500
        await heron.client.send({**search, "search": "two", "query": "mmmm"})
        stopped = await heron.ask("stop", search="two")
        assert (stopped["type"], stopped["search"], stopped["stopped"]) == ("searched", "two", True)
        await heron.client.send({**search, "search": "three", "query": "nowhere at all"})
        while (last := await heron.expect("found", "searched"))["search"] != "three":
            pass
        assert (last["type"], last["stopped"]) == ("searched", False)


async def test_what_looks_like_a_way_to_be_found_is_held(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        held = await heron.post("Call me at (212) 555-0187 tonight.")
        assert (held["type"], held["what"], held["reason"]) == ("held", "post", "contact")
        assert held["key"]
        assert any("555-0187" in part for part in held["parts"])
        posted = await heron.post("Talk to me tonight.")
        edit = await heron.ask("edit", id=posted["id"], body="Write to heron@example.com tonight.")
        assert (edit["type"], edit["what"]) == ("held", "edit")
        assert (await finch.hears(posted["id"]))["changed"] == 1
        assert [row["body"] for row in house.office("stored", room=heron.person.room)] == ["Talk to me tonight."]


async def test_a_read_only_room_takes_nothing_and_still_shows(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        posted = await heron.post("Before.")
        await asyncio.to_thread(house.office, "change_room", room=heron.person.room, read_only=True)
        answers = [
            await heron.post("After."),
            await heron.ask("edit", id=posted["id"], body="Changed."),
            await finch.ask("react", id=posted["id"], kind="heart", on=True),
        ]
        assert [answer.get("reason") for answer in answers] == ["read_only"] * 3
        assert (await finch.ask("history", before=100))["messages"][0]["body"] == "Before."


async def test_two_rooms_share_one_socket_and_no_name(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        other = await asyncio.to_thread(house.room, "Other group")
        there = await asyncio.to_thread(house.member, other, heron.person.cookie)
        entered = await heron.ask("enter", room=other)
        assert entered["you"]["id"] == there.member != heron.person.member
        assert (await heron.post("Over here.", room=other))["seq"] == 1
        posted = await heron.post("And here.")
        assert (await finch.hears(posted["id"]))["author"]["id"] == heron.person.member
        assert await finch.client.silence(lasts=0.3)


async def test_a_faithful_client_follows_all_of_it(house: House) -> None:
    room = await asyncio.to_thread(house.room)
    people = await asyncio.to_thread(house.people, room, 4)
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(FaithfulClient(house.url(number), person.cookie, room))
            for number, person in enumerate(people)
        ]
        await asyncio.gather(*(client.post(f"Hello from {number}.") for number, client in enumerate(clients)))
        for client in clients:
            await client.until(lambda each: len(each.messages) == 4)
        assert len({tuple(client.bodies) for client in clients}) == 1
