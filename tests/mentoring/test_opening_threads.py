"""A thread is a room of two: found only through them, called by who is in it, listed nowhere else."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Account
from mentoring.models import Thread
from rooms import joining, lists, posting
from rooms.access import seat_of, standing
from rooms.models import Room
from tests.mentoring.cast import certified, thread_between
from tests.people import a_client, both_stores, coordinator, mentor, moderator, signed_in

__all__ = ["a_client", "coordinator", "mentor", "moderator"]
pytestmark = both_stores


def test_both_stand_in_it_and_each_sees_the_others_name(a_client: Account, mentor: Account) -> None:
    thread = thread_between(a_client, certified(mentor, called="Juniper"), pseudonym="Gray Wren")
    assert [each.name for each in lists.listed(a_client.pk)] == ["Juniper"]
    assert [each.name for each in lists.listed(mentor.pk)] == ["Gray Wren"]
    for account in (a_client, mentor):
        posting.post(seat_of(standing(account.pk, thread.room_id)), body="Hello.")


def test_a_name_that_sounds_like_the_mentors_is_refused_and_nothing_is_left(a_client: Account, mentor: Account) -> None:
    with pytest.raises(ValidationError):
        thread_between(a_client, certified(mentor, called="Juniper"), pseudonym="Jun1per")
    assert not Thread.objects.exists()
    assert not Room.objects.exists()


def test_a_client_may_give_their_name_in_a_thread(a_client: Account, mentor: Account) -> None:
    thread = thread_between(a_client, certified(mentor))
    posting.post(seat_of(standing(a_client.pk, thread.room_id)), body=f"You can call me {a_client.name}.")


def test_a_coordinator_finds_no_thread_among_the_rooms(
    a_client: Account, mentor: Account, coordinator: Account, moderator: Account
) -> None:
    room = thread_between(a_client, certified(mentor)).room_id
    browser = signed_in(coordinator)
    assert room not in browser.get("/rooms/").content.decode()
    for address in (f"/rooms/{room}/edit/", f"/rooms/{room}/people/", f"/rooms/{room}/", f"/moderation/rooms/{room}/"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/rooms/{room}/people/", {"account": coordinator.pk}).status_code == 404
    assert signed_in(moderator).get(f"/moderation/rooms/{room}/").status_code == 404
    assert room not in dict(joining.places())


def test_nobody_leaves_a_thread_as_they_would_a_group(a_client: Account, mentor: Account) -> None:
    room = thread_between(a_client, certified(mentor)).room_id
    assert signed_in(a_client).post(f"/rooms/{room}/leave/").status_code == 404
    assert standing(a_client.pk, room)
