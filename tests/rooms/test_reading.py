"""Pages of messages, and what changed since: complete, in order, and at the same cost however long the history is."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account
from rooms import posting, reading
from rooms.access import Seat
from rooms.changes import Post, React
from rooms.commit import write
from rooms.models import Message
from tests.people import both_stores, open_room, seated

pytestmark = both_stores


def fill(seat: Seat, count: int) -> list[str]:
    changes = [Post(seat, f"fill-{number:06}", f"number {number}") for number in range(1, count + 1)]
    write(changes)
    return [change.id for change in changes]


def numbers(page: reading.Page) -> list[int]:
    return [message.seq for message in page.messages]


def test_the_newest_page_comes_oldest_first_and_says_that_there_is_more(heron: Seat) -> None:
    fill(heron, 51)
    page = reading.newest(heron.room_id)
    assert numbers(page) == list(range(2, 52))
    assert page.more


@pytest.mark.parametrize("count", [0, 1, 50])
def test_a_room_that_fits_on_a_page_has_no_more(heron: Seat, count: int) -> None:
    fill(heron, count)
    page = reading.newest(heron.room_id)
    assert numbers(page) == list(range(1, count + 1))
    assert not page.more


def test_paging_back_meets_every_message_once(heron: Seat) -> None:
    fill(heron, 23)
    page = reading.newest(heron.room_id, 10)
    seen = numbers(page)
    while page.more:
        page = reading.before(heron.room_id, page.messages[0].seq, 10)
        seen = numbers(page) + seen
    assert seen == list(range(1, 24))


def test_catching_up_meets_every_change_once_in_its_newest_state(heron: Seat, river: Seat) -> None:
    ids = fill(heron, 12)
    posting.react(river, id=ids[2], kind="heart")
    posting.edit(heron, id=ids[7], body="edited")
    posting.redact(heron, id=ids[0])
    seen, number, more = [], 0, True
    while more:
        page = reading.since(heron.room_id, number, 5)
        seen += page.messages
        number, more = page.messages[-1].changed, page.more
    assert number == 15
    assert [message.changed for message in seen] == [2, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15]
    assert [message.seq for message in seen][-3:] == [3, 8, 1]
    assert reading.since(heron.room_id, 15) == reading.Page([], False)


def test_a_page_of_one_room_holds_nothing_of_another(heron: Seat, mentor: Account) -> None:
    other = seated(mentor, open_room("Another room"), "Juniper")
    fill(other, 3)
    fill(heron, 1)
    assert numbers(reading.newest(heron.room_id)) == [1]
    assert numbers(reading.since(heron.room_id, 0)) == [1]
    assert numbers(reading.before(heron.room_id, 100)) == [1]


def test_an_excerpt_is_one_line_of_120_characters() -> None:
    assert reading.shortened("one\n\ttwo  three") == "one two three"
    assert reading.shortened("a" * 120) == "a" * 120
    assert reading.shortened("a" * 121) == "a" * 119 + "…"


@pytest.mark.parametrize("count", [5, 500])
def test_a_page_costs_the_same_however_long_the_history(
    heron: Seat, river: Seat, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = fill(heron, count)
    write([Post(river, f"answer-{number}", "an answer", reply_to=ids[0]) for number in range(3)])
    write([React(river, id, "heart", True) for id in ids[-3:]])
    pages: list[Callable[[], reading.Page]] = [
        lambda: reading.newest(heron.room_id),
        lambda: reading.before(heron.room_id, count + 4),
        lambda: reading.since(heron.room_id, count - 3),
    ]
    for page in pages:
        with django_assert_num_queries(4):  # messages, what they answer, faces, reactions
            assert page().messages


def test_the_index_answers_both_ways_of_reading(heron: Seat) -> None:
    """Whoever changes an index hears of it here before a room of a hundred thousand messages does."""
    room = Message.objects.filter(room_id=heron.room_id)
    for plan in (room.order_by("-seq")[:51].explain(), room.filter(changed__gt=5).order_by("changed")[:201].explain()):
        assert "USING INDEX" in plan
        assert "TEMP B-TREE" not in plan
