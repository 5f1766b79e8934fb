"""A mentor knows the client outside of here: kind, at once, for the client without a reason, and never again together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import apart, board, respite, stepping_back
from mentoring.cover import candidates
from mentoring.models import Apart, Mentor, Offer, Request, Thread
from mentoring.pool import pool, stored_in
from mentoring.refusals import Refused
from rooms import posting
from rooms.access import seat_of, standing
from rooms.models import Move, Room
from rooms.refusals import Refused as RoomRefused
from tests.mentoring.asked import asking, offered, offering
from tests.mentoring.cast import certified
from tests.mentoring.pairs import Pair, pair
from tests.people import both_stores, coordinator, make, signed_in
from vault.models import TrailEntry

__all__ = ["coordinator"]
pytestmark = both_stores

SUMMARY = "I know this person outside of here"
WHY_WORDS = ("outside", "know each other", "They know")


def matched(coordinator: Account, *, days: int = 40) -> Pair:
    """Two who found each other the usual way, after so many days in line."""
    request = asking(days=days, words={"note": "I like rain."})
    offer = offered(request, offering(called="Juniper"), coordinator)
    Offer.objects.update(state=Offer.State.ACCEPTED)
    Request.objects.update(state=Request.State.MATCHED, settled_at=timezone.now())
    return pair(client=request.client, mentor=offer.mentor, offer=offer)


def refused(act: object) -> str:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return caught.value.reason


def main_of(page: str) -> str:
    return page.partition("<main")[2]


def test_the_thread_closes_the_two_are_kept_apart_and_the_client_is_in_line_where_they_were(
    coordinator: Account,
) -> None:
    two = matched(coordinator)
    before = Request.objects.get()
    later = asking(days=39)
    stepping_back.step_back(thread=two.thread, by=two.mentor.account)
    thread = Thread.objects.get(pk=two.thread.pk)
    assert (thread.closed_by, Room.objects.get(pk=thread.room_id).read_only) == ("stepped_back", True)
    with pytest.raises(RoomRefused, match="read_only"):
        posting.post(seat_of(standing(two.client.pk, thread.room_id)), body="Hello?")
    line = Apart.objects.get()
    assert (line.client, line.mentor, line.why, line.by) == (two.client, two.mentor, "conflict", two.mentor.account)
    request = Request.objects.get(client=two.client, state="waiting")
    assert (request.line_from, request.after) == (before.line_from, thread)
    assert stored_in(request) == stored_in(before)
    found = pool()
    assert [each.id for each in found.seekers] == [request.pk, later.pk], "the place in line that they had"
    row, column = found.rows[request.pk], found.columns[two.mentor.pk]
    assert not found.table.allowed[row, column]


def test_what_is_done_is_on_the_trail_and_names_the_mentor(coordinator: Account) -> None:
    two = matched(coordinator)
    last = TrailEntry.objects.latest("position").position
    stepping_back.step_back(thread=two.thread, by=two.mentor.account)
    entries = TrailEntry.objects.filter(position__gt=last)
    assert set(entries.values_list("act", flat=True)) == {"thread.close", "apart.keep", "request.put_back"}
    assert set(entries.values_list("actor", flat=True)) == {f"account:{two.mentor.pk}"}


def test_a_mentor_finds_it_beside_the_talk_and_presses_twice_without_a_script(coordinator: Account) -> None:
    two = matched(coordinator)
    for address in (f"/rooms/{two.thread.room_id}/", two.address()):
        page = two.mentors.get(address).content.decode()
        assert SUMMARY in page
        fold = page.split('id="thread-step-back"')[1].split("</details>")[0]
        for words in ("nobody’s fault", "reads that you cannot go on", "another mentor", "The coordinator learns"):
            assert words in fold
        assert fold.count("<button") == 1
        assert "textarea" not in fold
        client = two.clients.get(address).content.decode()
        assert "step-back" not in client
        assert SUMMARY not in client
    assert two.mentors.get(two.address("step-back")).status_code == 405
    answer = two.mentors.post(two.address("step-back"), follow=True)
    assert "You stepped back from this thread. Thank you for saying so" in answer.content.decode()
    assert SUMMARY not in answer.content.decode()
    assert two.mentors.post(two.address("step-back")).status_code == 302, "pressed twice"
    assert Apart.objects.count() == 1
    assert Request.objects.filter(state="waiting").count() == 1


def test_the_client_reads_that_it_cannot_go_on_and_not_why(coordinator: Account) -> None:
    two = matched(coordinator)
    stepping_back.step_back(thread=two.thread, by=two.mentor.account)
    browser = two.clients
    home = main_of(browser.get("/mentor/").content.decode())
    room = browser.get(f"/rooms/{two.thread.room_id}/").content.decode()
    for page in (home, room):
        assert "Juniper cannot go on in this thread. This is not about you" in page
    assert "You are in line for a mentor" in home
    assert "Your mentor could not go on. You are in the place in line that you had" in home
    assert "You asked on" not in home
    for page in (home, main_of(browser.get(two.address()).content.decode())):
        for words in WHY_WORDS:
            assert words not in page
    words = two.mentors.get(two.address("summary")).content.decode()
    assert "does not know why you stepped back. Please do not write it." in words


def test_who_was_left_and_coordinators_hear_that_something_is_new_and_nothing_else(
    coordinator: Account, mailoutbox: list[object], django_capture_on_commit_callbacks: object
) -> None:
    from accounts.mail import post_office

    two = matched(coordinator)
    Move.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        stepping_back.step_back(thread=two.thread, by=two.mentor.account)
    post_office.submit(lambda: None).result()
    assert {f"person:{each.pk}" for each in (two.client, coordinator)} <= set(
        Move.objects.values_list("topic", flat=True)
    )
    assert {each.to[0] for each in mailoutbox} == {two.client.email, coordinator.email}  # type: ignore[attr-defined]
    for each in mailoutbox:
        for words in (*WHY_WORDS, "Juniper", two.thread.pk):
            assert words not in each.body + each.subject  # type: ignore[attr-defined]


def test_the_coordinator_reads_it_where_they_keep_two_apart_and_cannot_lift_it(coordinator: Account) -> None:
    two = matched(coordinator)
    stepping_back.step_back(thread=two.thread, by=two.mentor.account)
    request = Request.objects.get(state="waiting")
    page = signed_in(coordinator).get(f"/mentoring/matching/{request.pk}/").content.decode()
    kept = page.split('id="apart-title"')[1].split("<details")[0]
    assert two.mentor.account.name in kept
    assert "They know each other outside" in kept
    assert refused(lambda: apart.lift(apart_id=Apart.objects.get().pk, client=two.client, by=coordinator)) == (
        "not_found"
    )


def test_only_the_mentor_of_a_running_thread_steps_back(coordinator: Account) -> None:
    two = pair()
    for by in (two.client, coordinator, make(Role.MENTOR)):
        assert refused(lambda by=by: stepping_back.step_back(thread=two.thread, by=by)) == "not_found"
    stepping_back.step_back(thread=two.thread, by=two.mentor.account)
    assert refused(lambda: stepping_back.step_back(thread=two.thread, by=two.mentor.account)) == "closed"


def test_a_client_whose_thread_began_without_an_offer_stands_where_they_stood_then() -> None:
    two = pair()
    began = timezone.now() - timedelta(days=12)
    Thread.objects.update(opened_at=began)
    stepping_back.step_back(thread=Thread.objects.get(), by=two.mentor.account)
    assert Request.objects.get().line_from == began


def test_a_suspended_client_keeps_the_place_too() -> None:
    two = pair()
    Account.objects.filter(pk=two.client.pk).update(is_active=False)
    stepping_back.step_back(thread=two.thread, by=two.mentor.account)
    assert Request.objects.get(state="waiting").client_id == two.client.pk
    assert pool().seekers == ()


def test_who_stands_in_steps_back_and_somebody_else_is_looked_for(coordinator: Account) -> None:
    two, wren = pair(), certified(called="Wren")
    today = timezone.localdate()
    running = respite.plan(
        mentor=two.mentor, cover_id=wren.pk, starts=today, ends=today + timedelta(days=7), by=two.mentor.account
    )
    cover = two.thread.cover_threads.get()
    fold = signed_in(wren.account).get(f"/thread/{cover.pk}/").content.decode().split('id="thread-step-back"')[1]
    assert "until their mentor is back" in fold.split("</details>")[0]
    assert signed_in(wren.account).post(f"/thread/{cover.pk}/step-back/").status_code == 302
    assert Thread.objects.running().get() == two.thread
    assert not Request.objects.exists(), "they have a mentor"
    respite.turn()
    assert Thread.objects.running().get() == two.thread, "it is not opened again"
    found = respite.away_of(two.thread)
    assert found is not None
    assert found.is_alone
    assert board.line_of(coordinator, two.mentor).act == board.Act.COVER
    home = main_of(two.clients.get("/mentor/").content.decode())
    assert "Wren cannot go on here. This is not about you" in home
    assert "Nobody stands in just now. Your coordinator knows" in home
    assert wren.pk not in {each.mentor.pk for each in candidates(two.mentor, today, running.ends, beside=running)}


def test_a_mentor_who_is_away_ends_the_thread_of_who_stands_in_too() -> None:
    two, wren = pair(), certified(called="Wren")
    today = timezone.localdate()
    respite.plan(
        mentor=two.mentor, cover_id=wren.pk, starts=today, ends=today + timedelta(days=7), by=two.mentor.account
    )
    stepping_back.step_back(thread=two.thread, by=Mentor.objects.get(pk=two.mentor.pk).account)
    assert not Thread.objects.running().exists()
    assert Request.objects.get().client == two.client
