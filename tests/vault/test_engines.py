"""The same promises on PostgreSQL, where rows are locked one by one and connections come from a pool."""

import json
import sys
from subprocess import PIPE, Popen

import pytest

from tests.harness.engines import Postgres, Redis
from tests.harness.server import HERE, Store, Stores
from tests.vault.conftest import tell

pytestmark = pytest.mark.engines

SEAL_MANY = """
for epoch in range(10):
    print(seal("x", owner="room:a", purpose="body", place="m1", epoch=str(epoch)).hex())
"""
OPEN_ALL = """
for text in {}:
    assert unseal(bytes.fromhex(text), owner="room:a", purpose="body", place="m1") == "x"
"""


@pytest.fixture
def engines(stores: Stores, postgres: Postgres, redis: Redis) -> Store:
    return stores.on_engines(postgres, redis)


def begin(store: Store, story: str) -> "Popen[str]":
    return Popen(
        [sys.executable, "-c", tell(story)], cwd=HERE, env=store.env, text=True, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )


def finish(process: "Popen[str]") -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def test_processes_racing_for_a_new_key_make_one_and_all_can_read(engines: Store) -> None:
    racers = [begin(engines, SEAL_MANY) for _ in range(3)]
    texts = [line for racer in racers for line in finish(racer).split()]
    assert engines.command("keys", "list", "--owner", "room:a").count("generation 1 ") == 10
    finish(begin(engines, OPEN_ALL.format(texts)))


def test_keys_made_while_the_wrapping_is_rotated_are_not_lost(engines: Store) -> None:
    maker = begin(engines, SEAL_MANY)
    engines.command("keys", "rotate")
    texts = finish(maker).split()
    engines.command("keys", "rotate")
    assert len(json.loads((engines.data / "keyring.json").read_text())["keys"]) == 1
    finish(begin(engines, OPEN_ALL.format(texts)))


def test_a_destroyed_key_is_in_no_dump_and_opens_nothing(engines: Store, postgres: Postgres) -> None:
    texts = finish(begin(engines, SEAL_MANY)).split()
    read = (
        "from vault.models import DataKey\nprint(bytes(DataKey.objects.get(owner='room:a', epoch='3').wrapped).hex())"
    )
    wrapped = finish(begin(engines, read)).strip()
    keys_database = engines.env["PEERCHAT_KEYS_DATABASE_URL"].rpartition("/")[2]
    assert wrapped.encode() in postgres.dump(keys_database)
    engines.command("keys", "destroy", "--owner", "room:a", "--epoch", "3", "--why", "retention", "--yes")
    assert wrapped.encode() not in postgres.dump(keys_database)
    finish(begin(engines, OPEN_ALL.format(texts[:3] + texts[4:])))
    refused = (
        f"try: unseal(bytes.fromhex('{texts[3]}'), owner='room:a', purpose='body', place='m1')\n"
        "except CannotOpen as gone: print(gone)"
    )
    assert "destroyed" in finish(begin(engines, refused))


def test_writers_in_many_processes_make_one_trail(engines: Store) -> None:
    story = (
        "from vault import trail\nfor _ in range(10): trail.record(actor='person:1', act='a.b', subject='s', why='w')"
    )
    for writer in [begin(engines, story) for _ in range(3)]:
        finish(writer)
    assert engines.command("trail", "show", "--last", "100").count("  a.b  ") == 30
    assert "whole" in engines.command("trail", "verify")


def test_a_process_goes_on_when_postgresql_was_restarted(engines: Store, postgres: Postgres) -> None:
    story = (
        "import sys\nsealed = seal('x', owner='room:a', purpose='body', place='m1')\nprint('ready', flush=True)\n"
        "sys.stdin.readline()\nfor attempt in range(20):\n"
        "    try: seal('y', owner='room:b', purpose='body', place='m1'); break\n"
        "    except Exception as error: print(type(error).__name__)\n"
        "print(unseal(sealed, owner='room:a', purpose='body', place='m1'))"
    )
    process = begin(engines, story)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    postgres.restart()
    out, err = process.communicate("go on\n", timeout=60)
    assert process.returncode == 0, err
    assert out.split()[-1] == "x"
    assert len(out.split()) <= 3
