"""On PostgreSQL: a mentor steps back while somebody holds what will change, and neither waits for the other for ever."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg
import pytest

from tests.harness.locks import check_waits_before_the_trail
from tests.harness.server import Store
from tests.live.office import Office

pytestmark = pytest.mark.engines


@pytest.fixture
def office(real_store: Store) -> Iterator[Office]:
    with Office(real_store) as office:
        yield office


def people(office: Office, place: str) -> tuple[str, str, str]:
    """A mentor and a client by their cookies, and their thread."""
    mentor, client = (
        office("make_person", email=f"{role}@{place}.example", name=f"Given {role}", role=role)
        for role in ("mentor", "client")
    )
    office("certify", cookie=mentor, called="Juniper")
    return mentor, client, office("pair", client=client, mentor=mentor)


HELD = {
    "accounts_account": ("client_id", "id"),
    "rooms_room": ("room_id", "id"),
    "mentoring_thread": ("id", "id"),
    "mentoring_mentor": ("mentor_id", "account_id"),
}


@pytest.mark.parametrize("held", HELD)
def test_stepping_back_waits_for_rows_before_it_takes_the_trail(real_store: Store, office: Office, held: str) -> None:
    """Somebody holds one of them, as doors do, and then needs the trail."""
    _mentor, _client, thread = people(office, held.replace("_", "-"))
    which, key = HELD[held]
    rows = f"SELECT 1 FROM {held} WHERE {key} = (SELECT {which} FROM mentoring_thread WHERE id = %s) FOR UPDATE"
    check_waits_before_the_trail(real_store, rows, [thread], partial(office, "step_back", thread=thread))


def test_two_presses_at_one_moment_put_the_client_back_once(real_store: Store, office: Office) -> None:
    _mentor, _client, thread = people(office, "twice")
    with Office(real_store) as other, ThreadPoolExecutor(2) as aside:
        pressed = [aside.submit(each, "step_back", thread=thread) for each in (office, other)]
        done = sorted(str(each.exception(timeout=20) or "done").partition(":")[0] for each in pressed)
    assert done == ["done", "step_back"], "the second is told that it is closed"
    with psycopg.connect(real_store.env["PEERCHAT_DATABASE_URL"]) as store:
        for table in ("mentoring_apart", "mentoring_request"):
            count = store.execute(
                f"SELECT count(*) FROM {table} WHERE client_id = (SELECT client_id FROM mentoring_thread WHERE id = %s)",
                [thread],
            ).fetchone()
            assert count == (1,), table
