"""What a mentor may do follows from their papers: which count, to the end of which day, and what is said where one is missing."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Account, Role
from mentoring import ethics
from mentoring.models import Certification, EthicsAcceptance, Mentor, Training
from mentoring.standing import MODULES, may_lead, standing_of, standings_of
from tests.mentoring.cast import certified, certify, new_mentor
from tests.people import a_client, both_stores, clinician, coordinator, make, mentor, moderator

__all__ = ["a_client", "clinician", "coordinator", "mentor", "moderator"]
pytestmark = both_stores

DAY = timedelta(days=1)


def without_certification(mentor: Account) -> Mentor:
    found = certified(mentor)
    Certification.objects.all().delete()
    return found


def lacking(mentor: Mentor, day: date) -> list[str]:
    return [lack.about for lack in standing_of(mentor, day).lacks]


def test_with_every_paper_a_mentor_is_valid_and_until_when_is_known(mentor: Account) -> None:
    last = timezone.localdate() + 40 * DAY
    standing = standing_of(certified(mentor, until=last))
    assert (standing.is_valid, standing.text, standing.until) == (True, "", last)


def test_with_nothing_every_single_thing_is_named(mentor: Account) -> None:
    standing = standing_of(new_mentor(mentor))
    assert standing.text == (
        "There is no certification that a coordinator has checked. The current ethics agreement is not accepted yet. "
        "These trainings are not done yet: “Trauma-informed care”, “Communication”, “Self-care”, “Ethics and boundaries”, "
        "“Crisis response”, “Confidentiality”."
    )
    assert [lack.about for lack in standing.lacks] == [
        "certification",
        "ethics",
        *(f"training:{code}" for code in MODULES),
    ]
    assert standing.until is None


def test_an_account_without_a_file_yet_can_be_asked_for(mentor: Account) -> None:
    assert not standing_of(Mentor(account=mentor)).is_valid
    assert not Mentor.objects.exists()


# --- certification --------------------------------------------------------------------------------------------------


def test_it_counts_from_its_first_to_the_end_of_its_last_day(mentor: Account) -> None:
    found = without_certification(mentor)
    first, last = timezone.localdate() + 10 * DAY, timezone.localdate() + 20 * DAY
    certify(found, issued=first, expires=last)
    assert lacking(found, first - DAY) == ["certification"]
    assert lacking(found, first) == []
    assert lacking(found, last) == []
    assert lacking(found, last + DAY) == ["certification"]


def test_what_expired_is_said_with_its_day_and_what_never_was_is_not_called_expired(mentor: Account) -> None:
    found = without_certification(mentor)
    certify(found, issued=date(2026, 1, 1), expires=date(2026, 3, 31))
    Training.objects.update(done_on=date(2025, 1, 1))
    assert standing_of(found, date(2026, 4, 1)).text == "The certification expired on March 31, 2026."
    assert standing_of(found, date(2025, 12, 31)).text == "There is no certification that a coordinator has checked."
    with translation.override("es"):
        assert "31 de marzo de 2026" in standing_of(found, date(2026, 4, 1)).text


def test_one_that_nobody_has_checked_or_that_was_withdrawn_does_not_count(mentor: Account) -> None:
    found = without_certification(mentor)
    paper = certify(found, expires=timezone.localdate() + 100 * DAY)
    Certification.objects.update(verified_at=None)
    assert lacking(found, timezone.localdate()) == ["certification"]
    Certification.objects.filter(pk=paper.pk).update(verified_at=timezone.now(), withdrawn_at=timezone.now())
    assert lacking(found, timezone.localdate()) == ["certification"]


def test_a_renewal_that_follows_without_a_gap_carries_on(mentor: Account) -> None:
    found = without_certification(mentor)
    today = timezone.localdate()
    certify(found, issued=today - 300 * DAY, expires=today + 10 * DAY)
    certify(found, issued=today + 11 * DAY, expires=today + 200 * DAY)
    assert standing_of(found).until == today + 200 * DAY


def test_a_renewal_after_a_gap_of_one_day_does_not(mentor: Account) -> None:
    found = without_certification(mentor)
    today = timezone.localdate()
    certify(found, issued=today - 300 * DAY, expires=today + 10 * DAY)
    certify(found, issued=today + 12 * DAY, expires=today + 200 * DAY)
    assert standing_of(found).until == today + 10 * DAY
    assert lacking(found, today + 11 * DAY) == ["certification"]
    assert lacking(found, today + 12 * DAY) == []


def test_of_several_the_one_that_ends_last_counts_whichever_was_added_first(mentor: Account) -> None:
    found = without_certification(mentor)
    today = timezone.localdate()
    certify(found, expires=today + 30 * DAY)
    certify(found, expires=today - 30 * DAY)
    assert standing_of(found).until == today + 30 * DAY


# --- training -------------------------------------------------------------------------------------------------------


def test_a_training_counts_to_the_end_of_its_last_day(mentor: Account) -> None:
    found = certified(mentor)
    last = timezone.localdate() + 5 * DAY
    Training.objects.filter(module="self_care").update(expires=last)
    assert lacking(found, last) == []
    assert standing_of(found, last).until == last
    standing = standing_of(found, last + DAY)
    assert [lack.about for lack in standing.lacks] == ["training:self_care"]
    assert standing.text.startswith("The training “Self-care” expired on ")


def test_one_without_an_end_counts_for_good(mentor: Account) -> None:
    found = certified(mentor)
    Training.objects.filter(module="self_care").update(expires=None)
    last = timezone.localdate() + 365 * DAY
    assert "training:self_care" not in lacking(found, last + 4000 * DAY)
    assert standing_of(found).until == last


def test_one_from_tomorrow_or_unchecked_or_withdrawn_does_not_count(mentor: Account) -> None:
    found, today = certified(mentor), timezone.localdate()
    theirs = Training.objects.filter(module="self_care")
    theirs.update(done_on=today + DAY)
    assert lacking(found, today) == ["training:self_care"]
    theirs.update(done_on=today, verified_at=None)
    assert lacking(found, today) == ["training:self_care"]
    theirs.update(verified_at=timezone.now(), withdrawn_at=timezone.now())
    assert lacking(found, today) == ["training:self_care"]


def test_a_training_that_is_none_of_ours_counts_for_nothing(mentor: Account) -> None:
    found = certified(mentor)
    Training.objects.filter(module="self_care").update(module="juggling")
    assert lacking(found, timezone.localdate()) == ["training:self_care"]


# --- ethics ---------------------------------------------------------------------------------------------------------


def published_ago(coordinator: Account, days: int) -> None:
    made = ethics.publish(texts={"en": "Be kind."}, after=ethics.newest().version, by=coordinator)
    made.published_at = timezone.now() - days * DAY
    made.save(update_fields=["published_at"])


def test_a_new_version_asks_everybody_again_at_once(mentor: Account, coordinator: Account) -> None:
    found = certified(mentor)
    published_ago(coordinator, 0)
    assert standing_of(found).text == "The current ethics agreement is not accepted yet."
    ethics.accept(mentor=found, version=2)
    assert standing_of(found).is_valid


@pytest.mark.parametrize(("days", "lapsed"), [(0, False), (13, False), (14, True)])
def test_a_new_version_alone_takes_nothing_away_for_two_weeks(
    mentor: Account, coordinator: Account, days: int, lapsed: bool
) -> None:
    found = certified(mentor)
    published_ago(coordinator, days)
    assert standing_of(found).has_lapsed is lapsed
    assert not standing_of(found).is_valid


def test_who_never_accepted_any_has_no_two_weeks(mentor: Account, coordinator: Account) -> None:
    found = certified(mentor)
    EthicsAcceptance.objects.all().delete()
    published_ago(coordinator, 0)
    assert standing_of(found).has_lapsed


# --- who may lead, and what it costs --------------------------------------------------------------------------------


def test_who_may_lead_a_group(
    mentor: Account, clinician: Account, a_client: Account, moderator: Account, coordinator: Account
) -> None:
    assert may_lead(clinician) == ""
    for somebody in (a_client, moderator, coordinator):
        assert may_lead(somebody) == "Only a clinician or a certified mentor can lead a group."
    assert may_lead(mentor).startswith("There is no certification that a coordinator has checked.")
    found = certified(mentor)
    assert may_lead(mentor) == ""
    Certification.objects.filter(mentor=found).update(expires=date(2026, 3, 31), issued=date(2026, 1, 1))
    assert may_lead(mentor) == "The certification expired on March 31, 2026."


def test_as_many_queries_for_fifty_mentors_as_for_one() -> None:
    counts = []
    for many in (1, 50):
        mentors = [certified() for _ in range(many)]
        with CaptureQueriesContext(connection) as queries:
            assert all(each.is_valid for each in standings_of(mentors).values())
        counts.append(len(queries))
    assert counts == [4, 4]


def test_nobody_answers_for_somebody_else(mentor: Account) -> None:
    valid, other = certified(mentor), new_mentor(make(Role.MENTOR))
    found = standings_of([valid, other])
    assert (found[valid.pk].is_valid, found[other.pk].is_valid) == (True, False)
