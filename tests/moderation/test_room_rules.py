"""Rules and hours of rooms: a coordinator sets them, a moderator slows, locks and writes a notice, and live rooms follow."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from pytest_django import Settings

from accounts.models import Account, Role
from moderation import duty, room_rules
from moderation.models import Act, Case, Severity
from moderation.refusals import Refused
from moderation.room_states import states_of
from rooms import posting
from rooms.access import Seat
from rooms.changes import Kept
from rooms.hours_said import hours_said
from rooms.models import HeldMessage, Room
from rooms.refusals import Refused as RoomRefused
from rooms.rules import rules_of
from tests.people import both_stores, make, open_room, seated, signed_in
from vault import trail

_HOUR = timedelta(hours=1)
EVENINGS = {"days": [0, 1, 2, 3, 4], "from": "18:00", "to": "21:30"}
RULES: dict[str, Any] = {"opening": "hours", "hours": [EVENINGS], "outside": "read_only", "strict": []}


def setting(room: Room, by: Account, **rules: Any) -> Room:
    room_rules.set_rules(room.pk, by, **{**RULES, **rules})
    room.refresh_from_db()
    return room


def closed_now() -> dict[str, Any]:
    """Hours of one minute, twelve hours from now."""
    at = timezone.localtime() + 12 * _HOUR
    return {"days": [at.weekday()], "from": f"{at:%H:%M}", "to": f"{at + timedelta(minutes=1):%H:%M}"}


def form(**changed: Any) -> dict[str, Any]:
    """As the coordinator's page sends it, with one line of hours."""
    return {
        "opening": "hours",
        "outside": "held",
        "strict": ["spam"],
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-days": ["0", "4"],
        "lines-0-start": "18:00",
        "lines-0-end": "01:30",
        "lines-1-start": "",
        "lines-1-end": "",
        **changed,
    }


@both_stores
def test_rules_are_kept_and_every_live_page_hears_of_them(room: Room, coordinator: Account) -> None:
    before = room.roster
    setting(room, coordinator, outside="held", strict=["spam", "sexual"])
    assert (room.opening, room.hours, room.outside, room.strict) == ("hours", [EVENINGS], "held", ["sexual", "spam"])
    assert room.roster > before
    last = trail.last(1)[0]
    assert (last.act, last.actor, last.subject) == ("room.rules", f"account:{coordinator.pk}", f"room:{room.pk}")


@both_stores
def test_nothing_else_of_the_room_changes(room: Room, coordinator: Account, heron: Seat) -> None:
    posting.post(heron, body="Hello")
    before = dict(Room.objects.values().get(pk=room.pk).items())
    setting(room, coordinator)
    after = dict(Room.objects.values().get(pk=room.pk).items())
    assert {each for each in before if before[each] != after[each]} == {"opening", "hours", "roster"}


@both_stores
def test_set_hours_without_hours_are_refused(room: Room, coordinator: Account) -> None:
    with pytest.raises(ValidationError, match="never open"):
        setting(room, coordinator, hours=[])
    with pytest.raises(ValidationError, match="times like 18:00"):
        setting(room, coordinator, hours=[{**EVENINGS, "to": "late"}])
    room.refresh_from_db()
    assert room.opening == "always"


@both_stores
def test_an_unknown_room_is_not_found(coordinator: Account, moderator: Account) -> None:
    with pytest.raises(Refused) as refused:
        room_rules.set_rules("nowhere", coordinator, **RULES)
    assert refused.value.reason == "not_found"
    with pytest.raises(Refused) as refused:
        room_rules.lock("nowhere", moderator, timezone.now() + _HOUR)
    assert refused.value.reason == "not_found"


@both_stores
def test_outside_its_hours_a_room_is_for_reading_only(room: Room, coordinator: Account, heron: Seat) -> None:
    setting(room, coordinator, hours=[closed_now()])
    with pytest.raises(RoomRefused):
        posting.post(heron, body="Is anybody there?")
    setting(room, coordinator, opening="always")
    assert posting.post(heron, body="Is anybody there?")


