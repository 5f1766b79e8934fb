"""The end of a case's term: its words and its key go, the bare count stays, and what still runs is not touched."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account
from moderation import cases, glass, intake, sanctions, term
from moderation.models import Case, Glass, Sanction
from rooms import posting
from rooms.access import Seat
from vault import keys
from vault.models import TrailEntry

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)


@pytest.fixture
def resolved(heron: Seat, river: Seat, moderator: Account) -> Case:
    message = posting.post(heron, body="sharp words").id
    case = intake.flag(
        river.account_id, room_id=river.room_id, message_id=message, category="spam", words="please look"
    ).case
    cases.claim(case.pk, moderator)
    cases.resolve(case.pk, moderator, Case.Outcome.TALKED, "We talked.")
    return case


def test_after_its_term_nothing_that_was_written_is_left(resolved: Case) -> None:
    assert term.purge(timezone.now() + timedelta(days=366)) == 1
    row = Case.objects.get()
    assert row.purged_at
    assert [row.evidence.count(), row.notes.count(), row.letters.count()] == [0, 0, 0]
    assert row.flags.get().words is None
    assert all(line.destroyed_at for line in keys.listing(owner=resolved.owner))
    assert TrailEntry.objects.filter(act="keys.destroyed", subject=resolved.owner).exists()
    assert term.purge(timezone.now() + timedelta(days=366)) == 0


def test_before_its_term_and_while_it_runs_everything_stays(resolved: Case, moderator: Account) -> None:
    assert term.purge(timezone.now() + timedelta(days=364)) == 0
    cases.reopen(resolved.pk, moderator, "It went on.")
    assert term.purge(timezone.now() + timedelta(days=9999)) == 0
    assert Case.objects.get().evidence.exists()


def test_a_case_waits_for_its_sanction_to_end_and_its_break_glass_to_be_reviewed(
    heron: Seat, river: Seat, moderator: Account, coordinator: Account
) -> None:
    message = posting.post(heron, body="sharp words").id
    case = intake.flag(river.account_id, room_id=river.room_id, message_id=message, category="spam", words="").case
    cases.claim(case.pk, moderator)
    imposed = sanctions.impose(case, Sanction.Kind.REMOVE, moderator, "For now.", None)
    asked = glass.ask_context(case.pk, moderator, "They answered something further up.")
    cases.resolve(case.pk, moderator, Case.Outcome.SANCTION)
    later = timezone.now() + timedelta(days=366)
    assert term.purge(later) == 0
    sanctions.lift(imposed, moderator, "enough")
    assert term.purge(later) == 0
    Glass.objects.filter(pk=asked.pk).update(reviewed_at=timezone.now(), reviewed_by=coordinator)
    assert term.purge(later) == 1
