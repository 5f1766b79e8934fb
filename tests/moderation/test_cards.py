"""A person's own cards: what they say, whose they are, and that the forms work without a script."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import sessions
from accounts.models import Account, Role
from moderation import acts, cards, cases, letters
from moderation.models import Case, Letter, Sanction
from rooms.access import Seat
from rooms.gates import Allow, Draft, Hold, Verdict
from tests.moderation.matters import claimed, flagged, said
from tests.people import both_stores, make, signed_in

pytestmark = both_stores

SCRIPT = {"X-Cards": "1"}


def hold_knives(draft: Draft) -> Verdict:
    """A gate of this test's own."""
    return Hold("method", lambda: "A person looks first.", keeps=True) if "knife" in draft.body else Allow()


@pytest.fixture
def case(heron: Seat, river: Seat, moderator: Account) -> Case:
    return claimed(flagged(river, said(heron, "You are all so very weak.")), moderator)


@pytest.fixture
def browser(a_client: Account, heron: Seat) -> Client:
    return signed_in(a_client)


@pytest.fixture
def in_crisis(heron: Seat) -> Case:
    said(heron, "I am going to kill myself tonight.")
    return Case.objects.get(account=heron.account_id)


def text_of(browser: Client, path: str = "/cards/") -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return response.content.decode()


class TestTheCrisisCard:
    def test_it_is_there_as_soon_as_the_message_is_stored(self, browser: Client, in_crisis: Case) -> None:
        page = text_of(browser)
        for words in ("You are not alone with this.", "Call 988", "tel:988", "sms:", "A person is being told."):
            assert words in page

    def test_it_says_when_a_moderator_has_seen_it_and_when_a_clinician_is_there(
        self, browser: Client, in_crisis: Case, moderator: Account, clinician: Account
    ) -> None:
        cases.claim(in_crisis.pk, moderator)
        assert "A moderator has seen this" in text_of(browser)
        cases.hand_over(in_crisis.pk, moderator)
        cases.acknowledge(in_crisis.pk, clinician)
        page = text_of(browser)
        assert "A clinician is with you on this." in page
        for name in ("Hollis", "Priya", "Raghunathan"):
            assert name not in page

    def test_it_stays_when_the_case_is_over_until_the_person_puts_it_away(
        self, browser: Client, in_crisis: Case, moderator: Account, a_client: Account
    ) -> None:
        claimed(in_crisis, moderator)
        for flag in in_crisis.flags.filter(is_held=True):
            acts.refuse(in_crisis.pk, moderator, flag.message_id, "We talk about it together.")
        cases.resolve(in_crisis.pk, moderator, Case.Outcome.CARE)
        assert "Somebody has looked after this." in text_of(browser)
        [card] = [card for card in cards.cards_of(a_client) if card.kind == "crisis"]
        browser.post(f"/cards/{card.id}/away/")
        assert "You are not alone with this." not in text_of(browser)

    def test_it_comes_first_whatever_came_later(self, in_crisis: Case, moderator: Account, a_client: Account) -> None:
        letters.write(in_crisis, Letter.Kind.CHECK_IN, moderator, "I am here.")
        assert [card.kind for card in cards.cards_of(a_client)] == ["crisis", "check_in"]

    @pytest.mark.parametrize(
        ("language", "names"), [("en", ["988 Suicide & Crisis Lifeline", "911"]), ("es", ["988 en español", "911"])]
    )
    def test_its_lines_are_few_in_the_readers_language_and_no_number_comes_twice(
        self, settings: Settings, language: str, names: list[str]
    ) -> None:
        settings.COUNTRY = "US"
        with translation.override(language):
            lines = cards.first_lines()
        assert [line.name for line in lines][:2] == names
        assert len(lines) == cards.LINES
        called = [line.tel for line in lines if line.tel]
        assert len(set(called)) == len(called)

    def test_a_programs_own_line_stands_first(self, settings: Settings) -> None:
        settings.PROGRAM_LINE = {"name": "Harbour line", "number": "555 0100", "hours": "always"}
        assert cards.first_lines()[0].name == "Harbour line"

    def test_a_room_page_carries_it_for_the_script_to_show_at_once(self, browser: Client, heron: Seat) -> None:
        page = text_of(browser, f"/rooms/{heron.room_id}/")
        assert '<template data-template="card-crisis">' in page
        assert "Call 988" in page


