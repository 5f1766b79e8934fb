import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from tests.vault.conftest import OPEN, House, tell
from vault import datakeys, keys, sealing, trail
from vault.index import blind_index
from vault.models import DataKey
from vault.sealing import Sealed, seal, unseal

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
Opens = Callable[[House], bool]


def sealed_here(text: str = "x") -> Sealed:
    return seal(text, owner="room:a", purpose="body", place="m1", epoch="2026-11")


def opened_here(sealed: Sealed) -> str:
    return unseal(sealed, owner="room:a", purpose="body", place="m1")


def wrapped_bytes(house: House) -> list[bytes]:
    with sqlite3.connect(house.data / "keys.sqlite3") as database:
        return [wrapped for (wrapped,) in database.execute("SELECT wrapped FROM vault_datakey")]


def keys_files(house: House) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(house.data.glob("keys.sqlite3*")))


def test_the_listing_names_each_key_and_shows_no_secret() -> None:
    sealed_here()
    secret = datakeys.unwrapped(DataKey.objects.get(owner="room:a"))
    lines = list(keys.listing(owner="room:a"))
    assert [(line.owner, line.epoch, line.generation) for line in lines] == [("room:a", "2026-11", 1)]
    assert repr(secret) not in repr(lines)
    assert len(list(keys.listing())) == len(DataKey.objects.all())


def test_a_new_generation_seals_from_now_on_and_older_text_stays_readable() -> None:
    old = sealed_here("old")
    assert keys.rotate(owner="room:a", epoch="2026-11", actor="person:9", why="yearly") == 2
    new = sealed_here("new")
    assert old[:9] != new[:9]
    assert (opened_here(old), opened_here(new)) == ("old", "new")
    assert trail.last(1)[0].act == "keys.rotated"


def test_a_key_that_is_not_there_is_neither_rotated_nor_destroyed() -> None:
    with pytest.raises(keys.CannotRotate):
        keys.rotate(owner="room:none", epoch="2026-11")
    with pytest.raises(keys.CannotDestroy):
        keys.destroy(owner="room:none", epoch="2026-11", actor="person:9", why="retention")


def test_the_key_of_the_indexes_stays_so_that_people_are_still_found() -> None:
    before = blind_index("ana@example.org", purpose="account.email")
    with pytest.raises(keys.CannotRotate):
        keys.rotate(owner="system", epoch="index")
    datakeys.make("system", "index", after=1)
    sealing.forget()
    assert blind_index("ana@example.org", purpose="account.email") == before


@pytest.mark.parametrize("epoch", ["", "trail", "index"])
def test_the_houses_own_keys_are_never_destroyed(epoch: str) -> None:
    trail.record(actor="person:1", act="a", subject="s")
    with pytest.raises(keys.CannotDestroy):
        keys.destroy(owner="system", epoch=epoch, actor="person:9", why="a mistake")


def test_destroying_takes_every_generation_and_leaves_a_record() -> None:
    texts = [sealed_here()]
    keys.rotate(owner="room:a", epoch="2026-11")
    texts.append(sealed_here())
    assert keys.destroy(owner="room:a", epoch="2026-11", actor="person:9", why="retention") == 2
    for text in texts:
        with pytest.raises(sealing.CannotOpen):
            opened_here(text)
    rows = DataKey.objects.filter(owner="room:a")
    assert all(row.destroyed_at and not bytes(row.wrapped) for row in rows)
    entry = trail.last(1)[0]
    assert (entry.actor, entry.act, entry.subject) == ("person:9", "keys.destroyed", "room:a 2026-11")
    assert trail.why(entry) == "retention"


def test_a_destruction_that_failed_is_on_the_trail_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    text = sealed_here()

    def fail() -> None:
        raise OSError

    monkeypatch.setattr(datakeys, "change_mark", fail)
    with pytest.raises(OSError):  # noqa: PT011
        keys.destroy(owner="room:a", epoch="2026-11", actor="person:9", why="retention")
    assert [entry.act for entry in trail.last(2)] == ["keys.destroyed", "keys.not_destroyed"]
    sealing.forget()
    assert opened_here(text) == "x"


