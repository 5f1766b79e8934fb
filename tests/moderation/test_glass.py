"""Break-glass: asked for with a reason, agreed to by somebody else, open for a while, and every look recorded."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account, Role, Session
from moderation import cases, glass, intake, looking
from moderation.models import Act, Case, Category, Glass, Severity
from moderation.refusals import Refused
from rooms import posting
from rooms.access import Seat
from rooms.models import Room
from tests.moderation.matters import claimed, flagged, said
from tests.people import PASSWORD, both_stores, make, seated, signed_in
from vault import trail

pytestmark = both_stores

WHY = "They answered a message that is further up."


@pytest.fixture
def talk(heron: Seat, river: Seat) -> list[str]:
    """Sixty messages; number 31 is the one that is flagged."""
    return [said((heron, river)[number % 2], f"message {number:02}") for number in range(1, 61)]


@pytest.fixture
def case(talk: list[str], heron: Seat, moderator: Account) -> Case:
    return claimed(flagged(heron, talk[30]), moderator)


@pytest.fixture
def case_about_heron(heron: Seat, river: Seat, moderator: Account) -> Case:
    return claimed(flagged(river, said(heron, "Nobody here ever listens.")), moderator)


def refused(door: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        door()
    return no.value.reason


def entries(since: int) -> list[tuple[str, str, str]]:
    """Who did what to what, since then."""
    return [(entry.actor, entry.act, entry.subject) for entry in trail.last(1000) if entry.position > since]


def position() -> int:
    return trail.last(1)[0].position


def over(found: Glass) -> Glass:
    """Its 15 minutes are up."""
    Glass.objects.filter(pk=found.pk).update(open_until=timezone.now() - timedelta(seconds=1))
    found.refresh_from_db()
    return found


class TestMoreOfTheConversation:
    def test_it_opens_at_once_and_for_fifteen_minutes(self, case: Case, moderator: Account) -> None:
        opened = glass.ask_context(case.pk, moderator, WHY)
        assert opened.is_open
        assert opened.open_until is not None
        assert timedelta(minutes=14) < opened.open_until - timezone.now() <= timedelta(minutes=15)

    def test_only_who_holds_the_claim_may_ask(self, case: Case, another_moderator: Account, clinician: Account) -> None:
        assert refused(lambda: glass.ask_context(case.pk, another_moderator, WHY)) == "not_held"
        assert refused(lambda: glass.ask_context(case.pk, clinician, WHY)) == "not_found"
        assert not Glass.objects.exists()

    @pytest.mark.parametrize(
        ("reason", "expected"), [("x" * 19, "short"), (f"{'x' * 19}   \n", "short"), ("x" * 1001, "too_long")]
    )
    def test_a_reason_that_is_too_short_or_too_long_opens_nothing(
        self, case: Case, moderator: Account, reason: str, expected: str
    ) -> None:
        before = position()
        assert refused(lambda: glass.ask_context(case.pk, moderator, reason)) == expected
        assert not Glass.objects.exists()
        assert entries(before) == []
        assert glass.ask_context(case.pk, moderator, "x" * 20).is_open

    def test_asking_again_while_it_is_open_is_the_same_glass(self, case: Case, moderator: Account) -> None:
        before = position()
        first = glass.ask_context(case.pk, moderator, WHY)
        assert glass.ask_context(case.pk, moderator, "Another reason, long enough.") == first
        assert entries(before) == [(f"account:{moderator.pk}", "case.glass_context", f"case:{case.pk}")]

    def test_when_it_is_over_it_is_asked_for_anew(self, case: Case, moderator: Account) -> None:
        first = over(glass.ask_context(case.pk, moderator, WHY))
        assert glass.ask_context(case.pk, moderator, WHY) != first

    def test_the_reason_is_sealed_in_the_row_and_on_the_trail(self, case: Case, moderator: Account) -> None:
        opened = glass.ask_context(case.pk, moderator, WHY)
        entry = trail.last(1)[0]
        assert WHY.encode() not in bytes(opened.reason) + bytes(entry.why)
        assert glass.reason_of(opened) == trail.why(entry) == WHY
        assert Act.objects.get(kind="glass_context").target == opened.pk

    def test_it_shows_the_room_around_what_was_flagged(self, case: Case, moderator: Account, talk: list[str]) -> None:
        page = looking.more_context(glass.ask_context(case.pk, moderator, WHY), moderator)
        assert [message.body for message in page.messages] == [f"message {number:02}" for number in range(22, 42)]
        assert page.flagged == {talk[30]}
        assert {message.author.pseudonym for message in page.messages} == {"Quiet Heron", "Steady River"}

    def test_paging_both_ways_meets_every_message_once(self, case: Case, moderator: Account) -> None:
        opened = glass.ask_context(case.pk, moderator, WHY)
        first = looking.more_context(opened, moderator)
        seen = [message.body for message in first.messages]
        before, after = first.before, first.after
        while before is not None:
            page = looking.more_context(opened, moderator, before=before)
            seen, before = [*(message.body for message in page.messages), *seen], page.before
        while after is not None:
            page = looking.more_context(opened, moderator, after=after)
            seen, after = [*seen, *(message.body for message in page.messages)], page.after
        assert seen == [f"message {number:02}" for number in range(1, 61)]

    def test_a_page_back_leads_forward_to_where_one_was(self, case: Case, moderator: Account) -> None:
        opened = glass.ask_context(case.pk, moderator, WHY)
        first = looking.more_context(opened, moderator)
        older = looking.more_context(opened, moderator, before=first.before)
        newer = looking.more_context(opened, moderator, after=older.after)
        assert newer.messages[0].id == first.messages[0].id
        again = looking.more_context(opened, moderator, before=newer.before)
        assert [each.id for each in again.messages] == [each.id for each in older.messages]

    def test_each_page_is_a_look_on_the_trail_and_is_counted(self, case: Case, moderator: Account) -> None:
        opened, before = glass.ask_context(case.pk, moderator, WHY), position()
        page = looking.more_context(opened, moderator)
        looking.more_context(opened, moderator, before=page.before)
        assert entries(before) == [(f"account:{moderator.pk}", "case.looked.context", f"case:{case.pk}")] * 2
        opened.refresh_from_db()
        assert opened.looks == 2

    def test_it_costs_as_many_queries_however_long_the_page_is(
        self,
        case: Case,
        case_about_heron: Case,
        moderator: Account,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        opened = glass.ask_context(case.pk, moderator, WHY)
        with django_assert_max_num_queries(24):
            looking.more_context(opened, moderator)

    def test_nobody_else_looks_through_it(self, case: Case, moderator: Account, another_moderator: Account) -> None:
        opened, before = glass.ask_context(case.pk, moderator, WHY), position()
        assert refused(lambda: looking.more_context(opened, another_moderator)) == "not_found"
        assert refused(lambda: looking.identity(opened, moderator)) == "not_found"
        assert entries(before) == []

    def test_after_its_time_nothing_is_shown(self, case: Case, moderator: Account) -> None:
        opened = over(glass.ask_context(case.pk, moderator, WHY))
        before = position()
        assert refused(lambda: looking.more_context(opened, moderator)) == "too_late"
        assert entries(before) == []

    def test_it_closes_with_the_case(self, case: Case, moderator: Account) -> None:
        opened = glass.ask_context(case.pk, moderator, WHY)
        cases.resolve(case.pk, moderator, Case.Outcome.NOTHING)
        assert refused(lambda: looking.more_context(opened, moderator)) == "too_late"

    def test_it_closes_when_somebody_else_takes_the_case(
        self, case: Case, moderator: Account, another_moderator: Account
    ) -> None:
        opened = glass.ask_context(case.pk, moderator, WHY)
        cases.hand_back(case.pk, moderator)
        looking.more_context(opened, moderator)
        cases.claim(case.pk, another_moderator)
        assert refused(lambda: looking.more_context(opened, moderator)) == "too_late"

    def test_who_is_no_moderator_any_more_sees_nothing(self, case: Case, moderator: Account) -> None:
        opened = glass.ask_context(case.pk, moderator, WHY)
        moderator.role = Role.MENTOR
        assert refused(lambda: looking.more_context(opened, moderator)) == "not_found"

    def test_what_somebody_took_back_is_not_shown(
        self, case: Case, moderator: Account, talk: list[str], heron: Seat
    ) -> None:
        posting.redact(heron, id=talk[31])  # theirs are those with even numbers
        page = looking.more_context(glass.ask_context(case.pk, moderator, WHY), moderator)
        gone = [message for message in page.messages if message.redacted]
        assert [message.body for message in gone] == [None]

    def test_a_flagged_member_shows_what_the_room_had_last(self, heron: Seat, river: Seat, moderator: Account) -> None:
        said(heron, "before the flag")
        flag = intake.flag(
            river.account_id, room_id=river.room_id, member=heron.face.id, category=Category.HARASSMENT, words="Always."
        )
        said(heron, "after the flag")
        claimed(flag.case, moderator)
        page = looking.more_context(glass.ask_context(flag.case_id, moderator, WHY), moderator)
        assert [message.body for message in page.messages] == ["before the flag", "after the flag"]
        assert page.flagged == frozenset()


class TestIdentity:
    def test_it_stays_closed_until_somebody_else_agreed(
        self, case_about_heron: Case, moderator: Account, another_moderator: Account
    ) -> None:
        asked = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        assert asked.state == Glass.State.WAITING
        assert refused(lambda: looking.identity(asked, moderator)) == "too_late"
        asked = glass.agree(asked.pk, another_moderator)
        person = looking.identity(asked, moderator)
        assert (person.name, person.email) == ("Ines Valdovinos", "ines@people.example")

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.CLINICIAN, Role.COORDINATOR])
    def test_a_colleague_may_be_the_second_person(self, case_about_heron: Case, moderator: Account, role: Role) -> None:
        asked = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        assert glass.agree(asked.pk, make(role)).is_open

    @pytest.mark.parametrize("role", [Role.CLIENT, Role.MENTOR])
    def test_nobody_else_may(self, case_about_heron: Case, moderator: Account, role: Role) -> None:
        asked = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        for door in (glass.agree, glass.refuse):
            assert refused(partial(door, asked.pk, make(role))) == "not_found"
        assert glass.waiting_for_second(make(role)) == []

    def test_nobody_agrees_with_themselves(self, case_about_heron: Case, moderator: Account) -> None:
        asked = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        assert refused(lambda: glass.agree(asked.pk, moderator)) == "second"
        assert glass.waiting_for_second(moderator) == []

    def test_nobody_agrees_in_a_matter_about_themselves(
        self, room: Room, river: Seat, moderator: Account, clinician: Account
    ) -> None:
        about = seated(clinician, room, "Silver Birch")
        case = claimed(flagged(river, said(about, "Do not be so sensitive.")), moderator)
        asked = glass.ask_identity(case.pk, moderator, WHY)
        assert refused(lambda: glass.agree(asked.pk, clinician)) == "not_found"
        assert glass.waiting_for_second(clinician) == []

    def test_only_who_asked_may_look(
        self, case_about_heron: Case, moderator: Account, another_moderator: Account, coordinator: Account
    ) -> None:
        asked = glass.agree(glass.ask_identity(case_about_heron.pk, moderator, WHY).pk, another_moderator)
        before = position()
        for somebody in (another_moderator, coordinator):
            assert refused(partial(looking.identity, asked, somebody)) == "not_found"
        assert entries(before) == []

    def test_every_look_is_recorded_and_counted(
        self, case_about_heron: Case, moderator: Account, another_moderator: Account
    ) -> None:
        asked = glass.agree(glass.ask_identity(case_about_heron.pk, moderator, WHY).pk, another_moderator)
        before = position()
        for _ in range(3):
            looking.identity(asked, moderator)
        assert (
            entries(before) == [(f"account:{moderator.pk}", "case.looked.identity", f"case:{case_about_heron.pk}")] * 3
        )
        asked.refresh_from_db()
        assert asked.looks == 3

    def test_asking_agreeing_and_refusing_are_on_the_trail(
        self, case_about_heron: Case, moderator: Account, another_moderator: Account, clinician: Account
    ) -> None:
        before, subject = position(), f"case:{case_about_heron.pk}"
        first = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        glass.refuse(first.pk, another_moderator)
        glass.agree(glass.ask_identity(case_about_heron.pk, moderator, WHY).pk, clinician)
        assert entries(before) == [
            (f"account:{moderator.pk}", "case.glass_identity", subject),
            (f"account:{another_moderator.pk}", "case.glass_refuse", subject),
            (f"account:{moderator.pk}", "case.glass_identity", subject),
            (f"account:{clinician.pk}", "case.glass_agree", subject),
        ]

    def test_it_is_answered_once(
        self, case_about_heron: Case, moderator: Account, another_moderator: Account, coordinator: Account
    ) -> None:
        asked = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        glass.refuse(asked.pk, another_moderator)
        assert refused(lambda: glass.agree(asked.pk, coordinator)) == "done"
        asked.refresh_from_db()
        assert refused(lambda: looking.identity(asked, moderator)) == "too_late"
        assert glass.waiting_for_second(coordinator) == []

    def test_it_closes_after_fifteen_minutes(
        self, case_about_heron: Case, moderator: Account, another_moderator: Account
    ) -> None:
        asked = over(glass.agree(glass.ask_identity(case_about_heron.pk, moderator, WHY).pk, another_moderator))
        assert refused(lambda: looking.identity(asked, moderator)) == "too_late"

    def test_a_request_that_nobody_answered_in_a_day_is_over(
        self, case_about_heron: Case, moderator: Account, another_moderator: Account
    ) -> None:
        asked = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        Glass.objects.update(asked_at=timezone.now() - timedelta(hours=24, seconds=1))
        assert glass.waiting_for_second(another_moderator) == []
        assert refused(lambda: glass.agree(asked.pk, another_moderator)) == "too_late"

    def test_a_request_ends_with_its_case(
        self, case_about_heron: Case, moderator: Account, another_moderator: Account
    ) -> None:
        asked = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        cases.resolve(case_about_heron.pk, moderator, Case.Outcome.TALKED)
        assert glass.waiting_for_second(another_moderator) == []
        assert refused(lambda: glass.agree(asked.pk, another_moderator)) == "too_late"

    def test_asking_twice_is_one_request(self, case_about_heron: Case, moderator: Account) -> None:
        first = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        assert glass.ask_identity(case_about_heron.pk, moderator, WHY) == first

    def test_the_second_person_is_told_who_why_and_what_kind_and_nothing_else(
        self, case_about_heron: Case, moderator: Account, coordinator: Account
    ) -> None:
        asked = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        request = glass.waiting_for_second(coordinator)[0]
        assert (request.id, request.by, request.reason, request.category) == (
            asked.pk,
            "Hollis Achterberg",
            WHY,
            "Harassment",
        )
        page = signed_in(coordinator).get("/moderation/glass/").content.decode()
        assert WHY in page
        for secret in ("ever listens", "Quiet Heron", "Ines", "ines@", "Anxiety group"):
            assert secret not in page

    def test_the_list_costs_one_query_however_many_ask(
        self,
        heron: Seat,
        river: Seat,
        moderator: Account,
        coordinator: Account,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for seat, other in ((heron, river), (river, heron)):
            case = claimed(flagged(other, said(seat, "Nobody here ever listens.")), moderator)
            glass.ask_identity(case.pk, moderator, WHY)
        with django_assert_max_num_queries(1):
            assert len(glass.waiting_for_second(coordinator)) == 2

    @pytest.mark.parametrize(
        ("path", "role"),
        [
            ("/moderation/", Role.MODERATOR),
            ("/moderation/rows/", Role.MODERATOR),
            ("/moderation/handovers/", Role.CLINICIAN),
            ("/moderation/review/", Role.COORDINATOR),
        ],
    )
    def test_colleagues_hear_of_it_where_they_work(
        self, case_about_heron: Case, moderator: Account, path: str, role: Role
    ) -> None:
        browser, says = signed_in(make(role)), "A colleague asks for a second person"
        assert says not in browser.get(path).content.decode()
        glass.ask_identity(case_about_heron.pk, moderator, WHY)
        assert says in browser.get(path).content.decode()
        assert "asks for a second person" not in signed_in(moderator).get("/moderation/").content.decode()


class TestCrisisHandOver:
    @pytest.fixture
    def handed_over(self, heron: Seat, river: Seat, moderator: Account) -> Case:
        case = claimed(flagged(river, said(heron, "It rained all day."), category=Category.SUICIDE), moderator)
        cases.hand_over(case.pk, moderator, None, "Please call them.")
        return case

    def test_who_took_it_sees_who_it_is_without_a_second_person(self, handed_over: Case, clinician: Account) -> None:
        cases.acknowledge(handed_over.pk, clinician)
        before = position()
        person = looking.identity_for_handover(handed_over.pk, clinician)
        assert (person.name, person.email) == ("Ines Valdovinos", "ines@people.example")
        assert entries(before) == [(f"account:{clinician.pk}", "case.looked.identity", f"case:{handed_over.pk}")]

    def test_before_it_is_taken_nobody_does(self, handed_over: Case, clinician: Account, moderator: Account) -> None:
        before = position()
        for somebody in (clinician, moderator):
            assert refused(partial(looking.identity_for_handover, handed_over.pk, somebody)) == "not_found"
        assert entries(before) == []

    def test_another_clinician_and_the_moderator_do_not(
        self, handed_over: Case, clinician: Account, moderator: Account, coordinator: Account
    ) -> None:
        cases.acknowledge(handed_over.pk, clinician)
        for somebody in (make(Role.CLINICIAN), moderator, coordinator):
            assert refused(partial(looking.identity_for_handover, handed_over.pk, somebody)) == "not_found"

    def test_it_closes_when_it_is_handed_back(self, handed_over: Case, clinician: Account) -> None:
        cases.acknowledge(handed_over.pk, clinician)
        looking.identity_for_handover(handed_over.pk, clinician)
        cases.hand_back(handed_over.pk, clinician)
        assert refused(lambda: looking.identity_for_handover(handed_over.pk, clinician)) == "not_found"
        assert Glass.objects.get().state == Glass.State.CLOSED

    def test_it_closes_with_the_case(self, handed_over: Case, clinician: Account) -> None:
        cases.acknowledge(handed_over.pk, clinician)
        cases.resolve(handed_over.pk, clinician, Case.Outcome.CARE)
        assert refused(lambda: looking.identity_for_handover(handed_over.pk, clinician)) == "not_found"

    def test_what_is_no_crisis_needs_a_second_person(
        self, heron: Seat, river: Seat, moderator: Account, clinician: Account, coordinator: Account
    ) -> None:
        case = claimed(flagged(river, said(heron, "Nobody here ever listens.")), moderator)
        assert case.severity != Severity.CRISIS
        cases.hand_over(case.pk, moderator)
        cases.acknowledge(case.pk, clinician)
        assert refused(lambda: looking.identity_for_handover(case.pk, clinician)) == "not_found"
        asked = glass.agree(glass.ask_identity(case.pk, clinician, WHY).pk, coordinator)
        assert looking.identity(asked, clinician).name == "Ines Valdovinos"

    def test_its_looks_are_one_row_for_the_review(self, handed_over: Case, clinician: Account) -> None:
        cases.acknowledge(handed_over.pk, clinician)
        for _ in range(2):
            looking.identity_for_handover(handed_over.pk, clinician)
        row = Glass.objects.get()
        assert (row.for_handover, row.looks, row.by, row.second) == (True, 2, clinician, None)

    def test_a_second_hand_over_is_a_second_row(
        self, handed_over: Case, clinician: Account, moderator: Account
    ) -> None:
        for _ in range(2):
            cases.acknowledge(handed_over.pk, clinician)
            looking.identity_for_handover(handed_over.pk, clinician)
            cases.hand_back(handed_over.pk, clinician)
            cases.claim(handed_over.pk, moderator)
            cases.hand_over(handed_over.pk, moderator)
        assert Glass.objects.filter(for_handover=True).count() == 2

    def test_the_clinician_may_read_more_of_the_conversation_too(self, handed_over: Case, clinician: Account) -> None:
        assert refused(lambda: glass.ask_context(handed_over.pk, clinician, WHY)) == "not_held"
        cases.acknowledge(handed_over.pk, clinician)
        opened = glass.ask_context(handed_over.pk, clinician, WHY)
        assert looking.more_context(opened, clinician).messages


class TestPages:
    @pytest.fixture
    def browser(self, moderator: Account) -> Client:
        return signed_in(moderator)

    @staticmethod
    def confirm(browser: Client, back: str) -> None:
        response = browser.post("/account/reauthenticate/", {"password": PASSWORD, "next": back})
        assert response.headers["Location"] == back

    @pytest.mark.parametrize("kind", ["context", "identity"])
    def test_one_is_asked_who_one_is_before_anything_is_typed(self, case: Case, browser: Client, kind: str) -> None:
        path = f"/moderation/cases/{case.pk}/glass/{kind}/"
        response = browser.get(path)
        assert (response.status_code, response.headers["Location"]) == (
            302,
            f"/account/reauthenticate/?next={path.replace('/', '%2F')}",
        )
        self.confirm(browser, path)
        page = browser.get(path)
        assert page.status_code == 200
        assert "Why do you need it?" in page.content.decode()

    @pytest.mark.parametrize("kind", ["context", "identity"])
    def test_a_reason_sent_too_late_comes_back_after_one_was_asked(
        self, case: Case, browser: Client, kind: str
    ) -> None:
        path = f"/moderation/cases/{case.pk}/glass/{kind}/"
        response = browser.post(path, {"reason": WHY})
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/account/reauthenticate/?next=")
        assert "answered" not in response.headers["Location"]
        assert not Glass.objects.exists()
        assert WHY.encode() not in bytes(Session.objects.get().sealed_data)
        self.confirm(browser, path)
        assert WHY in browser.get(path).content.decode()
        assert WHY not in browser.get(path).content.decode()  # given back once
        assert browser.post(path, {"reason": WHY}).status_code == 302
        assert Glass.objects.get().kind == kind

    def test_it_is_asked_again_after_five_minutes(
        self, case: Case, browser: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = f"/moderation/cases/{case.pk}/glass/context/"
        self.confirm(browser, path)
        assert browser.get(path).status_code == 200
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 301)
        assert browser.get(path).status_code == 302
        assert browser.post(path, {"reason": WHY}).status_code == 302
        assert not Glass.objects.exists()

    def test_opening_reading_and_turning_the_page(self, case: Case, browser: Client) -> None:
        path = f"/moderation/cases/{case.pk}/glass/context/"
        self.confirm(browser, path)
        assert browser.post(path, {"reason": WHY}).headers["Location"] == path
        page = browser.get(path).content.decode()
        assert "message 31" in page
        assert "message 21" not in page
        assert "message 21" in browser.get(f"{path}?before=22").content.decode()
        assert Glass.objects.get().looks == 2

    def test_a_page_number_that_is_none_shows_the_first_page(
        self, case: Case, browser: Client, moderator: Account
    ) -> None:
        glass.ask_context(case.pk, moderator, WHY)
        path = f"/moderation/cases/{case.pk}/glass/context/"
        for number in ("x", "-1", "9" * 30, "٣"):
            assert "message 31" in browser.get(path, {"before": number}).content.decode()

    def test_a_short_reason_stays_in_the_form(self, case: Case, browser: Client) -> None:
        path = f"/moderation/cases/{case.pk}/glass/context/"
        self.confirm(browser, path)
        response = browser.post(path, {"reason": "Because I say"})
        assert response.status_code == 422
        assert "Because I say" in response.content.decode()

    def test_who_has_no_claim_is_told_so(self, case: Case, another_moderator: Account) -> None:
        page = signed_in(another_moderator).get(f"/moderation/cases/{case.pk}/glass/identity/")
        assert page.status_code == 200
        assert "Claim this case first." in page.content.decode()
        assert "<textarea" not in page.content.decode()

    def test_a_claim_that_ran_out_while_one_typed_is_said_and_keeps_the_words(
        self, case: Case, browser: Client
    ) -> None:
        path = f"/moderation/cases/{case.pk}/glass/identity/"
        self.confirm(browser, path)
        Case.objects.update(held_until=timezone.now() - timedelta(seconds=1))
        response = browser.post(path, {"reason": WHY})
        assert response.status_code == 409
        assert WHY in response.content.decode()
        assert "Claim this case first." in response.content.decode()

    def test_from_asking_to_seeing_who_it_is(
        self, case_about_heron: Case, browser: Client, another_moderator: Account
    ) -> None:
        path = f"/moderation/cases/{case_about_heron.pk}/glass/identity/"
        self.confirm(browser, path)
        browser.post(path, {"reason": WHY})
        assert "Waiting for a second person" in browser.get(path).content.decode()
        asked = Glass.objects.get()

        second = signed_in(another_moderator)
        answer = f"/moderation/glass/{asked.pk}/agree/"
        assert second.get(answer).status_code == 302
        assert second.post(answer).status_code == 302
        assert Glass.objects.get().second is None  # an open screen is not enough
        self.confirm(second, answer)
        assert WHY in second.get(answer).content.decode()
        assert second.post(answer).headers["Location"] == "/moderation/glass/"

        page = browser.get(path).content.decode()
        assert "Bertrand Okafor agreed" in page
        assert "Ines Valdovinos" not in page
        shown = browser.post(path, {"show": "1"}).content.decode()
        assert "Ines Valdovinos" in shown
        assert "ines@people.example" in shown
        assert Glass.objects.get().looks == 1

    def test_a_no_is_told_and_opens_nothing(
        self, case_about_heron: Case, browser: Client, moderator: Account, another_moderator: Account
    ) -> None:
        asked = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        assert signed_in(another_moderator).post(f"/moderation/glass/{asked.pk}/refuse/").status_code == 302
        path = f"/moderation/cases/{case_about_heron.pk}/glass/identity/"
        assert browser.post(path, {"show": "1"}).status_code == 302
        self.confirm(browser, path)
        assert "Bertrand Okafor did not agree" in browser.get(path).content.decode()

    def test_a_request_that_was_answered_meanwhile_is_said_so(
        self, case_about_heron: Case, moderator: Account, another_moderator: Account, coordinator: Account
    ) -> None:
        asked = glass.ask_identity(case_about_heron.pk, moderator, WHY)
        browser, answer = signed_in(coordinator), f"/moderation/glass/{asked.pk}/agree/"
        self.confirm(browser, answer)
        glass.refuse(asked.pk, another_moderator)
        page = browser.post(answer, follow=True).content.decode()
        assert "This was done before." in page
        assert browser.get(answer).status_code == 404
