"""The coordinator's review of break-glass: everything is there, nothing of a case is."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account, Role
from moderation import cases, glass, looking, reviewing
from moderation.models import Case, Category, Glass
from moderation.refusals import Refused
from moderation.reviewing import Reviewed
from rooms.access import Seat
from tests.moderation.matters import claimed, flagged, said
from tests.people import both_stores, make, signed_in
from vault import trail

pytestmark = both_stores

WHY = "They answered a message that is further up."
SECRETS = ("ever listens", "Quiet Heron", "Steady River", "Ines", "ines@", "Teodor", "Anxiety group", "This hurt me")


@pytest.fixture
def case(heron: Seat, river: Seat, moderator: Account) -> Case:
    return claimed(flagged(river, said(heron, "Nobody here ever listens.")), moderator)


@pytest.fixture
def closed(case: Case, moderator: Account) -> Glass:
    opened = glass.ask_context(case.pk, moderator, WHY)
    looking.more_context(opened, moderator)
    Glass.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    return opened


def told(*, unreviewed: bool = False) -> list[Reviewed]:
    return reviewing.for_review(1, unreviewed=unreviewed)[1]


def refused(glass_id: str, by: Account, note: str = "") -> str:
    with pytest.raises(Refused) as no:
        reviewing.review(glass_id, by, note)
    return no.value.reason


def test_a_look_shows_with_who_why_how_often_and_what_kind(closed: Glass) -> None:
    row = told()[0]
    assert (row.kind, row.by, row.reason, row.category, row.looks, row.state) == (
        "More of the conversation",
        "Hollis Achterberg",
        WHY,
        "Harassment",
        1,
        Glass.State.CLOSED,
    )


def test_an_identity_shows_the_second_person_and_their_answer(
    case: Case, moderator: Account, another_moderator: Account, clinician: Account
) -> None:
    glass.refuse(glass.ask_identity(case.pk, moderator, WHY).pk, another_moderator)
    looking.identity(glass.agree(glass.ask_identity(case.pk, moderator, WHY).pk, clinician), moderator)
    newest, oldest = told()
    assert (newest.second, newest.state, newest.looks) == ("Dr. Priya Raghunathan", Glass.State.OPEN, 1)
    assert (oldest.second, oldest.state, oldest.looks) == ("Bertrand Okafor", Glass.State.REFUSED, 0)


def test_a_look_of_a_crisis_hand_over_is_there_too(
    heron: Seat, river: Seat, moderator: Account, clinician: Account, coordinator: Account
) -> None:
    case = claimed(flagged(river, said(heron, "It rained all day."), category=Category.SUICIDE), moderator)
    cases.hand_over(case.pk, moderator)
    cases.acknowledge(case.pk, clinician)
    looking.identity_for_handover(case.pk, clinician)
    row = told()[0]
    assert (row.by, row.for_handover, row.looks) == ("Dr. Priya Raghunathan", True, 1)
    assert "None: a crisis that they took over" in signed_in(coordinator).get("/moderation/review/").content.decode()


def test_reviewing_keeps_who_when_and_a_sealed_note(closed: Glass, coordinator: Account) -> None:
    note = "Talked with Hollis; this was needed."
    reviewing.review(closed.pk, coordinator, f"  {note} ")
    row = told()[0]
    assert (row.reviewed_by, row.note, row.may_review) == ("Solveig Lindqvist", note, False)
    assert row.reviewed_at is not None
    assert note.encode() not in bytes(Glass.objects.get().review or b"")
    entry = trail.last(1)[0]
    assert (entry.actor, entry.act, entry.subject) == (
        f"account:{coordinator.pk}",
        "case.glass_review",
        f"case:{closed.case_id}",
    )
    assert told(unreviewed=True) == []


def test_it_is_reviewed_once(closed: Glass, coordinator: Account) -> None:
    reviewing.review(closed.pk, coordinator)
    assert refused(closed.pk, make(Role.COORDINATOR), "me too") == "done"
    assert told()[0].reviewed_by == "Solveig Lindqvist"


def test_what_is_open_or_waits_is_reviewed_later(
    case: Case, moderator: Account, another_moderator: Account, coordinator: Account
) -> None:
    opened = glass.ask_context(case.pk, moderator, WHY)
    waiting = glass.ask_identity(case.pk, moderator, WHY)
    assert refused(opened.pk, coordinator) == refused(waiting.pk, coordinator) == "still_open"
    glass.refuse(waiting.pk, another_moderator)
    reviewing.review(waiting.pk, coordinator)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_only_a_coordinator_reviews(closed: Glass, role: Role) -> None:
    before = trail.last(1)
    assert refused(closed.pk, make(role)) == "not_found"
    assert trail.last(1) == before


def test_a_note_that_is_too_long_reviews_nothing(closed: Glass, coordinator: Account) -> None:
    assert refused(closed.pk, coordinator, "x" * 1001) == "too_long"
    assert Glass.objects.get().reviewed_at is None
    page = signed_in(coordinator).post(f"/moderation/review/{closed.pk}/", {"note": "x" * 1001}, follow=True)
    assert "This is too long." in page.content.decode()
    assert Glass.objects.get().reviewed_at is None


def test_an_unknown_one_is_not_found(coordinator: Account) -> None:
    assert refused("nothing", coordinator) == "not_found"
    assert signed_in(coordinator).post("/moderation/review/nothing/").status_code == 404


def test_the_page_shows_no_content_and_no_client(
    case: Case, closed: Glass, moderator: Account, another_moderator: Account, coordinator: Account
) -> None:
    looking.identity(glass.agree(glass.ask_identity(case.pk, moderator, WHY).pk, another_moderator), moderator)
    page = signed_in(coordinator).get("/moderation/review/").content.decode()
    for fact in (WHY, "Hollis Achterberg", "Bertrand Okafor agreed", "Harassment", "1 time"):
        assert fact in page
    for secret in SECRETS:
        assert secret not in page


def test_a_press_reviews_and_goes_back_to_the_same_filter(closed: Glass, coordinator: Account) -> None:
    browser = signed_in(coordinator)
    response = browser.post(f"/moderation/review/{closed.pk}/", {"note": "Fine.", "open": "1"})
    assert response.headers["Location"] == "/moderation/review/?open=1"
    assert "Everything is reviewed" in browser.get("/moderation/review/?open=1").content.decode()
    page = browser.get("/moderation/review/").content.decode()
    assert "Fine." in page
    assert "Reviewed by Solveig Lindqvist" in page


def test_an_empty_review_says_so(coordinator: Account) -> None:
    assert "Nobody has looked behind the curtain" in signed_in(coordinator).get("/moderation/review/").content.decode()


def test_words_of_a_reason_are_words_and_no_markup(case: Case, moderator: Account, coordinator: Account) -> None:
    glass.ask_context(case.pk, moderator, "<script>alert('twenty')</script>")
    page = signed_in(coordinator).get("/moderation/review/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_many_come_in_pages_newest_first(closed: Glass, coordinator: Account) -> None:
    _many(closed, 30)
    browser = signed_in(coordinator)
    first, second = (browser.get(f"/moderation/review/?page={number}").content.decode() for number in (1, 2))
    assert first.count('class="card review"') == reviewing.PAGE
    assert second.count('class="card review"') == 31 - reviewing.PAGE
    assert f'id="glass-{closed.pk}"' in second.split('class="card review"')[-1]  # the oldest
    assert browser.get("/moderation/review/?page=nothing").status_code == 200
    assert browser.get("/moderation/review/?open=1&page=2").content.decode().count('href="?page=1&amp;open=1"') == 1


def test_the_page_costs_as_many_queries_however_many_there_are(
    closed: Glass, coordinator: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    _many(closed, 30)
    with django_assert_max_num_queries(2):
        told()


def _many(closed: Glass, count: int) -> None:
    """As many more, all of them newer."""
    for _ in range(count):
        row = Glass.objects.get(pk=closed.pk)
        row.pk = None
        row.id = Glass._meta.get_field("id").get_default()
        row.asked_at = timezone.now()
        row._state.adding = True
        row.save(force_insert=True)
