"""What moderators do, and what waits for them, over real sockets: on every page within a second, in every process."""

import asyncio
import time
from contextlib import AsyncExitStack

import pytest

from tests.harness.client import BareClient
from tests.live.gathering import Member, gathering
from tests.live.house import House, Person

pytestmark = pytest.mark.servers

PLAN = "I have the pills here and I am going to take them all tonight."
SOON = 2.0  # seconds: one is promised, one more is for a busy test machine


async def follow(stack: AsyncExitStack, url: str, cookie: str, topic: str) -> BareClient:
    client = await stack.enter_async_context(BareClient.open(url, cookie))
    assert (await client.ask({"type": "follow", "topic": topic}))["type"] == "done"
    return client


async def test_a_message_taken_out_goes_from_every_page_within_a_second_and_comes_back(house: House) -> None:
    async with gathering(house, 2) as people:
        posted = await people[0].post("sharp words")
        for act, is_gone in (("redact", True), ("restore", False)):
            began = time.monotonic()
            await asyncio.to_thread(house.office, "steward", verb=act, room=people[0].person.room, id=posted["id"])
            for member in people:
                message = await member.hears(posted["id"], changed=2 if is_gone else 3)
                assert message["redacted"] is is_gone
                assert message.get("removed", False) is is_gone
                assert message["body"] == (None if is_gone else "sharp words")
            assert time.monotonic() - began < SOON


async def test_what_the_room_allows_reaches_every_page_and_a_mute_only_whom_it_is_about(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        room = heron.person.room
        assert heron.entered["rules"]["open"] is True
        assert heron.entered["rules"]["locked_until"] is None
        await asyncio.to_thread(house.office, "steward", verb="notice", room=room, text="Back at seven.", minutes=5)
        for member in (heron, finch):
            assert (await member.expect("rules"))["rules"]["notice"] == "Back at seven."
        await asyncio.to_thread(house.office, "steward", verb="mute", member=heron.person.member, minutes=5)
        assert (await heron.expect("rules"))["rules"]["muted_until"]
        assert (await finch.expect("rules"))["rules"]["muted_until"] is None
        refused = await heron.post("words")
        assert (refused["type"], refused["reason"]) == ("refused", "muted")
        assert (await finch.post("words"))["type"] == "posted"
        await asyncio.to_thread(house.office, "steward", verb="lock", room=room, minutes=5)
        assert (await finch.expect("rules"))["rules"]["locked_until"]
        assert (await finch.post("more words"))["reason"] == "locked"


async def test_a_plan_waits_with_a_card_and_its_release_reaches_the_room(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        held = await heron.ask("post", key="the-same-key", body=PLAN)
        assert (held["type"], held["waits"], held["card"]) == ("held", True, "crisis")
        again = await heron.ask("post", key="the-same-key", body=PLAN)
        assert (again["type"], again["id"]) == ("held", held["id"])
        assert [(each["id"], each["body"]) for each in (await heron.ask("enter"))["held"]] == [(held["id"], PLAN)]
        assert (await finch.ask("enter"))["held"] == []
        await asyncio.to_thread(house.office, "steward", verb="release", id=held["id"])
        for member in (heron, finch):
            assert (await member.hears(held["id"]))["body"] == PLAN
        assert (await heron.ask("enter"))["held"] == []


async def test_the_queue_hears_of_a_crisis_within_a_second_and_only_those_of_the_team(house: House) -> None:
    moderator = await asyncio.to_thread(house.stranger, role="moderator")
    async with gathering(house, 1) as (heron,), AsyncExitStack() as stack:
        queues = [await follow(stack, house.url(number), moderator, "queue") for number in (0, 1)]
        own = await follow(stack, house.url(1), heron.person.cookie, "mine")
        began = time.monotonic()
        await heron.post(PLAN)
        for queue in queues:
            assert await queue.expect("moved") == {"type": "moved", "topic": "queue"}
        assert await own.expect("moved") == {"type": "moved", "topic": "mine"}
        assert time.monotonic() - began < SOON
        assert [each["severity"] for each in house.office("cases") if each["room_id"] == heron.person.room] == [
            "crisis"
        ]


@pytest.mark.parametrize("role", ["client", "mentor"])
async def test_for_everybody_else_there_is_no_such_topic(house: House, role: str) -> None:
    cookie = await asyncio.to_thread(house.stranger, role=role)
    async with BareClient.open(house.url(), cookie) as client:
        answers = [await client.ask({"type": "follow", "topic": topic}) for topic in ("queue", "nonsense")]
        for answer in answers:
            answer.pop("ref")
        assert answers[0] == answers[1]
        assert (answers[0]["type"], answers[0]["reason"]) == ("refused", "not_found")


async def test_a_member_flags_what_is_in_their_room_and_nothing_else(house: House) -> None:
    async with gathering(house, 2) as (heron, finch):
        posted = await heron.post("sharp words")
        about = {"category": "harassment", "words": "This was meant for me."}
        assert (await finch.ask("flag", id=posted["id"], **about))["type"] == "done"
        assert (await finch.ask("flag", member=heron.person.member, **about))["type"] == "done"
        assert (await heron.ask("flag", id=posted["id"], **about))["reason"] == "yourself"
        assert (await finch.ask("flag", id="0" * 32, **about))["reason"] == "not_found"
        (case,) = [each for each in house.office("cases") if each["room_id"] == heron.person.room]
        assert (case["category"], case["flags_count"]) == ("harassment", 2)
        assert await _hears_nothing_of_a_flag(heron)
        stranger = await asyncio.to_thread(house.stranger)
        async with BareClient.open(house.url(), stranger) as client:
            outside = Member(Person(heron.person.room, stranger, "", ""), client)
            assert (await outside.ask("flag", id=posted["id"], **about))["reason"] == "not_entered"


async def _hears_nothing_of_a_flag(member: Member) -> bool:
    try:
        await member.expect("moved", "notice", "rules", within=1.0)
    except TimeoutError:
        return True
    return False
