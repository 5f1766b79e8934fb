"""People in one room over real sockets, each on another server than the one before."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from tests.harness.client import BareClient, Frame
from tests.live.house import House, Person


class Member:
    """Somebody in the room, on the server whose turn it is. What comes while an answer is awaited is kept for later."""

    def __init__(self, person: Person, client: BareClient) -> None:
        self.person = person
        self.client = client
        self.entered: Frame = {}
        self._kept: list[Frame] = []

    async def ask(self, type: str, **about: Any) -> Frame:
        """Send a frame; the answer to it."""
        ref = secrets.token_hex(8)
        await self.client.send(
            {"type": type, "ref": ref, **({} if "room" in about else {"room": self.person.room}), **about}
        )
        return await self._next(lambda frame: frame.get("ref") == ref)

    async def post(self, body: str, **about: Any) -> Frame:
        return await self.ask("post", key=secrets.token_hex(8), body=body, **about)

    async def expect(self, *types: str, within: float = 10) -> Frame:
        """The next frame of one of these types that was not looked at yet."""
        return await self._next(lambda frame: frame["type"] in types, within=within)

    async def hears(self, id: str, *, changed: int = 0) -> Frame:
        """The message with this id (and at least so new), when it is announced."""
        async with asyncio.timeout(10):
            while True:
                for message in (await self.expect("messages"))["messages"]:
                    if message["id"] == id and message["changed"] >= changed:
                        return dict(message)

    async def _next(self, wanted: Callable[[Frame], bool], *, within: float = 10) -> Frame:
        for frame in self._kept:
            if wanted(frame):
                self._kept.remove(frame)
                return frame
        async with asyncio.timeout(within):
            while not wanted(frame := await self.client.receive(within=within)):
                self._kept.append(frame)
        return frame


@asynccontextmanager
async def gathering(house: House, count: int = 2, *, room: str = "", enter: bool = True) -> AsyncIterator[list[Member]]:
    """So many people in one room, each on another server than the one before."""
    room = room or await asyncio.to_thread(house.room)
    people = await asyncio.to_thread(house.people, room, count)
    async with AsyncExitStack() as stack:
        members = []
        for number, person in enumerate(people):
            client = await stack.enter_async_context(BareClient.open(house.url(number), person.cookie))
            members.append(member := Member(person, client))
            member.entered = await member.ask("enter")
        yield members


@asynccontextmanager
async def of_two(house: House) -> AsyncIterator[tuple[Member, Member]]:
    """A client and their mentor in their thread, the client on one server and the mentor on another where there are two."""
    client, mentor = await asyncio.to_thread(house.thread)
    async with AsyncExitStack() as stack:
        members = [await joined(stack, house, person, number) for number, person in enumerate((client, mentor))]
        yield members[0], members[1]


async def joined(stack: AsyncExitStack, house: House, person: Person, number: int, *, enter: bool = True) -> Member:
    """One more socket of this person, on the server whose turn it is."""
    client = await stack.enter_async_context(BareClient.open(house.url(number), person.cookie))
    member = Member(person, client)
    if enter:
        member.entered = await member.ask("enter")
    return member
