"""On PostgreSQL: a mentor steps back while somebody holds what will change, and neither waits for the other for ever."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

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
    with psycopg.connect(real_store.env["PEERCHAT_DATABASE_URL"]) as door, ThreadPoolExecutor(1) as aside:
        which, key = HELD[held]
        theirs = f"(SELECT {which} FROM mentoring_thread WHERE id = %s)"
        door.execute(f"SELECT 1 FROM {held} WHERE {key} = {theirs} FOR UPDATE", [thread])
        turn = aside.submit(office, "step_back", thread=thread)
        until_somebody_waits(real_store)
        door.execute("SET LOCAL lock_timeout = '3s'")
        door.execute("SELECT 1 FROM vault_trailhead FOR UPDATE")
        door.commit()
        turn.result(timeout=20)
    assert "whole" in real_store.command("trail", "verify")


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


def until_somebody_waits(store: Store) -> None:
    with psycopg.connect(store.env["PEERCHAT_DATABASE_URL"], autocommit=True) as watcher:
        for _ in range(200):
            waiting = watcher.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
            if waiting and waiting[0]:
                return
            time.sleep(0.05)
    pytest.fail("nobody waits for the row")
