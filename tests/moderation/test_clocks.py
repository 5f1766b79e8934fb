"""What the clock does to cases: who is told next and when, claims that lapse, rests that end, hand-overs nobody takes."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Account, Role
from moderation import alerts, cases, clocks, handovers, sending
from moderation.kinds import Kind
from moderation.models import Act, Alert, Case, Severity
from moderation.refusals import Refused
from rooms.models import Room
from tests.moderation.on_duty import on_call, written_to
from tests.moderation.queued import held, queued
from tests.people import both_stores, make
from vault import trail

pytestmark = both_stores

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ticks(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> "Ticks":
    """The clock runs an hour in a moment; what is sent goes by the real one and need not keep its distance."""
    monkeypatch.setattr(sending, "BETWEEN", timedelta(0))
    return Ticks(django_capture_on_commit_callbacks)


class Ticks:
    """A clock of the test's own: `at` so many minutes from its start, everything is sent before the answer."""

    def __init__(self, capture: DjangoCaptureOnCommitCallbacks) -> None:
        self.began = timezone.now()
        self._capture = capture

    def at(self, minutes: float) -> int:
        with self._capture(execute=True):
            return clocks.tick(self.began + minutes * MINUTE)

    def told_at(self, minutes: float) -> list[str]:
        """Who gets an e-mail then."""
        mail.outbox.clear()
        self.at(minutes)
        return written_to()


def crisis(room: Room | None = None, **fields: Any) -> Case:
    """A crisis that came in this moment and of which nobody was told."""
    return queued(room, Severity.CRISIS, **fields)


def acts(case: Case) -> list[str]:
    return list(Act.objects.filter(case=case).order_by("at", "pk").values_list("kind", flat=True))


# --- the line -------------------------------------------------------------------------------------------------------


def test_an_unanswered_crisis_goes_down_the_line_to_everybody_and_on_until_somebody_takes_it(
    ticks: Ticks,
    moderator: Account,
    another_moderator: Account,
    clinician: Account,
    coordinator: Account,
) -> None:
    on_call(moderator, 1)
    on_call(clinician, 1)
    on_call(another_moderator, 2)
    case = crisis()
    first, second = ["hollis@people.example", "priya@people.example"], ["bertrand@people.example"]
    on_duty, everybody = sorted(first + second), sorted([*first, *second, "solveig@people.example"])
    assert ticks.told_at(0) == first
    assert ticks.told_at(4.9) == []
    assert ticks.told_at(5) == second
    assert ticks.told_at(9.9) == []
    assert ticks.told_at(10) == on_duty
    assert ticks.told_at(15) == everybody
    assert ticks.told_at(20) == everybody
    assert ticks.told_at(24.9) == []
    assert ticks.told_at(25) == everybody
    case.refresh_from_db()
    assert case.step == 6
    cases.claim(case.pk, moderator)
    assert ticks.told_at(30) == []


def test_where_one_person_is_on_call_everybody_comes_next(
    ticks: Ticks, moderator: Account, another_moderator: Account, coordinator: Account
) -> None:
    on_call(moderator)
    crisis()
    assert ticks.told_at(0) == ["hollis@people.example"]
    assert ticks.told_at(5) == ["bertrand@people.example", "hollis@people.example", "solveig@people.example"]


def test_a_crisis_with_nobody_on_call_is_told_to_everybody_at_once(
    ticks: Ticks, moderator: Account, clinician: Account, coordinator: Account, mentor: Account, a_client: Account
) -> None:
    crisis()
    assert ticks.told_at(0) == ["hollis@people.example", "priya@people.example", "solveig@people.example"]


def test_what_is_late_and_no_crisis_goes_along_the_line_and_wakes_nobody_off_duty(
    ticks: Ticks, moderator: Account, another_moderator: Account, clinician: Account, coordinator: Account
) -> None:
    on_call(moderator, 1, left=9)
    on_call(another_moderator, 2, left=9)
    queued(None, Severity.URGENT)
    assert ticks.told_at(59) == []
    assert ticks.told_at(61) == ["hollis@people.example"]
    assert ticks.told_at(120) == []
    assert ticks.told_at(121) == ["bertrand@people.example"]
    assert ticks.told_at(181) == ["bertrand@people.example", "hollis@people.example"]
    assert ticks.told_at(241) == ["bertrand@people.example", "hollis@people.example"]


def test_what_is_late_and_no_crisis_waits_for_somebody_to_come_on_call(ticks: Ticks, moderator: Account) -> None:
    queued(None, Severity.URGENT)
    assert ticks.told_at(200) == []
    on_call(moderator, since=-3, left=9)
    assert ticks.told_at(201) == ["hollis@people.example"]


