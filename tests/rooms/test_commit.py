"""One transaction for many changes: numbers, announcements, replays within and between batches, seats checked at the last moment."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account, Role
from rooms import reading, rows
from rooms.access import Seat
from rooms.changes import Announcement, Change, Done, Edit, Outcome, Post, Posted, React, Redact
from rooms.commit import write
from rooms.models import Membership, Message, Room
from rooms.refusals import Refused
from tests.people import both_stores, make, open_room, seated

pytestmark = both_stores


def outcomes(changes: Sequence[Change]) -> list[Outcome]:
    return write(changes)[0]


def refusal(outcome: Outcome) -> str:
    assert isinstance(outcome, Refused)
    return outcome.reason


def posts(seat: Seat, count: int, prefix: str = "batch") -> list[Change]:
    return [Post(seat, f"{prefix}-{number:06}", f"{prefix} {number}") for number in range(count)]


@pytest.fixture
def meadow(a_client: Account) -> Seat:
    """The same person in another room."""
    return seated(a_client, open_room("Another room"), "Slow Meadow")


# --- numbers --------------------------------------------------------------------------------------------------------


def test_changes_take_the_rooms_numbers_in_their_order(heron: Seat, river: Seat) -> None:
    first, second, third = outcomes([*posts(heron, 2), *posts(river, 1, "other")])
    assert [each.seq for each in (first, second, third) if isinstance(each, Posted)] == [1, 2, 3]
    assert Room.objects.get(pk=heron.room_id).number == 3
    (fourth,) = outcomes(posts(heron, 1, "later"))
    assert isinstance(fourth, Posted)
    assert fourth.seq == 4


def test_every_room_counts_for_itself(heron: Seat, meadow: Seat) -> None:
    done, announcements = write([*posts(heron, 1), *posts(meadow, 2), *posts(heron, 1, "again")])
    assert [each.seq for each in done if isinstance(each, Posted)] == [1, 1, 2, 2]
    assert {(each.room_id, each.after, each.seq) for each in announcements} == {
        (heron.room_id, 0, 2),
        (meadow.room_id, 0, 2),
    }


def test_many_rooms_cost_no_more_statements_than_one(heron: Seat, a_client: Account) -> None:
    seats = [seated(a_client, open_room(f"Room {number}"), "Slow Meadow") for number in range(5)]
    outcomes([change for seat in (heron, *seats) for change in posts(seat, 1, "warm")])

    def statements(changes: list[Change]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            outcomes(changes)
        return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured.captured_queries)

    one = statements(posts(heron, 1))
    many = statements([change for seat in seats for change in posts(seat, 10)])
    # SQLite's executemany is logged once a row: the numbers of five rooms, the rows of fifty messages.
    assert many - one <= 4 + 49


def test_all_is_stored_or_nothing(heron: Seat, meadow: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(numbers: dict[str, int]) -> None:
        raise OSError

    monkeypatch.setattr(rows, "set_numbers", broken)
    with pytest.raises(OSError):  # noqa: PT011  (raised above)
        write([*posts(heron, 2), *posts(meadow, 2)])
    assert not Message.objects.exists()
    assert set(Room.objects.values_list("number", flat=True)) == {0}


# --- announcements --------------------------------------------------------------------------------------------------


def test_an_announcement_holds_all_that_changed_once_in_its_newest_state(heron: Seat, river: Seat) -> None:
    old, gone = (each for each in outcomes(posts(heron, 2, "old")) if isinstance(each, Posted))
    _, (announcement,) = write(
        [
            *posts(river, 1, "new"),
            Edit(heron, old.id, "edited"),
            React(river, old.id, "heart", True),
            Redact(heron, gone.id),
            *posts(heron, 1, "newest"),
            React(river, old.id, "proud", True),
        ]
    )
    assert (announcement.after, announcement.seq) == (2, 8)
    assert [(message.body, message.changed) for message in announcement.messages] == [
        ("new 0", 3),
        (None, 6),
        ("newest 0", 7),
        ("edited", 8),
    ]
    edited = announcement.messages[-1]
    assert edited.edited
    assert edited.reactions == {"heart": [river.face.id], "proud": [river.face.id]}


def test_what_is_announced_is_what_the_store_then_gives(heron: Seat, river: Seat) -> None:
    (first,) = (
        each for each in outcomes([Post(heron, "key-00000001", "How was it?", "sleep")]) if isinstance(each, Posted)
    )
    _, (announcement,) = write(
        [Post(river, "key-00000002", "Long.", reply_to=first.id), React(river, first.id, "strength", True)]
    )
    assert announcement.messages == reading.since(heron.room_id, announcement.after).messages


def test_what_changed_nothing_is_announced_to_nobody(heron: Seat) -> None:
    (first,) = (each for each in outcomes(posts(heron, 1)) if isinstance(each, Posted))
    done, announcements = write([*posts(heron, 1), React(heron, first.id, "heart", False), Redact(heron, "0" * 32)])
    assert done[0] == first
    assert done[1] == Done()
    assert refusal(done[2]) == "not_found"
    assert announcements == []


# --- replays --------------------------------------------------------------------------------------------------------


def test_one_key_twice_in_a_batch_is_one_message(heron: Seat, river: Seat) -> None:
    change = Post(heron, "key-00000001", "once")
    again = Post(heron, "key-00000001", "twice")
    theirs = Post(river, "key-00000001", "another person's")
    first, second, third = outcomes([change, again, theirs])
    assert first == second != third
    assert [message.body for message in reading.newest(heron.room_id).messages] == ["once", "another person's"]


def test_a_key_that_another_process_stored_a_moment_ago_returns_its_message(
    heron: Seat, river: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looked before either stored: the store refuses the second, which looks again and sees the first."""
    (winner,) = (each for each in outcomes([Post(heron, "key-00000001", "won")]) if isinstance(each, Posted))
    look = rows.with_keys
    looks: list[Collection[str]] = []

    def too_early(keys: Collection[str]) -> list[str]:
        looks.append(keys)
        return [] if len(looks) == 1 else look(keys)

    monkeypatch.setattr(rows, "with_keys", too_early)
    done, announcements = write([Post(river, "key-00000009", "beside"), Post(heron, "key-00000001", "lost")])
    assert len(looks) == 3
    assert done[1] == winner
    assert isinstance(done[0], Posted)
    assert (announcements[0].after, announcements[0].seq) == (1, 2)
    assert [message.body for message in reading.newest(heron.room_id).messages] == ["won", "beside"]


