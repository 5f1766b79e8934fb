"""The queue's page: its order, what it may be narrowed down to, what a row says, and taking a case from it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, Role
from moderation import cases, queue
from moderation.cursors import Cursor
from moderation.filters import Filters, Standing
from moderation.models import AlertChoice, Case, Category, Severity
from moderation.queue import Counts
from moderation.queue_words import clock
from rooms.access import Seat
from rooms.models import Room
from tests.moderation.matters import flagged, said
from tests.moderation.queued import colleague, held, queued
from tests.people import both_stores, make, open_room, seated, signed_in

pytestmark = both_stores

CRISIS, URGENT, ROUTINE = Severity.CRISIS, Severity.URGENT, Severity.ROUTINE


def shown(account: Account, **filters: Any) -> list[str]:
    return [row.id for row in queue.page(account, Filters(**filters)).rows]


def page(account: Account, query: str = "") -> str:
    response: Any = signed_in(account).get(f"/moderation/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def read(**given: str) -> Filters:
    return Filters.read(given, rooms={"R1"})


# --- the order ---------------------------------------------------------------------------------------------------


def test_a_crisis_comes_first_and_then_whatever_is_due_soonest(room: Room, moderator: Account) -> None:
    fresh = queued(room, URGENT, minutes_left=50)
    old = queued(room, ROUTINE, minutes_left=-90)
    crisis = queued(room, CRISIS, minutes_left=4)
    late_crisis = queued(room, CRISIS, minutes_left=-2)
    assert shown(moderator) == [late_crisis.pk, crisis.pk, old.pk, fresh.pk]


def test_a_case_that_was_put_off_hides_until_its_time(room: Room, moderator: Account) -> None:
    later = queued(room, snoozed_until=timezone.now() + timedelta(hours=1))
    again = queued(room, snoozed_until=timezone.now() - timedelta(seconds=1))
    assert shown(moderator) == [again.pk]
    assert shown(moderator, state=Standing.SNOOZED) == [later.pk]


def test_an_appeal_against_ones_own_decision_is_not_in_ones_queue(
    room: Room, moderator: Account, another_moderator: Account
) -> None:
    appeal = queued(room, category=Category.APPEAL, not_for=moderator)
    assert shown(moderator) == []
    assert shown(another_moderator) == [appeal.pk]
    assert queue.counts(moderator).waiting[ROUTINE].number == 0


# --- narrowing down ----------------------------------------------------------------------------------------------


def test_each_state_shows_what_stands_there_and_nothing_else(
    room: Room, moderator: Account, another_moderator: Account
) -> None:
    cast = {
        "waits": queued(room),
        "ran out": held(queued(room), another_moderator, minutes=-1),
        "mine": held(queued(room), moderator),
        "theirs": held(queued(room), another_moderator),
        "with care": queued(room, state=Case.State.HANDED_OVER),
        "put off": queued(room, snoozed_until=timezone.now() + timedelta(hours=1)),
        "done": queued(room, state=Case.State.RESOLVED, resolved_at=timezone.now(), outcome="nothing"),
        "again": queued(room, state=Case.State.REOPENED, resolved_at=timezone.now()),
    }
    names = {case.pk: name for name, case in cast.items()}

    def named(state: Standing) -> set[str]:
        return {names[pk] for pk in shown(moderator, state=state)}

    assert named(Standing.OPEN) == set(cast) - {"put off", "done"}
    assert named(Standing.WAITING) == {"waits", "ran out", "again"}
    assert named(Standing.MINE) == {"mine"}
    assert named(Standing.CLAIMED) == {"mine", "theirs"}
    assert named(Standing.HANDED_OVER) == {"with care"}
    assert named(Standing.SNOOZED) == {"put off"}
    assert named(Standing.RESOLVED) == {"done"}
    for row in queue.page(moderator, Filters()).rows:
        assert row.id in shown(moderator, state=row.state)


def test_the_fields_narrow_down_together(room: Room, moderator: Account, another_moderator: Account) -> None:
    other = open_room("Depression group")
    seated(moderator, other, "Watchful Owl")
    spam = queued(room, URGENT, category=Category.SPAM)
    there = queued(other, URGENT, category=Category.SPAM, assigned_to=moderator)
    queued(other, ROUTINE, category=Category.SPAM, assigned_to=another_moderator)
    assert shown(moderator, severity=URGENT, category=Category.SPAM) == [spam.pk, there.pk]
    assert shown(moderator, room=room.pk) == [spam.pk]
    assert shown(moderator, assigned=True) == [there.pk]
    assert shown(moderator, my_rooms=True, severity=URGENT) == [there.pk]
    assert shown(moderator, category=Category.SEXUAL) == []


def test_an_address_with_something_unknown_in_it_is_read_without_that() -> None:
    assert read(state="mine", severity="crisis", category="spam", room="R1", assigned="me", rooms="mine") == Filters(
        Standing.MINE, CRISIS, Category.SPAM, "R1", assigned=True, my_rooms=True
    )
    strange = read(
        state="nowhere", severity="Crisis ", category="'; --", room="R2", assigned="17", rooms="all", page="9"
    )
    assert strange == Filters()
    assert read().query == ""


@pytest.mark.parametrize("given", [{}, {"state": "waiting", "severity": "urgent"}, {"room": "R1", "rooms": "mine"}])
def test_the_address_of_filters_reads_as_the_same_filters(given: dict[str, str]) -> None:
    assert dict(pair.split("=") for pair in read(**given).query.split("&") if pair) == given


# --- from page to page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [Standing.OPEN, Standing.RESOLVED])
def test_page_after_page_shows_every_case_once(room: Room, moderator: Account, state: Standing) -> None:
    same = timezone.now()
    for number in range(7):
        fields: dict[str, Any] = {"due_at": same + timedelta(minutes=number // 3)}
        if state is Standing.RESOLVED:
            fields |= {"state": Case.State.RESOLVED, "resolved_at": same - timedelta(minutes=number // 3)}
        queued(room, CRISIS if number < 2 else ROUTINE)
        Case.objects.filter(pk=Case.objects.order_by("-opened_at")[0].pk).update(**fields)
    whole = [row.id for row in queue.page(moderator, Filters(state=state)).rows]
    walked, after = [], None
    for _ in range(4):
        part = queue.page(moderator, Filters(state=state), after, size=2)
        walked += [row.id for row in part.rows]
        after = Cursor.read(str(part.after)) if part.after else None
    assert walked == whole
    assert len(whole) == len(set(whole)) > 0
    assert after is None


@pytest.mark.parametrize(
    "text", ["", "1", "1-2", "x-1-a", "1-99999999999999999999-a", "1-1-a\x00b", "1-1-" + "a" * 17, "١-1-a"]
)
def test_what_is_no_place_in_the_list_is_none(text: str) -> None:
    assert Cursor.read(text) is None


def test_a_place_at_the_end_of_time_is_an_empty_page(moderator: Account, room: Room) -> None:
    queued(room)
    assert "This is the end of the list" in page(moderator, "?after=9-999999999999999999-zz")


# --- what a row says ---------------------------------------------------------------------------------------------


def test_a_row_says_what_where_whose_and_how_late(room: Room, moderator: Account, another_moderator: Account) -> None:
    queued(room, CRISIS, minutes_left=-12, category=Category.SUICIDE, level=3, graphic=True, flags_count=3)
    held(queued(room, URGENT, assigned_to=moderator), another_moderator)
    first, second = queue.page(moderator, Filters()).rows
    assert (first.level, first.room, first.flags, first.graphic) == ("thoughts with a method", "Anxiety group", 3, True)
    assert first.is_late
    assert first.state is Standing.WAITING
    assert (second.who, second.state, second.is_for_me) == ("Bertrand Okafor", Standing.CLAIMED, True)
    assert not second.is_late
    text = page(moderator)
    assert "Suicide or self-harm: thoughts with a method" in text
    assert "late by 12 min" in text
    assert "3 flags" in text
    assert "Hard to read" in text
    assert "Bertrand Okafor has this case" in text


def test_a_clock_is_told_in_words() -> None:
    now = timezone.now()
    told = [clock(now + timedelta(seconds=left), now) for left in (200, 45, -1, -750, 5400, -90_000, -190_000)]
    assert told == [
        "3 min left",
        "45 s left",
        "late by 1 s",
        "late by 12 min",
        "1 h 30 min left",
        "late by 25 h",
        "late by 2 d 4 h",
    ]


def test_the_clock_of_a_hand_over_runs_until_a_clinician_took_it(
    room: Room, moderator: Account, clinician: Account
) -> None:
    open_one = queued(room, CRISIS, minutes_left=-1, state=Case.State.HANDED_OVER)
    queued(room, state=Case.State.HANDED_OVER, acknowledged_by=clinician, acknowledged_at=timezone.now())
    first, second = queue.page(moderator, Filters()).rows
    assert (first.id, first.clock_runs, first.is_late) == (open_one.pk, True, True)
    assert (second.clock_runs, second.is_late, second.who) == (False, False, "Dr. Priya Raghunathan")


def test_the_page_says_nothing_of_what_was_written_or_by_whom(heron: Seat, river: Seat, moderator: Account) -> None:
    case = flagged(river, said(heron, "You are all so very weak."), words="It hurt to read this.")
    text = page(moderator)
    assert case.pk in text
    for secret in ("weak", "hurt to read", "Quiet Heron", "Steady River", "Ines", "Teodor"):
        assert secret not in text


# --- counts ------------------------------------------------------------------------------------------------------


def test_the_counts_are_of_the_whole_queue_whatever_it_is_narrowed_down_to(
    room: Room, moderator: Account, another_moderator: Account
) -> None:
    for severity, many in ((CRISIS, 2), (URGENT, 3), (ROUTINE, 1)):
        for _ in range(many):
            queued(room, severity)
    held(queued(room, CRISIS), moderator)
    held(queued(room, CRISIS), another_moderator)
    counts: Counts = queue.counts(moderator)
    assert [counts.waiting[severity].number for severity in Severity] == [2, 3, 1]
    numbers = {state: tally.number for state, tally in counts.states.items()}
    assert numbers == {
        Standing.WAITING: 6,
        Standing.MINE: 1,
        Standing.CLAIMED: 2,
        Standing.HANDED_OVER: 0,
        Standing.SNOOZED: 0,
    }
    assert "<strong>2</strong> crisis" in page(moderator, "?severity=routine")


def test_a_count_stops_where_nobody_would_count_on(room: Room, moderator: Account) -> None:
    about = queued(room).account
    now = timezone.now()
    Case.objects.bulk_create(
        Case(account=about, category=Category.APPEAL, severity=ROUTINE, due_at=now, room=room) for _ in range(250)
    )
    waiting = queue.counts(moderator).waiting[ROUTINE]
    assert (str(waiting), waiting.number) == ("199+", 200)


# --- taking a case -----------------------------------------------------------------------------------------------


def test_claiming_from_the_queue_takes_the_case_and_leads_to_it(room: Room, moderator: Account) -> None:
    case = queued(room)
    response = signed_in(moderator).post(f"/moderation/cases/{case.pk}/claim/")
    assert response["Location"] == f"/moderation/cases/{case.pk}/"
    assert shown(moderator, state=Standing.MINE) == [case.pk]


def test_who_claims_too_late_is_told_in_a_sentence_who_has_it(
    room: Room, moderator: Account, another_moderator: Account
) -> None:
    case = cases.claim(queued(room).pk, another_moderator)
    browser = signed_in(moderator)
    told: Any = browser.post(f"/moderation/cases/{case.pk}/claim/", headers={"accept": "application/json"})
    assert (told.status_code, told.json()["text"]) == (409, "Bertrand Okafor has this case.")
    response: Any = browser.post(f"/moderation/cases/{case.pk}/claim/", follow=True)
    assert "Bertrand Okafor has this case." in response.content.decode()
    assert shown(moderator, state=Standing.MINE) == []


def test_the_next_case_is_the_first_that_waits(room: Room, moderator: Account, another_moderator: Account) -> None:
    held(queued(room, CRISIS), another_moderator)
    second, first = queued(room, ROUTINE, minutes_left=90), queued(room, URGENT, minutes_left=20)
    browser = signed_in(moderator)
    for case in (first, second):
        response = browser.post("/moderation/claim-next/")
        assert response["Location"] == f"/moderation/cases/{case.pk}/"
    told: Any = browser.post("/moderation/claim-next/", follow=True)
    assert "Nothing is waiting. Breathe." in told.content.decode()


def test_the_next_case_is_not_one_that_was_given_to_a_colleague_unless_it_cannot_wait(
    room: Room, moderator: Account, another_moderator: Account
) -> None:
    theirs = queued(room, URGENT, minutes_left=5, assigned_to=another_moderator)
    late = queued(room, URGENT, minutes_left=-5, assigned_to=another_moderator)
    crisis = queued(room, CRISIS, assigned_to=another_moderator)
    taken = [queue.claim_next(moderator) for _ in range(3)]
    assert [case.pk if case else None for case in taken] == [crisis.pk, late.pk, None]
    again = queue.claim_next(another_moderator)
    assert again is not None
    assert again.pk == theirs.pk


def test_an_appeal_that_is_not_ones_own_to_decide_is_never_the_next_case(room: Room, moderator: Account) -> None:
    queued(room, category=Category.APPEAL, not_for=moderator)
    assert queue.claim_next(moderator) is None


# --- the page ----------------------------------------------------------------------------------------------------


def test_an_empty_queue_says_so_kindly(moderator: Account) -> None:
    assert "Nothing is waiting. Breathe." in page(moderator)
    assert "Nothing matches" in page(moderator, "?severity=crisis")
    assert "You have no case at the moment" in page(moderator, "?state=mine")


def test_the_renewed_part_is_what_the_page_shows(room: Room, moderator: Account, another_moderator: Account) -> None:
    for severity in Severity:
        queued(room, severity)
    held(queued(room), another_moderator)
    whole, part = page(moderator, "?state=open"), page(moderator, "rows/?state=open&rows=50")
    for name in ("counts", "tabs", "rows"):
        assert part.count(f'data-live="{name}"') == whole.count(f'data-live="{name}"') == 1
    assert part.count("data-case=") == whole.count("data-case=") == 4
    assert "<html" not in part


def test_a_list_longer_than_a_page_leads_on(room: Room, moderator: Account) -> None:
    about = queued(room).account
    now = timezone.now()
    Case.objects.bulk_create(
        Case(
            account=about, category=Category.APPEAL, severity=ROUTINE, room=room, due_at=now + timedelta(seconds=number)
        )
        for number in range(60)
    )
    first = page(moderator)
    assert first.count("data-case=") == queue.PAGE
    after = first.split("after=")[1].split('"')[0]
    second = page(moderator, f"?after={after}")
    assert second.count("data-case=") == 11
    assert "Back to the top" in second
    assert page(moderator, "rows/?rows=100").count("data-case=") == 61
    assert page(moderator, "rows/?rows=99999").count("data-case=") == 61


def test_a_page_asks_the_store_equally_often_however_many_cases_and_colleagues(room: Room, moderator: Account) -> None:
    def asked() -> int:
        browser = signed_in(moderator)
        browser.get("/moderation/")  # what a first visit of the day costs is not what a page costs
        with CaptureQueriesContext(connection) as captured:
            browser.get("/moderation/")
        return len(captured)

    held(queued(room), colleague("Noor Haddad"))
    few = asked()
    for number in range(30):
        held(queued(open_room(f"Group {number}")), colleague(f"Colleague {number}"))
        queued(room, CRISIS, assigned_to=moderator)
    assert asked() == few
    assert few < 20


def test_turning_the_sound_off_is_remembered(moderator: Account) -> None:
    assert 'data-sound="on"' in page(moderator)
    signed_in(moderator).post("/moderation/sound/", {"sound": "off"})
    assert 'data-sound="off"' in page(moderator)
    assert AlertChoice.objects.get(account=moderator).email is True


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MODERATOR])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *[("get", path) for path in ("", "rows/")],
        *[("post", path) for path in ("claim-next/", "sound/", "views/", "views/1/forget/", "cases/{case}/claim/")],
    ],
)
def test_to_everybody_else_the_queue_does_not_exist(room: Room, role: Role, method: str, path: str) -> None:
    case = queued(room)
    address = f"/moderation/{path.format(case=case.pk)}"
    for browser in (signed_in(make(role)), Client()):
        assert getattr(browser, method)(address).status_code == 404
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