def test_a_routine_case_is_for_the_page_alone_however_late(ticks: Ticks, moderator: Account) -> None:
    on_call(moderator, left=100)
    case = queued(None, Severity.ROUTINE)
    assert ticks.at(60 * 48) == 0
    case.refresh_from_db()
    assert case.told_at is None
    assert not Alert.objects.exists()


def test_nobody_is_told_of_a_case_about_themselves_or_kept_from_them(
    ticks: Ticks, moderator: Account, another_moderator: Account, clinician: Account
) -> None:
    on_call(moderator)
    on_call(another_moderator)
    on_call(clinician)
    crisis(account=moderator, not_for=another_moderator)
    assert ticks.told_at(0) == ["priya@people.example"]
    assert ticks.told_at(5) == ["priya@people.example"]  # there is nobody besides: the same again


def test_the_next_step_goes_to_those_who_are_on_call_then(
    ticks: Ticks, moderator: Account, another_moderator: Account, clinician: Account
) -> None:
    """The rota of the moment counts, not that of the beginning."""
    late_comer = make(Role.MODERATOR, email="late@people.example")
    on_call(moderator, 1)
    second = on_call(another_moderator, 2)
    crisis()
    assert ticks.told_at(0) == ["hollis@people.example"]
    second.delete()
    on_call(late_comer, 2)
    on_call(clinician, 1)
    assert ticks.told_at(5) == ["late@people.example"]
    assert ticks.told_at(10) == ["hollis@people.example", "late@people.example", "priya@people.example"]


# --- what is not told ------------------------------------------------------------------------------------------------


def test_a_case_that_somebody_has_is_told_to_nobody(ticks: Ticks, moderator: Account) -> None:
    on_call(moderator)
    held(crisis(), moderator)
    assert ticks.told_at(20) == []


def test_a_resolved_case_is_told_to_nobody(ticks: Ticks, moderator: Account) -> None:
    on_call(moderator)
    crisis(state=Case.State.RESOLVED)
    assert ticks.told_at(60) == []


def test_a_case_that_rests_is_told_to_nobody_until_it_comes_back(ticks: Ticks, moderator: Account) -> None:
    on_call(moderator, left=9)
    case = queued(None, Severity.URGENT, minutes_left=-30, snoozed_until=timezone.now() + 30 * MINUTE)
    assert ticks.told_at(29) == []
    assert ticks.told_at(31) == ["hollis@people.example"]
    case.refresh_from_db()
    assert case.snoozed_until is None
    assert acts(case) == [Kind.RETURN]


# --- claims that lapse ----------------------------------------------------------------------------------------------


def test_a_claim_that_ran_out_gives_the_case_back_and_the_next_in_line_is_told(
    ticks: Ticks, moderator: Account, another_moderator: Account
) -> None:
    on_call(moderator, 1)
    on_call(another_moderator, 2)
    case = crisis()
    ticks.at(0)
    held(case, moderator, minutes=30)
    assert ticks.told_at(29.9) == []
    assert ticks.told_at(30.1) == ["bertrand@people.example"]
    case.refresh_from_db()
    assert (case.state, case.holder, case.held_until) == (Case.State.OPEN, None, None)
    assert acts(case) == [Kind.LAPSE, Kind.ESCALATE]
    assert Act.objects.get(case=case, kind=Kind.LAPSE).by is None
    cases.claim(case.pk, another_moderator)


def test_a_routine_claim_that_ran_out_comes_back_without_noise(ticks: Ticks, moderator: Account) -> None:
    case = held(queued(None), moderator)
    assert ticks.told_at(31) == []
    case.refresh_from_db()
    assert case.state == Case.State.OPEN


def test_a_claim_that_was_renewed_does_not_lapse(ticks: Ticks, moderator: Account) -> None:
    case = held(queued(None), moderator, minutes=10)
    cases.claim(case.pk, moderator)
    assert ticks.at(11) == 0
    case.refresh_from_db()
    assert case.holder == moderator


# --- hand-overs -----------------------------------------------------------------------------------------------------


def handed_over(case: Case, to: Account | None = None) -> Case:
    """A minute before the clock of the test begins; nobody was told."""
    Case.objects.filter(pk=case.pk).update(
        state=Case.State.HANDED_OVER, handed_to=to, handed_at=timezone.now() - MINUTE, step=0, told_at=None
    )
    case.refresh_from_db()
    return case


