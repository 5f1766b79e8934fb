"""After a start no key is open: what many people's names need is asked of the keys database together, not one by one."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Role
from rooms import roster
from rooms.models import Room
from rooms.roster import roster_of
from tests.people import both_stores, make, seated, signed_in
from vault import sealing

pytestmark = both_stores


def of_keys(captured: CaptureQueriesContext) -> int:
    return sum("vault_datakey" in query["sql"] for query in captured.captured_queries)


@pytest.mark.parametrize("count", [3, 15])
def test_a_roster_is_read_with_few_questions_however_many_members(room: Room, count: int) -> None:
    for number in range(count):
        seated(make(Role.CLIENT), room, f"Member {'abcdefghjkmpqrst'[number] * 3}")
    roster.forget(room.pk)
    sealing.forget()
    with CaptureQueriesContext(connections["keys"]) as captured:
        assert len(roster_of(room.pk).names) == count
    assert of_keys(captured) <= 4


@pytest.mark.parametrize("count", [3, 15])
def test_the_page_of_people_is_shown_with_few_questions(room: Room, coordinator: Account, count: int) -> None:
    for _ in range(count):
        make(Role.CLIENT)
    browser = signed_in(coordinator)
    browser.get("/")
    sealing.forget()
    with CaptureQueriesContext(connections["keys"]) as captured:
        browser.get(f"/rooms/{room.pk}/people/")
    assert of_keys(captured) <= 6
