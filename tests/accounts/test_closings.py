"""Closings: what tells every process that sockets must close."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import closings
from accounts.closings import close, handle, newest, since
from accounts.models import Closing
from tests.people import both_stores

pytestmark = both_stores


def test_a_reader_hears_of_every_closing_after_the_one_it_saw_last_in_order() -> None:
    before = newest()
    close(account=7)
    close(account=7, place="room:abc")
    close(session_key="the-cookie")
    heard = since(before)
    assert [(each.account, each.session_key, each.place) for each in heard] == [
        (7, "", ""),
        (7, "", "room:abc"),
        (None, handle("the-cookie"), ""),
    ]
    assert since(heard[-1].id) == []
    assert newest() == heard[-1].id


def test_a_closing_is_taken_back_with_the_act_it_belongs_to() -> None:
    before = newest()
    try:
        with transaction.atomic():
            close(account=7)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert since(before) == []


def test_closings_older_than_a_day_are_dropped_and_numbers_are_never_used_again() -> None:
    close(account=1)
    first = newest()
    Closing.objects.update(at=timezone.now() - timedelta(days=2))
    close(account=2)
    assert [each.account for each in Closing.objects.all()] == [2]
    assert newest() > first


def test_a_session_key_is_never_stored() -> None:
    close(session_key="the-cookie")
    assert not Closing.objects.filter(session_key="the-cookie").exists()
    assert len(closings.handle("the-cookie")) == 64
