"""The page of a thread: named by the other, words that fit two, who is here instead of the mentor, and nothing that tells who they are."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import absence, closing, goals, hours, respite, shared
from mentoring.models import Appointment, Thread
from mentoring.refusals import Refused
from moderation import acts, intake
from moderation.models import Case, Sanction, Shift
from rooms import hub, joining
from rooms.models import Membership, Message
from tests.mentoring.cast import certified
from tests.mentoring.pairs import Pair, pair
from tests.moderation.matters import claimed
from tests.people import both_stores, clinician, coordinator, make, moderator, open_room, seated, signed_in

__all__ = ["clinician", "coordinator", "moderator"]
pytestmark = both_stores


def room_page(two: Pair, account: Account) -> str:
    return signed_in(account).get(f"/rooms/{two.thread.room_id}/").content.decode()


def out_of_hours(two: Pair) -> None:
    """Their hours are on another day of the week."""
    day = (timezone.localdate().weekday() + 3) % 7
    hours.choose(mentor=two.mentor, hours=[{"days": [day], "from": "09:00", "to": "12:00"}])


def test_its_words_fit_two_people() -> None:
    two = pair()
    page = room_page(two, two.client)
    for words in ("Write to Juniper", "About this thread", "What you can expect", "This is your place with Juniper"):
        assert words in page
    for words in ("Write to the room", "About this room", "Group agreement", "Leave this room", "It is quiet here"):
        assert words not in page
    assert "Write to Gray Wren" in room_page(two, two.mentor.account)


def test_it_says_who_reads_flags() -> None:
    two = pair()
    for account in (two.client, two.mentor.account):
        page = room_page(two, account)
        assert "You can both flag a message." in page
        assert "The coordinator reads nothing here." in page


def test_outside_the_mentors_hours_a_client_reads_who_is_here_and_can_still_write() -> None:
    two = pair()
    assert "Talk now is not possible" not in room_page(two, two.client)
    out_of_hours(two)
    page = room_page(two, two.client)
    assert "Talk now is not possible: here is who is" in page
    assert "9 a.m. to noon" in page
    assert timezone.get_current_timezone_name() in page
    assert "Help now, day and night" in page
    assert '<fieldset class="composer__fields">' in page
    two.says(two.client, "For later.")
    mentors = room_page(two, two.mentor.account)
    assert "It is outside your hours." in mentors
    assert "Talk now is not possible" not in mentors


def test_who_is_here_are_open_groups_with_people_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    two = pair()
    out_of_hours(two)
    full, empty, shut, foreign = (open_room(name) for name in ("Full", "Empty", "Shut", "Foreign"))
    for room in (full, empty, shut):
        seated(two.client, room, "Quiet Heron")
    type(shut).objects.filter(pk=shut.pk).update(read_only=True)
    monkeypatch.setattr(hub, "people_in", lambda room: {full.pk: 3, shut.pk: 2, foreign.pk: 5}.get(room, 0))
    found = absence.absence_of(two.thread, two.client)
    assert found is not None
    assert [(group.name, group.here) for group in found.groups] == [("Full", 3)]
    assert absence.absence_of(two.thread, two.mentor.account).groups == ()  # type: ignore[union-attr]


def test_it_says_whether_somebody_of_the_team_is_on_call(moderator: Account) -> None:
    two = pair()
    out_of_hours(two)
    assert "Somebody of the team is on call" not in room_page(two, two.client)
    now = timezone.now()
    Shift.objects.create(account=moderator, starts=now - timedelta(hours=1), ends=now + timedelta(hours=1), step=1)
    assert "Somebody of the team is on call" in room_page(two, two.client)


def test_while_the_mentor_is_away_it_leads_to_who_stands_in() -> None:
    two, cover = pair(), certified(called="Sorrel")
    today = timezone.localdate()
    respite.plan(
        mentor=two.mentor, cover_id=cover.pk, starts=today, ends=today + timedelta(days=5), by=two.mentor.account
    )
    page = room_page(two, two.client)
    stand_in = Thread.objects.get(covers=two.thread)
    assert "Juniper is away and comes back on" in page
    assert f"/rooms/{stand_in.room_id}/" in page
    assert "Sorrel" in page
    other = signed_in(two.client).get(f"/rooms/{stand_in.room_id}/").content.decode()
    assert "stands in for Juniper" in other
    assert "Ask for another mentor" not in other.split('data-part="thread-side"')[1].split("</aside>")[0]


@pytest.mark.parametrize("shares", [True, False])
def test_who_stands_in_reads_goals_only_if_the_client_wants(shares: bool) -> None:
    two, cover = pair(), certified(called="Sorrel")
    goals.write(thread=two.thread, by=two.client, text="Marmalade goal")
    shared.change(thread=two.thread, line="note", text="Marmalade note", by=two.client)
    shared.share_with_cover(thread=two.thread, shares=shares, by=two.client)
    today = timezone.localdate()
    respite.plan(
        mentor=two.mentor, cover_id=cover.pk, starts=today, ends=today + timedelta(days=5), by=two.mentor.account
    )
    stand_in = Thread.objects.get(covers=two.thread)
    page = signed_in(cover.account).get(f"/rooms/{stand_in.room_id}/").content.decode()
    assert ("Marmalade goal" in page, "Marmalade note" in page) == (shares, shares)


# --- nothing tells who they are -----------------------------------------------------------------------------------------


def test_neither_page_tells_who_the_other_is() -> None:
    client = make(Role.CLIENT, name="Wilhelmina Sprocket", email="wilhelmina@driftwood.example")
    mentor = certified(
        make(Role.MENTOR, name="Barnabas Quandary", email="barnabas@driftwood.example"), called="Juniper"
    )
    two = pair(client=client, mentor=mentor)
    other_room = open_room("Marmalade group")
    seated(client, other_room, "Velvet Otter")
    two.says(client, "Hello.")
    two.says(mentor.account, "Hello you.")
    secrets = {
        mentor.account: ("Wilhelmina", "Sprocket", "driftwood", "Velvet Otter", "Marmalade", other_room.pk),
        client: ("Barnabas", "Quandary", "driftwood"),
    }
    for reader, hidden in secrets.items():
        other = client if reader == mentor.account else mentor.account
        browser = signed_in(reader)
        home = "/mentoring/" if reader == mentor.account else "/mentor/"
        for path in (f"/rooms/{two.thread.room_id}/", two.address(), home):
            page = browser.get(path).content.decode()
            for secret in hidden:
                assert secret not in page, (reader.role, path, secret)
            assert not re.search(rf"(account|person|client|mentor)[^a-z]{{0,3}}{other.pk}\b", page), path
    data = json.loads(
        signed_in(mentor.account)
        .get(f"/rooms/{two.thread.room_id}/")
        .content.decode()
        .split('id="page-data" type="application/json">')[1]
        .split("</script>")[0]
    )
    assert {frozenset(each) - {"leads", "got"} for each in data["members"]} == {
        frozenset({"id", "pseudonym", "colour", "badge", "here"})
    }


def test_a_thread_and_its_room_have_ids_that_tell_nothing_of_each_other() -> None:
    two = pair()
    assert two.thread.pk != two.thread.room_id
    browser = two.clients
    assert browser.get(f"/thread/{two.thread.room_id}/").status_code == 404
    assert browser.get(f"/rooms/{two.thread.pk}/").status_code == 404


# --- moderation ----------------------------------------------------------------------------------------------------------


def flagged(two: Pair) -> Case:
    for number in range(8):
        two.says(two.client, f"Sentence number {number}.")
    two.says(two.mentor.account, "You never listen.")
    message = Message.objects.order_by("-seq")[0]
    done = intake.flag(
        two.client.pk, room_id=two.thread.room_id, message_id=message.pk, category="harassment", words="It hurt."
    )
    return Case.objects.get(pk=done.case_id)


def test_a_flag_in_a_thread_opens_a_case_that_shows_a_few_messages_and_names_nobody(
    moderator: Account, coordinator: Account
) -> None:
    two = pair()
    case = flagged(two)
    assert case.account_id == two.mentor.pk
    claimed(case, moderator)
    browser = signed_in(moderator)
    page = browser.get(f"/moderation/cases/{case.pk}/").content.decode()
    assert "Private thread" in page
    evidence = browser.post(f"/moderation/cases/{case.pk}/evidence/").content.decode()
    both = page + evidence
    assert "You never listen." in both
    assert "Sentence number 7." in both
    assert "Sentence number 3." not in both
    for name in (two.client.name, two.mentor.account.name, two.client.email):
        assert name not in both
    assert browser.get(f"/rooms/{two.thread.room_id}/").status_code == 404
    assert browser.get(two.address()).status_code == 404
    for path in (f"/moderation/cases/{case.pk}/", f"/rooms/{two.thread.room_id}/", two.address()):
        assert signed_in(coordinator).get(path).status_code == 404
    assert "Private thread" in browser.get("/moderation/").content.decode()


@pytest.mark.parametrize("who", ["mentor", "client"])
def test_somebody_removed_from_a_thread_is_out_of_all_of_it_and_the_other_is_told_kindly(
    who: str, moderator: Account
) -> None:
    two = pair()
    goals.write(thread=two.thread, by=two.client, text="One walk a week")
    case = flagged(two)
    out, left = (two.mentor.account, two.client) if who == "mentor" else (two.client, two.mentor.account)
    Case.objects.filter(pk=case.pk).update(account=out)
    case = claimed(Case.objects.get(pk=case.pk), moderator)
    acts.sanction(case.pk, moderator, Sanction.Kind.REMOVE, "Please rest.", timezone.now() + timedelta(days=1))

    browser = signed_in(out)
    for path in (f"/rooms/{two.thread.room_id}/", two.address(), two.address("close")):
        assert browser.get(path).status_code == 404
    assert browser.post(two.address("goals"), {"text": "Another"}).status_code == 404
    home = browser.get("/mentoring/" if who == "mentor" else "/mentor/").content.decode()
    assert "You cannot be in this thread at the moment." in home
    assert f"/rooms/{two.thread.room_id}/" not in home

    page = room_page(two, left)
    assert "cannot be in this thread at the moment" in page
    assert "Please rest." not in page
    if who == "mentor":
        assert "Talk now is not possible" in page
        assert signed_in(left).post(two.address("another")).status_code == 302
    joining.admit(out, two.thread.room, actor=None)
    assert browser.get(f"/rooms/{two.thread.room_id}/").status_code == 200


def test_a_muted_person_reads_on_and_has_nothing_to_press() -> None:
    two = pair()
    goals.write(thread=two.thread, by=two.client, text="One walk a week")
    until = timezone.now() + timedelta(hours=1)
    Membership.objects.filter(room=two.thread.room_id, account=two.client).update(muted_until=until)
    page = two.clients.get(two.address()).content.decode()
    assert "One walk a week" in page
    assert "Write a goal" not in page
    assert "Ask for another mentor" in page, "that is always possible"
    answer = two.clients.post(two.address("goals"), {"text": "Another"})
    assert answer.status_code == 422
    assert "You cannot write in this thread for a while." in answer.content.decode()


# --- the forms -----------------------------------------------------------------------------------------------------------


def test_without_a_script_a_form_leads_back_to_the_talk_and_comes_back_with_its_words() -> None:
    two = pair()
    browser = two.clients
    done = browser.post(two.address("goals"), {"text": "One walk a week"})
    assert (done.status_code, done.headers["Location"]) == (302, f"/rooms/{two.thread.room_id}/#about-panel")
    refused = browser.post(two.address("goals"), {"text": "Write to wren@mail.example"})
    assert refused.status_code == 422
    assert 'value="Write to wren@mail.example"' in refused.content.decode()
    assert "a way to be reached outside" in refused.content.decode()


def test_for_a_script_only_the_parts_come_back() -> None:
    two = pair()
    browser = two.clients
    answer = browser.post(two.address("goals"), {"text": "One walk a week"}, headers={"X-Thread": "1"})
    assert answer.status_code == 200
    assert "One walk a week" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    refused = browser.post(two.address("milestones"), {"text": "Thirty days"}, headers={"X-Thread": "1"})
    assert refused.status_code == 422


def test_a_time_that_the_clocks_skip_is_refused(settings: object) -> None:
    settings.TIME_ZONE = "America/New_York"  # type: ignore[attr-defined]
    two = pair()
    now = timezone.localtime()
    march = datetime(now.year + (now.month >= 3), 3, 8)
    sunday = march + timedelta(days=(6 - march.weekday()) % 7)
    about = {"day": sunday.date().isoformat(), "time": "02:30", "minutes": "30", "way": "text"}
    answer = two.clients.post(two.address("appointments"), about)
    assert answer.status_code == 422
    assert "The clocks change at this time." in answer.content.decode()
    assert not Appointment.objects.exists()


def test_what_is_shared_is_the_clients_to_change_and_the_mentors_to_read() -> None:
    two = pair()
    two.clients.post(two.address("shared"), {"line": "lived", "text": "Panic at night."})
    assert "Panic at night." in two.mentors.get(two.address()).content.decode()
    two.clients.post(two.address("shared"), {"line": "lived", "text": "Panic, mostly."})
    assert "Panic, mostly." in two.mentors.get(two.address()).content.decode()
    two.clients.post(two.address("shared"), {"line": "lived", "take_back": "1"})
    assert "Panic" not in two.mentors.get(two.address()).content.decode()
    answer = two.mentors.post(two.address("shared"), {"line": "lived", "text": "Something."})
    assert answer.status_code == 422
    with pytest.raises(Refused):
        shared.change(thread=two.thread, line="lived", text="Something.", by=two.mentor.account)


def test_the_supervision_line_is_there_for_both() -> None:
    two = pair()
    boss = make(Role.CLINICIAN)
    two.mentor.supervisor = boss
    two.mentor.save(update_fields=["supervisor"])
    two.mentor.certifications.update(expires=timezone.localdate() - timedelta(days=1))
    for account in (two.client, two.mentor.account):
        page = room_page(two, account)
        assert "While Juniper renews a certificate" in page
        assert boss.name not in page


def test_a_closed_thread_says_until_when_it_can_be_read() -> None:
    two = pair()
    closing.close(thread=two.thread, by=two.mentor.account)
    page = room_page(two, two.client)
    assert "Then everything in it is erased for good." in page
    assert "Write a goal" not in page
