"""A talk after a crisis: offered to who was in the room, once a room and day, and nothing of the case with it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from accounts.models import Account, Role
from mentoring import debriefs
from mentoring.models import Debrief, Mentor, Thread
from mentoring.refusals import Refused
from moderation import intake
from moderation.models import Case
from rooms import posting
from rooms.access import seat_of, standing
from rooms.models import Room
from tests.mentoring.cast import certified, new_mentor, thread_between
from tests.people import a_client, another_client, both_stores, coordinator, make, mentor, open_room, seated
from vault.models import TrailEntry

__all__ = ["a_client", "another_client", "coordinator", "mentor"]
pytestmark = both_stores
CRISIS = "I cannot go on. I am going to kill myself tonight."
Committed = Callable[..., AbstractContextManager[object]]


@pytest.fixture
def juniper(mentor: Account) -> Mentor:
    return certified(mentor, called="Juniper")


@pytest.fixture
def thread(a_client: Account, juniper: Mentor) -> Thread:
    return thread_between(a_client, juniper)


def write(account: Account, room: str, body: str, committed: Committed) -> None:
    with committed(execute=True):
        posting.post(seat_of(standing(account.pk, room)), body=body)
        intake.take()


def test_a_crisis_in_a_thread_offers_its_mentor_a_talk(
    thread: Thread, juniper: Mentor, a_client: Account, django_capture_on_commit_callbacks: Committed
) -> None:
    write(a_client, thread.room_id, "Good evening.", django_capture_on_commit_callbacks)
    assert not Debrief.objects.exists()
    write(a_client, thread.room_id, CRISIS, django_capture_on_commit_callbacks)
    offered = Debrief.objects.get()
    assert (offered.mentor, offered.state, offered.room_id) == (juniper, Debrief.State.OFFERED, thread.room_id)


def test_a_case_that_rises_to_a_crisis_does_too(
    a_client: Account,
    another_client: Account,
    juniper: Mentor,
    django_capture_on_commit_callbacks: Committed,
) -> None:
    group = open_room()
    seats = {
        account: seated(account, group, name)
        for account, name in ((a_client, "Gray Heron"), (another_client, "Brown Robin"), (juniper.account, "Juniper"))
    }
    posting.post(seats[a_client], body="It rains.")
    about = {"room_id": group.pk, "message_id": group.messages.get().pk, "words": ""}
    with django_capture_on_commit_callbacks(execute=True):
        intake.flag(juniper.pk, category="spam", **about)
    assert not Debrief.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        found = intake.flag(another_client.pk, category="suicide", **about)
    assert Case.objects.get().pk == found.case_id
    assert Debrief.objects.get().mentor == juniper


def test_several_crises_of_a_day_in_a_room_are_one_talk_and_another_room_is_another(
    thread: Thread, juniper: Mentor, another_client: Account
) -> None:
    assert len(debriefs.offer(thread.room_id)) == 1
    assert debriefs.offer(thread.room_id) == []
    second = thread_between(another_client, juniper, pseudonym="Brown Robin")
    assert len(debriefs.offer(second.room_id)) == 1


def test_in_a_group_it_goes_to_the_mentors_who_belong_and_to_nobody_else(juniper: Mentor) -> None:
    group = open_room()
    there, gone = new_mentor(), new_mentor()
    for account, name in ((juniper.account, "Juniper"), (there.account, "Wren"), (make(Role.MODERATOR), "Sol")):
        seated(account, group, name)
    seated(gone.account, group, "Linnet")
    group.memberships.filter(account=gone.account).update(removed_at="2026-01-01T00:00:00Z")
    assert {each.mentor for each in debriefs.offer(group.pk)} == {juniper, there}
    assert debriefs.offer("nothing") == []
    assert Room.objects.count() == 1


def test_the_cover_mentor_who_stands_in_is_asked_and_not_the_one_who_is_away(thread: Thread, juniper: Mentor) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from mentoring import respite

    wren = certified(called="Wren")
    today = timezone.localdate()
    respite.plan(mentor=juniper, cover_id=wren.pk, starts=today, ends=today + timedelta(days=2), by=juniper.account)
    assert [each.mentor for each in debriefs.offer(thread.cover_threads.get().room_id)] == [wren]


def test_the_mentor_takes_it_or_not_and_the_coordinator_marks_it_done(
    thread: Thread, juniper: Mentor, coordinator: Account
) -> None:
    offered = debriefs.offer(thread.room_id)[0]
    with pytest.raises(Refused, match="settled"):
        debriefs.done(debrief_id=offered.pk, by=coordinator)
    debriefs.answer(account=juniper.account, debrief_id=offered.pk, wants=True)
    done = debriefs.done(debrief_id=offered.pk, by=coordinator)
    assert done.state == Debrief.State.DONE
    with pytest.raises(Refused, match="settled"):
        debriefs.answer(account=juniper.account, debrief_id=offered.pk, wants=False)
    assert debriefs.open_of(juniper) == []
    told = " ".join(TrailEntry.objects.filter(act__startswith="debrief.").values_list("subject", flat=True))
    assert thread.room_id not in told


def test_another_mentors_offer_is_not_found(thread: Thread) -> None:
    offered = debriefs.offer(thread.room_id)[0]
    with pytest.raises(Refused, match="not_found"):
        debriefs.answer(account=certified().account, debrief_id=offered.pk, wants=True)


def test_a_coordinator_offers_one_and_not_two(juniper: Mentor, coordinator: Account) -> None:
    first = debriefs.offer_to(mentor=juniper, by=coordinator)
    assert debriefs.offer_to(mentor=juniper, by=coordinator) == first


def test_a_crisis_case_is_opened_even_where_the_offer_fails(
    thread: Thread,
    a_client: Account,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Committed,
) -> None:
    def fails(**about: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Debrief.objects, "create", fails)
    write(a_client, thread.room_id, CRISIS, django_capture_on_commit_callbacks)
    assert Case.objects.get().severity == "crisis"
    assert not Debrief.objects.exists()
