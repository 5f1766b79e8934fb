"""A mentor says how clients see them: only what they want, sealed, and no way to be reached outside."""

from accounts.models import Account
from mentoring.mentors import called
from mentoring.models import Mentor
from mentoring.pool import offers_stored_in
from tests.mentoring.cast import certified
from tests.people import both_stores, mentor, signed_in

__all__ = ["mentor"]
pytestmark = both_stores

TOLD = {"called": "Juniper", "about_words": "I like dogs.", "lived": ["grief"], "is_taking": "on", "wanted": "2"}


def test_what_is_said_is_kept_sealed_and_shown_again(mentor: Account) -> None:
    file = certified(mentor)
    browser = signed_in(mentor)
    assert browser.post("/mentoring/profile/", TOLD).status_code == 302
    file.refresh_from_db()
    assert called(file) == "Juniper"
    assert offers_stored_in(file) == {"lived": ["grief"], "words": {"about": "I like dogs."}}
    assert (file.places, file.is_taking) == (2, True)
    assert b"dogs" not in bytes(file.offers or b"")
    page = browser.get("/mentoring/profile/").content.decode()
    assert "I like dogs." in page
    assert "Clients know you as Juniper." in browser.get("/mentoring/").content.decode()


def test_who_has_no_name_yet_is_told_what_it_is_for(mentor: Account) -> None:
    browser = signed_in(mentor)
    assert "nobody can be matched with you" in browser.get("/mentoring/").content.decode()
    answer = browser.post("/mentoring/profile/", {**TOLD, "called": "Marguerite"})
    assert answer.status_code == 422
    assert "a part of your real name" in answer.content.decode()
    assert Mentor.objects.get(account=mentor).called is None


def test_a_way_to_be_reached_outside_is_refused_and_the_words_stay(mentor: Account) -> None:
    answer = signed_in(mentor).post("/mentoring/profile/", {**TOLD, "about_words": "Write to dogs@example.com."})
    assert answer.status_code == 422
    assert "dogs@example.com" in answer.content.decode()
    assert Mentor.objects.get(account=mentor).offers is None


def test_nobody_wants_more_than_the_coordinator_allows(mentor: Account) -> None:
    file = certified(mentor, capacity=3)
    assert signed_in(mentor).post("/mentoring/profile/", {**TOLD, "wanted": "4"}).status_code == 422
    file.refresh_from_db()
    assert file.wanted is None