@both_stores
def test_or_messages_wait_for_a_moderator(room: Room, coordinator: Account, heron: Seat) -> None:
    setting(room, coordinator, hours=[closed_now()], outside="held")
    assert isinstance(posting.post(heron, body="Is anybody there?"), Kept)
    assert HeldMessage.objects.filter(room=room).count() == 1


@both_stores
def test_an_attended_room_opens_at_once_where_somebody_is_on_call(
    room: Room, coordinator: Account, moderator: Account
) -> None:
    setting(room, coordinator, opening="attended")
    assert not rules_of(room).is_open(timezone.now())
    setting(room, coordinator, opening="always")
    duty.start(moderator, timezone.now() + _HOUR, moderator)
    setting(room, coordinator, opening="attended")
    assert rules_of(room).is_open(timezone.now())


@both_stores
def test_a_moderator_slows_locks_and_writes_without_a_case(room: Room, moderator: Account) -> None:
    until = timezone.now() + _HOUR
    room_rules.slow(room.pk, moderator, 30, until)
    room_rules.lock(room.pk, moderator, until)
    room_rules.notice(room.pk, moderator, "A quiet evening, please.", until)
    room.refresh_from_db()
    shown = rules_of(room).shown(timezone.now())
    assert (shown["slow"], shown["notice"]) == (30, "A quiet evening, please.")
    assert shown["locked_until"]
    room_rules.slow(room.pk, moderator, 0, until)
    room_rules.unlock(room.pk, moderator)
    room_rules.notice(room.pk, moderator, "", None)
    room.refresh_from_db()
    shown = rules_of(room).shown(timezone.now())
    assert (shown["slow"], shown["notice"], shown["locked_until"]) == (0, None, None)
    kinds = ["slow", "lock", "notice", "slow", "unlock", "notice"]
    assert list(Act.objects.filter(room=room, case=None, by=moderator).values_list("kind", flat=True)) == kinds
    assert [entry.act for entry in trail.last(6)] == [f"room.{kind}" for kind in kinds]
    assert b"quiet evening" not in bytes(Room.objects.values_list("notice", flat=True).get(pk=room.pk) or b"")


@both_stores
def test_a_time_that_is_over_changes_nothing(room: Room, moderator: Account) -> None:
    with pytest.raises(Refused) as refused:
        room_rules.lock(room.pk, moderator, timezone.now() - _HOUR)
    assert refused.value.reason == "past"
    room.refresh_from_db()
    assert room.locked_until is None
    assert not Act.objects.filter(room=room).exists()


@both_stores
def test_what_the_coordinator_types_becomes_hours(room: Room, coordinator: Account) -> None:
    page = signed_in(coordinator).post(f"/moderation/rooms/{room.pk}/", form())
    assert page.status_code == 302
    room.refresh_from_db()
    assert room.hours == [{"days": [0, 4], "from": "18:00", "to": "01:30"}]
    assert (room.opening, room.outside, room.strict) == ("hours", "held", ["spam"])


@both_stores
def test_a_line_is_taken_out_and_another_stays(room: Room, coordinator: Account) -> None:
    setting(room, coordinator, hours=[EVENINGS, {"days": [6], "from": "10:00", "to": "12:00"}])
    page = signed_in(coordinator).post(
        f"/moderation/rooms/{room.pk}/",
        form(
            **{
                "lines-TOTAL_FORMS": "4",
                "lines-INITIAL_FORMS": "2",
                "lines-0-DELETE": "on",
                "lines-1-days": ["6"],
                "lines-1-start": "10:00",
                "lines-1-end": "12:00",
            }
        ),
    )
    assert page.status_code == 302
    room.refresh_from_db()
    assert room.hours == [{"days": [6], "from": "10:00", "to": "12:00"}]


