"""An appeal: once, to somebody else, answered in words, with the person told wherever they can still read it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.mail import post_office
from accounts.models import Account
from moderation import access, acts, appeals, cases, letters, outside, sanctions
from moderation.models import Act, Appeal, Case, Category, Letter, Sanction, Severity
from moderation.refusals import Refused
from rooms import posting
from rooms.access import Seat
from rooms.models import Membership
from tests.moderation.matters import claimed, flagged, said
from tests.people import both_stores, signed_in
from vault import trail

pytestmark = both_stores

WORDS = "I was quoting a song."
LIFTED, UPHELD = Appeal.Decision.LIFTED, Appeal.Decision.UPHELD


@pytest.fixture
def case(heron: Seat, river: Seat, moderator: Account) -> Case:
    return claimed(flagged(river, said(heron, "You are all so very weak.")), moderator)


@pytest.fixture
def muted(case: Case, moderator: Account) -> Sanction:
    return impose(case, moderator, Sanction.Kind.MUTE)


def impose(case: Case, moderator: Account, kind: Sanction.Kind) -> Sanction:
    act = acts.sanction(case.pk, moderator, kind, "You told others to give up.", later())
    return Sanction.objects.get(pk=act.target)


def later() -> datetime:
    return timezone.now() + timedelta(hours=5)


def refused(door: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        door()
    return no.value.reason


def decided(sanction: Sanction, by: Account, decision: Appeal.Decision, answer: str = "We listened again.") -> None:
    case = sanction.appeal.case
    cases.claim(case.pk, by)
    appeals.decide(case.pk, by, decision, answer)


def kinds(account: Account) -> list[str]:
    return [each.letter.kind for each in letters.shown_to(account)]


def test_an_appeal_is_an_urgent_case_for_another_moderator(
    muted: Sanction, a_client: Account, moderator: Account, another_moderator: Account
) -> None:
    case = appeals.appeal(a_client, muted.pk, WORDS).case
    assert (case.category, case.severity, case.not_for) == (Category.APPEAL, Severity.URGENT, moderator)
    assert refused(lambda: access.case_for(moderator, case.pk)) == "not_found"
    assert refused(lambda: cases.claim(case.pk, moderator)) == "not_found"
    assert cases.claim(case.pk, another_moderator).holder == another_moderator


def test_it_stands_beside_the_open_case_of_the_same_person(muted: Sanction, a_client: Account, case: Case) -> None:
    appeals.appeal(a_client, muted.pk, WORDS)
    assert Case.objects.unresolved().filter(account=a_client).count() == 2


def test_its_words_are_sealed_under_its_own_case(muted: Sanction, a_client: Account) -> None:
    found = appeals.appeal(a_client, muted.pk, WORDS)
    assert b"song" not in bytes(found.words)
    assert appeals.words_of(found) == WORDS


def test_once_a_sanction(muted: Sanction, a_client: Account) -> None:
    appeals.appeal(a_client, muted.pk, WORDS)
    assert refused(lambda: appeals.appeal(a_client, muted.pk, "Please.")) == "done"
    assert Case.objects.filter(category=Category.APPEAL).count() == 1


def test_only_by_the_person_and_only_while_it_runs(
    muted: Sanction, a_client: Account, another_client: Account, moderator: Account
) -> None:
    assert refused(lambda: appeals.appeal(another_client, muted.pk, WORDS)) == "not_found"
    assert refused(lambda: appeals.appeal(moderator, muted.pk, WORDS)) == "not_found"
    sanctions.lift(muted, moderator, "a mistake")
    assert refused(lambda: appeals.appeal(a_client, muted.pk, WORDS)) == "too_late"
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(("words", "reason"), [("", "empty"), ("  ", "empty"), ("x" * 2001, "too_long")])
def test_with_words_of_its_own(muted: Sanction, a_client: Account, words: str, reason: str) -> None:
    assert refused(lambda: appeals.appeal(a_client, muted.pk, words)) == reason
    assert not Appeal.objects.exists()


def test_lifting_it_lets_the_person_write_at_once(
    muted: Sanction, a_client: Account, another_moderator: Account, heron: Seat
) -> None:
    appeals.appeal(a_client, muted.pk, WORDS)
    decided(muted, another_moderator, LIFTED)
    posting.post(heron, body="Thank you.")
    muted.refresh_from_db()
    assert muted.lifted_by == another_moderator
    assert muted.appeal.case.outcome == Case.Outcome.LIFTED


def test_letting_it_stand_changes_nothing_but_the_answer(
    muted: Sanction, a_client: Account, another_moderator: Account, heron: Seat
) -> None:
    appeals.appeal(a_client, muted.pk, WORDS)
    decided(muted, another_moderator, UPHELD)
    muted.refresh_from_db()
    assert muted.ended_at is None
    assert Membership.objects.get(pk=heron.member_id).muted_until == muted.until
    assert muted.appeal.case.outcome == Case.Outcome.UPHELD


@pytest.mark.parametrize(("decision", "left"), [(LIFTED, ["decision"]), (UPHELD, ["decision", "sanction"])])
def test_the_person_reads_the_answer_once(
    muted: Sanction, a_client: Account, another_moderator: Account, decision: Appeal.Decision, left: list[str]
) -> None:
    appeals.appeal(a_client, muted.pk, WORDS)
    decided(muted, another_moderator, decision)
    assert sorted(kinds(a_client)) == left
    [answer] = [each for each in letters.shown_to(a_client) if each.letter.kind == Letter.Kind.DECISION]
    assert answer.text == "We listened again."


def test_who_imposed_it_cannot_decide_whatever_they_hold(
    muted: Sanction, a_client: Account, moderator: Account
) -> None:
    case = appeals.appeal(a_client, muted.pk, WORDS).case
    Case.objects.filter(pk=case.pk).update(not_for=None, state=Case.State.CLAIMED, holder=moderator, held_until=later())
    assert refused(lambda: appeals.decide(case.pk, moderator, UPHELD, "No.")) == "not_for_you"


def test_deciding_needs_the_claim_words_and_an_appeal(
    muted: Sanction, a_client: Account, another_moderator: Account, case: Case
) -> None:
    found = appeals.appeal(a_client, muted.pk, WORDS).case
    assert refused(lambda: appeals.decide(found.pk, another_moderator, LIFTED, "Yes.")) == "not_held"
    cases.claim(found.pk, another_moderator)
    assert refused(lambda: appeals.decide(found.pk, another_moderator, LIFTED, " ")) == "empty"
    assert refused(lambda: appeals.decide(case.pk, another_moderator, LIFTED, "Yes.")) == "not_found"
    muted.refresh_from_db()
    assert muted.ended_at is None


def test_a_decision_is_made_once(muted: Sanction, a_client: Account, another_moderator: Account) -> None:
    appeals.appeal(a_client, muted.pk, WORDS)
    decided(muted, another_moderator, UPHELD)
    case = muted.appeal.case
    assert refused(lambda: appeals.decide(case.pk, another_moderator, LIFTED, "No, wait.")) == "resolved"
    assert Letter.objects.filter(kind=Letter.Kind.DECISION).count() == 1


def test_a_sanction_that_ran_out_meanwhile_is_answered_all_the_same(
    muted: Sanction, a_client: Account, another_moderator: Account, moderator: Account
) -> None:
    appeals.appeal(a_client, muted.pk, WORDS)
    sanctions.lift(muted, None, "over")
    decided(muted, another_moderator, LIFTED)
    assert "decision" in kinds(a_client)


def test_history_and_trail_tell_of_both(muted: Sanction, a_client: Account, another_moderator: Account) -> None:
    found = appeals.appeal(a_client, muted.pk, WORDS)
    decided(muted, another_moderator, LIFTED)
    acted = [(act.kind, act.by_id, act.target) for act in Act.objects.filter(case=found.case)]
    assert ("decide", another_moderator.pk, muted.pk) in acted
    entries = [entry.act for entry in trail.last(8)]
    assert {"case.appeal", "case.decide", "case.sanction_ended"} <= set(entries)


def test_where_nobody_else_may_decide_the_coordinator_is_asked_for_a_moderator(
    muted: Sanction,
    a_client: Account,
    coordinator: Account,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        appeals.appeal(a_client, muted.pk, WORDS)
    post_office.submit(lambda: None).result(timeout=10)
    sent = [message for message in mail.outbox if message.to == [coordinator.email]]
    assert len(sent) == 1
    assert WORDS not in str(sent[0].body)


def test_where_somebody_else_may_decide_no_coordinator_is_written_to(
    muted: Sanction,
    a_client: Account,
    coordinator: Account,
    another_moderator: Account,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        appeals.appeal(a_client, muted.pk, WORDS)
    post_office.submit(lambda: None).result(timeout=10)
    assert not [message for message in mail.outbox if message.to == [coordinator.email]]


def test_who_is_suspended_appeals_and_reads_the_answer_without_signing_in(
    client: Client, case: Case, moderator: Account, another_moderator: Account
) -> None:
    sanction = impose(case, moderator, Sanction.Kind.SUSPEND)
    path = f"/access/{outside.token_of(sanction)}/"
    assert client.post(path, {"words": WORDS}).status_code == 302
    page = client.get(path).content.decode()
    assert "You asked for another look" in page
    decided(sanction, another_moderator, UPHELD, "We read it twice. It stays for these two days.")
    page = client.get(path).content.decode()
    assert "We read it twice." in page
    assert "Bertrand" not in page


def test_what_was_typed_comes_back_with_the_reason(client: Client, case: Case, moderator: Account) -> None:
    sanction = impose(case, moderator, Sanction.Kind.SUSPEND)
    path = f"/access/{outside.token_of(sanction)}/"
    response = client.post(path, {"words": "y" * 2001})
    assert response.status_code == 422
    assert "y" * 2001 in response.content.decode()
    assert "too long" in response.content.decode()


def test_the_card_appeals_without_javascript(muted: Sanction, a_client: Account) -> None:
    browser = signed_in(a_client)
    assert f"/cards/sanctions/{muted.pk}/appeal/" in browser.get("/cards/all/").content.decode()
    response = browser.post(f"/cards/sanctions/{muted.pk}/appeal/", {"words": WORDS, "next": "/"})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert Appeal.objects.filter(sanction=muted).exists()
