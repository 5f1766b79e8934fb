"""On PostgreSQL: a thread with a cover mentor opens beside whoever writes in the first one, and neither waits for the other for ever."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

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
        with psycopg.connect(real_store.env["PEERCHAT_DATABASE_URL"]) as door, ThreadPoolExecutor(1) as clock:
            door.execute(f"SELECT 1 FROM {held} WHERE {name} = %s FOR UPDATE", [value])
            turn = clock.submit(office, "wellbeing_turn")
            _until_somebody_waits(real_store)
            door.execute("SET LOCAL lock_timeout = '3s'")
            door.execute("SELECT 1 FROM vault_trailhead FOR UPDATE")
            door.commit()
            turn.result(timeout=20)
        assert office("stands_in", thread=thread)
        assert "whole" in real_store.command("trail", "verify")


def _until_somebody_waits(store: Store) -> None:
    with psycopg.connect(store.env["PEERCHAT_DATABASE_URL"], autocommit=True) as watcher:
        for _ in range(200):
            waiting = watcher.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
            if waiting and waiting[0]:
                return
            time.sleep(0.05)
    pytest.fail("nobody waits for the row")
