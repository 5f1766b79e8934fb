"""While a mentor's papers are not valid their threads go on under somebody a coordinator names; clients read a role, never a name."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts import people
from accounts.models import Account, Role
from mentoring import supervision
from mentoring.models import Certification, Mentor
from mentoring.refusals import Refused
from mentoring.standing import standings_of
from mentoring.supervision import name_supervisor, needing, supervision_of
from tests.mentoring.cast import certified, new_mentor, thread_between
from tests.people import a_client, both_stores, clinician, coordinator, make, mentor, moderator, signed_in
from vault import trail

__all__ = ["a_client", "clinician", "coordinator", "mentor", "moderator"]
pytestmark = both_stores

DAY = timedelta(days=1)


@pytest.fixture
def lapsed(mentor: Account) -> Mentor:
    return certified(mentor, called="Juniper", until=timezone.localdate() - DAY)


def is_needed(mentor: Mentor) -> bool:
    return mentor.pk in needing([mentor], standings_of([mentor]))


def test_a_supervisor_is_named_and_both_pages_say_so(
    lapsed: Mentor, clinician: Account, coordinator: Account, mentor: Account
) -> None:
    assert supervision_of(lapsed) is None
    name_supervisor(mentor=lapsed, account_id=clinician.pk, by=coordinator)
    lapsed.refresh_from_db()
    found = supervision_of(lapsed)
    assert found is not None
    assert found.supervisor == clinician
    assert found.for_client == (
        "While Juniper renews a certificate, a clinician supervises their work. They do not read what you write here."
    )
    assert clinician.name not in found.for_client
    assert "Dr. Priya Raghunathan (Clinician) supervises the threads that run." in found.for_mentor
    home = signed_in(mentor).get("/mentoring/").content.decode()
    assert "No new clients for now" in home
    assert "Dr. Priya Raghunathan (Clinician) supervises" in home
    entry = trail.last(1)[0]
    assert (entry.act, entry.subject) == ("mentor.supervisor", f"account:{mentor.pk} account:{clinician.pk}")


def test_it_ends_by_itself_as_soon_as_all_is_valid(lapsed: Mentor, clinician: Account, coordinator: Account) -> None:
    name_supervisor(mentor=lapsed, account_id=clinician.pk, by=coordinator)
    lapsed.refresh_from_db()
    Certification.objects.update(expires=timezone.localdate() + 100 * DAY)
    assert supervision_of(lapsed) is None


def test_where_nobody_is_named_it_costs_no_query(mentor: Account) -> None:
    found = certified(mentor)
    with CaptureQueriesContext(connection) as queries:
        assert supervision_of(found) is None
    assert not queries


@pytest.mark.parametrize("who", ["clinician", "coordinator", "valid mentor"])
def test_who_may_supervise(lapsed: Mentor, clinician: Account, coordinator: Account, who: str) -> None:
    chosen = {"clinician": clinician, "coordinator": coordinator, "valid mentor": certified().account}[who]
    assert chosen in supervision.candidates(lapsed)
    name_supervisor(mentor=lapsed, account_id=chosen.pk, by=coordinator)
    lapsed.refresh_from_db()
    assert supervision_of(lapsed) is not None


def test_who_may_not(lapsed: Mentor, a_client: Account, moderator: Account, coordinator: Account) -> None:
    gone = make(Role.CLINICIAN)
    people.suspend(gone, by=coordinator, why="left")
    nobody = [lapsed.account, a_client, moderator, gone, new_mentor().account]
    assert not set(nobody) & set(supervision.candidates(lapsed))
    for account_id in [*(each.pk for each in nobody), 10**9]:
        with pytest.raises(Refused, match="no_supervisor"):
            name_supervisor(mentor=lapsed, account_id=account_id, by=coordinator)
    lapsed.refresh_from_db()
    assert lapsed.supervisor is None


def test_it_is_the_first_thing_to_do_while_threads_run_and_nobody_is_named(
    lapsed: Mentor, a_client: Account, clinician: Account, coordinator: Account
) -> None:
    assert not is_needed(lapsed)  # no thread runs
    thread = thread_between(a_client, lapsed)
    assert is_needed(lapsed)
    browser = signed_in(coordinator)
    page = browser.get("/mentoring/mentors/").content.decode()
    assert "Please name a supervisor" in page
    assert page.index("Please name a supervisor") < page.index("<table")
    done = browser.post(f"/mentoring/mentors/{lapsed.pk}/supervisor/", {"supervisor": clinician.pk}, follow=True)
    assert "Dr. Priya Raghunathan (Clinician) supervises." in done.content.decode()
    assert "Please name a supervisor" not in browser.get("/mentoring/mentors/").content.decode()
    people.suspend(clinician, by=coordinator, why="left")
    assert "Please name a supervisor" in browser.get("/mentoring/mentors/").content.decode()
    thread.closed_at = timezone.now()
    thread.save()
    assert "Please name a supervisor" not in browser.get("/mentoring/mentors/").content.decode()


def test_a_supervisor_whose_own_papers_end_supervises_no_more(
    lapsed: Mentor, a_client: Account, coordinator: Account
) -> None:
    thread_between(a_client, lapsed)
    other = certified()
    name_supervisor(mentor=lapsed, account_id=other.pk, by=coordinator)
    lapsed.refresh_from_db()
    assert not is_needed(lapsed)
    Certification.objects.filter(mentor=other).update(expires=timezone.localdate() - DAY)
    assert supervision_of(lapsed) is None
    assert is_needed(lapsed)


def test_a_supervisor_can_be_taken_away_again(lapsed: Mentor, clinician: Account, coordinator: Account) -> None:
    browser, address = signed_in(coordinator), f"/mentoring/mentors/{lapsed.pk}/supervisor/"
    browser.post(address, {"supervisor": clinician.pk})
    browser.post(address, {"supervisor": ""})
    lapsed.refresh_from_db()
    assert lapsed.supervisor is None
    wrong = browser.post(address, {"supervisor": lapsed.pk})
    assert wrong.status_code == 422
    assert "Please choose somebody who can supervise" in wrong.content.decode()


def test_who_supervises_reads_whom(lapsed: Mentor, clinician: Account, coordinator: Account) -> None:
    name_supervisor(mentor=lapsed, account_id=clinician.pk, by=coordinator)
    assert [(each.mentor, said.is_valid) for each, said in supervision.supervised_by(clinician)] == [(lapsed, False)]
    assert supervision.supervised_by(coordinator) == []
    page = signed_in(clinician).get("/mentoring/supervising/").content.decode()
    assert "Marguerite Oyelaran" in page
    assert "The certification expired on" in page
    assert "You supervise nobody right now." in signed_in(coordinator).get("/mentoring/supervising/").content.decode()


def test_a_mentor_who_supervises_reads_it_on_their_own_page(lapsed: Mentor, coordinator: Account) -> None:
    other = certified()
    assert "Marguerite Oyelaran" not in signed_in(other.account).get("/mentoring/").content.decode()
    name_supervisor(mentor=lapsed, account_id=other.pk, by=coordinator)
    page = signed_in(other.account).get("/mentoring/").content.decode()
    assert "Marguerite Oyelaran" in page
    assert 'href="/mentoring/supervising/"' in page


def test_the_clients_sentence_is_in_their_language(lapsed: Mentor, clinician: Account, coordinator: Account) -> None:
    name_supervisor(mentor=lapsed, account_id=clinician.pk, by=coordinator)
    lapsed.refresh_from_db()
    found = supervision_of(lapsed)
    assert found is not None
    with translation.override("es"):
        assert "Juniper" in found.for_client
