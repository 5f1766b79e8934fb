"""The coordinator's list of mentors and the file of one: who is there, what is missing, what waits, and what it costs."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import Settings

from accounts import people
from accounts.models import Account, Role
from mentoring import certifications, closing, mentor_files, pool, reminders
from mentoring.models import Certification, Mentor, Training
from tests.mentoring.cast import certified, new_mentor, thread_between
from tests.people import a_client, both_stores, coordinator, make, mentor, signed_in
from vault.models import TrailEntry

__all__ = ["a_client", "coordinator", "mentor"]
pytestmark = both_stores

DAY = timedelta(days=1)
LIST = "/mentoring/mentors/"


def names(show: str = "all") -> list[str]:
    return [line.name for line in mentor_files.lines() if line.is_shown(show)]


def waits(mentor: Mentor) -> None:
    today = timezone.localdate()
    certifications.add(
        mentor=mentor,
        body="Board",
        number="1",
        issued=today,
        expires=today + 100 * DAY,
        document=b"%PDF-",
        by=mentor.account,
    )


def text_of(browser: Client, address: str) -> str:
    page = browser.get(address).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<main")[2]).split())


def test_every_active_mentor_is_there_also_without_a_file_and_nobody_else(
    mentor: Account, a_client: Account, coordinator: Account
) -> None:
    gone = make(Role.MENTOR, name="Gone Away")
    people.suspend(gone, by=coordinator, why="left")
    assert names() == ["Marguerite Oyelaran"]
    assert not Mentor.objects.exists()
    page = text_of(signed_in(coordinator), LIST)
    assert "Marguerite Oyelaran Something missing There is no certification that a coordinator has checked." in page
    assert "0 of 6 threads" in page


def test_the_states_and_their_filters(coordinator: Account, a_client: Account) -> None:
    for name, days in (("Valid Vera", 300), ("Soon Sam", 60), ("Over Olu", -1), ("Later Lou", 61)):
        certified(make(Role.MENTOR, name=name), until=timezone.localdate() + days * DAY)
    Training.objects.update(expires=None)
    waits(new_mentor(make(Role.MENTOR, name="New Nia")))
    assert names("valid") == ["Later Lou", "Valid Vera"]
    assert names("ending") == ["Soon Sam"]
    assert names("lacking") == ["New Nia", "Over Olu"]
    assert names("todo") == ["New Nia"]
    thread_between(a_client, Mentor.objects.get(pk=Account.objects.get(pk=_pk("Over Olu")).pk))
    assert names("todo") == ["Over Olu", "New Nia"]
    assert names()[:2] == ["Over Olu", "New Nia"]
    browser = signed_in(coordinator)
    assert "Valid for 60 more days" in text_of(browser, f"{LIST}?show=ending")
    assert "1 paper to check" in text_of(browser, f"{LIST}?show=todo")
    assert "Nobody here" not in text_of(browser, f"{LIST}?show=nonsense")


def _pk(name: str) -> int:
    return next(each.pk for each in Account.objects.all() if each.name == name)


def test_a_filter_that_finds_nobody_and_a_house_without_mentors_say_so(coordinator: Account) -> None:
    browser = signed_in(coordinator)
    assert "No mentors yet" in text_of(browser, LIST)
    make(Role.MENTOR)
    assert "No mentor is like this right now." in text_of(browser, f"{LIST}?show=valid")


def test_the_list_costs_as_many_queries_for_thirty_as_for_three(coordinator: Account) -> None:
    browser = signed_in(coordinator)
    browser.get(LIST)
    counts = []
    for many in (3, 27):
        for number in range(many):
            found = certified(until=timezone.localdate() + (number % 3 - 1) * 40 * DAY)
            found.supervisor = certified().account
            found.save()
            waits(found)
            thread_between(make(Role.CLIENT), found)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_file_has_everything_and_says_what_is_missing(mentor: Account, coordinator: Account) -> None:
    found = certified(mentor, until=timezone.localdate() + 5 * DAY)
    Training.objects.filter(module="self_care").delete()
    reminders.tick()
    page = text_of(signed_in(coordinator), f"{LIST}{mentor.pk}/")
    assert "The training “Self-care” is not done yet." in page
    assert "Version 1 on" in page
    assert "Certification, 7 days before its end" in page
    assert "10 hours of training in all." in page
    assert "Each look at this file is recorded." in page
    assert found.pk == mentor.pk


def test_only_mentors_have_a_file(a_client: Account, mentor: Account, coordinator: Account) -> None:
    browser = signed_in(coordinator)
    people.change_role(mentor, Role.MODERATOR, by=coordinator)
    for pk in (a_client.pk, coordinator.pk, mentor.pk, 10**12):
        assert browser.get(f"{LIST}{pk}/").status_code == 404
        assert browser.get(f"/mentoring/load/{pk}/").status_code == 404
    assert not Mentor.objects.exists()


@pytest.mark.parametrize("address", [LIST, "/mentoring/load/"])
def test_the_pages_of_a_suspended_mentor_say_so_and_what_to_do_for_their_clients(
    address: str, a_client: Account, mentor: Account, coordinator: Account
) -> None:
    found, browser = certified(mentor), signed_in(coordinator)
    thread = thread_between(a_client, found)
    page = f"{address}{mentor.pk}/"
    assert "is suspended" not in text_of(browser, page)
    people.suspend(mentor, by=coordinator, why="left")
    last = TrailEntry.objects.latest("position").position
    said = browser.get(page).content.decode()
    notice = said.split('id="suspended-title"')[1].split("</section>")[0]
    assert "Marguerite Oyelaran is suspended, until somebody opens the account again." in notice
    assert "1 thread still runs, and its client has nobody there." in notice
    assert 'href="/mentoring/threads/"' in notice
    assert f'href="/people/{mentor.pk}/"' in notice
    assert said.index("is suspended, until") < said.index("<h2", said.index("</section>"))
    assert "Please name a supervisor." not in said
    for words in ("Offer a talk", "Plan days away", "Stop new clients"):
        assert words not in said
    assert TrailEntry.objects.filter(position__gt=last).count() == 1, "a look like any other"
    closing.close(thread=thread, by=coordinator, why="Not there.")
    assert "No client is left alone: no thread of theirs runs." in text_of(browser, page)


def test_nothing_of_a_suspended_mentors_load_is_changed(mentor: Account, coordinator: Account) -> None:
    certified(mentor)
    people.suspend(mentor, by=coordinator, why="left")
    browser = signed_in(coordinator)
    for verb in ("break", "debrief", "cap", "stop"):
        assert browser.post(f"/mentoring/load/{mentor.pk}/{verb}/").status_code == 404
    assert browser.get(f"/mentoring/load/{mentor.pk}/respite/").status_code == 404


def test_a_suspension_that_ends_by_itself_says_when(mentor: Account, coordinator: Account, settings: Settings) -> None:
    certified(mentor)
    people.suspend(mentor, by=coordinator, why="left")
    settings.SUSPENDED_UNTIL = f"{__name__}.until"
    browser = signed_in(coordinator)
    day = date_format(timezone.localdate() + 3 * DAY, "DATE_FORMAT")
    assert f"Marguerite Oyelaran is suspended until {day}." in text_of(browser, f"{LIST}{mentor.pk}/")
    assert f"Suspended Marguerite Oyelaran until {day}" in text_of(browser, LIST)


def until(accounts: list[int]) -> dict[int, datetime]:
    return {each: timezone.now() + 3 * DAY for each in accounts}


def test_suspended_mentors_stand_apart_and_are_in_no_list_to_choose_from(
    a_client: Account, mentor: Account, coordinator: Account
) -> None:
    certified(mentor)
    people.suspend(mentor, by=coordinator, why="left")
    browser = signed_in(coordinator)
    page = browser.get(LIST).content.decode()
    assert f'href="{LIST}{mentor.pk}/"' in page.split('id="suspended-title"')[1].split("</section>")[0]
    assert names() == []
    assert pool.pool().candidates == ()
    assert "Marguerite" not in browser.get("/mentoring/load/").content.decode()
    people.bring_back(mentor, by=coordinator)
    assert 'id="suspended-title"' not in browser.get(LIST).content.decode()
    assert [each.id for each in pool.pool().candidates] == [mentor.pk]


def test_suspended_mentors_cost_the_same_however_many(coordinator: Account, a_client: Account) -> None:
    browser, counts = signed_in(coordinator), []
    for many in (1, 4):
        for _ in range(many):
            gone = certified()
            thread_between(make(Role.CLIENT), gone)
            people.suspend(gone.account, by=coordinator, why="left")
        browser.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            browser.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_file_costs_as_many_queries_full_as_empty(mentor: Account, coordinator: Account) -> None:
    found, browser = certified(mentor), signed_in(coordinator)
    address = f"{LIST}{mentor.pk}/"
    browser.get(address)
    counts = []
    for many in (1, 15):
        for _ in range(many):
            waits(found)
        Certification.objects.update(verified_at=timezone.now(), verified_by=coordinator)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_mentors_home_groups_what_is_missing_and_has_one_way_each(mentor: Account) -> None:
    browser = signed_in(mentor)
    page = browser.get("/mentoring/").content.decode()
    assert "Some of your papers and trainings are still missing." in page
    for address in ("/mentoring/certification/", "/mentoring/ethics/", "/mentoring/trainings/"):
        assert f'href="{address}">' in page
    waits(Mentor.objects.get())
    page = text_of(browser, "/mentoring/")
    assert "A coordinator will look at what you handed in." in page
    assert "Add a certification" not in page


def test_a_mentor_with_everything_reads_that_all_is_in_order(mentor: Account) -> None:
    certified(mentor)
    page = text_of(signed_in(mentor), "/mentoring/")
    assert "All is in order." in page
    assert "No new clients for now" not in page
