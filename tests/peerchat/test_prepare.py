"""`peerchat prepare`: from nothing to ready, and ready stays ready."""

from pathlib import Path

import pytest

from tests.harness.server import Store

pytestmark = pytest.mark.servers


@pytest.fixture
def bare(tmp_path: Path) -> Store:
    """A data folder with nothing in it."""
    return Store(tmp_path / "var", {})


def test_an_empty_folder_becomes_a_demo_and_prints_the_sign_ins(bare: Store) -> None:
    printed = bare.command("prepare")
    for role in ["Client", "mentor", "Moderator", "Clinician", "Coordinator"]:
        assert role.lower() in printed.lower()
    assert {"peerchat.sqlite3", "keys.sqlite3", "keyring.json", "static"} <= {path.name for path in bare.data.iterdir()}


def test_a_second_time_changes_nothing_and_prints_the_same(bare: Store) -> None:
    printed = bare.command("prepare")
    keyring = (bare.data / "keyring.json").read_bytes()
    assert bare.command("prepare") == printed
    assert (bare.data / "keyring.json").read_bytes() == keyring


def test_a_database_that_went_missing_is_not_taken_for_ready(bare: Store) -> None:
    bare.command("prepare", "--without-people")
    for path in bare.data.glob("peerchat.sqlite3*"):
        path.unlink()
    bare.command("prepare", "--without-people")
    assert bare.attempt("migrate", "--check").returncode == 0


def test_without_the_demo_it_says_how_to_invite_the_first_coordinator(bare: Store) -> None:
    printed = bare.command("prepare", PEERCHAT_DEMO="0")
    assert "invite --role coordinator" in printed
    link = bare.command("invite", "--role", "coordinator", "first@house.example", "--name", "First", PEERCHAT_DEMO="0")
    assert "/join/" in link


def test_without_the_demo_it_refuses_a_store_with_demo_people(bare: Store) -> None:
    bare.command("prepare")
    refused = bare.attempt("prepare", PEERCHAT_DEMO="0")
    assert refused.returncode == 1
    assert "the demo's people" in refused.stderr


def test_the_data_folder_is_closed_to_everybody_else(bare: Store) -> None:
    bare.command("prepare", "--without-people")
    assert bare.data.stat().st_mode & 0o077 == 0