@pytest.mark.django_db(databases=["default", "keys"], transaction=True)
def test_nothing_is_destroyed_inside_a_transaction_that_may_yet_be_undone() -> None:
    text = sealed_here()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        keys.destroy(owner="room:a", epoch="2026-11", actor="person:9", why="retention")
    assert opened_here(text) == "x"


def test_rewrapping_keeps_every_text_readable(lived_in: House, opens: Opens) -> None:
    old = json.loads(lived_in.keyring.read_text())["current"]
    done = lived_in.command("keys", "rotate")
    ring = json.loads(lived_in.keyring.read_text())
    assert list(ring["keys"]) == [ring["current"]] != [old]
    assert f"keys are wrapped by {ring['current']} now" in done.stdout
    assert lived_in.keyring_mode == 0o600
    assert opens(lived_in)
    assert "keys.rewrapped" in lived_in.command("trail", "show").stdout
    assert lived_in.command("trail", "verify").returncode == 0


def test_after_rewrapping_an_old_keyring_and_an_old_keys_database_open_nothing(
    lived_in: House, opens: Opens, tmp_path: Path
) -> None:
    backup = lived_in.copy(tmp_path / "backup")
    lived_in.command("keys", "rotate")
    with_old_ring = lived_in.copy(tmp_path / "old ring")
    with_old_ring.keyring.write_bytes(backup.keyring.read_bytes())
    assert not opens(with_old_ring)
    assert opens(backup)
    backup.keyring.write_bytes(lived_in.keyring.read_bytes())
    assert not opens(backup)


def test_after_rewrapping_the_old_wrapped_keys_are_in_no_file(lived_in: House) -> None:
    old = wrapped_bytes(lived_in)
    assert all(wrapped in keys_files(lived_in) for wrapped in old)
    lived_in.command("keys", "rotate")
    assert old
    assert not any(wrapped in keys_files(lived_in) for wrapped in old)


def test_rewrapping_that_was_broken_off_leaves_all_readable_and_can_be_done_again(
    lived_in: House, opens: Opens
) -> None:
    broken = lived_in.python(
        "from vault import keys, start\nkeys._BATCH = 1\nrewrap, done = keys._rewrap, []\n"
        "def two(row):\n    if len(done) == 2: raise SystemExit('power cut')\n    done.append(row); rewrap(row)\n"
        "keys._rewrap = two\ntry: keys.rotate_wrapping()\nexcept SystemExit as cut: print(cut)"
    )
    assert broken == "power cut"
    assert len(json.loads(lived_in.keyring.read_text())["keys"]) == 2
    assert opens(lived_in)
    assert lived_in.command("keys", "rotate").returncode == 0
    assert len(json.loads(lived_in.keyring.read_text())["keys"]) == 1
    assert opens(lived_in)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_ring_that_root_rotates_stays_its_owners(lived_in: House) -> None:
    os.chown(lived_in.keyring, 65534, 65534)
    assert lived_in.command("keys", "rotate").returncode == 0
    after = lived_in.keyring.stat()
    assert (after.st_uid, after.st_gid, lived_in.keyring_mode) == (65534, 65534, 0o600)


def test_a_ring_from_the_environment_is_rewrapped_to_its_current_kek(lived_in: House, opens: Opens) -> None:
    old = json.loads(lived_in.keyring.read_text())
    new = json.loads(lived_in.command("keys", "ring").stdout)
    both = {"current": new["current"], "keys": {**old["keys"], **new["keys"]}}
    lived_in.keyring.unlink()
    lived_in.environment["PEERCHAT_KEYRING"] = json.dumps(both)
    assert f"take these out of the keyring: {old['current']}" in lived_in.command("keys", "rotate").stdout
    lived_in.environment["PEERCHAT_KEYRING"] = json.dumps(new)
    assert opens(lived_in)


