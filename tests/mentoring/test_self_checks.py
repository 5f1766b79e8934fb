"""The weekly self-check: sealed, for the mentor's eyes; a band for the coordinator, with consent and on the trail."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account
from mentoring import self_checks
from mentoring.models import Mentor, SelfCheck
from mentoring.refusals import Refused
from mentoring.self_checks import QUESTIONS, Band, answer, bands_for, course_of, share_band, this_week
from tests.mentoring.cast import certified
from tests.people import both_stores, coordinator, mentor, moderator
from vault.models import TrailEntry

__all__ = ["coordinator", "mentor", "moderator"]
pytestmark = both_stores

WELL = {"rested": 4, "worn": 0, "stayed": 0, "matters": 4, "someone": 4, "own": 4}
BAD = {name: 4 - value for name, value in WELL.items()}


@pytest.fixture
def juniper(mentor: Account) -> Mentor:
    return certified(mentor, called="Juniper")


@pytest.mark.parametrize(
    ("changes", "strain", "band"),
    [
        ({}, 0, Band.STEADY),
        ({"rested": 0, "own": 0}, 8, Band.STEADY),
        ({"rested": 0, "own": 0, "stayed": 1}, 9, Band.STRETCHED),
        ({"rested": 0, "own": 0, "someone": 0, "stayed": 2}, 14, Band.STRETCHED),
        ({"rested": 0, "own": 0, "someone": 0, "stayed": 3}, 15, Band.NEEDS_REST),
        ({"worn": 4}, 4, Band.NEEDS_REST),  # worn out every day, whatever else is well
    ],
)
def test_a_band_follows_from_the_answers(juniper: Mentor, changes: dict[str, int], strain: int, band: Band) -> None:
    check = answer(mentor=juniper, answers={**WELL, **changes})
    assert (check.strain, check.band) == (strain, band)


def test_a_second_time_in_a_week_takes_the_place_of_the_first(juniper: Mentor) -> None:
    answer(mentor=juniper, answers=BAD)
    assert not self_checks.is_due(juniper)
    answer(mentor=juniper, answers=WELL, words="Better after the weekend.")
    assert [(each.week, each.band, each.words) for each in course_of(juniper)] == [
        (this_week(), Band.STEADY, "Better after the weekend.")
    ]


@pytest.mark.parametrize("answers", [{}, {**WELL, "rested": 5}, {**WELL, "rested": -1}, {**WELL, "more": 1}])
def test_what_is_no_answer_to_these_questions_is_refused(juniper: Mentor, answers: dict[str, int]) -> None:
    with pytest.raises(Refused):
        answer(mentor=juniper, answers=answers)
    assert not SelfCheck.objects.exists()


def test_nothing_of_it_stands_open_in_the_store_and_another_mentors_row_does_not_open(juniper: Mentor) -> None:
    answer(mentor=juniper, answers=BAD, words="The lantern went out.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mentoring_selfcheck")
        row = cursor.fetchone()
    stored = b" ".join(bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode() for each in row)
    for word in (b"lantern", b"worn", b"needs_rest", b"rested"):
        assert word not in stored
    SelfCheck.objects.update(mentor=certified())
    assert course_of(Mentor.objects.exclude(pk=juniper.pk).get()) == []


class TestTheBand:
    def test_without_consent_there_is_none_and_with_it_the_look_is_recorded(
        self, juniper: Mentor, coordinator: Account
    ) -> None:
        answer(mentor=juniper, answers=BAD)
        assert bands_for(coordinator, [juniper]) == {}
        assert not TrailEntry.objects.filter(act="selfcheck.looked.band").exists()
        share_band(mentor=juniper, shares=True)
        assert bands_for(coordinator, [juniper]) == {juniper.pk: Band.NEEDS_REST}
        look = TrailEntry.objects.get(act="selfcheck.looked.band")
        assert (look.actor, look.subject) == (f"account:{coordinator.pk}", f"account:{juniper.pk}")

    def test_taken_back_it_is_gone_at_once_even_for_a_list_that_was_read_before(
        self, juniper: Mentor, coordinator: Account
    ) -> None:
        answer(mentor=juniper, answers=BAD)
        share_band(mentor=juniper, shares=True)
        before = Mentor.objects.get(pk=juniper.pk)
        share_band(mentor=juniper, shares=False)
        assert bands_for(coordinator, [before]) == {}
        assert list(TrailEntry.objects.filter(act__startswith="selfcheck.share").values_list("act", flat=True)) == [
            "selfcheck.share",
            "selfcheck.share_over",
        ]

    def test_an_old_check_says_nothing_of_today(self, juniper: Mentor, coordinator: Account) -> None:
        answer(mentor=juniper, answers=BAD)
        share_band(mentor=juniper, shares=True)
        SelfCheck.objects.update(week=this_week() - timedelta(weeks=3))
        assert bands_for(coordinator, [juniper]) == {juniper.pk: None}

    def test_nobody_but_a_coordinator_asks(self, juniper: Mentor, moderator: Account) -> None:
        share_band(mentor=juniper, shares=True)
        for account in (moderator, certified().account):
            with pytest.raises(Refused, match="not_found"):
                bands_for(account, [juniper])

    def test_the_store_is_asked_the_same_for_one_and_for_ten(self, juniper: Mentor, coordinator: Account) -> None:
        counts = []
        for _ in range(2):
            mentors = list(Mentor.objects.all())
            for each in mentors:
                share_band(mentor=each, shares=True)
                answer(mentor=each, answers=WELL)
            with CaptureQueriesContext(connection) as asked:
                assert len(bands_for(coordinator, mentors)) == len(mentors)
            counts.append(len(asked))
            for _ in range(9):
                certified()
        assert counts[0] == counts[1]


def test_after_two_years_a_check_is_gone(juniper: Mentor) -> None:
    answer(mentor=juniper, answers=WELL)
    assert self_checks.purge() == 0
    SelfCheck.objects.update(week=timezone.localdate() - timedelta(days=731))
    assert self_checks.purge() == 1
    assert {name for name, *_rest in QUESTIONS} == set(WELL)
