"""Hand-overs as a clinician sees them: what waits, what they took, what they do with it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account, Role
from moderation import cases, glass, handovers, letters
from moderation.models import Case, Category, Glass, Letter, Note, Severity
from moderation.refusals import Refused
from rooms.access import Seat
from rooms.models import Room
from tests.moderation.matters import claimed, flagged, said
from tests.people import both_stores, make, seated, signed_in
from vault import trail

pytestmark = both_stores

LIST = "/moderation/handovers/"


@pytest.fixture
def crisis(heron: Seat, river: Seat, moderator: Account) -> Case:
    """Handed over to any clinician."""
    said(river, "Good evening, all.")
    case = flagged(river, said(heron, "It rained all day."), category=Category.SUICIDE, words="Please look.")
    claimed(case, moderator)
    cases.hand_over(case.pk, moderator, None, "She sounds calm, and that worries me.")
    return case


@pytest.fixture
def taken(crisis: Case, clinician: Account) -> Case:
    return cases.acknowledge(crisis.pk, clinician)


@pytest.fixture
def browser(clinician: Account) -> Client:
    return signed_in(clinician)


def handed_over(flagger: Seat, author: Seat, by: Account, to: Account | None = None) -> Case:
    case = claimed(flagged(flagger, said(author, "Nobody here ever listens.")), by)
    cases.hand_over(case.pk, by, to)
    return case


def acts(since: int) -> list[tuple[str, str]]:
    return [(entry.actor, entry.act) for entry in trail.last(1000) if entry.position > since]


def position() -> int:
    return trail.last(1)[0].position


class TestList:
    def test_it_says_what_waits_from_whom_and_how_long_there_is(self, crisis: Case, clinician: Account) -> None:
        (line,) = handovers.waiting_for(clinician)
        assert (line.id, line.category, line.severity, line.handed_by, line.room) == (
            crisis.pk,
            "Suicide or self-harm",
            Severity.CRISIS,
            "Hollis Achterberg",
            "Anxiety group",
        )
        assert (line.clock, line.late, line.acknowledged_at) == ("4 min left", False, None)

    def test_a_clock_that_ran_out_says_by_how_much(self, crisis: Case, clinician: Account) -> None:
        Case.objects.update(due_at=timezone.now() - timedelta(minutes=3, seconds=5))
        (line,) = handovers.waiting_for(clinician)
        assert (line.clock, line.late) == ("late by 3 min", True)
        assert "late by 3 min" in signed_in(clinician).get(LIST).content.decode()

    def test_a_crisis_stands_first_however_late_the_others_are(
        self, crisis: Case, heron: Seat, river: Seat, moderator: Account, clinician: Account
    ) -> None:
        other = handed_over(heron, river, moderator)
        Case.objects.filter(pk=other.pk).update(due_at=timezone.now() - timedelta(days=1))
        assert [line.id for line in handovers.waiting_for(clinician)] == [crisis.pk, other.pk]

    def test_one_to_a_colleague_by_name_is_theirs_alone(
        self, heron: Seat, river: Seat, moderator: Account, clinician: Account
    ) -> None:
        colleague = make(Role.CLINICIAN)
        case = handed_over(heron, river, moderator, colleague)
        assert handovers.waiting_for(clinician) == []
        assert [(line.id, line.to_you) for line in handovers.waiting_for(colleague)] == [(case.pk, True)]
        assert signed_in(clinician).get(f"{LIST}{case.pk}/").status_code == 404
        assert signed_in(clinician).post(f"{LIST}{case.pk}/take/").status_code == 404

    def test_what_one_took_stands_apart_and_colleagues_see_it_no_more(self, taken: Case, clinician: Account) -> None:
        assert handovers.waiting_for(clinician) == []
        assert [line.id for line in handovers.taken_by(clinician)] == [taken.pk]
        colleague = make(Role.CLINICIAN)
        assert handovers.waiting_for(colleague) == handovers.taken_by(colleague) == []

    def test_it_holds_no_content_and_leaves_no_trace(self, crisis: Case, browser: Client) -> None:
        before = position()
        page = browser.get(LIST).content.decode()
        for secret in ("rained all day", "Please look", "sounds calm", "Quiet Heron", "Ines"):
            assert secret not in page
        assert acts(before) == []

    def test_an_empty_list_says_so(self, browser: Client) -> None:
        assert "Nothing is waiting" in browser.get(LIST).content.decode()

    def test_it_costs_as_many_queries_however_many_wait(
        self,
        room: Room,
        heron: Seat,
        moderator: Account,
        clinician: Account,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for number in range(4):
            handed_over(heron, seated(make(Role.CLIENT), room, f"Pine {'abcd'[number] * 3}"), moderator)
        with django_assert_max_num_queries(2):
            assert len(handovers.waiting_for(clinician)) == 4


class TestTaking:
    def test_it_is_by_name_and_opens_the_page(self, crisis: Case, browser: Client, clinician: Account) -> None:
        response = browser.post(f"{LIST}{crisis.pk}/take/")
        assert response.headers["Location"] == f"{LIST}{crisis.pk}/"
        crisis.refresh_from_db()
        assert crisis.acknowledged_by == clinician

    def test_who_was_slower_is_told_who_has_it(self, taken: Case) -> None:
        page = signed_in(make(Role.CLINICIAN)).post(f"{LIST}{taken.pk}/take/", follow=True).content.decode()
        assert "Dr. Priya Raghunathan has taken this hand-over." in page

    def test_before_it_nothing_of_what_was_written_shows(self, crisis: Case, browser: Client) -> None:
        before = position()
        page = browser.get(f"{LIST}{crisis.pk}/").content.decode()
        assert "I take this" in page
        for secret in ("rained all day", "Please look", "sounds calm", "Quiet Heron", "Ines"):
            assert secret not in page
        assert acts(before) == []

    def test_before_it_nothing_can_be_done(self, crisis: Case, browser: Client) -> None:
        assert browser.post(f"{LIST}{crisis.pk}/contact/").status_code == 404
        response = browser.post(f"{LIST}{crisis.pk}/act/letter/", {"text": "Hello."})
        assert "I take this" in response.content.decode()
        assert not Letter.objects.filter(kind=Letter.Kind.CARE).exists()


class TestPage:
    def test_it_shows_what_was_written_why_and_what_the_moderator_says(self, taken: Case, browser: Client) -> None:
        page = browser.get(f"{LIST}{taken.pk}/").content.decode()
        for fact in (
            "It rained all day.",
            "Good evening, all.",
            "Please look.",
            "She sounds calm, and that worries me.",
            "About <strong>Quiet Heron</strong> in Anxiety group.",
            "Handed over by Hollis Achterberg",
        ):
            assert fact in page
        for secret in ("Ines", "ines@", "Teodor", "Steady River flagged"):
            assert secret not in page

    def test_opening_it_is_one_look_on_the_trail(self, taken: Case, browser: Client, clinician: Account) -> None:
        before = position()
        browser.get(f"{LIST}{taken.pk}/")
        assert acts(before) == [(f"account:{clinician.pk}", "case.looked.evidence")]

    def test_the_contact_shows_at_a_press_and_each_time_is_a_look(
        self, taken: Case, browser: Client, clinician: Account
    ) -> None:
        before = position()
        page = browser.post(f"{LIST}{taken.pk}/contact/").content.decode()
        assert "Ines Valdovinos" in page
        assert "ines@people.example" in page
        assert (f"account:{clinician.pk}", "case.looked.identity") in acts(before)
        assert Glass.objects.get().looks == 1
        assert "Ines Valdovinos" not in browser.get(f"{LIST}{taken.pk}/").content.decode()

    def test_what_is_no_crisis_leads_to_a_second_person(
        self, heron: Seat, river: Seat, moderator: Account, clinician: Account, browser: Client
    ) -> None:
        case = handed_over(river, heron, moderator)
        cases.acknowledge(case.pk, clinician)
        page = browser.get(f"{LIST}{case.pk}/").content.decode()
        assert f"/moderation/cases/{case.pk}/glass/identity/" in page
        assert "/contact/" not in page
        assert browser.post(f"{LIST}{case.pk}/contact/").status_code == 404

    def test_a_letter_reaches_the_person(self, taken: Case, browser: Client, a_client: Account) -> None:
        text = "Dr. Raghunathan, a clinician, will call you in five minutes."
        response = browser.post(f"{LIST}{taken.pk}/act/letter/", {"text": text})
        assert response.headers["Location"] == f"{LIST}{taken.pk}/"
        shown = [each for each in letters.shown_to(a_client) if each.letter.kind == Letter.Kind.CARE]
        assert [each.text for each in shown] == [text]
        assert text in browser.get(f"{LIST}{taken.pk}/").content.decode()

    def test_ready_words_name_who_writes(self, taken: Case, browser: Client, a_client: Account) -> None:
        browser.post(f"{LIST}{taken.pk}/act/letter/", {"ready": "call", "text": ""})
        (sent,) = [each for each in letters.shown_to(a_client) if each.letter.kind == Letter.Kind.CARE]
        assert sent.text == "Dr. Priya Raghunathan, a clinician, has read this and will call you."

    @pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
    def test_an_empty_or_endless_letter_is_not_sent_and_not_lost(self, taken: Case, browser: Client, text: str) -> None:
        response = browser.post(f"{LIST}{taken.pk}/act/letter/", {"text": text})
        assert response.status_code == 422
        assert text in response.content.decode()
        assert not Letter.objects.filter(kind=Letter.Kind.CARE).exists()

    def test_a_letter_is_one_line_on_the_trail_without_its_words(self, taken: Case, clinician: Account) -> None:
        before = position()
        letter = handovers.write(taken.pk, clinician, "I will call you.")
        assert acts(before) == [(f"account:{clinician.pk}", "case.check_in")]
        assert trail.why(trail.last(1)[0]) == ""
        assert b"call you" not in bytes(letter.text or b"")

    def test_a_note_is_for_the_next_colleague(self, taken: Case, browser: Client, clinician: Account) -> None:
        browser.post(f"{LIST}{taken.pk}/act/note/", {"text": "Reached her by phone."})
        assert "Reached her by phone." in browser.get(f"{LIST}{taken.pk}/").content.decode()
        assert Note.objects.filter(by=clinician).count() == 1

    def test_handing_back_leaves_the_words_for_the_moderators(
        self, taken: Case, browser: Client, clinician: Account
    ) -> None:
        response = browser.post(f"{LIST}{taken.pk}/act/hand_back/", {"text": "She is safe. Please go on."})
        assert response.headers["Location"] == LIST
        taken.refresh_from_db()
        assert (taken.state, taken.acknowledged_by) == (Case.State.OPEN, None)
        assert Note.objects.filter(by=clinician).count() == 1
        assert browser.get(f"{LIST}{taken.pk}/").status_code == 404

    def test_handing_back_needs_no_words(self, taken: Case, browser: Client) -> None:
        browser.post(f"{LIST}{taken.pk}/act/hand_back/", {"text": " "})
        taken.refresh_from_db()
        assert taken.state == Case.State.OPEN

    def test_closing_says_what_came_of_it(self, taken: Case, browser: Client, clinician: Account) -> None:
        response = browser.post(f"{LIST}{taken.pk}/act/close/", {"outcome": "care", "text": "With her therapist now."})
        assert response.headers["Location"] == LIST
        taken.refresh_from_db()
        assert (taken.state, taken.outcome, taken.resolved_by) == (Case.State.RESOLVED, "care", clinician)
        assert browser.get(f"{LIST}{taken.pk}/").status_code == 404

    def test_a_form_that_is_none_is_not_found(self, taken: Case, browser: Client) -> None:
        assert browser.post(f"{LIST}{taken.pk}/act/redact/").status_code == 404

    def test_a_colleague_finds_nothing(self, taken: Case) -> None:
        colleague = signed_in(make(Role.CLINICIAN))
        for path in ("", "signs/"):
            assert colleague.get(f"{LIST}{taken.pk}/{path}").status_code == 404
        for path in ("contact/", "act/letter/", "act/close/"):
            assert colleague.post(f"{LIST}{taken.pk}/{path}", {"text": "x", "outcome": "care"}).status_code == 404
        taken.refresh_from_db()
        assert taken.state == Case.State.HANDED_OVER


class TestSigns:
    def test_they_change_with_what_is_new_and_leave_no_trace(
        self, taken: Case, browser: Client, clinician: Account, moderator: Account
    ) -> None:
        def now() -> str:
            return str(browser.get(f"{LIST}{taken.pk}/signs/").json()["signs"])

        first, before = now(), position()
        assert now() == first
        assert acts(before) == []
        cases.note(taken.pk, moderator, "One more thing.")
        second = now()
        handovers.write(taken.pk, clinician, "I will call you.")
        third = now()
        assert len({first, second, third}) == 3
        assert f'data-signs="{third}"' in browser.get(f"{LIST}{taken.pk}/").content.decode()

    def test_they_say_nothing_of_what(self, taken: Case, browser: Client) -> None:
        assert set(browser.get(f"{LIST}{taken.pk}/signs/").json()) == {"signs"}


def test_a_clinician_neither_sees_nor_takes_what_is_about_themselves(
    room: Room, river: Seat, clinician: Account, moderator: Account
) -> None:
    case = handed_over(river, seated(clinician, room, "Silver Birch"), moderator)
    assert handovers.waiting_for(clinician) == []
    with pytest.raises(Refused, match="not_found"):
        cases.acknowledge(case.pk, clinician)


def test_a_request_of_a_clinician_leads_back_to_their_hand_over(taken: Case, clinician: Account) -> None:
    glass.ask_context(taken.pk, clinician, "They answered a message that is further up.")
    page = signed_in(clinician).get(f"/moderation/cases/{taken.pk}/glass/context/").content.decode()
    assert f'href="{LIST}{taken.pk}/"' in page
