"""Where threads are listed: on the front page apart from groups, on the home pages of client and mentor, on the coordinator's list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import people
from accounts.models import Account, Role
from mentoring import appointments, closing, goals, milestones, thread_cards
from mentoring.models import Appointment, Mentor, Request, Thread
from rooms import joining
from rooms.models import Room
from tests.mentoring.cast import certified
from tests.mentoring.pairs import Pair, pair
from tests.people import both_stores, coordinator, make, open_room, seated, signed_in
from vault.models import TrailEntry

__all__ = ["coordinator"]
pytestmark = both_stores


def page(account: Account, path: str) -> str:
    return signed_in(account).get(path).content.decode()


def queries(account: Account, path: str) -> int:
    browser = signed_in(account)
    browser.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


def booked(two: Pair, hours: int) -> None:
    made = appointments.propose(
        thread=two.thread,
        by=two.client,
        starts=timezone.now() + timedelta(hours=hours),
        minutes=30,
        way=Appointment.Way.TEXT,
    )
    appointments.agree(thread=two.thread, appointment_id=made.pk, by=two.mentor.account)


def test_threads_stand_above_the_groups_and_not_among_them() -> None:
    two = pair()
    seated(two.client, open_room("Anxiety group"), "Quiet Heron")
    front = page(two.client, "/")
    assert front.index("Your mentor</h2>") < front.index("Juniper") < front.index("Groups</h2>")
    assert front.index("Groups</h2>") < front.index("Anxiety group")
    front = page(two.mentor.account, "/")
    assert front.index("Your clients</h2>") < front.index("Gray Wren")
    assert "Groups</h2>" not in front


def test_a_thread_alone_is_no_empty_page() -> None:
    two = pair()
    assert "No rooms yet" not in page(two.client, "/")
    closing.close(thread=two.thread, by=two.client)
    front = page(two.client, "/")
    assert "No rooms yet" in front
    assert two.thread.room_id not in front


def test_a_closed_thread_leaves_the_lists_and_can_still_be_read() -> None:
    two = pair()
    room = open_room("Anxiety group")
    seated(two.client, room, "Quiet Heron")
    closing.close(thread=two.thread, by=two.client)
    assert two.thread.room_id not in page(two.client, f"/rooms/{room.pk}/")
    assert two.thread.room_id in page(two.client, "/mentor/")
    assert page(two.client, f"/rooms/{two.thread.room_id}/").count(f'data-room-link="{two.thread.room_id}"') == 1


def test_the_circle_of_mentors_stands_among_the_groups() -> None:
    two = pair()
    circle = open_room("Sunday circle", kind=Room.Kind.CIRCLE)
    seated(two.mentor.account, circle, "Sorrel")
    front = page(two.mentor.account, "/")
    assert front.index("Groups</h2>") < front.index("Circle</p>") < front.index("Sunday circle")


def test_the_home_of_a_client_shows_their_thread_what_is_new_and_when_they_meet() -> None:
    two = pair()
    two.says(two.mentor.account, "Good morning.")
    booked(two, 30)
    home = page(two.client, "/mentor/")
    for words in ("Juniper", "1 new message", "in writing", timezone.get_current_timezone_name()):
        assert words in home
    assert two.client.name not in home.split("<main")[1]


def test_the_home_of_a_mentor_shows_pseudonyms_with_what_is_new_first() -> None:
    mentor = certified(called="Juniper")
    quiet, loud = pair(mentor=mentor, pseudonym="Gray Wren"), pair(mentor=mentor, pseudonym="Red Fox")
    loud.says(loud.client, "Are you there?")
    home = page(mentor.account, "/mentoring/")
    assert home.index("Red Fox") < home.index("Gray Wren")
    for two in (quiet, loud):
        assert two.client.name not in home
        assert two.client.email not in home


def test_a_proposed_time_is_told_to_the_one_who_has_to_answer() -> None:
    two = pair()
    appointments.propose(
        thread=two.thread,
        by=two.client,
        starts=timezone.now() + timedelta(days=1),
        minutes=30,
        way=Appointment.Way.TEXT,
    )
    assert "A time is proposed to you." in page(two.mentor.account, "/mentoring/")
    assert "A time is proposed to you." not in page(two.client, "/mentor/")


def test_a_mentor_without_clients_reads_that_it_is_so() -> None:
    assert "No clients yet" in page(make(Role.MENTOR), "/mentoring/")


def test_the_coordinator_reads_who_is_with_whom_and_nothing_of_what_they_write(coordinator: Account) -> None:
    two, ended = pair(), pair(mentor=certified(called="Sorrel"))
    two.says(two.client, "Marmalade thoughts.")
    closing.close(thread=ended.thread, by=ended.mentor.account, farewell="Marmalade bye.")
    found = page(coordinator, "/mentoring/threads/")
    for words in (two.client.name, two.mentor.account.name, "Juniper", ended.client.name, "Ended in the last 30 days"):
        assert words in found
    for words in ("Marmalade", "Gray Wren", two.thread.room_id):
        assert words not in found


def test_a_coordinator_ends_a_thread_with_a_reason(coordinator: Account) -> None:
    two = pair()
    browser = signed_in(coordinator)
    address = f"/mentoring/threads/{two.thread.pk}/end/"
    assert browser.post(address, {"why": ""}).status_code == 422
    assert browser.post(address, {"why": "The client moved away."}).status_code == 302
    assert "The coordinator has closed this thread." in page(two.client, two.address())
    assert browser.get(address).status_code == 404


def test_each_look_at_who_is_with_whom_is_on_the_trail(coordinator: Account) -> None:
    two = pair()
    for path, subject in (("", "threads"), (f"{two.thread.pk}/end/", f"thread:{two.thread.pk}")):
        page(coordinator, f"/mentoring/threads/{path}")
        entry = TrailEntry.objects.latest("pk")
        assert (entry.actor, entry.act, entry.subject) == (f"account:{coordinator.pk}", "thread.look", subject)


def test_clients_whose_mentor_is_suspended_stand_first_and_one_act_sets_them_free(coordinator: Account) -> None:
    two, fine = pair(), pair()
    assert "whose mentor is not there" not in page(coordinator, "/mentoring/threads/")
    assert "whose mentor is not there" not in page(coordinator, "/mentoring/mentors/")
    people.suspend(two.mentor.account, by=coordinator, why="Rest.")
    found = page(coordinator, "/mentoring/threads/")
    first = found.split("Clients whose mentor is not there")[1].split("</section>")[0]
    assert two.client.name in first
    assert fine.client.name not in first
    assert found.count(">not there<") == 1
    mentors = page(coordinator, "/mentoring/mentors/")
    assert f"{two.mentor.account.name} is suspended, and 1 thread still runs." in mentors
    assert "/mentoring/threads/" in mentors.split("whose mentor is not there")[1].split("</section>")[0]

    home = page(two.client, "/mentor/")
    assert "Juniper cannot be in this thread at the moment. You have done nothing wrong." in home
    address = f"/mentoring/threads/{two.thread.pk}/end/"
    assert "The mentor is not there any more." in page(coordinator, address)
    signed_in(coordinator).post(address, {"why": "The mentor is not there any more."})
    assert "whose mentor is not there" not in page(coordinator, "/mentoring/threads/")
    home = page(two.client, "/mentor/")
    assert "The coordinator has closed this thread. You did nothing wrong." in home
    assert 'href="/mentor/ask/"' in home


def test_a_client_removed_from_the_talk_is_not_bound_to_it(coordinator: Account) -> None:
    for act in ("another", "close"):
        two = pair(mentor=certified())
        joining.remove(two.client, two.thread.room, actor=coordinator)
        browser = two.clients
        home = browser.get("/mentor/").content.decode()
        assert two.address("another") in home
        assert browser.get(two.address(act)).status_code in (404, 405)
        answer = browser.post(two.address(act), follow=True)
        assert answer.redirect_chain == [("/mentor/", 302)]
        assert Thread.objects.get(pk=two.thread.pk).closed_by == "client"
        assert Request.objects.filter(client=two.client).exists() == (act == "another")
        assert browser.post(two.address(act)).status_code in (302, 404)
        assert browser.get(two.address()).status_code == 404


@pytest.mark.parametrize("path", ["/", "/mentoring/"])
def test_the_pages_of_a_mentor_cost_the_same_however_many_clients(path: str) -> None:
    mentor = certified(called="Juniper", capacity=20)
    few, many = (_costs(mentor, path, clients) for clients in (2, 7))
    assert many == few


def _costs(mentor: Mentor, path: str, clients: int) -> int:
    for number in range(clients):
        two = pair(mentor=mentor, pseudonym=f"Gray Wren {number}{clients}")
        two.says(two.client, "Hello.")
        booked(two, 24 * (number + 1) + clients)
        ended = pair(mentor=mentor, pseudonym=f"Old Wren {number}{clients}")
        closing.close(thread=ended.thread, by=mentor.account, summary="We worked on sleep.")
    return queries(mentor.account, path)


def test_the_coordinators_list_costs_the_same_however_many_threads(coordinator: Account) -> None:
    mentor = certified(called="Juniper")
    pair(mentor=mentor)
    few = queries(coordinator, "/mentoring/threads/")
    for number in range(5):
        two = pair(mentor=mentor, pseudonym=f"Gray Wren {number}")
        if number % 2:
            closing.close(thread=two.thread, by=two.client)
    assert queries(coordinator, "/mentoring/threads/") <= few + 1  # names of closed ones: their own list


def test_the_page_of_a_thread_costs_the_same_however_much_stands_beside_the_talk() -> None:
    two = pair()
    few = queries(two.client, two.address())
    for number in range(6):
        goal = goals.write(thread=two.thread, by=two.client, text=f"Small step {number}")
        goals.reach(thread=two.thread, goal_id=goal.pk, by=two.client)
        milestones.mark_reached(thread=two.thread, goal_id=goal.pk, by=two.client)
        booked(two, 24 * (number + 1))
    assert queries(two.client, two.address()) == few


def test_home_of_somebody_without_threads_is_cheap() -> None:
    account = make(Role.CLIENT)
    with CaptureQueriesContext(connection) as captured:
        assert thread_cards.home_of(account).running == []
    assert len(captured) <= 1
