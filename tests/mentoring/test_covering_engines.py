"""On PostgreSQL: a thread with a cover mentor opens beside whoever writes in the first one, and neither waits for the other for ever."""

from functools import partial

import pytest

from tests.harness.locks import check_waits_before_the_trail
from tests.harness.server import Store
from tests.live.office import Office

pytestmark = pytest.mark.engines


@pytest.mark.parametrize("held", ["mentoring_thread", "mentoring_mentor"])
def test_a_cover_waits_for_rows_before_it_takes_the_trail(real_store: Store, held: str) -> None:
    """Somebody holds the first thread or the cover mentor, as doors do, and then needs the trail."""
    with Office(real_store) as office:
        juniper, wren, client = (
            office("make_person", email=f"{email}@race.example", name=f"Given {role} {number}", role=role)
            for number, (email, role) in enumerate((("first", "mentor"), ("second", "mentor"), ("third", "client")))
        )
        office("certify", cookie=juniper, called="Juniper")
        cover = office("certify", cookie=wren, called="Wren")
        office("go_away", mentor=juniper, cover=wren)
        thread = office("pair", client=client, mentor=juniper)  # it comes late: the clock opens its cover
        name, value = ("id", thread) if held == "mentoring_thread" else ("account_id", cover)
        rows = f"SELECT 1 FROM {held} WHERE {name} = %s FOR UPDATE"
        check_waits_before_the_trail(real_store, rows, [value], partial(office, "wellbeing_turn"))
        assert office("stands_in", thread=thread)
