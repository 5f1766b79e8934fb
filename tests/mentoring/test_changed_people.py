"""What rests on a role ends with it, in the moment in which it changes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import people
from accounts.models import Account, Role
from mentoring import covering, offers, requests
from mentoring.models import Offer, Request, Respite, Thread
from mentoring.pool import pool
from mentoring.refusals import Refused
from rooms.access import seat_of, standing
from rooms.calls import ring
from rooms.models import Move, Room
from rooms.posting import post as say
from rooms.refusals import Refused as RoomRefused
from tests.mentoring.asked import asking, offered, offering
from tests.mentoring.cast import certified, thread_between
from tests.mentoring.pairs import pair
from tests.people import a_client, both_stores, coordinator, make, signed_in
from vault.models import TrailEntry

__all__ = ["a_client", "coordinator"]
pytestmark = both_stores


def told(*people: Account) -> None:
    """Their open pages ask what is new."""
    assert {f"person:{each.pk}" for each in people} <= set(Move.objects.values_list("topic", flat=True))


@pytest.mark.parametrize("role", [Role.CLIENT, Role.MODERATOR, Role.COORDINATOR])
def test_who_is_no_mentor_any_more_has_no_thread_any_more(
    role: Role, coordinator: Account, django_capture_on_commit_callbacks: object
) -> None:
    two, untouched = pair(), pair()
    two.says(two.client, "Marmalade thoughts.")
    seat = two.seat(two.client)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        people.change_role(two.mentor.account, role, by=coordinator)
    thread = Thread.objects.select_related("room").get(pk=two.thread.pk)
    assert (thread.closed_by, thread.room.read_only) == ("mentor_gone", True)
    assert Thread.objects.running().get().pk == untouched.thread.pk
    browser = signed_in(two.mentor.account)
    assert browser.get(f"/rooms/{thread.room_id}/").status_code == 404
    with pytest.raises(RoomRefused):
        two.says(two.mentor.account, "Still here.")
    with pytest.raises(RoomRefused):
        say(seat, body="Are you there?")
    with pytest.raises(RoomRefused):
        ring(seat=seat, id="c" * 32, way="voice", page="p")
    home = two.clients.get("/mentor/").content.decode()
    assert "Juniper is not a mentor any more, so this thread is closed. You did nothing wrong" in home
    assert "Ask for a mentor" in home
    assert "Marmalade thoughts." in two.clients.get(f"/rooms/{thread.room_id}/").content.decode(), "they read on"
    told(two.client, coordinator)
    entry = TrailEntry.objects.filter(act="thread.close").get()
    assert entry.subject == f"thread:{thread.pk}"


def test_a_client_with_another_role_has_no_mentor_and_the_mentor_reads_it_kindly(coordinator: Account) -> None:
    two = pair()
    people.change_role(two.client, Role.MENTOR, by=coordinator)
    thread = Thread.objects.get(pk=two.thread.pk)
    assert thread.closed_by == "client_gone"
    assert "This is not about you." in two.mentors.get("/mentoring/").content.decode()
    with pytest.raises(RoomRefused):
        two.says(two.mentor.account, "Are you there?")


def test_a_cover_ends_with_the_role_of_either_mentor(
    coordinator: Account, django_capture_on_commit_callbacks: object
) -> None:
    for gone in ("cover", "away"):
        two = pair()
        cover, today = certified(), timezone.localdate()
        Respite.objects.create(
            mentor=two.mentor,
            cover=cover,
            starts=today,
            ends=today + timedelta(days=3),
            state=Respite.State.RUNNING,
            began_at=timezone.now(),
        )
        covering.settle(two.mentor.pk)
        stand_in = Thread.objects.get(covers=two.thread)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            people.change_role((cover if gone == "cover" else two.mentor).account, Role.CLIENT, by=coordinator)
        stand_in.refresh_from_db()
        assert stand_in.closed_by == ("mentor_gone" if gone == "cover" else "cover_over")
        two.thread.refresh_from_db()
        assert two.thread.closed_by == ("" if gone == "cover" else "mentor_gone")
        assert "Your mentor is back" not in two.clients.get("/mentor/").content.decode()


@pytest.mark.parametrize("how", ["suspended", "demoted"])
def test_an_offer_of_a_mentor_who_goes_puts_the_client_back_in_line(
    how: str, a_client: Account, coordinator: Account
) -> None:
    request, mentor = asking(a_client), offering()
    offer = offered(request, mentor, coordinator)
    _go(mentor.account, how, coordinator)
    request.refresh_from_db()
    offer.refresh_from_db()
    assert (request.state, offer.state) == (Request.State.WAITING, Offer.State.WITHDRAWN)


@pytest.mark.parametrize("how", ["suspended", "demoted"])
def test_no_offer_of_a_mentor_who_is_gone_is_accepted_or_confirmed(
    how: str, a_client: Account, coordinator: Account
) -> None:
    """Whatever the hook missed: the door asks again under its lock."""
    request, mentor = asking(a_client), offering()
    offer = offered(request, mentor, coordinator)
    _unheard(mentor.account, how)
    with pytest.raises(Refused, match="offer_gone"):
        offers.accept(
            client=a_client, offer_id=offer.pk, pseudonym="Gray Wren", shared_lines={}, shares_with_cover=False
        )
    request.refresh_from_db()
    assert request.state == Request.State.WAITING
    with pytest.raises(Refused, match="not_found"):
        offered(request, mentor, coordinator)
    assert not Thread.objects.exists()


@pytest.mark.parametrize("how", ["suspended", "demoted"])
def test_nobody_is_confirmed_for_who_is_no_client_now_and_they_hold_no_line(
    how: str, a_client: Account, coordinator: Account
) -> None:
    request, mentor = asking(a_client), offering()
    _unheard(a_client, how)
    assert pool().seekers == ()
    with pytest.raises(Refused, match="not_waiting"):
        offered(request, mentor, coordinator)


def test_a_request_ends_with_the_role_and_its_mentor_is_free_again(a_client: Account, coordinator: Account) -> None:
    request, mentor = asking(a_client, lived=["grief"]), offering()
    offer = offered(request, mentor, coordinator)
    people.change_role(a_client, Role.MODERATOR, by=coordinator)
    request.refresh_from_db()
    offer.refresh_from_db()
    assert (request.state, request.wishes, offer.state) == (Request.State.WITHDRAWN, None, Offer.State.WITHDRAWN)
    assert requests.open_request_of(a_client) is None


def test_a_suspended_client_keeps_the_place_in_line_and_no_mentor(a_client: Account, coordinator: Account) -> None:
    request, mentor = asking(a_client, days=9), offering()
    offered(request, mentor, coordinator)
    people.suspend(a_client, by=coordinator, why="Rest.")
    assert pool().seekers == ()
    people.bring_back(a_client, by=coordinator)
    assert [(each.id, each.days) for each in pool().seekers] == [(request.pk, 9)]


def test_a_suspension_closes_no_thread_and_tells_the_coordinators(
    coordinator: Account, django_capture_on_commit_callbacks: object
) -> None:
    two = pair()
    another = make(Role.COORDINATOR)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        people.suspend(two.mentor.account, by=coordinator, why="Rest.")
    told(coordinator, another)
    assert Thread.objects.running().get().pk == two.thread.pk
    assert not Room.objects.get(pk=two.thread.room_id).read_only
    people.bring_back(two.mentor.account, by=coordinator)
    say(seat_of(standing(two.mentor.pk, two.thread.room_id)), body="I am back.")


def test_other_changes_change_no_thread(coordinator: Account) -> None:
    mentor = certified()
    thread_between(make(Role.CLIENT), mentor)
    people.change_role(make(Role.MODERATOR), Role.CLINICIAN, by=coordinator)
    people.suspend(make(Role.MENTOR), by=coordinator, why="Rest.")
    assert Thread.objects.running().count() == 1


def _go(account: Account, how: str, by: Account) -> None:
    if how == "suspended":
        people.suspend(account, by=by, why="Rest.")
    else:
        people.change_role(account, Role.MODERATOR, by=by)


def _unheard(account: Account, how: str) -> None:
    """As it stands when nobody was told of it."""
    changed: dict[str, object] = {"is_active": False} if how == "suspended" else {"role": Role.MODERATOR}
    Account.objects.filter(pk=account.pk).update(**changed)
