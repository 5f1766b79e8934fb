"""Calls over real sockets, on one process and on two with a layer that loses a third of everything: what each side is told, and who is not."""

import asyncio
import secrets
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.harness.client import BareClient, Frame
from tests.live.gathering import Member, joined, of_two
from tests.live.house import House

pytestmark = pytest.mark.servers

OFFER = {"description": {"type": "offer", "sdp": "v=0 a-word-that-is-in-no-log"}}
CANDIDATE = {
    "candidate": "candidate:1 1 udp 1 192.0.2.7 9 typ host",
    "sdpMid": "0",
    "sdpMLineIndex": 0,
    "usernameFragment": None,
}


def new_id() -> str:
    return secrets.token_hex(16)


async def act(member: Member, act: str, call: str, page: str = "", **about: Any) -> Frame:
    return await member.ask("call", act=act, call=call, page=page or f"page-of-{member.person.member}", **about)


async def until_told(member: Member, call: str, state: str) -> Frame:
    while True:
        told = await member.expect("call")
        if (told["call"], told["state"]) == (call, state):
            return told


async def until_away(member: Member, call: str, *others: Member) -> int:
    """Until this member is told that exactly these are away: the turn from which it is so."""
    while True:
        told = await until_told(member, call, "answered")
        if told["away"] == [each.person.member for each in others]:
            turn: int = told["turn"]
            return turn


async def answered(client: Member, mentor: Member) -> str:
    call = new_id()
    assert (await act(client, "ring", call, way="video"))["state"] == "ringing"
    await until_told(mentor, call, "ringing")
    assert (await act(mentor, "accept", call))["state"] == "answered"
    await until_told(client, call, "answered")
    return call


async def say(member: Member, call: str, n: int, data: Frame | None = None, got: int = 0, turn: int = 1) -> Frame:
    return await member.ask("signal", call=call, turn=turn, n=n, got=got, data=data)


async def keep_saying(member: Member, other: Member, call: str, n: int, data: Frame, turn: int = 1) -> Frame:
    """As a page does: again until it has arrived."""
    for _ in range(20):
        await say(member, call, n, data, turn=turn)
        try:
            return await other.expect("signal", within=0.5)
        except TimeoutError:
            continue
    raise AssertionError("no signal came")


