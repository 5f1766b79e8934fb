import logging
import threading
from collections.abc import Callable
from time import monotonic

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from vault import cabinet, datakeys, envelope, keys, sealing
from vault.models import DataKey, Mark
from vault.sealing import CannotOpen, CannotSeal, Sealed, seal, unseal

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

SENTENCE = "I slept four hours. It is something."
patient = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def sealed_here(text: str = SENTENCE) -> Sealed:
    return seal(text, owner="room:a", purpose="message.body", place="m1", epoch="2026-11")


def opened_here(sealed: Sealed) -> str:
    return unseal(sealed, owner="room:a", purpose="message.body", place="m1")


@patient
@given(st.text())
def test_any_text_comes_back_as_it_went_in(text: str) -> None:
    assert opened_here(sealed_here(text)) == text


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert len({sealed_here() for _ in range(100)}) == 100


def test_no_word_of_the_text_is_in_what_is_stored() -> None:
    assert b"slept" not in bytes(sealed_here())


@pytest.mark.parametrize(
    ("owner", "purpose", "place"),
    [
        ("room:b", "message.body", "m1"),
        ("person:1", "message.body", "m1"),
        ("room:a", "message.warning", "m1"),
        ("room:a", "message.body", "m2"),
        ("room:a", "message.bod", "ym1"),
        ("room:amessage.body", "", "m1"),
    ],
)
def test_a_text_moved_elsewhere_does_not_open(owner: str, purpose: str, place: str) -> None:
    sealed = sealed_here()
    with pytest.raises(CannotOpen):
        unseal(sealed, owner=owner, purpose=purpose, place=place)


def test_a_text_under_another_keys_number_does_not_open() -> None:
    one, other = sealed_here(), seal(SENTENCE, owner="room:a", purpose="message.body", place="m1", epoch="2026-12")
    head = envelope.HEADER_BYTES
    with pytest.raises(CannotOpen):
        opened_here(Sealed(other[:head] + one[head:]))


@patient
@given(st.integers(min_value=0))
def test_a_text_with_one_flipped_bit_does_not_open(bit: int) -> None:
    sealed = bytearray(sealed_here())
    bit %= len(sealed) * 8
    sealed[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(CannotOpen):
        opened_here(Sealed(bytes(sealed)))


@patient
@given(st.binary(max_size=80))
def test_what_was_never_sealed_does_not_open(junk: bytes) -> None:
    for each in (junk, envelope.VERSION + junk, sealed_here()[: envelope.HEADER_BYTES] + junk):
        with pytest.raises(CannotOpen):
            opened_here(Sealed(each))


@patient
@given(st.integers(min_value=0, max_value=100))
def test_a_text_cut_short_does_not_open(length: int) -> None:
    sealed = sealed_here()
    with pytest.raises(CannotOpen):
        opened_here(Sealed(sealed[: min(length, len(sealed) - 1)]))


def test_half_a_surrogate_pair_is_refused_without_repeating_the_text() -> None:
    with pytest.raises(ValueError, match="not text") as refused:
        sealed_here("secret words \ud83d")
    assert refused.value.__suppress_context__
    assert "secret" not in str(refused.value)


@patient
@given(st.lists(st.binary(max_size=6), max_size=5), st.lists(st.binary(max_size=6), max_size=5))
def test_two_lists_of_parts_are_spelled_alike_only_when_they_are_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (envelope.spelled(*one) == envelope.spelled(*other)) == (one == other)


def test_a_destroyed_epoch_does_not_open_and_the_next_one_does() -> None:
    old, new = sealed_here(), seal("later", owner="room:a", purpose="message.body", place="m1", epoch="2026-12")
    keys.destroy(owner="room:a", epoch="2026-11", actor="person:9", why="retention")
    with pytest.raises(CannotOpen, match="destroyed"):
        opened_here(old)
    assert opened_here(new) == "later"


def test_nothing_more_is_sealed_under_a_destroyed_key() -> None:
    sealed_here()
    keys.destroy(owner="room:a", epoch="2026-11", actor="person:9", why="retention")
    with pytest.raises(CannotSeal):
        sealed_here()


def test_a_key_of_another_owner_in_the_keys_database_does_not_unwrap() -> None:
    sealed = sealed_here()
    DataKey.objects.filter(owner="room:a").update(owner="room:b")
    sealing.forget()
    with pytest.raises(CannotOpen):
        unseal(sealed, owner="room:b", purpose="message.body", place="m1")


def test_an_unknown_key_does_not_open() -> None:
    sealed = sealed_here()
    DataKey.objects.filter(owner="room:a").delete()
    sealing.forget()
    with pytest.raises(CannotOpen, match="not in the keys database"):
        opened_here(sealed)


@pytest.fixture
def small_strides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datakeys, "STRIDE", 4)
    monkeypatch.setattr(datakeys, "LIMIT", 12)


@pytest.mark.usefixtures("small_strides")
def test_a_used_up_key_is_followed_by_a_new_generation_and_all_stays_readable() -> None:
    texts = [sealed_here(str(number)) for number in range(30)]
    assert list(DataKey.objects.filter(owner="room:a").values_list("generation", flat=True).order_by("id")) != [1]
    assert DataKey.objects.filter(owner="room:a").count() >= 3
    assert all(row.reserved <= 12 for row in DataKey.objects.all())
    assert [opened_here(text) for text in texts] == [str(number) for number in range(30)]


@pytest.mark.usefixtures("small_strides")
def test_every_use_is_counted_in_the_keys_database_before_it_is_spent() -> None:
    for _ in range(10):
        sealed_here()
        spent = sum(DataKey.objects.filter(owner="room:a").values_list("reserved", flat=True))
        assert spent >= 4
    assert spent >= 10


