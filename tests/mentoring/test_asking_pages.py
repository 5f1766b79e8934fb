"""The client's pages: asking step by step with nothing lost, waiting, the offer, and saying no."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account, Role
from mentoring import requests, shared
from mentoring.asking_forms import STEPS, AskForm
from mentoring.models import Apart, Offer, Request, Thread
from mentoring.pool import stored_in
from tests.mentoring.asked import asking, offered, offering
from tests.people import a_client, another_client, both_stores, coordinator, make, signed_in

__all__ = ["a_client", "another_client", "coordinator"]
pytestmark = both_stores

HIDDEN = re.compile(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)">')


def step(
    browser: Client, carried: dict[str, list[str]], go: str = "next", **typed: Any
) -> tuple[str, dict[str, list[str]]]:
    """Presses a button of a step, with what was typed into it: the page that follows, and what it carries along."""
    page = browser.post("/mentor/ask/", {**carried, **typed, "go": go}).content.decode()
    return page, _carried(page)


def _carried(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(page):
        found.setdefault(name, []).append(unescape(value))
    return found


def test_what_is_typed_in_one_step_is_there_at_the_end(a_client: Account) -> None:
    browser = signed_in(a_client)
    carried = _carried(browser.get("/mentor/ask/").content.decode())
    _page, carried = step(browser, carried, lived=["grief", "ptsd"])
    page, carried = step(browser, carried, goals=["sleep"], goals_words="To sleep & wake.")
    assert "Who would be good for you?" in page
    page, carried = step(browser, carried, go="back", gender="woman", gender_must="on")
    assert "To sleep &amp; wake." in page
    _page, carried = step(browser, carried, goals=["sleep"], goals_words="To sleep & wake.")
    _page, carried = step(browser, carried, go="last", gender="woman", gender_must="on")
    answer = browser.post("/mentor/ask/", {**carried, "most": "lived", "go": "send"})
    assert answer.status_code == 302
    assert stored_in(Request.objects.get()) == {
        "lived": ["grief", "ptsd"],
        "goals": ["sleep"],
        "gender": "woman",
        "gender_must": True,
        "most": "lived",
        "words": {"goals": "To sleep & wake."},
    }


def test_everything_may_be_skipped(a_client: Account) -> None:
    browser = signed_in(a_client)
    page, carried = step(browser, {"step": ["0"]}, go="last")
    assert f"step {len(STEPS)} of {len(STEPS)}" in page
    browser.post("/mentor/ask/", {**carried, "go": "send"})
    assert stored_in(Request.objects.get()) == {"words": {}}


def test_every_field_stands_in_one_step() -> None:
    assert sorted(name for each in STEPS for name in each.fields) == sorted(AskForm.base_fields)


def test_the_form_says_who_reads_it(a_client: Account) -> None:
    assert "Your coordinator reads this" in signed_in(a_client).get("/mentor/ask/").content.decode()


def test_what_is_too_long_is_said_in_its_step_and_nothing_is_lost(a_client: Account) -> None:
    browser = signed_in(a_client)
    answer = browser.post("/mentor/ask/", {"step": "4", "go": "send", "goals_words": "o" * 1001, "lived": "grief"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "What would you like to work on?" in page
    assert "o" * 1001 in page
    assert _carried(page)["lived"] == ["grief"]
    assert not Request.objects.exists()


def test_wishes_can_be_changed_while_waiting(a_client: Account) -> None:
    asking(a_client, lived=["grief"], goals=["sleep"], small_group_ok=True)
    browser = signed_in(a_client)
    page = browser.get("/mentor/ask/").content.decode()
    assert re.search(r'value="grief"[^>]* checked', page)
    assert _carried(page)["small_group_ok"] == ["on"]
    browser.post("/mentor/ask/", {**_carried(page), "lived": "ptsd", "go": "send"})
    assert stored_in(Request.objects.get()) == {
        "lived": ["ptsd"],
        "goals": ["sleep"],
        "small_group_ok": True,
        "words": {},
    }


def test_the_waiting_page_tells_since_when_and_no_number_that_is_not_known(a_client: Account) -> None:
    asking(a_client)
    page = signed_in(a_client).get("/mentor/").content.decode()
    assert "You are in line for a mentor" in page
    assert "too few people have asked" in page
    assert "/help/" in page


def test_taking_it_back_asks_again_whether_to_ask(a_client: Account) -> None:
    asking(a_client)
    browser = signed_in(a_client)
    page = browser.post("/mentor/ask/take-back/", follow=True).content.decode()
    assert "Would you like a mentor?" in page
    assert browser.post("/mentor/ask/take-back/").status_code == 404


@pytest.fixture
def offer(a_client: Account, coordinator: Account) -> Offer:
    mentor = offering(
        make(Role.MENTOR, name="Marguerite Oyelaran"),
        called="Juniper",
        about="I like dogs and long walks.",
        lived=["grief", "work"],
        languages=["en", "es"],
        gender="woman",
    )
    wishes: Any = {"lived": ["grief"], "languages": ["es"], "goals": ["sleep"], "words": {"goals": "A whole night."}}
    return offered(asking(a_client, **wishes), mentor, coordinator)


def test_the_offer_shows_what_the_mentor_shares_and_no_more(a_client: Account, offer: Offer) -> None:
    browser = signed_in(a_client)
    assert f"/mentor/offers/{offer.pk}/" in browser.get("/mentor/").content.decode()
    page = browser.get(f"/mentor/offers/{offer.pk}/").content.decode()
    for told in ("Juniper", "I like dogs", "They know from their own life: grief.", "You both speak: Spanish."):
        assert told in page
    for untold in ("Marguerite", "Oyelaran", "A whole night.", "%", "certif"):
        assert untold not in page.split("<main", 1)[1].replace("%20", ""), untold


def test_what_was_asked_is_filled_in_by_a_press_and_typed_words_stay(a_client: Account, offer: Offer) -> None:
    browser = signed_in(a_client)
    page = browser.post(f"/mentor/offers/{offer.pk}/", {"go": "take_over", "ways": "Slowly."}).content.decode()
    assert "A whole night." in page
    assert "Slowly." in page
    assert not Thread.objects.exists()


def test_accepting_opens_the_thread_with_what_was_written(a_client: Account, offer: Offer) -> None:
    browser = signed_in(a_client)
    told = {"go": "accept", "pseudonym": "Gray Wren", "goals": "Sleep.", "accept": "on"}
    answer = browser.post(f"/mentor/offers/{offer.pk}/", {**told, "accept": ""})
    assert answer.status_code == 422
    assert "Please agree before the thread opens." in answer.content.decode()
    answer = browser.post(f"/mentor/offers/{offer.pk}/", told)
    thread = Thread.objects.get()
    assert answer["Location"] == f"/rooms/{thread.room_id}/"
    assert [line.text for line in shared.lines_of(thread)] == ["Sleep."]
    assert browser.get(f"/mentor/offers/{offer.pk}/").status_code == 404


def test_an_own_name_that_will_not_do_is_said_at_its_field(a_client: Account, offer: Offer) -> None:
    told = {"go": "accept", "pseudonym": "Juniper", "accept": "on", "note": "I am tired."}
    answer = signed_in(a_client).post(f"/mentor/offers/{offer.pk}/", told)
    assert answer.status_code == 422
    assert "I am tired." in answer.content.decode()


def test_not_this_one_needs_no_reason(a_client: Account, offer: Offer) -> None:
    browser = signed_in(a_client)
    page = browser.post(f"/mentor/offers/{offer.pk}/decline/", follow=True).content.decode()
    assert "You keep your place in line" in page
    assert "You are in line for a mentor" in page
    assert not Apart.objects.exists()
    assert requests.open_request_of(a_client) is not None


def test_another_client_finds_no_offer(another_client: Account, offer: Offer) -> None:
    browser = signed_in(another_client)
    assert browser.get(f"/mentor/offers/{offer.pk}/").status_code == 404
    assert browser.post(f"/mentor/offers/{offer.pk}/decline/").status_code == 404
    assert browser.get("/mentor/").content.decode().count(offer.pk) == 0


def test_the_home_page_asks_the_store_no_more_often_when_much_happened(
    a_client: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    asking(a_client)
    browser = signed_in(a_client)
    browser.get("/mentor/")
    with django_assert_max_num_queries(24):
        browser.get("/mentor/")
