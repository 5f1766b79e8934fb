"""Asking for a mentor: one wish at a time, changed while it waits, taken back, sealed, and in whose place in line."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import closing, offers, requests, waits
from mentoring.models import Apart, Request
from mentoring.pool import stored_in
from mentoring.refusals import Refused
from tests.mentoring.asked import asking, offered, offering
from tests.mentoring.cast import certified, thread_between
from tests.people import a_client, both_stores, coordinator, make, mentor
from vault.models import TrailEntry

__all__ = ["a_client", "coordinator", "mentor"]
pytestmark = both_stores

WORDS = {"note": "Please nobody from the bakery on Elm Street."}


def refusal(act: object) -> str:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    assert caught.value.text
    return caught.value.reason


def test_what_is_wished_opens_again_and_lies_sealed(a_client: Account) -> None:
    request = asking(a_client, lived=["grief"], words=WORDS)
    assert stored_in(request) == {"lived": ["grief"], "words": WORDS}
    assert b"bakery" not in bytes(request.wishes or b"")
    assert b"grief" not in bytes(request.wishes or b"")


def test_a_client_has_one_open_wish(a_client: Account) -> None:
    asking(a_client)
    assert refusal(lambda: requests.ask(client=a_client, wishes={})) == "asked_already"
    assert Request.objects.count() == 1


def test_only_a_client_asks(mentor: Account) -> None:
    assert refusal(lambda: requests.ask(client=mentor, wishes={})) == "not_found"


def test_who_has_a_mentor_asks_for_another_on_their_thread(a_client: Account, mentor: Account) -> None:
    thread_between(a_client, certified(mentor))
    assert refusal(lambda: requests.ask(client=a_client, wishes={})) == "has_mentor"


def test_a_change_keeps_the_place_in_line(a_client: Account) -> None:
    request = asking(a_client, days=9)
    changed = requests.change(client=a_client, wishes={"goals": ["sleep"]})
    assert changed.line_from == request.line_from
    assert stored_in(changed) == {"goals": ["sleep"]}


def test_while_a_mentor_is_offered_nothing_is_changed(a_client: Account, coordinator: Account) -> None:
    offered(asking(a_client), offering(), coordinator)
    assert refusal(lambda: requests.change(client=a_client, wishes={})) == "offered"


def test_what_is_taken_back_is_forgotten_and_frees_the_mentor(a_client: Account, coordinator: Account) -> None:
    request = asking(a_client, words=WORDS)
    offer = offered(request, offering(), coordinator)
    requests.take_back(client=a_client)
    request.refresh_from_db()
    offer.refresh_from_db()
    assert (request.state, offer.state) == ("withdrawn", "withdrawn")
    assert request.wishes is None
    assert stored_in(request) == {}
    assert refusal(lambda: requests.take_back(client=a_client)) == "not_found"
    asking(a_client)  # and may ask again


def test_who_asks_for_another_has_the_days_before_counted_and_the_wishes_taken_over(
    a_client: Account, coordinator: Account
) -> None:
    first = asking(a_client, days=20, lived=["ptsd"])
    mentor = offering()
    offer = offered(first, mentor, coordinator)
    thread = offers.accept(
        client=a_client, offer_id=offer.pk, pseudonym="Gray Wren", shared_lines={}, shares_with_cover=False
    )
    closing.close(thread=thread, by=a_client)
    again = requests.ask(client=a_client, wishes=None, after=thread)
    assert stored_in(again) == {"lived": ["ptsd"]}
    assert timedelta(days=19) < timezone.now() - again.line_from < timedelta(days=21)
    assert timezone.now() - again.asked_at < timedelta(minutes=1)
    assert not Apart.objects.exists()
    assert refusal(lambda: offers.confirm(request_id=again.pk, mentor_id=mentor.pk, by=coordinator)) == "rule"


def test_a_coordinators_look_is_on_the_trail_and_nobody_elses_look_is_let_in(
    a_client: Account, coordinator: Account
) -> None:
    request = asking(a_client, words=WORDS)
    assert requests.look(request.pk, coordinator)[1]["words"] == WORDS
    entry = TrailEntry.objects.latest("pk")
    assert (entry.act, entry.actor) == ("request.look", f"account:{coordinator.pk}")
    assert "bakery" not in entry.subject
    before = TrailEntry.objects.count()
    for role in (Role.CLIENT, Role.MENTOR, Role.MODERATOR, Role.CLINICIAN):
        other = make(role)
        assert refusal(lambda by=other: requests.look(request.pk, by)) == "not_found"
    assert TrailEntry.objects.count() == before


def test_the_usual_wait_is_said_once_five_have_found_a_mentor() -> None:
    now = timezone.now()
    for number in range(5):
        assert waits.usual() is None
        request = asking(days=10 + number)
        Request.objects.filter(pk=request.pk).update(state=Request.State.MATCHED, settled_at=now)
    assert waits.usual() == 12


def test_what_was_wished_is_forgotten_once_the_thread_is_closed_and_its_term_is_over(
    a_client: Account, mentor: Account
) -> None:
    request = asking(a_client, lived=["grief"])
    Request.objects.update(state=Request.State.MATCHED, settled_at=timezone.now() - timedelta(days=400))
    thread = thread_between(a_client, certified(mentor))
    assert requests.forget_old() == 0
    closing.close(thread=thread, by=a_client)
    assert requests.forget_old() == 1
    request.refresh_from_db()
    assert stored_in(request) == {}
    assert requests.ask(client=a_client, wishes=None, after=thread)


def test_the_home_page_knows_who_may_ask(a_client: Account, coordinator: Account) -> None:
    assert requests.home_of(a_client).may_ask
    offer = offered(asking(a_client), offering(), coordinator)
    home = requests.home_of(a_client)
    assert (home.may_ask, home.offer) == (False, offer)
