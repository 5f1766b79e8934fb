"""The coordinator's pages: who waits and why whom, confirming, keeping apart, how long people wait."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import pool, waits
from mentoring.models import Apart, Certification, Offer, Request
from tests.mentoring.asked import asking, offered, offering
from tests.people import a_client, both_stores, coordinator, make, signed_in
from vault.models import TrailEntry

__all__ = ["a_client", "coordinator"]
pytestmark = both_stores


@pytest.fixture
def desk(coordinator: Account) -> Client:
    return signed_in(coordinator)


def read(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_nobody_waits(desk: Client) -> None:
    assert "Nobody waits" in read(desk, "/mentoring/matching/")
    assert "Every offer is answered" in read(desk, "/mentoring/matching/?show=offered")
    assert "Nothing to count yet" in read(desk, "/mentoring/matching/waits/")


def test_the_longest_wait_stands_first_with_three_proposals_in_words(desk: Client) -> None:
    asking(make(Role.CLIENT, name="Late Comer"), days=1)
    asking(make(Role.CLIENT, name="Early Bird"), days=40, lived=["grief"], gender="woman", most="lived")
    best = make(Role.MENTOR, name="Best Match")
    offering(best, called="Juniper", lived=["grief"], gender="woman")
    for _ in range(4):
        offering(lived=["ptsd"], gender="man")
    page = read(desk, "/mentoring/matching/")
    assert page.index("Early Bird") < page.index("Late Comer")
    assert page.count('class="proposal ') == 6
    early = page[page.index("Early Bird") : page.index("Late Comer")]
    for told in ("Waits for 40 days", "Best Match", "known as Juniper", "Best plan for all"):
        assert told in early
    assert "Knows from their own life: grief. This matters most to them." in early
    assert "Gender as wished." in early
    assert "Another gender than wished." in early
    assert early.index("Best Match") < early.index("Another gender than wished.")


def test_what_was_written_in_free_words_is_not_on_the_list_but_on_the_request(desk: Client) -> None:
    request = asking(words={"note": "Nobody from the bakery."})
    assert "bakery" not in read(desk, "/mentoring/matching/")
    assert "bakery" in read(desk, f"/mentoring/matching/{request.pk}/")


def test_every_look_is_on_the_trail(desk: Client) -> None:
    request = asking()
    read(desk, "/mentoring/matching/")
    entry = TrailEntry.objects.latest("pk")
    assert (entry.act, entry.subject) == ("matching.look", f"request:{request.pk} to request:{request.pk}")
    read(desk, f"/mentoring/matching/{request.pk}/")
    assert TrailEntry.objects.latest("pk").act == "request.look"
    for address, act in (("?show=offered", "offer.look"), ("waits/", "waits.look")):
        read(desk, f"/mentoring/matching/{address}")
        assert TrailEntry.objects.latest("pk").act == act


def test_a_confirmed_proposal_is_out_and_can_be_taken_back(desk: Client, a_client: Account) -> None:
    request, mentor = asking(a_client), offering(make(Role.MENTOR, name="Marguerite Oyelaran"))
    desk.post(f"/mentoring/matching/{request.pk}/confirm/", {"mentor": mentor.pk})
    page = read(desk, "/mentoring/matching/?show=offered")
    assert "Ines Valdovinos" in page
    assert "Marguerite Oyelaran" in page
    assert "Nobody waits" in read(desk, "/mentoring/matching/")
    assert "Take the offer back" in read(desk, f"/mentoring/matching/{request.pk}/")
    desk.post(f"/mentoring/matching/{request.pk}/withdraw/")
    assert Offer.objects.get().state == Offer.State.WITHDRAWN
    assert "Ines Valdovinos" in read(desk, "/mentoring/matching/")


def test_an_expired_certificate_blocks_the_confirm_with_a_sentence(desk: Client) -> None:
    """The page was opened before the day on which it ended."""
    request, mentor = asking(), offering()
    assert mentor.account.name in read(desk, "/mentoring/matching/")
    Certification.objects.filter(mentor=mentor).update(expires=timezone.localdate() - timedelta(days=1))
    page = desk.post(f"/mentoring/matching/{request.pk}/confirm/", {"mentor": mentor.pk}, follow=True).content.decode()
    assert "The certification expired on" in page
    assert "1 mentor lacks valid credentials." in page
    assert not Offer.objects.exists()


def test_where_nobody_fits_it_says_which_rule_keeps_how_many_away(desk: Client) -> None:
    asking(languages=["es"])
    offering(languages=["en"])
    offering(languages=["fr"])
    offering(languages=["es"], wanted=0)
    page = read(desk, "/mentoring/matching/")
    assert "Nobody fits right now." in page
    assert "2 mentors have no language in common with them." in page
    assert "1 mentor has no free place." in page


def test_who_comes_off_worse_in_the_plan_for_all_is_told_so(desk: Client) -> None:
    asking(make(Role.CLIENT, name="Early Bird"), days=40)
    asking(make(Role.CLIENT, name="Late Comer"), days=1)
    offering(wanted=1)
    page = read(desk, "/mentoring/matching/")
    assert page.count("Best plan for all") == 1
    assert "There are not enough free places." in page[page.index("Late Comer") :]


def test_a_nonsense_choice_is_a_wrong_address(desk: Client) -> None:
    request = asking()
    for told in ({}, {"mentor": "x"}, {"mentor": "999999"}, {"mentor": "-1"}):
        assert desk.post(f"/mentoring/matching/{request.pk}/confirm/", told).status_code == 404


def test_the_plan_follows_every_change_at_once(a_client: Account) -> None:
    request, mentor = asking(a_client, languages=["es"]), offering(languages=["es"])
    assert pool.pool().plan.mentors == {request.pk: mentor.pk}
    assert pool.pool() is pool.pool()
    Certification.objects.filter(mentor=mentor).update(expires=timezone.localdate() - timedelta(days=1))
    assert pool.pool().plan.mentors == {}


def test_keeping_apart_and_lifting_it(desk: Client, a_client: Account) -> None:
    request, mentor = asking(a_client), offering(make(Role.MENTOR, name="Marguerite Oyelaran"))
    address = f"/mentoring/matching/{request.pk}/apart/"
    assert desk.post(address, {"mentor": mentor.pk}).status_code == 422
    desk.post(address, {"mentor": mentor.pk, "why": "conflict"})
    line = Apart.objects.get()
    page = read(desk, f"/mentoring/matching/{request.pk}/")
    assert "They know each other outside" in page
    assert "1 mentor is kept apart from them." in page
    other = asking()
    assert desk.post(f"/mentoring/matching/{other.pk}/apart/{line.pk}/lift/").status_code == 404
    desk.post(f"{address}{line.pk}/lift/")
    assert not Apart.objects.exists()
    desk.post(address, {"mentor": mentor.pk, "why": "blocked"})
    line = Apart.objects.get()
    assert f"{line.pk}/lift/" in read(desk, f"/mentoring/matching/{request.pk}/")
    Apart.objects.update(by=a_client)
    assert f"{line.pk}/lift/" not in read(desk, f"/mentoring/matching/{request.pk}/")


def test_twenty_five_stand_on_a_page(desk: Client) -> None:
    for number in range(27):
        asking(days=number)
    assert read(desk, "/mentoring/matching/").count("What they wish for") == 25
    assert read(desk, "/mentoring/matching/?page=2").count("What they wish for") == 2
    assert "Page 2 of 2" in read(desk, "/mentoring/matching/?page=99")
    assert "Page 1 of 2" in read(desk, "/mentoring/matching/?page=x")


@pytest.mark.parametrize("address", ["", "?show=offered", "waits/"])
def test_the_store_is_asked_no_more_often_where_more_wait(desk: Client, coordinator: Account, address: str) -> None:
    def counted() -> int:
        read(desk, f"/mentoring/matching/{address}")  # what only the first one asks is not what is counted
        pool.forget()
        with CaptureQueriesContext(connections["default"]) as captured:
            read(desk, f"/mentoring/matching/{address}")
        return len(captured)

    mentors = [offering(lived=["grief"]) for _ in range(2)]
    for _ in range(2):
        asking(lived=["grief"])
        offered(asking(), mentors[0], coordinator)
    before = counted()
    mentors += [offering(lived=["grief"]) for _ in range(4)]
    for _ in range(9):
        asking(lived=["grief"])
    for mentor in mentors:
        offered(asking(), mentor, coordinator)
    assert counted() == before


def past(days: int, count: int, state: str = "matched", since: int = 60, **wishes: Any) -> None:
    """So many who asked `since` days ago and had a mentor so many days later."""
    for _ in range(count):
        request = asking(days=since, **wishes)
        settled = request.asked_at + timedelta(days=days)
        Request.objects.filter(pk=request.pk).update(state=state, settled_at=None if state == "waiting" else settled)


def test_waiting_times_are_those_who_found_a_mentor_and_shares_count_who_still_waits() -> None:
    past(4, 5, languages=["en"])
    past(20, 5, languages=["en"])
    past(0, 10, "waiting", languages=["es"])
    found = waits.figures()
    assert (found.all.asked, found.all.waiting, found.longest) == (20, 10, 60)
    assert found.all.median == pytest.approx(12)
    assert [(each.days, each.percent) for each in found.all.shares] == [(7, 25), (28, 50), (90, None)]
    assert [(each.label, each.median) for each in found.languages] == [
        ("English", pytest.approx(12)),
        ("Spanish", None),
    ]
    assert [each.percent for each in found.languages[1].shares] == [0, 0, None]


def test_small_numbers_of_a_language_or_a_condition_are_covered(desk: Client) -> None:
    past(4, 9, lived=["anxiety"])
    past(4, 6, lived=["ptsd"])
    past(90, 1, since=100, lived=["voices"])
    found = {each.label: each for each in waits.figures().lived}
    assert found["Anxiety or panic"].asked == 9
    few = found["Hearing voices or psychosis"]
    assert (few.asked, few.median, few.waiting) == (None, None, None)
    assert found["PTSD or trauma"].asked is None, "else the small one could be worked out"
    page = read(desk, "/mentoring/matching/waits/")
    assert "Not shown, so that no number points at one person: PTSD or trauma, Hearing voices or psychosis." in page
    assert page.count('<th scope="row"><span class="counts__label">') == 1


def test_who_took_it_back_counts_neither_for_nor_against() -> None:
    past(3, 5)
    past(1, 5, "withdrawn")
    assert waits.figures().all.shares[0].percent == 100
