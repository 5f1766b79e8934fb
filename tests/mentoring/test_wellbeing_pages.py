"""The pages of how mentors are: what they say in each state, what their forms do, and how often they ask the store."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import circle, debriefs, self_checks
from mentoring.models import Debrief, Mentor, Respite
from rooms.models import Membership, Room
from tests.mentoring.cast import certified, thread_between
from tests.people import a_client, both_stores, coordinator, make, mentor, signed_in
from vault.models import TrailEntry

__all__ = ["a_client", "coordinator", "mentor"]
pytestmark = both_stores

BAD = {"rested": 0, "worn": 4, "stayed": 4, "matters": 0, "someone": 0, "own": 0}
WELL = {name: 4 - value for name, value in BAD.items()}


@pytest.fixture
def juniper(mentor: Account) -> Mentor:
    return certified(mentor, called="Juniper")


@pytest.fixture
def own(juniper: Mentor) -> Client:
    return signed_in(juniper.account)


@pytest.fixture
def office(coordinator: Account) -> Client:
    return signed_in(coordinator)


def day(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def text(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


class TestTheCheck:
    def test_it_is_answered_kindly_and_can_be_changed(self, own: Client, juniper: Mentor) -> None:
        assert "Two minutes for yourself: how was your week?" in text(own, "/mentoring/")
        answer = own.post("/mentoring/check/", {**BAD, "words": "Too much."}, follow=True)
        said = answer.content.decode()
        assert "This sounds like a lot" in said
        assert "/mentoring/respite/" in said
        assert "/help/" in said
        own.post("/mentoring/check/", {**WELL, "words": ""})
        assert "A steady week" in text(own, "/mentoring/check/")
        assert "You have done the check of this week." in text(own, "/mentoring/")

    def test_what_is_left_open_is_asked_for_and_what_was_chosen_stays(self, own: Client) -> None:
        answer = own.post("/mentoring/check/", {"rested": 3, "words": "Half a sentence"})
        said = answer.content.decode()
        assert answer.status_code == 422
        assert said.count("Please choose what fits best.") == 5
        assert "Half a sentence" in said
        assert said.count("checked") == 1

    def test_the_band_is_shared_and_taken_back_by_pressing(self, own: Client, juniper: Mentor) -> None:
        own.post("/mentoring/check/share/", {"shares": "yes"})
        juniper.refresh_from_db()
        assert juniper.shares_band
        own.post("/mentoring/check/share/", {"shares": "no"})
        juniper.refresh_from_db()
        assert not juniper.shares_band

    def test_the_course_has_a_plot_from_two_weeks_on(self, own: Client, juniper: Mentor) -> None:
        self_checks.answer(mentor=juniper, answers=WELL)
        assert "How heavy your weeks were" not in text(own, "/mentoring/check/")
        juniper.self_checks.update(week=self_checks.this_week() - timedelta(weeks=1))
        self_checks.answer(mentor=juniper, answers=BAD)
        said = text(own, "/mentoring/check/")
        assert "24 of 24 in the last check, 0 in the one before. Lower is lighter." in said


class TestHours:
    FORM = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-days": ["0", "2"]}

    def test_they_are_said_and_shown(self, own: Client, juniper: Mentor) -> None:
        answer = own.post(
            "/mentoring/hours/", {**self.FORM, "lines-0-start": "18:00", "lines-0-end": "20:00"}, follow=True
        )
        assert "Monday, Wednesday, 6 p.m. to 8 p.m." in answer.content.decode()
        juniper.refresh_from_db()
        assert juniper.hours == [{"days": [0, 2], "from": "18:00", "to": "20:00"}]

    def test_half_a_line_is_asked_for(self, own: Client, juniper: Mentor) -> None:
        answer = own.post("/mentoring/hours/", {**self.FORM, "lines-0-start": "18:00", "lines-0-end": ""})
        assert answer.status_code == 422
        assert "Please choose a time." in answer.content.decode()
        juniper.refresh_from_db()
        assert juniper.hours == []


class TestRespite:
    def test_it_is_planned_in_two_steps(self, own: Client, juniper: Mentor, a_client: Account) -> None:
        wren = certified(called="Wren")
        thread_between(a_client, juniper)
        days = {"starts": day(2).isoformat(), "ends": day(9).isoformat()}
        page = own.get("/mentoring/respite/", days).content.decode()
        assert "Wren (" in page
        assert "then there for 1 clients of 6 at most" in page
        answer = own.post("/mentoring/respite/", {**days, "cover": wren.pk}, follow=True)
        assert "It is planned." in answer.content.decode()
        assert Respite.objects.get().cover == wren

    def test_what_will_not_do_is_said_beside_its_field_with_422(self, own: Client, juniper: Mentor) -> None:
        wren = certified(called="Wren")
        for days in (
            {"starts": day(4).isoformat(), "ends": day(2).isoformat()},
            {"starts": "tomorrow", "ends": ""},
            {"starts": day(-4).isoformat(), "ends": day(2).isoformat()},
        ):
            assert own.post("/mentoring/respite/", {**days, "cover": wren.pk}).status_code == 422
        assert not Respite.objects.exists()
        good = {"starts": day(2).isoformat(), "ends": day(4).isoformat()}
        assert "Please choose who stands in." in own.post("/mentoring/respite/", good).content.decode()

    def test_more_than_the_cap_asks_first(self, own: Client, juniper: Mentor, a_client: Account) -> None:
        wren = certified(called="Wren", capacity=0)
        thread_between(a_client, juniper)
        about = {"starts": day(2).isoformat(), "ends": day(9).isoformat(), "cover": wren.pk}
        said = own.post("/mentoring/respite/", about).content.decode()
        assert "Wren would then be there for 1 clients, and their cap is 0." in said
        own.post("/mentoring/respite/", {**about, "knowingly": "on"})
        assert Respite.objects.exists()

    def test_where_nobody_can_stand_in_the_page_says_what_to_do(self, own: Client) -> None:
        page = own.get("/mentoring/respite/", {"starts": day(2).isoformat(), "ends": day(9).isoformat()})
        assert "Nobody can stand in on these days." in page.content.decode()

    def test_where_nobody_can_stand_in_it_is_planned_all_the_same_and_everybody_reads_the_truth(
        self, own: Client, office: Client, juniper: Mentor, a_client: Account
    ) -> None:
        thread = thread_between(a_client, juniper)
        about = {"starts": day(2).isoformat(), "ends": day(9).isoformat(), "cover": "0"}
        assert "Nobody yet. A coordinator looks for somebody" in own.get("/mentoring/respite/", about).content.decode()
        said = own.post("/mentoring/respite/", about, follow=True).content.decode()
        assert "It is planned. A coordinator looks for somebody to stand in" in said
        planned = Respite.objects.get()
        board = text(office, "/mentoring/load/")
        assert f"/mentoring/respite/{planned.pk}/cover/" in board
        assert (
            "A coordinator looks for somebody to stand in."
            in own.post(f"/mentoring/respite/{planned.pk}/begin/", follow=True).content.decode()
        )
        browser = signed_in(a_client)
        for address in (f"/rooms/{thread.room_id}/", "/mentor/"):
            assert "Your coordinator knows, and looks for somebody." in text(browser, address)
        assert "Help now, day and night" in text(browser, f"/rooms/{thread.room_id}/")
        for address in (f"/mentoring/load/{juniper.pk}/", f"/mentoring/respite/{planned.pk}/cover/"):
            assert office.get(address).status_code == 200
        assert "Nobody stands in yet" in text(own, "/mentoring/respite/")
        wren = certified(called="Wren")
        office.post(f"/mentoring/respite/{planned.pk}/cover/", {"cover": wren.pk})
        assert "Your coordinator knows" not in text(browser, f"/rooms/{thread.room_id}/")
        assert "Wren is there for you meanwhile" in text(browser, f"/rooms/{thread.room_id}/")

    def test_a_coordinator_plans_for_a_mentor_and_names_another(self, office: Client, juniper: Mentor) -> None:
        wren, linnet = certified(called="Wren"), certified(called="Linnet")
        about = {"starts": day(2).isoformat(), "ends": day(9).isoformat(), "cover": wren.pk}
        office.post(f"/mentoring/load/{juniper.pk}/respite/", about)
        planned = Respite.objects.get()
        signed_in(wren.account).post(f"/mentoring/respite/{planned.pk}/decline/")
        board = text(office, "/mentoring/load/")
        assert "Nobody stands in" in board
        assert f"/mentoring/respite/{planned.pk}/cover/" in board
        office.post(f"/mentoring/respite/{planned.pk}/cover/", {"cover": linnet.pk})
        planned.refresh_from_db()
        assert (planned.cover, planned.lack) == (linnet, "")

    def test_it_is_begun_moved_and_ended_by_pressing(self, own: Client, juniper: Mentor) -> None:
        wren = certified(called="Wren")
        own.post("/mentoring/respite/", {"starts": day(2).isoformat(), "ends": day(9).isoformat(), "cover": wren.pk})
        pk = Respite.objects.get().pk
        own.post(f"/mentoring/respite/{pk}/begin/")
        own.post(f"/mentoring/respite/{pk}/move/", {"ends": day(5).isoformat()})
        found = Respite.objects.get()
        assert (found.state, found.ends) == (Respite.State.RUNNING, day(5))
        assert "You are away until" in text(own, "/mentoring/")
        assert "You stand in for Juniper until" in text(signed_in(wren.account), "/mentoring/")
        own.post(f"/mentoring/respite/{pk}/move/", {"ends": "soon"})
        own.post(f"/mentoring/respite/{pk}/end/")
        assert Respite.objects.get().state == Respite.State.OVER


class TestTheBoard:
    def test_with_nobody_it_says_what_to_do(self, office: Client) -> None:
        assert "No mentors yet" in text(office, "/mentoring/load/")

    def test_a_band_is_there_with_consent_and_its_look_on_the_trail(self, office: Client, juniper: Mentor) -> None:
        self_checks.answer(mentor=juniper, answers=BAD)
        assert "Needs rest" not in text(office, "/mentoring/load/")
        assert not TrailEntry.objects.filter(act="selfcheck.looked.band").exists()
        self_checks.share_band(mentor=juniper, shares=True)
        board = text(office, "/mentoring/load/")
        assert "Needs rest" in board
        assert "Ask kindly to take a break" in board
        assert TrailEntry.objects.filter(act="selfcheck.looked.band", subject=f"account:{juniper.pk}").count() == 1
        self_checks.share_band(mentor=juniper, shares=False)
        assert "Needs rest" not in text(office, "/mentoring/load/")

    def test_a_kind_word_reaches_the_mentor_and_is_put_away(self, office: Client, own: Client, juniper: Mentor) -> None:
        office.post(f"/mentoring/load/{juniper.pk}/break/")
        assert "asks you kindly to take a break" in text(own, "/mentoring/")
        own.post("/mentoring/break/")
        assert "asks you kindly to take a break" not in text(own, "/mentoring/")

    def test_a_talk_is_offered_taken_and_done(self, office: Client, own: Client, juniper: Mentor) -> None:
        office.post(f"/mentoring/load/{juniper.pk}/debrief/")
        assert "A coordinator offers you a talk" in text(own, "/mentoring/")
        pk = Debrief.objects.get().pk
        own.post(f"/mentoring/debriefs/{pk}/", {"wants": "yes"})
        assert "Asked for a talk" in text(office, "/mentoring/load/")
        office.post(f"/mentoring/load/{juniper.pk}/done/", {"debrief": pk})
        assert Debrief.objects.get().state == Debrief.State.DONE

    def test_the_cap_is_changed_with_a_reason_and_a_wrong_one_is_explained(
        self, office: Client, juniper: Mentor
    ) -> None:
        for cap, why, said in (
            ("21", "Rest.", "Please choose a number from 0 to 20."),
            ("3", "", 'class="errorlist" id="id_why_error"'),
        ):
            answer = office.post(f"/mentoring/load/{juniper.pk}/cap/", {"cap": cap, "why": why})
            assert answer.status_code == 422
            assert said in answer.content.decode()
        office.post(f"/mentoring/load/{juniper.pk}/cap/", {"cap": "3", "why": "She asked for it."})
        juniper.refresh_from_db()
        assert juniper.capacity == 3

    def test_new_clients_stop_and_come_again(self, office: Client, juniper: Mentor) -> None:
        about = {"until": day(30).isoformat(), "why": "A hard month."}
        assert office.post(f"/mentoring/load/{juniper.pk}/stop/", about).status_code == 302
        assert "No new clients until" in text(office, "/mentoring/load/")
        office.post(f"/mentoring/load/{juniper.pk}/again/")
        juniper.refresh_from_db()
        assert juniper.taking_again is None
        answer = office.post(f"/mentoring/load/{juniper.pk}/stop/", {"until": day(0).isoformat(), "why": "Now."})
        assert answer.status_code == 422

    def test_it_asks_the_store_the_same_for_one_mentor_and_for_sixty(
        self, office: Client, juniper: Mentor, a_client: Account
    ) -> None:
        thread_between(a_client, juniper)
        counts = []
        for _ in range(2):
            office.get("/mentoring/load/")
            with CaptureQueriesContext(connection) as asked:
                answer = office.get("/mentoring/load/")
            assert answer.status_code == 200
            counts.append(len(asked))
            for number in range(59):
                other = certified()
                if number % 10 == 0:
                    thread_between(make(Role.CLIENT), other, pseudonym=f"Robin {number}")
        assert answer.content.decode().count("load__line") == 60
        assert counts[0] == counts[1]

    def test_the_circle_opens_by_one_press(self, office: Client, own: Client, juniper: Mentor) -> None:
        office.post("/mentoring/circle/")
        assert Membership.objects.filter(account=juniper.account, room__kind=Room.Kind.CIRCLE).exists()
        assert "To the circle" in text(own, "/mentoring/")
        assert "Open the circle of mentors" not in text(office, "/mentoring/load/")
        office.post("/mentoring/circle/")
        assert Room.objects.filter(kind=Room.Kind.CIRCLE).count() == 1
        assert circle.circle() is not None


def test_an_offer_after_a_crisis_says_nothing_of_whom(own: Client, juniper: Mentor, a_client: Account) -> None:
    thread = thread_between(a_client, juniper, pseudonym="Gray Heron")
    debriefs.offer(thread.room_id)
    page = text(own, "/mentoring/wellbeing/")
    assert "Somebody in a room of yours had a very hard time." in page
    assert "Gray Heron" not in page
