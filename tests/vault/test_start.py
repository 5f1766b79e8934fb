"""Every mistake an operator can make with the keyring: one sentence, and nothing made over old data."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.vault.conftest import House
from vault import keyring, start
from vault.errors import CannotStart

Opens = Callable[[House], bool]


def test_the_very_first_start_makes_a_ring_that_only_its_owner_may_read(house: House) -> None:
    assert not house.keyring.exists()
    assert house.command("keys", "list").returncode == 0
    assert house.keyring_mode == 0o600
    assert len(json.loads(house.keyring.read_text())["keys"]) == 1
    assert list(house.data.glob(".keyring*")) == []


def test_the_first_start_writes_the_first_entry_of_the_trail(house: House) -> None:
    assert "vault.born" in house.command("trail", "show").stdout


def test_a_second_start_changes_nothing(lived_in: House, opens: Opens) -> None:
    before = lived_in.keyring.read_bytes()
    assert lived_in.command("keys", "list").returncode == 0
    assert lived_in.keyring.read_bytes() == before
    assert opens(lived_in)


def test_migrating_an_empty_disk_makes_no_ring(house: House) -> None:
    assert house.command("migrate").returncode == 0
    assert not house.keyring.exists()


def test_a_start_before_migrating_says_to_migrate(tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    assert "run `peerchat migrate`" in house.refusal()
    assert not house.keyring.exists()


def test_a_missing_ring_over_data_stops_the_start_and_makes_no_new_one(lived_in: House) -> None:
    lived_in.keyring.unlink()
    assert "restore it from your backup" in lived_in.refusal()
    assert not lived_in.keyring.exists()


def test_a_dangling_link_is_a_lost_ring_and_no_first_start(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    path.symlink_to("/nowhere/keyring.json")
    ring = keyring.FileKeyring(path)
    assert ring.exists()
    with pytest.raises(CannotStart, match="Cannot read"):
        ring.ids()


def test_a_lost_keys_database_stops_the_start(lived_in: House) -> None:
    for file in lived_in.data.glob("keys.sqlite3*"):
        file.unlink()
    assert lived_in.command("migrate", "--database", "keys").returncode == 0
    before = lived_in.keyring.read_bytes()
    assert "keys database is empty" in lived_in.refusal()
    lived_in.keyring.unlink()
    assert "keys database is empty" in lived_in.refusal()
    assert not lived_in.keyring.exists()
    assert before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_ring_that_others_may_read_stops_the_start(lived_in: House, mode: int) -> None:
    lived_in.keyring.chmod(mode)
    assert "chmod 600" in lived_in.refusal()


def test_a_ring_that_cannot_be_read_stops_the_start(lived_in: House) -> None:
    lived_in.keyring.unlink()
    lived_in.keyring.mkdir(mode=0o700)
    assert "Cannot read" in lived_in.refusal()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"current": "a"}',
        '{"current": "a", "keys": []}',
        '{"current": "a", "keys": {}}',
        '{"current": "a", "keys": {"a": "c2hvcnQ="}}',
        '{"current": "a", "keys": {"a": 5}}',
        '{"current": "a", "keys": {"a": "***"}}',
        '{"current": ["a"], "keys": {"a": "c2hvcnQ="}}',
        "\x00\x01",
    ],
)
def test_a_damaged_ring_is_refused_without_repeating_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keyring.json"
    path.touch(mode=0o600)
    path.write_text(text)
    with pytest.raises(CannotStart, match="damaged or not a keyring") as refused:
        keyring.FileKeyring(path).ids()
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    assert "c2hvcnQ" not in str(refused.value)


def test_a_damaged_ring_stops_the_start_and_stays_as_it_is(lived_in: House) -> None:
    torn = lived_in.keyring.read_bytes()[:-20]
    lived_in.keyring.write_bytes(torn)
    assert "damaged or not a keyring" in lived_in.refusal()
    assert lived_in.keyring.read_bytes() == torn


def test_a_ring_that_is_not_even_text_stops_the_start(lived_in: House) -> None:
    lived_in.keyring.write_bytes(b"\xff\xfe\x00")
    assert "damaged or not a keyring" in lived_in.refusal()


def test_another_ring_stops_the_start(lived_in: House) -> None:
    lived_in.keyring.write_text(keyring.fresh().dump())
    assert "put back the keyring that belongs to this data" in lived_in.refusal()


def test_another_key_under_the_right_name_stops_the_start(lived_in: House) -> None:
    ring = json.loads(lived_in.keyring.read_text())
    other = json.loads(keyring.fresh().dump())
    ring["keys"][ring["current"]] = other["keys"][other["current"]]
    lived_in.keyring.write_text(json.dumps(ring))
    assert "put back the keyring that belongs to this data" in lived_in.refusal()


def test_the_right_ring_put_back_starts_again(lived_in: House, opens: Opens) -> None:
    ring = lived_in.keyring.read_text()
    lived_in.keyring.write_text(keyring.fresh().dump())
    lived_in.refusal()
    lived_in.keyring.write_text(ring)
    assert opens(lived_in)


def test_no_refusal_holds_a_key(lived_in: House) -> None:
    ring = json.loads(lived_in.keyring.read_text())
    secret = ring["keys"][ring["current"]]
    lived_in.keyring.chmod(0o644)
    assert secret not in lived_in.refusal()
    lived_in.keyring.chmod(0o600)
    lived_in.keyring.write_text(f'{{"current": "x", "keys": {{"y": "{secret}"}}}}')
    assert secret not in lived_in.refusal()


def test_a_ring_from_the_environment_wins_over_the_file(lived_in: House, opens: Opens) -> None:
    lived_in.environment["PEERCHAT_KEYRING"] = lived_in.keyring.read_text()
    lived_in.keyring.write_text(keyring.fresh().dump())
    assert opens(lived_in)
    lived_in.environment["PEERCHAT_KEYRING"] = keyring.fresh().dump()
    assert "PEERCHAT_KEYRING" in lived_in.refusal()


def test_a_house_begun_with_a_printed_ring_writes_no_file(house: House) -> None:
    house.environment["PEERCHAT_KEYRING"] = house.command("keys", "ring").stdout
    assert house.command("keys", "list").returncode == 0
    assert not house.keyring.exists()
    assert "system trail" in house.command("keys", "list").stdout


def test_a_broken_ring_in_the_environment_stops_the_start(house: House) -> None:
    house.environment["PEERCHAT_KEYRING"] = "{"
    assert "damaged or not a keyring" in house.refusal()


def test_printing_a_fresh_ring_needs_no_database(tmp_path: Path) -> None:
    printed = House(tmp_path / "data").command("keys", "ring")
    assert json.loads(printed.stdout)["current"]


def test_where_several_machines_share_a_store_no_ring_is_made(tmp_path: Path, settings: Settings) -> None:
    settings.EMBEDDED = False
    ring = keyring.FileKeyring(tmp_path / "keyring.json")
    with pytest.raises(CannotStart, match="Set PEERCHAT_KEYRING"):
        ring.make()
    assert not ring.exists()


def test_processes_racing_to_the_first_start_share_one_ring_and_one_birth(house: House) -> None:
    racers = [house.begin("-c", "from peerchat.commands import main; main()", "keys", "list") for _ in range(4)]
    for racer in racers:
        _, err = racer.communicate(timeout=60)
        assert racer.returncode == 0, err
    assert house.command("trail", "show").stdout.count("vault.born") == 1
    with sqlite3.connect(house.data / "keys.sqlite3") as database:
        keks = {kek for (kek,) in database.execute("SELECT DISTINCT kek FROM vault_datakey")}
    assert keks == set(json.loads(house.keyring.read_text())["keys"])


@pytest.mark.django_db(databases=["default", "keys"])
def test_the_check_may_be_called_from_an_event_loop(house: House) -> None:
    story = "import asyncio\nfrom vault import start\nasync def main(): start.check()\nasyncio.run(main()); print('checked')"
    assert house.python(story) == "checked"


class Elsewhere:
    """A provider such as a key management service would be."""

    place = "the key service"
    ring = keyring.fresh()

    def exists(self) -> bool:
        return True

    def make(self) -> None:
        raise AssertionError

    def ids(self) -> list[str]:
        return [self.ring.current]

    def current(self) -> str:
        return self.ring.current

    def wrap(self, key: bytes, about: bytes) -> tuple[str, bytes]:
        return self.ring.wrap(key, about)

    def unwrap(self, kek: str, wrapped: bytes, about: bytes) -> bytes | None:
        return self.ring.unwrap(kek, wrapped, about)

    def add(self) -> bool:
        return False

    def keep(self, kek_ids: object) -> None: ...


@pytest.mark.django_db(databases=["default", "keys"])
def test_another_provider_is_a_setting(settings: Settings) -> None:
    from vault.models import DataKey
    from vault.sealing import seal, unseal

    settings.KEY_PROVIDER = f"{__name__}.Elsewhere"
    sealed = seal("x", owner="room:a", purpose="p", place="1")
    assert unseal(sealed, owner="room:a", purpose="p", place="1") == "x"
    assert DataKey.objects.get(owner="room:a").kek == Elsewhere.ring.current
    start.forget()