class TestWhoseTheyAre:
    def test_nobody_sees_the_cards_of_another(
        self, case: Case, moderator: Account, another_client: Account, a_client: Account
    ) -> None:
        letters.write(case, Letter.Kind.WARNING, moderator, "Please be kind.")
        assert "Please be kind." in text_of(signed_in(a_client))
        for other in (another_client, moderator, make(Role.CLIENT)):
            for path in ("/cards/", "/cards/all/", "/"):
                assert "Please be kind." not in text_of(signed_in(other), path)

    @pytest.mark.parametrize("path", ["/cards/", "/cards/all/"])
    def test_who_is_signed_out_is_asked_to_sign_in(self, client: Client, path: str) -> None:
        assert client.get(path).headers["Location"].startswith("/account/login/")

    @pytest.mark.parametrize("verb", ["away", "answer"])
    def test_the_forms_of_another_are_not_found(
        self, case: Case, moderator: Account, another_client: Account, client: Client, verb: str
    ) -> None:
        letter = letters.write(case, Letter.Kind.CHECK_IN, moderator, "How are you?")
        path = f"/cards/{letter.pk}/{verb}/"
        assert signed_in(another_client).post(path, {"words": "Mine now."}).status_code == 404
        assert client.post(path, {"words": "Mine now."}).status_code == 302
        letter.refresh_from_db()
        assert letter.put_away_at is None

    def test_a_locked_screen_shows_none(self, case: Case, moderator: Account, browser: Client) -> None:
        letters.write(case, Letter.Kind.WARNING, moderator, "Please be kind.")
        sessions.lock(browser.cookies["peerchat_session"].value)
        assert "Please be kind." not in browser.get("/account/unlock/").content.decode()
        assert browser.get("/cards/").status_code == 302

    def test_no_card_names_the_flagger_or_the_moderator(
        self, case: Case, moderator: Account, a_client: Account, another_client: Account
    ) -> None:
        for kind in Letter.Kind:
            letters.write(case, kind, moderator, "Some words.")
        acts.sanction(case.pk, moderator, Sanction.Kind.MUTE, "For now.", timezone.now() + timedelta(hours=1))
        page = text_of(signed_in(a_client))
        for name in ("Hollis", "Achterberg", moderator.email, "Steady River", "Teodor"):
            assert name not in page

    def test_every_page_of_a_client_shows_them_and_a_mark_at_the_menu(
        self, case: Case, moderator: Account, browser: Client, heron: Seat
    ) -> None:
        assert "menu__mark" not in text_of(browser, "/")
        letters.write(case, Letter.Kind.WARNING, moderator, "Please be kind.")
        for path in ("/", "/account/", f"/rooms/{heron.room_id}/"):
            page = text_of(browser, path)
            assert "Please be kind." in page
            assert "menu__mark" in page

    def test_a_room_shows_what_is_about_it_and_about_no_other(
        self, case: Case, moderator: Account, browser: Client, heron: Seat
    ) -> None:
        letters.write(case, Letter.Kind.WARNING, moderator, "Please be kind.")
        assert "Please be kind." in text_of(browser, f"/cards/?room={heron.room_id}")
        assert "Please be kind." not in text_of(browser, "/cards/?room=another")