@both_stores
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"lines-0-days": []}, "choose at least one day"),
        ({"lines-0-end": ""}, "choose a time"),
        ({"lines-0-start": "noon"}, "Enter a valid time"),
        ({"lines-0-days": [], "lines-0-start": "", "lines-0-end": ""}, "never open"),
        ({"opening": "sometimes"}, "from the list"),
        ({"strict": ["everything"]}, "from the list"),
        ({"lines-TOTAL_FORMS": "many"}, "could not be read"),
        ({"lines-TOTAL_FORMS": "5000"}, "28 lines at most"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    wrong: dict[str, Any], words: str, room: Room, coordinator: Account
) -> None:
    page = signed_in(coordinator).post(f"/moderation/rooms/{room.pk}/", form(**wrong))
    assert page.status_code == 422
    assert words in page.content.decode()
    room.refresh_from_db()
    assert room.opening == "always"


@both_stores
def test_a_moderator_sees_the_rules_and_cannot_set_them(room: Room, coordinator: Account, moderator: Account) -> None:
    setting(room, coordinator, strict=["spam"])
    browser = signed_in(moderator)
    text = browser.get(f"/moderation/rooms/{room.pk}/").content.decode()
    assert "Monday to Friday, 6 p.m. to 9:30 p.m." in text
    assert "Spam" in text
    assert browser.post(f"/moderation/rooms/{room.pk}/", form(opening="always")).status_code == 404
    room.refresh_from_db()
    assert room.opening == "hours"


@both_stores
def test_a_coordinator_does_not_do_what_moderators_do(room: Room, coordinator: Account) -> None:
    text = signed_in(coordinator).get(f"/moderation/rooms/{room.pk}/").content.decode()
    assert f"/moderation/rooms/{room.pk}/act/" not in text
    assert signed_in(coordinator).post(f"/moderation/rooms/{room.pk}/act/unlock/").status_code == 404


@both_stores
def test_a_moderator_acts_from_the_page(room: Room, moderator: Account) -> None:
    browser = signed_in(moderator)
    acts = f"/moderation/rooms/{room.pk}/act/"
    assert browser.post(f"{acts}slow/", {"seconds": "30", "length": "15m"}).status_code == 302
    assert browser.post(f"{acts}lock/", {"length": "1h"}).status_code == 302
    assert browser.post(f"{acts}notice/", {"length": "1h", "text": "Take a breath."}).status_code == 302
    text = browser.get(f"/moderation/rooms/{room.pk}/").content.decode()
    assert "One message every 30 s until" in text
    assert "Locked until" in text
    assert "Take a breath." in text
    for verb in ("fast", "unlock", "notice_down"):
        assert browser.post(f"{acts}{verb}/").status_code == 302
    room.refresh_from_db()
    assert [state.kind for state in states_of(room, timezone.now())] == ["open"]


@both_stores
def test_what_is_wrong_of_an_act_is_said_beside_its_form(room: Room, moderator: Account) -> None:
    browser = signed_in(moderator)
    page = browser.post(f"/moderation/rooms/{room.pk}/act/notice/", {"length": "1h", "text": " "})
    assert page.status_code == 422
    assert "Please write a few words." in page.content.decode()
    past = {"length": "own", "own": "2020-01-01T10:00"}
    assert browser.post(f"/moderation/rooms/{room.pk}/act/lock/", past).status_code == 422
    assert browser.post(f"/moderation/rooms/{room.pk}/act/explode/").status_code == 404
    assert browser.get(f"/moderation/rooms/{room.pk}/act/lock/").status_code == 405


@both_stores
@pytest.mark.parametrize("role", [Role.CLIENT, Role.MENTOR, Role.CLINICIAN])
def test_to_others_none_of_it_exists(role: Role, room: Room) -> None:
    browser = signed_in(make(role))
    for path in ("", f"{room.pk}/"):
        assert browser.get(f"/moderation/rooms/{path}").status_code == 404
    assert browser.post(f"/moderation/rooms/{room.pk}/act/unlock/").status_code == 404


