"""What has reached its term goes, with the key that opened it; what has not stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account
from rooms import joining, posting, reading, retention
from rooms.access import Seat, seat_of, standing
from rooms.models import Message, Room, epoch_of
from tests.people import a_client, coordinator
from vault import keys, trail

__all__ = ["a_client", "coordinator"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=200)


@pytest.fixture
def seat(a_client: Account, coordinator: Account) -> Seat:
    room = Room.objects.create(name="Evening room", condition=Room.Condition.OTHER, retention_days=90)
    joining.publish_agreement(room, "Be kind.", actor=coordinator)
    member = joining.admit(a_client, room, actor=coordinator)
    member.refresh_from_db()
    joining.enter(member, pseudonym="Quiet Heron", version=1)
    return seat_of(standing(a_client.pk, room.pk))


def test_what_is_older_than_its_room_keeps_is_purged_and_the_rest_stays(seat: Seat) -> None:
    posting.post(seat, body="From long ago.", at=LONG_AGO)
    posting.post(seat, body="From today.", at=NOW)

    assert retention.purge(NOW) == 1
    assert [message.body for message in reading.newest(seat.room_id).messages] == ["From today."]


def test_the_key_of_a_month_that_is_over_is_destroyed_on_the_record(seat: Seat) -> None:
    posting.post(seat, body="From long ago.", at=LONG_AGO)
    posting.post(seat, body="From today.", at=NOW)

    retention.purge(NOW)

    destroyed = {line.epoch: line.destroyed_at for line in keys.listing(owner=f"room:{seat.room_id}") if line.epoch}
    assert destroyed[epoch_of(LONG_AGO)] is not None
    assert destroyed[epoch_of(NOW)] is None
    assert not trail.verify()


def test_an_answer_outlives_what_it_answered(seat: Seat) -> None:
    old = posting.post(seat, body="From long ago.", at=LONG_AGO)
    posting.post(seat, body="I still think of that.", reply_to=old.id, at=NOW)

    retention.purge(NOW)

    assert reading.newest(seat.room_id).messages[0].reply_to is None
    assert Message.objects.count() == 1


def test_a_second_purge_finds_nothing(seat: Seat) -> None:
    posting.post(seat, body="From long ago.", at=LONG_AGO)
    retention.purge(NOW)

    assert retention.purge(NOW) == 0
