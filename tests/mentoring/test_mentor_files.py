"""The coordinator's list of mentors and the file of one: who is there, what is missing, what waits, and what it costs."""

import re
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import people
from accounts.models import Account, Role
from mentoring import certifications, mentor_files, reminders
from mentoring.models import Certification, Mentor, Training
from tests.mentoring.cast import certified, new_mentor, thread_between
from tests.people import a_client, both_stores, coordinator, make, mentor, signed_in

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


def test_only_active_mentors_have_a_file(a_client: Account, mentor: Account, coordinator: Account) -> None:
    browser = signed_in(coordinator)
    people.suspend(mentor, by=coordinator, why="left")
    for pk in (a_client.pk, coordinator.pk, mentor.pk, 10**12):
        assert browser.get(f"{LIST}{pk}/").status_code == 404
    assert not Mentor.objects.exists()


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
