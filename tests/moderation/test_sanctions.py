"""Sanctions: what they do, who may not be sanctioned, how they end, and what a coordinator did meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts import people
from accounts.mail import post_office
from accounts.models import Account, Role, Session
from moderation import acts, letters, outside, sanctions
from moderation.models import Act, Case, Letter, Sanction
from moderation.refusals import Refused
from rooms import joining, posting
from rooms.access import Seat, seat_of, standing
from rooms.models import Membership, Room
from rooms.refusals import Refused as RoomRefused
from tests.moderation.matters import claimed, flagged, said
from tests.people import both_stores, make, open_room, seated, signed_in
from vault import trail

pytestmark = both_stores

MUTE, REMOVE, SUSPEND = Sanction.Kind.MUTE, Sanction.Kind.REMOVE, Sanction.Kind.SUSPEND
REASON = "You told others to give up."


@pytest.fixture
def case(heron: Seat, river: Seat, moderator: Account) -> Case:
    return claimed(flagged(river, said(heron, "You are all so very weak.")), moderator)


def later(hours: float = 1) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def impose(
    case: Case, moderator: Account, kind: Sanction.Kind, until: datetime | None = None, reason: str = REASON
) -> Sanction:
    act = acts.sanction(case.pk, moderator, kind, reason, until)
    return Sanction.objects.get(pk=act.target)


def refused(door: Callable[[], object]) -> str:
    try:
        door()
    except (Refused, RoomRefused) as no:
        return no.reason
    raise AssertionError("It was not refused.")


def member(seat: Seat) -> Membership:
    return Membership.objects.get(pk=seat.member_id)


def cards(account: Account) -> list[tuple[str, str]]:
    """Kind of sanction and whether it is over, of each letter about one."""
    rows = [each.letter for each in letters.shown_to(account)]
    return [(row.sanction.kind, "over" if row.sanction.ended_at else "running") for row in rows if row.sanction]


def over(sanction: Sanction) -> int:
    """Its time has come."""
    Sanction.objects.filter(pk=sanction.pk).update(until=timezone.now() - timedelta(seconds=1))
    Membership.objects.filter(muted_until__isnull=False).update(muted_until=timezone.now() - timedelta(seconds=1))
    return sanctions.end_due()


def letters_sent() -> list[str]:
    post_office.submit(lambda: None).result(timeout=10)
    return [str(message.subject) + "\n" + str(message.body) for message in mail.outbox]


class TestWhatTheyDo:
    def test_a_muted_person_reads_on_and_cannot_write(
        self, case: Case, moderator: Account, heron: Seat, a_client: Account
    ) -> None:
        impose(case, moderator, MUTE, later())
        assert refused(lambda: posting.post(heron, body="But I want to.")) == "muted"
        assert standing(a_client.pk, heron.room_id)
        assert cards(a_client) == [("mute", "running")]

    def test_a_removed_person_is_out_of_this_room_and_of_no_other(
        self, case: Case, moderator: Account, heron: Seat, a_client: Account
    ) -> None:
        other = seated(a_client, open_room("Depression group"), "Slow Meadow")
        impose(case, moderator, REMOVE, later())
        assert refused(lambda: standing(a_client.pk, heron.room_id)) == "not_found"
        assert standing(a_client.pk, other.room_id)
        assert cards(a_client) == [("remove", "running")]

    def test_a_suspended_person_is_signed_out_and_cannot_sign_in(
        self, case: Case, moderator: Account, a_client: Account
    ) -> None:
        browser = signed_in(a_client)
        impose(case, moderator, SUSPEND, later())
        assert browser.get("/").status_code == 302
        assert not Session.objects.filter(account=a_client).exists()

    def test_the_person_reads_the_reason_and_until_when_and_it_is_sealed(
        self, case: Case, moderator: Account, a_client: Account
    ) -> None:
        sanction = impose(case, moderator, MUTE, later())
        assert sanctions.reason_of(sanction) == REASON
        assert REASON.encode() not in bytes(sanction.reason)

    def test_the_trail_says_who_did_it_and_never_the_reason(self, case: Case, moderator: Account) -> None:
        impose(case, moderator, REMOVE, later())
        acts_done = [(entry.actor, entry.act) for entry in trail.last(4)]
        assert (f"account:{moderator.pk}", "case.remove") in acts_done
        assert all(REASON not in trail.why(entry) for entry in trail.last(10))

    def test_two_mutes_at_once_last_as_long_as_the_longer(self, case: Case, moderator: Account, heron: Seat) -> None:
        long = impose(case, moderator, MUTE, later(5))
        short = impose(case, moderator, MUTE, later(1))
        assert member(heron).muted_until == long.until
        sanctions.lift(short, moderator, "a mistake")
        assert member(heron).muted_until == long.until
        sanctions.lift(long, moderator, "a mistake")
        assert member(heron).muted_until is None


class TestWhoMayNotBeSanctioned:
    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.CLINICIAN, Role.COORDINATOR])
    @pytest.mark.parametrize("kind", list(Sanction.Kind))
    def test_a_moderator_sanctions_no_staff(
        self, role: Role, kind: Sanction.Kind, room: Room, river: Seat, moderator: Account
    ) -> None:
        somebody = make(role)
        case = claimed(flagged(river, said(seated(somebody, room, "Alba"), "Be quiet, all of you.")), moderator)
        assert refused(lambda: impose(case, moderator, kind, later())) == "staff"
        somebody.refresh_from_db()
        assert somebody.is_active
        assert not Sanction.objects.exists()

    def test_a_mentor_may_be_sanctioned(self, juniper: Seat, river: Seat, moderator: Account) -> None:
        case = claimed(flagged(river, said(juniper, "Stop whining.")), moderator)
        impose(case, moderator, MUTE, later())
        assert member(juniper).muted_until is not None

    def test_only_who_holds_the_case_may(self, case: Case, another_moderator: Account, heron: Seat) -> None:
        assert refused(lambda: impose(case, another_moderator, MUTE, later())) == "not_held"
        assert member(heron).muted_until is None

    @pytest.mark.parametrize("kind", [REMOVE, SUSPEND])
    def test_what_is_so_already_is_not_done_again(self, case: Case, moderator: Account, kind: Sanction.Kind) -> None:
        impose(case, moderator, kind, later())
        assert refused(lambda: impose(case, moderator, kind, later())) == "done"
        assert Sanction.objects.count() == 1

    def test_it_needs_words_and_a_time_to_come(self, case: Case, moderator: Account, heron: Seat) -> None:
        assert refused(lambda: impose(case, moderator, MUTE, later(), reason="  ")) == "empty"
        assert refused(lambda: impose(case, moderator, MUTE, later(), reason="x" * 2001)) == "too_long"
        assert refused(lambda: impose(case, moderator, MUTE, later(-1))) == "past"
        assert refused(lambda: impose(case, moderator, MUTE, None)) == "past"
        assert member(heron).muted_until is None


class TestHowTheyEnd:
    def test_a_mute_ends_by_itself_and_the_person_hears_of_it(
        self, case: Case, moderator: Account, heron: Seat, a_client: Account
    ) -> None:
        sanction = impose(case, moderator, MUTE, later())
        assert over(sanction) == 1
        posting.post(heron, body="Thank you for your patience.")
        assert cards(a_client) == [("mute", "over")]
        assert Act.objects.get(kind="lift").by is None
        assert [(entry.actor, entry.act) for entry in trail.last(1)] == [("clock", "case.sanction_ended")]

    def test_a_removed_person_comes_back_as_who_they_were(
        self, case: Case, moderator: Account, heron: Seat, a_client: Account
    ) -> None:
        assert over(impose(case, moderator, REMOVE, later())) == 1
        assert seat_of(standing(a_client.pk, heron.room_id)).face == heron.face
        assert cards(a_client) == [("remove", "over")]

    def test_a_suspended_person_can_sign_in_again(self, case: Case, moderator: Account, a_client: Account) -> None:
        assert over(impose(case, moderator, SUSPEND, later())) == 1
        a_client.refresh_from_db()
        assert a_client.is_active
        assert cards(a_client) == [("suspend", "over")]

    def test_nothing_ends_early_or_twice(self, case: Case, moderator: Account, heron: Seat) -> None:
        sanction = impose(case, moderator, MUTE, later())
        assert sanctions.end_due() == 0
        assert over(sanction) == 1
        assert sanctions.end_due() == 0
        sanctions.lift(sanction, moderator, "again")
        assert Letter.objects.filter(sanction=sanction, put_away_at=None).count() == 1

    def test_without_an_end_it_lasts_until_somebody_lifts_it(
        self, case: Case, moderator: Account, a_client: Account, heron: Seat
    ) -> None:
        sanction = impose(case, moderator, REMOVE, None)
        assert sanctions.end_due(later(24 * 365)) == 0
        acts.lift(case.pk, moderator, sanction.pk, "They wrote to us.")
        assert standing(a_client.pk, heron.room_id)
        sanction.refresh_from_db()
        assert sanction.lifted_by == moderator
        assert any(trail.why(entry) == "They wrote to us." for entry in trail.last(4))

    def test_one_that_cannot_be_ended_does_not_keep_the_others(
        self, case: Case, moderator: Account, heron: Seat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = impose(case, moderator, REMOVE, later(0.5))
        other = impose(case, moderator, SUSPEND, later())
        monkeypatch.setattr(joining, "admit", lambda *_, **__: 1 / 0)
        assert sanctions.end_due(later(2)) == 1
        broken.refresh_from_db()
        other.refresh_from_db()
        assert broken.ended_at is None
        assert other.ended_at is not None


class TestWhatACoordinatorDidMeanwhile:
    def test_who_was_let_back_in_has_no_sanction_running(
        self, case: Case, moderator: Account, coordinator: Account, a_client: Account, room: Room
    ) -> None:
        sanction = impose(case, moderator, REMOVE, later())
        joining.admit(a_client, room, actor=coordinator)
        assert sanctions.end_due() == 1
        sanction.refresh_from_db()
        assert sanction.ended_at is not None

    def test_who_was_removed_again_by_a_coordinator_stays_out(
        self, case: Case, moderator: Account, coordinator: Account, a_client: Account, room: Room
    ) -> None:
        sanction = impose(case, moderator, REMOVE, later())
        joining.admit(a_client, room, actor=coordinator)
        joining.remove(a_client, room, actor=coordinator)
        over(sanction)
        assert refused(lambda: standing(a_client.pk, room.pk)) == "not_found"

    def test_who_was_brought_back_and_suspended_by_a_coordinator_stays_suspended(
        self, case: Case, moderator: Account, coordinator: Account, a_client: Account
    ) -> None:
        sanction = impose(case, moderator, SUSPEND, later())
        people.bring_back(a_client, by=coordinator)
        sanctions.end_due()
        people.suspend(a_client, by=coordinator, why="Something else.")
        over(sanction)
        a_client.refresh_from_db()
        assert not a_client.is_active

    def test_when_it_ends_by_itself_is_told_of_those_that_do(
        self, case: Case, moderator: Account, a_client: Account
    ) -> None:
        assert sanctions.suspended_until([a_client.pk]) == {}
        sanction = impose(case, moderator, SUSPEND, later(48))
        assert sanctions.suspended_until([a_client.pk]) == {a_client.pk: sanction.until}
        Sanction.objects.update(until=None)
        assert sanctions.suspended_until([a_client.pk]) == {}
        Sanction.objects.update(until=sanction.until)
        sanctions.lift(sanction, moderator, "Enough.")
        assert sanctions.suspended_until([a_client.pk]) == {}


class TestTheWayBackIn:
    @pytest.fixture
    def suspended(self, case: Case, moderator: Account) -> Sanction:
        return impose(case, moderator, SUSPEND, later(48))

    def path(self, sanction: Sanction) -> str:
        return f"/access/{outside.token_of(sanction)}/"

    def test_an_e_mail_says_that_something_changed_and_nothing_else(
        self,
        case: Case,
        moderator: Account,
        a_client: Account,
        django_capture_on_commit_callbacks: Callable[..., object],
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            impose(case, moderator, SUSPEND, later())
        [letter] = letters_sent()
        assert "/access/" in letter
        for word in (REASON, "suspend", "sanction", "moderator", "Anxiety", a_client.name, "Heron", "Peerchat"):
            assert word.lower() not in letter.lower()

    def test_a_mute_sends_no_e_mail(
        self, case: Case, moderator: Account, django_capture_on_commit_callbacks: Callable[..., object]
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            impose(case, moderator, MUTE, later())
        assert letters_sent() == []

    def test_the_page_shows_reason_end_help_and_how_to_appeal_without_signing_in(
        self, client: Client, suspended: Sanction
    ) -> None:
        page = client.get(self.path(suspended))
        text = page.content.decode()
        assert page.status_code == 200
        for words in (REASON, "Your account is closed for now", "988", "Do you see it differently?"):
            assert words in text
        for words in ("Hollis", "Achterberg", "Ines", "Steady River"):
            assert words not in text
        assert page.headers["Cache-Control"] == "no-store"

    def test_the_link_opens_this_page_and_nothing_else(self, client: Client, suspended: Sanction) -> None:
        client.get(self.path(suspended))
        assert client.get("/").status_code == 302
        assert client.get("/cards/all/").status_code == 302

    @pytest.mark.parametrize(
        "change", [lambda token: token[:-2] + "xx", lambda token: "x", lambda token: token.upper()]
    )
    def test_a_forged_link_opens_nothing(
        self, client: Client, suspended: Sanction, change: Callable[[str], str]
    ) -> None:
        page = client.get(f"/access/{change(outside.token_of(suspended))}/")
        assert page.status_code == 404
        assert REASON not in page.content.decode()

    def test_a_link_that_is_too_old_opens_nothing(
        self, client: Client, suspended: Sanction, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = self.path(suspended)
        monkeypatch.setattr(outside, "LINK_DAYS", -1)
        assert client.get(path).status_code == 404

    def test_afterwards_the_page_says_that_it_is_over(
        self, client: Client, suspended: Sanction, moderator: Account
    ) -> None:
        with transaction.atomic():
            sanctions.lift(suspended, moderator, "enough")
        text = client.get(self.path(suspended)).content.decode()
        assert "Your account is open again" in text
        assert "Do you see it differently?" not in text
