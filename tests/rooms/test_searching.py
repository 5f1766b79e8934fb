"""Search in one room: all words, case and accents apart, newest first, a slice at a time."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account
from rooms import posting, searching
from rooms.access import Seat
from rooms.changes import Post
from rooms.commit import write
from rooms.refusals import Refused
from tests.people import both_stores, open_room, seated

pytestmark = both_stores


def search(seat: Seat, query: str) -> list[str | None]:
    found: list[str | None] = []
    before: int | None = None
    while True:
        matches, before = searching.search_slice(seat.account_id, seat.room_id, searching.words_of(query), before)
        found += [message.body for message in matches]
        if before is None:
            return found


def test_all_words_must_occur_in_any_order(heron: Seat) -> None:
    for body in ("The pigeon was kind.", "Kind people everywhere.", "A kind of pigeon."):
        posting.post(heron, body=body)
    assert search(heron, "pigeon kind") == ["A kind of pigeon.", "The pigeon was kind."]
    assert search(heron, "pigeon sparrow") == []


@pytest.mark.parametrize("query", ["corazon", "CORAZÓN", "corazo\u0301n", "razó"])
def test_case_and_accents_are_put_aside(heron: Seat, query: str) -> None:
    posting.post(heron, body="Mi Corazón iba rápido")
    assert search(heron, query) == ["Mi Corazón iba rápido"]


@pytest.mark.parametrize(
    ("body", "query"), [("Die Straße", "strasse"), ("STRASSE", "straße"), ("İstanbul", "istanbul")]
)
def test_letters_that_fold_into_two_are_found_both_ways(heron: Seat, body: str, query: str) -> None:
    posting.post(heron, body=body)
    assert search(heron, query) == [body]


def test_the_words_of_a_warning_are_not_searched_and_nothing_redacted_is_found(heron: Seat) -> None:
    posting.post(heron, body="about night", warning="thunder")
    gone = posting.post(heron, body="thunder outside")
    assert search(heron, "thunder") == ["thunder outside"]
    posting.redact(heron, id=gone.id)
    assert search(heron, "thunder") == []


def test_an_edited_message_is_found_by_its_new_words_only(heron: Seat) -> None:
    mine = posting.post(heron, body="sparrow")
    posting.edit(heron, id=mine.id, body="heron")
    assert search(heron, "sparrow") == []
    assert search(heron, "heron") == ["heron"]


def test_a_long_history_is_searched_in_slices_to_its_beginning(heron: Seat) -> None:
    write(
        [Post(heron, f"fill-{number:06}", f"needle {number}" if number % 150 == 0 else "hay") for number in range(601)]
    )
    assert search(heron, "needle") == ["needle 600", "needle 450", "needle 300", "needle 150", "needle 0"]
    _, before = searching.search_slice(heron.account_id, heron.room_id, ("needle",), None)
    assert before == 601 - searching.SLICE + 1


def test_a_search_stays_in_its_room(heron: Seat, a_client: Account) -> None:
    posting.post(seated(a_client, open_room("Another room"), "Slow Meadow"), body="needle")
    assert search(heron, "needle") == []


def test_an_outsider_searches_nothing(heron: Seat, outsider: Account) -> None:
    posting.post(heron, body="needle")
    with pytest.raises(Refused, match="not_found"):
        searching.search_slice(outsider.pk, heron.room_id, ("needle",), None)


def test_a_slice_costs_the_same_however_many_match(
    heron: Seat, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    write([Post(heron, f"fill-{number:06}", "needle") for number in range(250)])
    with django_assert_num_queries(4):  # membership, messages, faces, reactions
        matches, _ = searching.search_slice(heron.account_id, heron.room_id, ("needle",), None)
    assert len(matches) == searching.SLICE
