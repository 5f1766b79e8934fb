"""Quiet hours: lines of days and times, and an e-mail that waits for them."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.mail import post_office
from accounts.models import Account
from mentoring import hours, post
from mentoring.models import Mentor
from tests.mentoring.cast import certified
from tests.people import a_client, both_stores, mentor

__all__ = ["a_client", "mentor"]
pytestmark = both_stores

MONDAY = [{"days": [0], "from": "18:00", "to": "20:00"}]
IN_HOURS = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)  # a Monday
OUTSIDE = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)


@pytest.fixture
def juniper(mentor: Account) -> Mentor:
    return certified(mentor, called="Juniper", hours=MONDAY)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> object:
    """Sets the clock that hours look at."""
    return lambda moment: monkeypatch.setattr("mentoring.hours.timezone.now", lambda: moment)


def sent_to(account: Account, mailoutbox: list[object]) -> int:
    post_office.submit(lambda: None).result()
    return sum(each.to == [account.email] for each in mailoutbox)  # type: ignore[attr-defined]


def test_hours_are_chosen_read_and_said(mentor: Account) -> None:
    juniper = certified(mentor)
    assert hours.is_there(juniper, OUTSIDE)
    hours.choose(mentor=juniper, hours=MONDAY)
    assert hours.is_there(juniper, IN_HOURS)
    assert not hours.is_there(juniper, OUTSIDE)
    assert hours.there_next(juniper, OUTSIDE) == datetime(2026, 12, 7, 18, 0, tzinfo=UTC)
    assert hours.said(juniper) == ["Monday, 6 p.m. to 8 p.m."]


def test_what_are_no_hours_is_refused(juniper: Mentor) -> None:
    with pytest.raises(ValidationError):
        hours.choose(mentor=juniper, hours=[{"days": [7], "from": "18:00", "to": "20:00"}])
    juniper.refresh_from_db()
    assert juniper.hours == MONDAY


def test_outside_of_them_an_e_mail_waits_and_many_become_one(
    juniper: Mentor, mailoutbox: list[object], at: object, django_capture_on_commit_callbacks: object
) -> None:
    at(OUTSIDE)  # type: ignore[operator]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        post.tell(juniper.account)
        post.tell(juniper.account)
    assert post.send_kept() == 0
    assert sent_to(juniper.account, mailoutbox) == 0
    at(IN_HOURS)  # type: ignore[operator]
    assert post.send_kept() == 1
    assert post.send_kept() == 0
    assert sent_to(juniper.account, mailoutbox) == 1


def test_a_crisis_does_not_wait_and_clients_have_no_quiet_hours(
    juniper: Mentor, a_client: Account, mailoutbox: list[object], at: object, django_capture_on_commit_callbacks: object
) -> None:
    at(OUTSIDE)  # type: ignore[operator]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        post.tell(juniper.account, at_once=True)
        post.tell(a_client)
    assert sent_to(juniper.account, mailoutbox) == 1
    assert sent_to(a_client, mailoutbox) == 1
    assert post.send_kept() == 0