class TestTheForms:
    def test_answering_goes_back_to_where_one_was(
        self, case: Case, moderator: Account, browser: Client, heron: Seat
    ) -> None:
        letter = letters.write(case, Letter.Kind.CHECK_IN, moderator, "How are you?")
        back = f"/rooms/{heron.room_id}/"
        response = browser.post(f"/cards/{letter.pk}/answer/", {"words": "Tired.", "next": back})
        assert (response.status_code, response.headers["Location"]) == (302, back)
        assert "Tired." in text_of(browser)

    @pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
    def test_never_to_another_site(self, case: Case, moderator: Account, browser: Client, away: str) -> None:
        letter = letters.write(case, Letter.Kind.CHECK_IN, moderator, "How are you?")
        response = browser.post(f"/cards/{letter.pk}/away/", {"next": away})
        assert response.headers["Location"] == "/cards/all/"

    @pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["a page", "a script"])
    def test_what_was_typed_comes_back_with_the_reason(
        self, case: Case, moderator: Account, browser: Client, headers: dict[str, str]
    ) -> None:
        letter = letters.write(case, Letter.Kind.CHECK_IN, moderator, "How are you?")
        response = browser.post(f"/cards/{letter.pk}/answer/", {"words": "z" * 2001}, headers=headers)
        text = response.content.decode()
        assert response.status_code == 422
        assert "z" * 2001 in text
        assert "too long" in text

    def test_a_script_gets_the_cards_alone(self, case: Case, moderator: Account, browser: Client, heron: Seat) -> None:
        letter = letters.write(case, Letter.Kind.WARNING, moderator, "Please be kind.")
        response = browser.post(f"/cards/{letter.pk}/away/", {"room": heron.room_id}, headers=SCRIPT)
        text = response.content.decode()
        assert response.status_code == 200
        assert "<html" not in text
        assert "Please be kind." not in text

    def test_what_was_put_away_is_found_again_and_a_sanction_can_still_be_appealed(
        self, case: Case, moderator: Account, browser: Client, a_client: Account
    ) -> None:
        acts.sanction(case.pk, moderator, Sanction.Kind.MUTE, "For now.", timezone.now() + timedelta(hours=1))
        [card] = cards.cards_of(a_client)
        browser.post(f"/cards/{card.id}/away/")
        page = text_of(browser, "/cards/all/")
        assert "Nothing is waiting for you" in page
        assert f"/cards/sanctions/{card.sanction_id}/appeal/" in page

    def test_what_was_refused_gives_its_author_the_words_back(
        self, settings: Settings, heron: Seat, moderator: Account, browser: Client
    ) -> None:
        settings.MESSAGE_GATES = [f"{__name__}.hold_knives"]
        held = said(heron, "I look at the knife.", warning="self-harm")
        case = claimed(Case.objects.get(account=heron.account_id), moderator)
        acts.refuse(case.pk, moderator, held, "Please leave the tool out. The rest may be said.")
        page = text_of(browser, f"/cards/?room={heron.room_id}")
        for words in ("Please leave the tool out.", "I look at the knife.", "self-harm", "Change it and send it again"):
            assert words in page

    def test_what_was_let_in_says_so(
        self, settings: Settings, heron: Seat, moderator: Account, browser: Client
    ) -> None:
        settings.MESSAGE_GATES = [f"{__name__}.hold_knives"]
        held = said(heron, "I look at the knife.")
        case = claimed(Case.objects.get(account=heron.account_id), moderator)
        acts.release(case.pk, moderator, held)
        assert "Your message is in Anxiety group now" in text_of(browser)


@pytest.mark.parametrize("count", [0, 1, 12])
def test_the_cards_of_a_page_cost_one_query_and_no_more_with_many(
    case: Case,
    moderator: Account,
    browser: Client,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        letters.write(case, Letter.Kind.DECISION if number % 2 else Letter.Kind.HANDLED, moderator, f"word {number}")
    browser.get("/cards/")
    with django_assert_num_queries(3):  # session, account; letters
        browser.get("/cards/")