@both_stores
def test_a_room_that_is_not_there_is_not_found(moderator: Account, coordinator: Account) -> None:
    for person in (moderator, coordinator):
        assert signed_in(person).get("/moderation/rooms/nowhere/").status_code == 404


@both_stores
def test_the_list_says_how_each_room_stands_and_covers_small_numbers_before_a_coordinator(
    room: Room, a_client: Account, moderator: Account, coordinator: Account
) -> None:
    now = timezone.now()
    urgent = {"severity": Severity.URGENT, "category": "spam", "due_at": now + _HOUR}
    Case.objects.create(room=room, account=a_client, **urgent)
    Case.objects.create(room=room, account=make(Role.CLIENT), snoozed_until=now + _HOUR, **urgent)
    room_rules.lock(room.pk, moderator, now + _HOUR)
    seen = signed_in(moderator).get("/moderation/rooms/").content.decode()
    assert "1 case waits" in seen
    assert "Locked until" in seen
    covered = signed_in(coordinator).get("/moderation/rooms/").content.decode()
    assert "1 case waits" not in covered
    assert "Fewer than 5 cases wait" in covered


@both_stores
def test_a_room_may_be_read_only_locked_and_closed_at_once(
    room: Room, coordinator: Account, settings: Settings
) -> None:
    settings.TIME_ZONE = "America/New_York"
    setting(room, coordinator)
    room.read_only, room.locked_until = True, datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    now = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # Monday, eleven in New York
    assert [(state.kind, state.text) for state in states_of(room, now)] == [
        ("read_only", "Read only"),
        ("locked", "Locked until noon"),
        ("closed", "Closed until 6 p.m."),
    ]
    assert states_of(room, now + 9 * _HOUR)[-1].text == "Open until 9:30 p.m."
    assert states_of(room, now + 20 * _HOUR)[-1].text == "Closed until 6 p.m."
    assert states_of(room, now + 12 * _HOUR)[-1].text == "Closed until Tue, Nov 24, 6 p.m."


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (EVENINGS, "Monday to Friday, 6 p.m. to 9:30 p.m."),
        ({"days": [5, 6], "from": "22:00", "to": "02:00"}, "Saturday, Sunday, 10 p.m. to 2 a.m. the next day"),
        ({"days": [0, 2, 3, 4], "from": "09:00", "to": "12:00"}, "Monday, Wednesday to Friday, 9 a.m. to noon"),
        ({"days": [0, 1, 2, 3, 4, 5, 6], "from": "00:00", "to": "00:00"}, "Every day, the whole day"),
    ],
)
def test_hours_are_said_as_a_sign_on_a_door_says_them(line: dict[str, Any], words: str) -> None:
    assert hours_said([line]) == [words]


def test_hours_are_said_in_spanish_too() -> None:
    with translation.override("es"):
        assert "lunes" in hours_said([EVENINGS])[0].lower()


@both_stores
def test_the_coordinators_page_of_a_room_leads_to_its_rules(coordinator: Account) -> None:
    room = open_room("Evening group")
    assert f"/moderation/rooms/{room.pk}/" in signed_in(coordinator).get(f"/rooms/{room.pk}/edit/").content.decode()


@both_stores
def test_a_moderator_in_a_room_finds_what_they_can_do_to_it(room: Room, moderator: Account, heron: Seat) -> None:
    seated(moderator, room, "Harbour")
    address = f"/moderation/rooms/{room.pk}/"
    assert address in signed_in(moderator).get(f"/rooms/{room.pk}/").content.decode()
    client = Account.objects.get(pk=heron.account_id)
    assert address not in signed_in(client).get(f"/rooms/{room.pk}/").content.decode()
