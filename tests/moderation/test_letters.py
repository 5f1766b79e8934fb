"""Private words: who reads them, what an answer does to its case, and that nothing of them stands in the clear."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account
from moderation import cases, letters
from moderation.models import Case, Letter, Severity
from moderation.refusals import Refused
from rooms.access import Seat
from rooms.models import Move
from rooms.topics import person_topic
from tests.moderation.matters import claimed, flagged, said
from tests.people import both_stores

pytestmark = both_stores


@pytest.fixture
def case(heron: Seat, river: Seat, moderator: Account) -> Case:
    return claimed(flagged(river, said(heron, "You are all so very weak.")), moderator)


@pytest.fixture
def check_in(case: Case, moderator: Account) -> Letter:
    return letters.write(case, Letter.Kind.CHECK_IN, moderator, "How are you tonight?")


def refused(door: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        door()
    return no.value.reason


def shown(account: Account, room_id: str | None = None) -> list[tuple[str, str]]:
    return [(each.letter.kind, each.text) for each in letters.shown_to(account, room_id)]


def test_a_letter_is_read_by_its_person_and_by_nobody_else(
    check_in: Letter, a_client: Account, another_client: Account, moderator: Account
) -> None:
    assert shown(a_client) == [("check_in", "How are you tonight?")]
    assert shown(another_client) == shown(moderator) == []


def test_a_letter_is_sealed(check_in: Letter) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM moderation_letter")
        assert b"tonight" not in bytes(cursor.fetchone()[0])


def test_the_persons_pages_hear_of_a_letter_once_it_is_committed(
    case: Case, moderator: Account, a_client: Account, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    Move.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        letters.write(case, Letter.Kind.WARNING, moderator, "Please be kind.")
    assert list(Move.objects.values_list("topic", flat=True)) == [person_topic(a_client.pk)]


def test_a_flagger_reads_that_it_was_handled_and_the_flagged_person_does_not(
    case: Case, moderator: Account, a_client: Account, another_client: Account
) -> None:
    cases.resolve(case.pk, moderator, Case.Outcome.TALKED)
    assert shown(another_client) == [("handled", "")]
    assert shown(a_client) == []


def test_a_room_shows_what_is_about_it_or_about_none(
    check_in: Letter, a_client: Account, room: object, river: Seat
) -> None:
    assert len(shown(a_client, river.room_id)) == 1
    assert shown(a_client, "another") == []


def test_an_answer_reaches_the_case_and_stands_under_its_letter(
    check_in: Letter, case: Case, a_client: Account
) -> None:
    answer = letters.answer(a_client, check_in.pk, "  Not good.  ")
    assert (answer.case_id, answer.kind, answer.by) == (case.pk, Letter.Kind.REPLY, None)
    assert letters.opened(answer) == "Not good."
    [open_letter] = letters.shown_to(a_client)
    assert [each.text for each in open_letter.answers] == ["Not good."]


def test_an_answer_brings_a_resolved_case_back(
    check_in: Letter, case: Case, moderator: Account, a_client: Account
) -> None:
    cases.resolve(case.pk, moderator, Case.Outcome.TALKED)
    letters.answer(a_client, check_in.pk, "May I ask something?")
    case.refresh_from_db()
    assert case.state == Case.State.REOPENED
    assert case.due_at > timezone.now()


def test_an_answer_wakes_a_case_that_was_put_off(
    check_in: Letter, case: Case, moderator: Account, a_client: Account
) -> None:
    cases.snooze(case.pk, moderator, timezone.now() + timedelta(hours=5))
    letters.answer(a_client, check_in.pk, "I am here now.")
    case.refresh_from_db()
    assert case.snoozed_until is None


def test_an_answer_after_a_new_matter_began_goes_to_the_new_one(
    check_in: Letter, case: Case, moderator: Account, a_client: Account, heron: Seat, river: Seat
) -> None:
    cases.resolve(case.pk, moderator, Case.Outcome.TALKED)
    newer = flagged(river, said(heron, "Weak, I said."))
    answer = letters.answer(a_client, check_in.pk, "I am sorry.")
    assert answer.case_id == newer.pk
    assert letters.opened(answer) == "I am sorry."
    case.refresh_from_db()
    assert case.is_resolved


def test_an_answer_that_shows_a_crisis_raises_the_case_and_shows_the_card(
    check_in: Letter, case: Case, a_client: Account
) -> None:
    assert case.severity != Severity.CRISIS
    letters.answer(a_client, check_in.pk, "I am going to kill myself tonight.")
    case.refresh_from_db()
    assert (case.severity, case.tier) == (Severity.CRISIS, 0)
    assert case.due_at <= timezone.now() + Severity.CRISIS.clock
    assert "crisis" in [kind for kind, _ in shown(a_client)]


def test_nobody_answers_or_puts_away_what_was_written_to_another(
    check_in: Letter, another_client: Account, moderator: Account
) -> None:
    for stranger in (another_client, moderator):
        assert refused(lambda who=stranger: letters.answer(who, check_in.pk, "Hello.")) == "not_found"  # type: ignore[misc]
        assert refused(lambda who=stranger: letters.put_away(who, check_in.pk)) == "not_found"  # type: ignore[misc]
    check_in.refresh_from_db()
    assert check_in.put_away_at is None


@pytest.mark.parametrize(("words", "reason"), [("", "empty"), (" \n ", "empty"), ("x" * 2001, "too_long")])
def test_an_answer_says_something_and_not_too_much(
    check_in: Letter, a_client: Account, words: str, reason: str
) -> None:
    assert refused(lambda: letters.answer(a_client, check_in.pk, words)) == reason
    assert not Letter.objects.filter(kind=Letter.Kind.REPLY).exists()


def test_five_answers_are_enough_until_somebody_writes_again(
    check_in: Letter, case: Case, moderator: Account, a_client: Account
) -> None:
    for number in range(5):
        letters.answer(a_client, check_in.pk, f"answer {number}")
    assert refused(lambda: letters.answer(a_client, check_in.pk, "a sixth")) == "done"
    again = letters.write(case, Letter.Kind.CHECK_IN, moderator, "I read it. And now?")
    letters.answer(a_client, again.pk, "Better.")


def test_only_a_check_in_and_a_warning_are_answered(case: Case, moderator: Account, a_client: Account) -> None:
    handled = letters.write(case, Letter.Kind.RELEASED, moderator)
    assert refused(lambda: letters.answer(a_client, handled.pk, "Thanks.")) == "not_found"
    warning = letters.write(case, Letter.Kind.WARNING, moderator, "Please be kind.")
    letters.answer(a_client, warning.pk, "I will.")


def test_what_was_put_away_is_gone_and_is_found_among_the_earlier_ones(check_in: Letter, a_client: Account) -> None:
    letters.put_away(a_client, check_in.pk)
    letters.put_away(a_client, check_in.pk)
    assert shown(a_client) == []
    assert letters.count_for(a_client) == 0
    assert [each.letter.pk for each in letters.shown_to(a_client, put_away=True)] == [check_in.pk]


def test_the_crisis_cards_of_one_night_are_one_card_and_are_put_away_together(case: Case, a_client: Account) -> None:
    for _ in range(3):
        letters.write(case, Letter.Kind.CRISIS)
    [card] = letters.shown_to(a_client)
    letters.put_away(a_client, card.letter.pk)
    assert letters.shown_to(a_client) == []


@pytest.mark.parametrize("count", [1, 20])
def test_reading_costs_the_same_however_many_letters(
    case: Case, moderator: Account, a_client: Account, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        letter = letters.write(case, Letter.Kind.CHECK_IN, moderator, f"word {number}")
        letters.answer(a_client, letter.pk, "yes")
    with django_assert_num_queries(2):
        for each in letters.shown_to(a_client):
            assert each.letter.case.room is not None
            assert each.letter.by is not None