def test_a_destroyed_key_is_in_no_file_of_the_keys_database(lived_in: House, opens: Opens) -> None:
    with sqlite3.connect(lived_in.data / "keys.sqlite3") as database:
        ((wrapped,),) = database.execute("SELECT wrapped FROM vault_datakey WHERE owner = 'room:a'").fetchall()
    assert wrapped in keys_files(lived_in)
    words = ("--owner", "room:a", "--epoch", "2026-11", "--why", "retention")
    assert "Destroyed 1 key of room:a 2026-11" in lived_in.command("keys", "destroy", *words, "--yes").stdout
    assert wrapped not in keys_files(lived_in)
    assert not opens(lived_in)
    assert "room:a 2026-11  generation 1" in lived_in.command("keys", "list").stdout
    assert "destroyed 20" in lived_in.command("keys", "list", "--owner", "room:a").stdout


def test_destroying_asks_first(lived_in: House, opens: Opens) -> None:
    words = ("--owner", "room:a", "--epoch", "2026-11", "--why", "retention")
    assert "add --yes" in lived_in.refusal("keys", "destroy", *words)
    assert opens(lived_in)


def test_destroying_needs_a_reason(lived_in: House, opens: Opens) -> None:
    assert lived_in.command("keys", "destroy", "--owner", "room:a", "--epoch", "2026-11", "--yes").returncode != 0
    assert opens(lived_in)


def test_a_running_process_forgets_what_another_destroyed_within_five_seconds(lived_in: House) -> None:
    story = (
        "import sys, time\nprint('ready', flush=True)\nstarted = time.monotonic()\n"
        + OPEN.format((lived_in.data / "sealed").read_text())
        + "\nsys.stdout.flush()\n"
        + "while True:\n    try:\n"
        + "        unseal(bytes.fromhex('{}'), owner='room:a', purpose='body', place='m1')\n".format(
            (lived_in.data / "sealed").read_text()
        )
        + "    except CannotOpen as gone: print(gone); break\n    time.sleep(.05)\n"
    )
    process = lived_in.begin("-c", tell(story))
    assert process.stdout is not None
    assert [process.stdout.readline().strip() for _ in range(2)] == ["ready", "I slept four hours."]
    lived_in.python(
        "from vault import keys\nkeys.destroy(owner='room:a', epoch='2026-11', actor='person:9', why='retention')"
    )
    destroyed = time.monotonic()
    out, _ = process.communicate(timeout=20)
    assert "destroyed" in out
    assert time.monotonic() - destroyed < 5


def test_processes_racing_for_a_new_key_make_one_and_all_can_read(house: House) -> None:
    story = (
        "for epoch in range(12):\n"
        "    print(seal('x', owner='room:a', purpose='body', place='m1', epoch=str(epoch)).hex())"
    )
    house.command("keys", "list")
    racers = [house.begin("-c", tell(story)) for _ in range(4)]
    texts = []
    for racer in racers:
        out, err = racer.communicate(timeout=60)
        assert racer.returncode == 0, err
        texts += out.split()
    assert len(texts) == 48
    assert len(wrapped_bytes(house)) == 12 + 2  # and the two of the trail's first entry
    opened = house.python(
        f"print({{unseal(bytes.fromhex(t), owner='room:a', purpose='body', place='m1') for t in {texts}}})"
    )
    assert opened == "{'x'}"


def test_keys_made_while_the_wrapping_is_rotated_are_not_lost(house: House) -> None:
    house.command("keys", "list")
    maker = house.begin(
        "-c",
        tell(
            "for epoch in range(60):\n"
            "    print(seal('x', owner='room:a', purpose='body', place='m1', epoch=str(epoch)).hex())"
        ),
    )
    for _ in range(2):
        assert house.command("keys", "rotate").returncode == 0
    out, err = maker.communicate(timeout=60)
    assert maker.returncode == 0, err
    assert len(json.loads(house.keyring.read_text())["keys"]) == 1
    house.python(f"for t in {out.split()}: unseal(bytes.fromhex(t), owner='room:a', purpose='body', place='m1')")


def test_writers_in_many_processes_make_one_trail(house: House) -> None:
    story = "from vault import trail\nfor _ in range(10): trail.record(actor='person:1', act='a', subject='s', why='w')"
    house.command("keys", "list")
    writers = [house.begin("-c", tell(story)) for _ in range(4)]
    for writer in writers:
        _, err = writer.communicate(timeout=60)
        assert writer.returncode == 0, err
    assert len(house.command("trail", "show", "--last", "100").stdout.splitlines()) == 41
    assert house.command("trail", "verify").returncode == 0
