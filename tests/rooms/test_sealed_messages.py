"""A stored message opens at its own place alone; what does not open is shown as taken back, never as an error page."""

import logging
from datetime import UTC, datetime

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Account
from rooms import posting, reading
from rooms.access import Seat
from rooms.models import Message
from rooms.reading import OpenMessage
from tests.people import both_stores, open_room, seated, signed_in
from vault import keys

pytestmark = both_stores


def shown(seat: Seat) -> list[OpenMessage]:
    return reading.newest(seat.room_id).messages


def ciphertext(id: str, body: bytes | None, *, column: str = "body") -> None:
    """By hand, as somebody with the database's password can."""
    table = Message._meta.db_table
    with connections["default"].cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [body, id])


@pytest.fixture
def meadow(a_client: Account) -> Seat:
    return seated(a_client, open_room("Another room"), "Slow Meadow")


def test_two_bodies_of_one_room_that_were_swapped_open_nowhere(heron: Seat, a_client: Account) -> None:
    one, other = posting.post(heron, body="the first"), posting.post(heron, body="the second")
    bodies = [Message.objects.get(pk=each.id).body for each in (one, other)]
    ciphertext(one.id, bodies[1])
    ciphertext(other.id, bodies[0])
    assert [message.body for message in shown(heron)] == [None, None]
    page = signed_in(a_client).get(f"/rooms/{heron.room_id}/")
    assert page.status_code == 200
    assert b"the first" not in page.content
    ciphertext(one.id, bodies[0])
    assert [message.body for message in shown(heron)] == ["the first", None]


def test_a_body_moved_to_another_room_does_not_open_there(heron: Seat, meadow: Seat) -> None:
    posting.post(heron, body="for this room only")
    copy = posting.post(meadow, body="something else")
    ciphertext(copy.id, Message.objects.get(room_id=heron.room_id).body)
    assert [message.body for message in shown(meadow)] == [None]
    assert [message.body for message in shown(heron)] == ["for this room only"]


def test_a_warning_does_not_open_as_a_body(heron: Seat) -> None:
    posted = posting.post(heron, body="the body", warning="the warning")
    ciphertext(posted.id, Message.objects.get(pk=posted.id).warning)
    assert [message.body for message in shown(heron)] == [None]


@pytest.mark.parametrize("broken", [b"", b"\x01", b"not sealed at all", b"\x00" * 200])
def test_what_is_no_ciphertext_is_shown_as_taken_back(heron: Seat, broken: bytes) -> None:
    posted = posting.post(heron, body="was here")
    after = posting.post(heron, body="an answer", reply_to=posted.id)
    ciphertext(posted.id, broken)
    first, second = shown(heron)
    assert (first.redacted, first.body) == (True, None)
    assert (second.id, second.body) == (after.id, "an answer")
    assert second.reply_to is not None
    assert second.reply_to.excerpt is None


def test_a_body_whose_warning_does_not_open_stays_folded(heron: Seat) -> None:
    """A warning that was broken must not unfold what it stood before."""
    posted = posting.post(heron, body="heavy things", warning="heavy")
    ciphertext(posted.id, b"broken", column="warning")
    message = shown(heron)[0]
    assert (message.redacted, message.body) == (True, None)


@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_a_room_with_a_destroyed_month_still_opens(
    heron: Seat, a_client: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    posting.post(heron, body="from the spring", at=datetime(2026, 4, 2, tzinfo=UTC))
    posting.post(heron, body="from today", at=timezone.now())
    keys.destroy(owner=f"room:{heron.room_id}", epoch="2026-04", actor="test", why="its term is over")
    assert [message.body for message in shown(heron)] == [None, "from today"]
    page = signed_in(a_client).get(f"/rooms/{heron.room_id}/")
    assert page.status_code == 200
    assert b"from the spring" not in page.content
    assert b"from today" in page.content
    assert "from the spring" not in caplog.text


def test_no_sentence_stands_in_any_table(heron: Seat, river: Seat) -> None:
    sentences = ["the pigeon judged me", "about pigeons", "changed to sparrows"]
    first = posting.post(heron, body=sentences[0], warning=sentences[1])
    posting.post(river, body="an answer", reply_to=first.id)
    posting.edit(heron, id=first.id, body=sentences[2])
    words = [*sentences, "Quiet Heron", "Steady River", "Valdovinos", "ines@people.example"]
    for alias in ("default", "keys"):
        connection = connections[alias]
        for table in connection.introspection.table_names():
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                stored = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor])
            assert not [word for word in words if word.lower() in stored.lower()], table