def test_a_lone_change_that_lost_the_race_is_answered_too(heron: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    (winner,) = outcomes([Post(heron, "key-00000001", "won")])
    look, looks = rows.with_keys, iter([True, False])
    monkeypatch.setattr(rows, "with_keys", lambda keys: [] if next(looks) else look(keys))
    assert outcomes([Post(heron, "key-00000001", "lost")]) == [winner]


def test_the_store_itself_refuses_a_second_message_under_a_key(heron: Seat) -> None:
    outcomes([Post(heron, "key-00000001", "won")])
    row = Message.objects.get()
    assert row.body is not None
    second = rows.NewMessage("f" * 32, row.room_id, row.author_id, row.key, 9, row.posted_at, None, row.body, None)
    with pytest.raises(IntegrityError):
        rows.insert([second])


# --- seats ----------------------------------------------------------------------------------------------------------


def test_a_member_removed_after_the_seat_was_given_is_refused_inside_the_commit(heron: Seat, river: Seat) -> None:
    waiting = [*posts(heron, 1), *posts(river, 1, "other")]
    Membership.objects.filter(pk=heron.member_id).update(removed_at=timezone.now())
    first, second = outcomes(waiting)
    assert refusal(first) == "not_found"
    assert isinstance(second, Posted)
    assert second.seq == 1


def test_a_seat_of_one_room_writes_into_no_other(heron: Seat, meadow: Seat) -> None:
    (elsewhere,) = (each for each in outcomes(posts(meadow, 1)) if isinstance(each, Posted))
    done = outcomes(
        [
            Edit(heron, elsewhere.id, "changed"),
            Redact(heron, elsewhere.id),
            React(heron, elsewhere.id, "heart", True),
            Post(heron, "key-00000001", "an answer", reply_to=elsewhere.id),
        ]
    )
    assert [refusal(each) for each in done] == ["not_found"] * 4
    assert reading.newest(meadow.room_id).messages[0].body == "batch 0"


def test_a_room_that_is_gone_refuses(heron: Seat) -> None:
    nowhere = replace(heron, room_id="gone")
    assert [refusal(each) for each in outcomes(posts(nowhere, 1))] == ["not_found"]


def test_the_hand_written_question_finds_exactly_those_who_stand() -> None:
    """Every combination of what makes a seat cold, asked both ways."""
    faults = ("removed", "suspended", "nameless", "outdated")
    for number, wrong in enumerate(fault for size in range(5) for fault in combinations(faults, size)):
        seat = seated(make(Role.CLIENT), open_room(f"Room {number}"), "Quiet Heron")
        member = Membership.objects.filter(pk=seat.member_id)
        if "removed" in wrong:
            member.update(removed_at=timezone.now())
        if "suspended" in wrong:
            Account.objects.filter(pk=seat.account_id).update(is_active=False)
        if "nameless" in wrong:
            member.update(pseudonym_index=None)
        if "outdated" in wrong:
            member.update(accepted_version=0)
    everybody = set(Membership.objects.values_list("pk", flat=True))
    standing = set(Membership.objects.standing().values_list("pk", flat=True))
    assert len(everybody) == 16
    assert set(rows.standing(everybody)) == standing
    assert len(standing) == 1


def test_a_refused_change_leaves_its_neighbours_alone(heron: Seat) -> None:
    (old,) = (
        each
        for each in outcomes([Post(heron, "key-00000001", "old", at=timezone.now() - timedelta(hours=1))])
        if isinstance(each, Posted)
    )
    late, fine = outcomes([Edit(heron, old.id, "late"), *posts(heron, 1)])
    assert refusal(late) == "too_late"
    assert isinstance(fine, Posted)
    assert fine.seq == 2


def announced(announcements: list[Announcement]) -> list[int]:
    return [message.changed for each in announcements for message in each.messages]


def test_announcements_leave_no_number_out(heron: Seat, river: Seat) -> None:
    known: list[int] = []
    reached = 0
    for number in range(5):
        _, announcements = write([*posts(heron, number, f"h{number}"), *posts(river, 1, f"r{number}")])
        assert [each.after for each in announcements] == [reached]
        reached = announcements[-1].seq
        known += announced(announcements)
    assert known == list(range(1, reached + 1))


def test_the_cost_does_not_grow_with_the_history(
    heron: Seat, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    outcomes(posts(heron, 1, "warm"))
    with CaptureQueriesContext(connection) as short:
        outcomes(posts(heron, 1, "short"))
    outcomes(posts(heron, 300, "history"))
    with django_assert_num_queries(len(short)):
        outcomes(posts(heron, 1, "long"))
