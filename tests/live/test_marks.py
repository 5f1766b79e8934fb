"""What is sent, has arrived and was read in a thread: told to the other, found by whoever comes later, never lost for good."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.harness.client import Frame
from tests.live.gathering import Member, joined, of_two
from tests.live.house import House
from tests.live.waiting import eventually

pytestmark = pytest.mark.servers


async def until_marked(member: Member, **wanted: Any) -> Frame:
    async with asyncio.timeout(15):
        while True:
            told = await member.expect("marks", within=15)
            if all(told[name] == value for name, value in wanted.items()):
                return told


async def test_the_author_hears_when_it_has_arrived_and_when_it_was_read(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        seq = (await client.post("Good evening."))["seq"]
        await mentor.expect("messages")
        await mentor.ask("got", seq=seq)
        assert await until_marked(client, got=seq) == {
            "type": "marks",
            "room": client.person.room,
            "member": mentor.person.member,
            "got": seq,
            "read": 0,
        }
        await mentor.ask("read", seq=seq)
        await until_marked(client, got=seq, read=seq)
        with pytest.raises(TimeoutError):
            await mentor.expect("marks", within=0.5)


async def test_whoever_comes_later_finds_the_marks_in_the_store(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor), AsyncExitStack() as stack:
        first = (await client.post("One."))["seq"]
        second = (await client.post("Two."))["seq"]
        await mentor.hears((await client.post("Three."))["id"])
        await mentor.ask("read", seq=first)
        await mentor.ask("got", seq=second)
        room = client.person.room
        await asyncio.to_thread(
            lambda: asyncio.run(
                eventually(lambda: any_house.office("marks", room=room)[mentor.person.member] == [second, first])
            )
        )
        for number in (0, 1):
            later = await joined(stack, any_house, client.person, number)
            marks = {mark["member"]: mark for mark in later.entered["marks"]}
            assert (marks[mentor.person.member]["got"], marks[mentor.person.member]["read"]) == (second, first)


async def test_marks_only_move_forward_and_never_past_what_is_there(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        seq = (await client.post("One."))["seq"]
        await mentor.expect("messages")
        await mentor.ask("got", seq=seq)
        await mentor.ask("got", seq=seq + 50)
        await mentor.ask("got", seq=0)
        await mentor.ask("read", seq=seq)
        told = await until_marked(client, read=seq)
        assert told["got"] == seq


async def test_many_marks_are_few_frames(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        last = 0
        for number in range(20):
            last = (await client.post(f"Number {number}"))["seq"]
            await mentor.expect("messages")
            await mentor.ask("got", seq=last)
        frames = 0
        while (await until_marked(client))["got"] < last:
            frames += 1
        assert frames < 12