class TestWarm:
    """A warm key, outside any transaction on the keys database."""

    pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)

    def test_sealing_and_opening_touch_no_database(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        sealed = sealed_here()
        opened_here(sealed)
        with django_assert_num_queries(0, using="keys"), django_assert_num_queries(0):
            for _ in range(50):
                opened_here(sealed_here())

    def test_many_keys_are_opened_with_one_query(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        names = [seal(f"n{i}", owner=f"person:{i}", purpose="name", place="p") for i in range(20)]
        sealing.forget()
        opened_here(sealed_here())
        with django_assert_num_queries(1, using="keys"):
            sealing.warm(names)
            assert unseal(names[7], owner="person:7", purpose="name", place="p") == "n7"

    def test_a_key_destroyed_by_another_process_is_forgotten_within_seconds(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sealed = sealed_here()
        assert opened_here(sealed) == SENTENCE
        with datakeys.locked():  # what keys.destroy does elsewhere, without this process being told
            DataKey.objects.filter(owner="room:a").update(wrapped=b"", destroyed_at="2026-11-23T00:00:00Z")
            datakeys.change_mark()
        now = monotonic() + cabinet.LOOK_SECONDS + 0.01
        monkeypatch.setattr("vault.cabinet.monotonic", lambda: now)
        with pytest.raises(CannotOpen, match="destroyed"):
            opened_here(sealed)
        assert cabinet.LOOK_SECONDS <= 5

    def test_a_silent_keys_database_leaves_keys_open_for_a_minute_and_no_longer(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        sealed, start = sealed_here(), monotonic()

        def silent(*_: object) -> None:
            raise OperationalError

        monkeypatch.setattr(datakeys, "mark", silent)
        monkeypatch.setattr(datakeys, "find", silent)
        monkeypatch.setattr("vault.cabinet.monotonic", lambda: start + cabinet.BLIND_SECONDS - 1)
        with caplog.at_level(logging.WARNING):
            assert opened_here(sealed) == SENTENCE
        assert "does not answer" in caplog.text
        monkeypatch.setattr("vault.cabinet.monotonic", lambda: start + cabinet.BLIND_SECONDS + 3)
        with pytest.raises(OperationalError):
            opened_here(sealed)

    def test_the_cabinet_stays_bounded_and_closed_keys_open_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cabinet, "BOUND", 8)
        names = [seal(f"n{i}", owner=f"person:{i}", purpose="name", place="p") for i in range(30)]
        assert len(cabinet.cabinet._opening) <= 8
        assert len(cabinet.cabinet._sealing) <= 8
        assert [unseal(n, owner=f"person:{i}", purpose="name", place="p") for i, n in enumerate(names)] == [
            f"n{i}" for i in range(30)
        ]

    async def test_a_warm_key_opens_on_an_event_loop_and_the_look_for_destroyed_keys_goes_on_elsewhere(self) -> None:
        await sync_to_async(sealed_here)()
        sealing.forget()
        sealed = await sync_to_async(sealed_here)()
        cabinet.cabinet._fresh_until = 0.0
        assert opened_here(sealed) == SENTENCE
        for thread in threading.enumerate():
            if thread.name == "vault look":
                await sync_to_async(thread.join)()
        assert cabinet.cabinet._fresh_until > monotonic()
        assert opened_here(sealed_here()) == SENTENCE

    def test_keys_raced_for_by_many_threads_are_made_once(self) -> None:
        results: list[Sealed] = []
        gate = threading.Barrier(8)

        def race() -> None:
            gate.wait()
            results.append(sealed_here())

        _together(8, race)
        assert DataKey.objects.filter(owner="room:a").count() == 1
        assert {opened_here(sealed) for sealed in results} == {SENTENCE}

    @pytest.mark.usefixtures("small_strides")
    def test_threads_that_use_up_keys_together_lose_no_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(datakeys, "LIMIT", 40)
        results: list[Sealed] = []
        _together(6, lambda: results.extend(sealed_here() for _ in range(25)))
        assert len({opened_here(sealed) for sealed in results}) == 1
        assert len(results) == 150
        assert sum(DataKey.objects.filter(owner="room:a").values_list("reserved", flat=True)) >= 150


def test_a_key_made_in_a_transaction_that_was_rolled_back_is_not_used_again() -> None:
    with transaction.atomic(using="keys"):
        sealed_here()
        transaction.set_rollback(True, using="keys")
    sealed = sealed_here()
    sealing.forget()
    assert opened_here(sealed) == SENTENCE


def test_the_mark_changes_when_a_key_is_destroyed_or_replaced() -> None:
    sealed_here()
    marks = [Mark.objects.get().value]
    keys.rotate(owner="room:a", epoch="2026-11")
    marks.append(Mark.objects.get().value)
    keys.destroy(owner="room:a", epoch="2026-11", actor="person:9", why="retention")
    marks.append(Mark.objects.get().value)
    assert len(set(marks)) == 3


def test_a_forked_child_spends_none_of_its_parents_uses() -> None:
    sealed_here()
    copy = cabinet.Cabinet()
    copy._sealing = dict(cabinet.cabinet._sealing)
    copy.after_fork()
    assert not copy._sealing
    assert not copy._lock.locked()


def test_an_open_key_does_not_print_its_secret() -> None:
    sealed_here()
    key = cabinet.cabinet.to_seal("room:a", "2026-11")
    assert "secret" not in repr(key)
    assert repr(key.secret) not in repr(key)


def _together(count: int, act: Callable[[], object]) -> None:
    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