async def test_a_call_from_its_ring_to_its_end(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        call = new_id()
        rung = await act(client, "ring", call, way="voice")
        told = await until_told(mentor, call, "ringing")
        for frame in (rung, told):
            assert (frame["from"], frame["name"]) == (client.person.member, client.person.pseudonym)
            assert (frame["way"], frame["end"], frame["room"]) == ("voice", None, client.person.room)
        await act(mentor, "accept", call)
        await until_told(client, call, "answered")
        await act(client, "hang_up", call)
        over = await until_told(mentor, call, "over")
        assert over["end"] == "hung_up"


@pytest.mark.parametrize(("who", "word", "end"), [(1, "decline", "declined"), (0, "cancel", "cancelled")])
async def test_a_call_that_comes_to_nothing(any_house: House, who: int, word: str, end: str) -> None:
    async with of_two(any_house) as two:
        call = new_id()
        await act(two[0], "ring", call, way="video")
        await until_told(two[1], call, "ringing")
        await act(two[who], word, call)
        assert (await until_told(two[1 - who], call, "over"))["end"] == end


async def test_a_call_that_rang_too_long_is_missed_and_waits_to_be_seen(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        call = new_id()
        await act(client, "ring", call, way="video")
        await until_told(mentor, call, "ringing")
        await asyncio.to_thread(any_house.office, "age_call", id=call, seconds=46)
        for side in (client, mentor):
            assert (await until_told(side, call, "over"))["end"] == "missed"
        assert [each["call"] for each in (await mentor.ask("enter"))["missed"]] == [call]
        assert (await client.ask("enter"))["missed"] == []
        await act(mentor, "notice", call)
        assert (await mentor.ask("enter"))["missed"] == []


async def test_a_side_that_does_not_come_back_ends_the_call(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        call = await answered(client, mentor)
        await mentor.client.connection.close()
        await asyncio.to_thread(any_house.office, "age_call", id=call, seconds=20)
        await act(client, "stay", call)
        assert await until_away(client, call, mentor) == 2
        await asyncio.to_thread(any_house.office, "age_call", id=call, seconds=31)
        await act(client, "stay", call)
        over = await until_told(client, call, "over")
        assert (over["end"], over["away"]) == ("lost", [])


async def test_a_page_that_comes_back_on_another_server_is_in_the_call_again(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor), AsyncExitStack() as stack:
        call = await answered(client, mentor)
        await mentor.client.connection.close()
        back = await joined(stack, any_house, mentor.person, 0)
        told = await act(back, "stay", call)
        assert (told["state"], told["call"]) == ("answered", call)
        heard = await keep_saying(client, back, call, 1, OFFER)
        assert heard["data"] == OFFER
        heard = await keep_saying(back, client, call, 1, {"candidate": CANDIDATE})
        assert heard["data"] == {"candidate": CANDIDATE}


@pytest.mark.parametrize("number", [0, 1], ids=["on the one server", "on the other server"])
async def test_who_lost_their_page_goes_on_with_a_new_one(any_house: House, number: int) -> None:
    async with of_two(any_house) as (client, mentor), AsyncExitStack() as stack:
        call = await answered(client, mentor)
        gone = await act(mentor, "away", call)
        assert (gone["state"], gone["turn"], gone["away"]) == ("answered", 2, [mentor.person.member])
        assert (await say(mentor, call, 1, OFFER))["reason"] == "not_found"
        assert await until_away(client, call, mentor) == 2
        await mentor.client.connection.close()
        loaded = await joined(stack, any_house, mentor.person, number)
        assert await until_away(loaded, call, mentor) == 2
        assert (await say(loaded, call, 1, OFFER, turn=2))["reason"] == "not_found"
        back = await act(loaded, "back", call, page="loaded-again")
        assert (back["state"], back["turn"], back["away"]) == ("answered", 3, [])
        assert await until_away(client, call) == 3
        for sender, hearer in ((client, loaded), (loaded, client)):
            heard = await keep_saying(sender, hearer, call, 1, OFFER, turn=3)
            assert (heard["turn"], heard["data"]) == (3, OFFER)
        assert (await act(loaded, "stay", call, page="loaded-again"))["turn"] == 3
        await act(client, "hang_up", call)
        assert (await until_told(loaded, call, "over"))["end"] == "hung_up"


async def test_no_other_page_takes_a_call_from_the_one_that_is_in_it(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor), AsyncExitStack() as stack:
        second = await joined(stack, any_house, mentor.person, 0)
        call = await answered(client, mentor)
        assert (await act(second, "away", call, page="a-second-page"))["away"] == []
        assert (await act(second, "back", call, page="a-second-page"))["reason"] == "elsewhere"
        assert (await say(second, call, 1, OFFER))["reason"] == "not_found"
        await act(mentor, "away", call)
        assert await until_away(second, call, mentor) == 2
        assert (await act(second, "back", call, page="a-second-page"))["turn"] == 3
        # The first page, on another process, was there after all: it hears that it is not in the call any more, and is not.
        assert (await act(mentor, "stay", call))["reason"] == "elsewhere"
        assert (await say(mentor, call, 1, OFFER, turn=3))["reason"] == "not_found"
        assert (await keep_saying(client, second, call, 1, OFFER, turn=3))["turn"] == 3


async def test_of_two_pages_that_come_back_at_once_one_is_in_the_call(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor), AsyncExitStack() as stack:
        pages = [await joined(stack, any_house, mentor.person, number) for number in (0, 1)]
        call = await answered(client, mentor)
        await act(mentor, "away", call)
        for turn in range(3, 13, 2):
            answers = await asyncio.gather(
                *(act(each, "back", call, page=f"page-number-{number}") for number, each in enumerate(pages))
            )
            assert sorted(str(answer.get("reason", answer["type"])) for answer in answers) == ["call", "elsewhere"]
            winner = [answer["type"] for answer in answers].index("call")
            assert answers[winner]["turn"] == turn
            await act(pages[winner], "away", call, page=f"page-number-{winner}")


async def test_a_page_that_was_only_silent_is_back_as_soon_as_it_speaks(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        call = await answered(client, mentor)
        await asyncio.to_thread(any_house.office, "age_call", id=call, seconds=20)
        await act(client, "stay", call)
        assert await until_away(client, call, mentor) == 2
        assert (await act(mentor, "stay", call))["turn"] == 3
        assert await until_away(client, call) == 3


@pytest.mark.parametrize("how", ["end_sessions", "lock"])
async def test_who_is_signed_out_or_locked_out_comes_back_to_no_call(any_house: House, how: str) -> None:
    async with of_two(any_house) as (client, mentor):
        call = await answered(client, mentor)
        await asyncio.to_thread(any_house.office, how, cookie=mentor.person.cookie)
        assert (await until_told(client, call, "over"))["end"] == "hung_up"


async def test_when_both_ring_at_once_it_is_one_call(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        answers = await asyncio.gather(*(act(each, "ring", new_id(), way="video") for each in (client, mentor)))
        assert len({answer["call"] for answer in answers}) == 1
        assert sorted(answer["state"] for answer in answers) == ["answered", "ringing"]
        call = answers[0]["call"]
        await until_told(client if answers[0]["state"] == "ringing" else mentor, call, "answered")
        assert (await keep_saying(client, mentor, call, 1, OFFER))["data"] == OFFER


async def test_it_rings_wherever_the_person_is_and_stops_when_it_is_answered(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor), AsyncExitStack() as stack:
        elsewhere = [await joined(stack, any_house, mentor.person, number, enter=False) for number in (0, 1)]
        for each in elsewhere:
            assert (await each.ask("watch"))["type"] == "done"
        call = new_id()
        await act(client, "ring", call, way="video")
        for each in (mentor, *elsewhere):
            assert (await until_told(each, call, "ringing"))["name"] == client.person.pseudonym
        await act(mentor, "accept", call)
        for each in elsewhere:
            await until_told(each, call, "answered")
            late = await act(each, "accept", call, page="another-page-of-theirs")
            assert late["reason"] == "not_entered"


async def test_who_opens_the_thread_while_it_rings_hears_it(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor), AsyncExitStack() as stack:
        call = new_id()
        await act(client, "ring", call, way="video")
        for enter in (True, False):
            page = await joined(stack, any_house, mentor.person, 1, enter=enter)
            if not enter:
                await page.ask("watch")
            await until_told(page, call, "ringing")


async def test_a_signal_reaches_the_other_side_of_the_call_and_no_third_socket(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor), AsyncExitStack() as stack:
        others = [
            await joined(stack, any_house, person, number)
            for person in (client.person, mentor.person)
            for number in (0, 1)
        ]
        watching = [await joined(stack, any_house, person, 0, enter=False) for person in (client.person, mentor.person)]
        for each in watching:
            await each.ask("watch")
        call = await answered(client, mentor)
        for sender, hearer in ((client, mentor), (mentor, client)):
            heard = await keep_saying(sender, hearer, call, 7, OFFER)
            assert {
                **heard,
                "type": "signal",
                "room": client.person.room,
                "call": call,
                "turn": 1,
                "n": 7,
                "got": 0,
                "data": OFFER,
            } == heard
        for each in (*others, *watching):
            with pytest.raises(TimeoutError):
                await each.expect("signal", within=0.3)
            if each in others:
                assert (await say(each, call, 1, OFFER))["reason"] == "not_found"
                assert (await each.ask("servers", call=call))["reason"] == "not_found"
                assert (await act(each, "stay", call, page="another-page-of-theirs"))["reason"] == "elsewhere"
            else:
                assert (await say(each, call, 1, OFFER))["reason"] == "not_entered"


async def test_nothing_is_signalled_before_a_call_is_answered_and_after_it_is_over(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        assert (await say(client, new_id(), 1, OFFER))["reason"] == "not_found"
        call = new_id()
        await act(client, "ring", call, way="video")
        assert (await say(client, call, 1, OFFER))["reason"] == "not_found"
        await until_told(mentor, call, "ringing")
        await act(mentor, "accept", call)
        await until_told(client, call, "answered")
        assert (await say(client, call, 1, OFFER))["type"] == "done"
        await act(client, "hang_up", call)
        await until_told(mentor, call, "over")
        for each in (client, mentor):
            assert (await say(each, call, 2, OFFER))["reason"] == "not_found"


@pytest.mark.parametrize("who", ["member of a group", "outsider", "removed", "moderator", "another thread"])
async def test_no_frame_of_anybody_else_reaches_a_thread(any_house: House, who: str) -> None:
    async with of_two(any_house) as (client, mentor), AsyncExitStack() as stack:
        call = await answered(client, mentor)
        person = await asyncio.to_thread(_somebody, any_house, who, client)
        third = await joined(stack, any_house, person, 1, enter=False)
        if who != "outsider":
            assert (await third.ask("enter"))["type"] == "entered"
        thread = client.person.room
        for frame in _frames(thread, call):
            answer = await third.ask(**frame)
            assert answer["type"] == "refused", frame
            assert answer["reason"] in {"not_entered", "not_found"}, (frame, answer)
        for frame in _frames(person.room, call):
            answer = await third.ask(**frame)
            # In a group somebody may say what has arrived; it goes nowhere.
            assert answer["type"] == "refused" or frame["type"] == "got", (frame, answer)
        assert (await act(client, "stay", call))["state"] == "answered"
        assert (await asyncio.to_thread(any_house.office, "calls", room=thread))[0]["over"] is False
        for each in (client, mentor):
            with pytest.raises(TimeoutError):
                await each.expect("signal", "marks", within=0.3)


def _somebody(house: House, who: str, client: Member) -> Any:
    match who:
        case "another thread":
            return house.thread(pseudonym="Slow River", called="Aster")[0]
        case "moderator":
            return house.person(house.room(), role="moderator")
        case "outsider":
            return house.member(house.room(), house.stranger())
        case _:
            return house.person(house.room())


def _frames(room: str, call: str) -> list[Frame]:
    page = "page-0001"
    acts = ("accept", "decline", "cancel", "hang_up", "lost", "away", "back", "stay", "notice")
    return [
        {"type": "enter", "room": room} if room == "" else {"type": "got", "room": room, "seq": 0},
        {"type": "call", "room": room, "act": "ring", "call": call, "page": page, "way": "video"},
        *({"type": "call", "room": room, "act": each, "call": call, "page": page} for each in acts),
        {"type": "signal", "room": room, "call": call, "turn": 1, "n": 1, "got": 0, "data": OFFER},
        {"type": "servers", "room": room, "call": call},
    ]


async def test_who_is_removed_is_out_of_the_call_at_once(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        call = await answered(client, mentor)
        await asyncio.to_thread(any_house.office, "remove", cookie=mentor.person.cookie, room=mentor.person.room)
        assert (await mentor.expect("notice"))["reason"] == "removed"
        for answer in (await say(mentor, call, 1, OFFER), await act(mentor, "stay", call)):
            assert answer["reason"] == "not_entered"
        assert (await until_told(client, call, "over"))["end"] == "closed"
        assert (await act(client, "ring", new_id(), way="video"))["reason"] == "no_calls"


async def test_a_thread_that_is_closed_takes_no_calls_and_says_why(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        call = await answered(client, mentor)
        await asyncio.to_thread(any_house.office, "change_room", room=client.person.room, read_only=True)
        for each in (client, mentor):
            assert (await until_told(each, call, "over"))["end"] == "closed"
        refused = await act(client, "ring", new_id(), way="video")
        assert refused["reason"] == "read_only"
        assert len(refused["text"]) > 20


async def test_what_browsers_tell_each_other_is_in_no_row_and_no_log(any_house: House) -> None:
    async with of_two(any_house) as (client, mentor):
        call = await answered(client, mentor)
        await keep_saying(client, mentor, call, 1, OFFER)
        rows = await asyncio.to_thread(any_house.office, "rows")
        assert any(call in row for row in rows)
        assert not any("a-word-that-is-in-no-log" in row for row in rows)
        assert not any("a-word-that-is-in-no-log" in server.log() for server in any_house.servers)


async def test_servers_are_given_to_who_is_in_the_call(small_house: House) -> None:
    async with of_two(small_house) as (client, mentor):
        call = await answered(client, mentor)
        for each in (client, mentor):
            answer = await each.ask("servers", call=call)
            assert (answer["type"], answer["servers"], answer["relay_only"]) == ("servers", [], False)


async def test_a_flood_of_signals_is_slowed(small_house: House) -> None:
    async with of_two(small_house) as (client, mentor):
        call = await answered(client, mentor)
        for n in range(1000):
            await client.client.send(
                {"type": "signal", "room": client.person.room, "call": call, "turn": 1, "n": n, "got": 0, "data": None}
            )
        refused = await client.expect("refused")
        assert (refused["reason"], "retry_after" in refused) == ("too_fast", True)


async def test_a_group_hears_of_no_calls_and_no_marks(small_house: House) -> None:
    room = await asyncio.to_thread(small_house.room)
    people = await asyncio.to_thread(small_house.people, room, 2)
    async with (
        BareClient.open(small_house.url(), people[0].cookie) as one,
        BareClient.open(small_house.url(), people[1].cookie) as two,
    ):
        entered = [await each.ask({"type": "enter", "room": room}) for each in (one, two)]
        assert all("marks" not in frame and "missed" not in frame for frame in entered)
        posted = await one.ask({"type": "post", "room": room, "key": new_id(), "body": "hello"})
        for kind in ("got", "read"):
            assert (await two.ask({"type": kind, "room": room, "seq": posted["seq"]}))["type"] == "done"
        answer = await two.ask(
            {"type": "call", "room": room, "act": "ring", "call": new_id(), "page": "page-0001", "way": "video"}
        )
        assert answer["reason"] == "not_found"
        with pytest.raises(TimeoutError):
            await one.expect("marks", "call", within=0.8)
