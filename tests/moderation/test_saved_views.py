"""Filters of the queue that a moderator gave a name."""

from typing import Any

import pytest

from accounts.models import Account
from moderation import saved_views
from moderation.models import SavedView
from moderation.refusals import Refused
from rooms.models import Room
from tests.people import both_stores, signed_in

pytestmark = both_stores


def names(account: Account) -> dict[str, str]:
    return {view.name: view.query for view in saved_views.views_of(account)}


def test_a_saved_view_is_a_link_on_ones_own_queue_and_on_no_other(
    room: Room, moderator: Account, another_moderator: Account
) -> None:
    browser = signed_in(moderator)
    query = f"state=waiting&severity=crisis&room={room.pk}"
    response: Any = browser.post("/moderation/views/", {"name": "  My   nights ", "query": query}, follow=True)
    assert response.redirect_chain[-1][0] == f"/moderation/?{query}"
    assert "My nights" in response.content.decode()
    assert names(moderator) == {"My nights": query}
    other: Any = signed_in(another_moderator).get("/moderation/")
    assert "My nights" not in other.content.decode()


def test_only_what_the_queue_knows_is_kept_of_an_address(moderator: Account) -> None:
    strange = "severity=urgent&next=//elsewhere.example/&state=nowhere&room=unknown&severity=crisis&" + "x" * 1000
    signed_in(moderator).post("/moderation/views/", {"name": "Odd", "query": strange})
    assert names(moderator)["Odd"] in ("severity=urgent", "severity=crisis")


def test_the_same_name_again_changes_what_is_kept_under_it(moderator: Account) -> None:
    saved_views.save(moderator, name="Nights", query="severity=crisis")
    saved_views.save(moderator, name="nights", query="severity=urgent")
    assert names(moderator) == {"Nights": "severity=urgent"}


def test_a_name_is_needed_and_is_short(moderator: Account) -> None:
    for name, reason in (("   ", "empty"), ("n" * 41, "too_long")):
        with pytest.raises(Refused) as refused:
            saved_views.save(moderator, name=name, query="")
        assert refused.value.reason == reason
    response: Any = signed_in(moderator).post("/moderation/views/", {"name": "", "query": ""}, follow=True)
    assert "Please write a few words." in response.content.decode()


def test_twenty_views_are_enough(moderator: Account) -> None:
    for number in range(saved_views.MOST):
        saved_views.save(moderator, name=f"View {number}", query="")
    with pytest.raises(Refused) as refused:
        saved_views.save(moderator, name="One more", query="")
    assert refused.value.reason == "too_many_views"
    saved_views.save(moderator, name="View 3", query="state=mine")


def test_one_forgets_ones_own_views_only(moderator: Account, another_moderator: Account) -> None:
    saved_views.save(moderator, name="Nights", query="severity=crisis")
    [view] = saved_views.views_of(moderator)
    signed_in(another_moderator).post(f"/moderation/views/{view.id}/forget/")
    assert names(moderator) == {"Nights": "severity=crisis"}
    browser = signed_in(moderator)
    for _ in range(2):
        response = browser.post(f"/moderation/views/{view.id}/forget/", {"query": "severity=crisis"})
        assert response["Location"] == "/moderation/?severity=crisis"
    assert names(moderator) == {}
    assert browser.post("/moderation/views/99999999999999999999999/forget/").status_code == 302


def test_a_name_is_sealed_and_opens_in_its_own_row_only(moderator: Account) -> None:
    saved_views.save(moderator, name="Nights", query="severity=crisis")
    saved_views.save(moderator, name="Weekends", query="severity=urgent")
    first, second = SavedView.objects.all()
    assert b"Nights" not in bytes(first.name)
    SavedView.objects.filter(pk=first.pk).update(name=second.name)
    assert "Weekends" in names(moderator)
    assert len(names(moderator)) == 2
