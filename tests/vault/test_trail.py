import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vault import keys, trail
from vault.errors import CannotOpen
from vault.models import TrailAnchor, TrailEntry, TrailHead

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

COLUMNS = ["position", "at", "actor", "act", "subject", "why", "key", "previous", "mac"]


def written(count: int = 8) -> None:
    """A trail of `count` entries after the birth of the vault at position 1, anchored."""
    for number in range(count):
        trail.record(actor=f"person:{number}", act="room.read", subject="room:a", why=f"reason {number}")
    head = TrailHead.objects.get()
    TrailAnchor.objects.update_or_create(pk=1, defaults={"position": head.position, "mac": head.mac})


def by_hand(statement: str, *values: str | int | bytes) -> None:
    """What somebody with the database's password can do."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found() -> list[tuple[str, int]]:
    return [(finding.kind, finding.position) for finding in trail.verify()]


def swap(one: int, other: int) -> None:
    by_hand("UPDATE vault_trailentry SET position = -1 WHERE position = %s", one)
    by_hand("UPDATE vault_trailentry SET position = %s WHERE position = %s", one, other)
    by_hand("UPDATE vault_trailentry SET position = %s WHERE position = -1", other)


def test_a_trail_nobody_touched_is_whole() -> None:
    written()
    assert found() == []


def test_an_empty_trail_is_whole() -> None:
    assert found() == []


def test_the_first_entry_is_the_birth_of_the_vault() -> None:
    written(2)
    assert [entry.act for entry in trail.last(10)] == ["vault.born", "room.read", "room.read"]
    trail.begin()
    assert TrailEntry.objects.count() == 3


def test_the_reason_is_stored_sealed_and_opens() -> None:
    written(1)
    entry = trail.last(1)[0]
    assert b"reason" not in bytes(entry.why)
    assert trail.why(entry) == "reason 0"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "person:99"),
        ("act", "room.left"),
        ("subject", "room:b"),
        ("at", "2020-01-01 00:00:00"),
        ("previous", bytes(32)),
        ("mac", bytes(32)),
        ("why", b"\x01" + bytes(60)),
        ("key", 5),
    ],
)
def test_an_altered_entry_is_named(column: str, value: str | int | bytes) -> None:
    written()
    by_hand(f"UPDATE vault_trailentry SET {column} = %s WHERE position = 4", value)
    assert found() == [("altered", 4)]


def test_words_pushed_from_one_column_into_the_next_are_noticed() -> None:
    written()
    by_hand("UPDATE vault_trailentry SET act = 'room.rea', subject = 'droom:a' WHERE position = 4")
    assert found() == [("altered", 4)]


def test_a_reason_moved_to_another_entry_is_noticed_and_does_not_open() -> None:
    written()
    by_hand(
        "UPDATE vault_trailentry SET why = (SELECT why FROM vault_trailentry WHERE position = 3) WHERE position = 4"
    )
    assert found() == [("altered", 4)]
    with pytest.raises(CannotOpen):
        trail.why(TrailEntry.objects.get(position=4))


def test_a_removed_entry_is_named() -> None:
    written()
    by_hand("DELETE FROM vault_trailentry WHERE position IN (4, 5)")
    assert found() == [("removed", 4)]
    assert "ntries 4 to 5 are missing" in trail.verify()[0].text


def test_a_removed_first_entry_is_named() -> None:
    written()
    by_hand("DELETE FROM vault_trailentry WHERE position = 1")
    assert found() == [("removed", 1)]


def test_a_removed_entry_is_named_though_the_rest_moved_up() -> None:
    written(5)
    by_hand("DELETE FROM vault_trailentry WHERE position = 3")
    for position in (4, 5, 6):
        by_hand("UPDATE vault_trailentry SET position = %s WHERE position = %s", position - 1, position)
    assert {("moved", 3), ("moved", 4), ("moved", 5), ("truncated", 6)} == set(found())


def test_swapped_entries_are_both_named_with_their_true_place() -> None:
    written()
    swap(3, 6)
    assert found() == [("moved", 3), ("moved", 6)]
    assert "written as entry 6" in trail.verify()[0].text


def test_neighbours_that_were_swapped_are_both_named() -> None:
    written()
    swap(4, 5)
    assert found() == [("moved", 4), ("moved", 5)]


def test_an_entry_made_up_by_hand_is_named() -> None:
    written(3)
    columns = ", ".join(COLUMNS)
    by_hand(
        f"INSERT INTO vault_trailentry ({columns}) SELECT 5, at, 'person:7', act, subject, why, key, mac, mac"
        " FROM vault_trailentry WHERE position = 4"
    )
    assert found() == [("altered", 5)]


def test_a_cut_off_end_is_named() -> None:
    written()
    by_hand("DELETE FROM vault_trailentry WHERE position > 6")
    assert found() == [("truncated", 7)]


def test_a_cut_off_end_is_named_though_the_head_was_set_back_too() -> None:
    written()
    _cut_back_to(6)
    assert found() == [("truncated", 7)]


def test_a_cut_stays_in_sight_after_new_entries_were_written_over_it() -> None:
    written()
    _cut_back_to(6)
    written(5)
    assert found() == [("removed", 7)]
    assert "ntries 7 to 9 are missing" in trail.verify()[0].text


def test_a_trail_emptied_altogether_is_named() -> None:
    written()
    by_hand("DELETE FROM vault_trailentry")
    by_hand("DELETE FROM vault_trailhead")
    assert found() == [("truncated", 1)]


def test_a_trail_written_anew_under_a_lost_head_goes_on_behind_its_last_entry() -> None:
    written(3)
    TrailAnchor.objects.all().delete()
    by_hand("DELETE FROM vault_trailhead")
    written(2)
    assert found() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(
    st.integers(2, 9),
    st.sampled_from(["actor", "act", "subject"]),
    st.text(st.characters(codec="ascii", min_codepoint=32), max_size=20),
)
def test_any_other_word_in_any_entry_is_noticed(position: int, column: str, word: str) -> None:
    with transaction.atomic(), transaction.atomic(using="keys"):
        written()
        before = TrailEntry.objects.filter(position=position).values_list(column, flat=True)[0]
        by_hand(f"UPDATE vault_trailentry SET {column} = %s WHERE position = %s", word, position)
        assert found() == ([] if word == before else [("altered", position)])
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="keys")


def test_verify_prints_plain_sentences_and_ends_with_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    written()
    by_hand("UPDATE vault_trailentry SET actor = 'nobody' WHERE position = 4")
    with pytest.raises(SystemExit) as ended:
        call_command("trail", "verify")
    assert ended.value.code == 1
    assert capsys.readouterr().out == "Entry 4 was altered, or not written by Peerchat.\n"


def test_verify_says_when_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    written()
    call_command("trail", "verify")
    assert "whole" in capsys.readouterr().out


def test_show_prints_the_newest_entries_with_their_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    written()
    call_command("trail", "show", "--last", "2")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[-1] for line in lines] == ["reason 6", "reason 7"]


def test_the_trail_key_may_be_rotated_and_old_entries_still_count() -> None:
    written(3)
    keys.rotate(owner="system", epoch="trail")
    written(3)
    assert len(set(TrailEntry.objects.values_list("key", flat=True))) == 2
    assert found() == []


class TestCommitted:
    """Over transactions that really end."""

    pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)

    def test_an_entry_stands_or_falls_with_the_act(self) -> None:
        trail.record(actor="person:1", act="a", subject="s")
        with transaction.atomic():
            trail.record(actor="person:1", act="b", subject="s")
            transaction.set_rollback(True)
        trail.record(actor="person:1", act="c", subject="s")
        assert [entry.act for entry in trail.last(10)] == ["vault.born", "a", "c"]
        assert found() == []

    def test_the_anchor_follows_each_commit(self) -> None:
        for number in range(3):
            trail.record(actor="person:1", act="a", subject="s")
            assert TrailAnchor.objects.get().position == number + 2
        trail._drop_anchor(1, bytes(32))
        assert TrailAnchor.objects.get().position == 4

    def test_a_trail_ahead_of_its_anchor_is_whole(self) -> None:
        """The process died between the two commits."""
        trail.record(actor="person:1", act="a", subject="s")
        anchor = TrailAnchor.objects.get()
        trail.record(actor="person:1", act="b", subject="s")
        TrailAnchor.objects.update(position=anchor.position, mac=anchor.mac)
        assert found() == []
        trail.record(actor="person:1", act="c", subject="s")
        assert found() == []


def _cut_back_to(position: int) -> None:
    by_hand("DELETE FROM vault_trailentry WHERE position > %s", position)
    by_hand(
        "UPDATE vault_trailhead SET position = %s, mac = (SELECT mac FROM vault_trailentry WHERE position = %s)",
        position,
        position,
    )