def test_a_hand_over_that_nobody_takes_goes_on_to_other_clinicians_and_then_to_everybody(
    ticks: Ticks, moderator: Account, clinician: Account, coordinator: Account
) -> None:
    other = make(Role.CLINICIAN, email="other@people.example")
    on_call(moderator)
    on_call(other)
    handed_over(crisis(), clinician)  # she is not on call
    assert ticks.told_at(0) == ["priya@people.example"]
    assert ticks.told_at(5) == ["other@people.example"]
    assert ticks.told_at(10) == ["hollis@people.example", "other@people.example"]
    assert len(ticks.told_at(15)) == 4


def test_whoever_is_told_of_anothers_hand_over_can_take_it(
    ticks: Ticks, moderator: Account, clinician: Account
) -> None:
    other = make(Role.CLINICIAN, email="other@people.example")
    on_call(other)
    case = handed_over(crisis(), clinician)
    ticks.at(0)
    with pytest.raises(Refused, match="not_found"):
        cases.acknowledge(case.pk, other)
    assert handovers.waiting_for(other) == []
    assert ticks.told_at(5) == ["other@people.example"]
    assert [line.id for line in handovers.waiting_for(other)] == [case.pk]
    assert cases.acknowledge(case.pk, other).acknowledged_by == other
    assert handovers.waiting_for(clinician) == []


def test_an_acknowledged_hand_over_is_told_to_nobody_more(ticks: Ticks, moderator: Account, clinician: Account) -> None:
    on_call(clinician)
    case = held(crisis(), moderator)
    cases.hand_over(case.pk, moderator)
    cases.acknowledge(case.pk, clinician)
    assert ticks.told_at(30) == []


def test_a_routine_hand_over_is_told_once(ticks: Ticks, clinician: Account) -> None:
    on_call(clinician, left=100)
    handed_over(queued(None))
    assert ticks.told_at(0) == ["priya@people.example"]
    assert ticks.told_at(60 * 30) == []


# --- the trail, several processes, and what goes wrong --------------------------------------------------------------


def test_the_trail_says_who_was_told_at_which_step(ticks: Ticks, moderator: Account, clinician: Account) -> None:
    on_call(moderator, 1)
    on_call(clinician, 1)
    case = crisis()
    ticks.at(0)
    entry = trail.last(1)[0]
    assert (entry.actor, entry.act, entry.subject) == ("clock", "case.told", f"case:{case.pk}")
    assert trail.why(entry) == f"step 1: account:{moderator.pk} account:{clinician.pk}"


def test_two_ticks_at_the_same_moment_tell_once(ticks: Ticks, moderator: Account) -> None:
    on_call(moderator)
    crisis()
    assert ticks.told_at(0) == ["hollis@people.example"]
    assert ticks.told_at(0) == []


def test_a_tick_that_finds_many_writes_one_letter_to_each_person(
    ticks: Ticks, moderator: Account, clinician: Account
) -> None:
    on_call(moderator)
    on_call(clinician)
    for _ in range(15):
        crisis()
    assert ticks.told_at(0) == ["hollis@people.example", "priya@people.example"]


def test_a_tick_that_was_missed_for_an_hour_tells_the_next_step_and_no_more(ticks: Ticks, moderator: Account) -> None:
    on_call(moderator, left=9)
    case = crisis()
    ticks.at(0)
    ticks.at(65)
    case.refresh_from_db()
    assert case.step == 2


def test_one_case_that_cannot_be_moved_keeps_no_other_waiting(
    ticks: Ticks, moderator: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    on_call(moderator)
    broken, whole = crisis(), crisis()
    escalate = alerts.escalate

    def failing(case: Case, *rest: object) -> None:
        if case.pk == broken.pk:
            raise RuntimeError("a secret sentence")
        escalate(case, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(alerts, "escalate", failing)
    assert ticks.at(0) == 1
    whole.refresh_from_db()
    assert whole.step == 1
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_a_tick_with_nothing_to_do_asks_little_and_writes_nothing(room: Room, moderator: Account) -> None:
    on_call(moderator)
    for severity in Severity:
        queued(room, severity, minutes_left=1, told_at=timezone.now())
        held(queued(room, severity), moderator)
    with CaptureQueriesContext(connection) as queries:
        clocks.tick()
    assert len(queries) <= 10
    assert all(each["sql"].startswith("SELECT") for each in queries)


def test_crises_come_before_everything_else_in_a_tick_that_is_full(
    ticks: Ticks, moderator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_call(moderator, left=9)
    monkeypatch.setattr(clocks, "MOST", 2)
    for _ in range(3):
        queued(None, Severity.URGENT, minutes_left=-300)
    worst = crisis()
    ticks.at(0)
    worst.refresh_from_db()
    assert worst.step == 1
    ticks.at(0.25)
    ticks.at(0.5)
    assert not Case.objects.filter(step=0).exists()
