"""Who leads a group: made so by a coordinator, refused with a sentence, seen among the members, ended by itself."""

import json

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from accounts.models import Account
from rooms import frames, joining, leading
from rooms.models import Membership, Room
from rooms.roster import roster_of
from tests.people import a_client, admitted, both_stores, clinician, coordinator, mentor, open_room, seated, signed_in
from vault import trail

__all__ = ["a_client", "clinician", "coordinator", "mentor"]
pytestmark = both_stores

WHY_NOT = "The certification expired on March 31, 2026."


def nobody_may(account: Account) -> str:
    return WHY_NOT


def everybody_may(account: Account) -> str:
    return ""


@pytest.fixture
def allowed(settings: Settings) -> None:
    settings.MAY_LEAD = f"{__name__}.everybody_may"


@pytest.fixture
def refused(settings: Settings) -> None:
    settings.MAY_LEAD = f"{__name__}.nobody_may"


def leads(account: Account, room: Room) -> bool:
    return Membership.objects.get(account=account, room=room).leads


def seen(account: Account, room: Room) -> dict[str, object]:
    """What the room's members are told of this one."""
    room.refresh_from_db()
    member = Membership.objects.get(account=account, room=room)
    return frames.member(roster_of(room.pk, room.roster).faces[member.pk], here=True)


@pytest.mark.usefixtures("allowed")
def test_a_member_leads_and_the_members_see_it_at_once(clinician: Account, coordinator: Account) -> None:
    room = open_room()
    seated(clinician, room, "Linden")
    assert "leads" not in seen(clinician, room)
    leading.lead(clinician, room, actor=coordinator)
    assert seen(clinician, room)["leads"] is True
    leading.end(clinician, room, actor=coordinator)
    assert "leads" not in seen(clinician, room)
    assert [entry.act for entry in trail.last(2)] == ["room.lead", "room.lead_end"]


@pytest.mark.usefixtures("refused")
def test_who_may_not_is_refused_with_the_reason_and_nothing_moves(mentor: Account, coordinator: Account) -> None:
    room = open_room()
    seated(mentor, room, "Juniper")
    with pytest.raises(ValidationError, match=r"expired on March 31, 2026"):
        leading.lead(mentor, room, actor=coordinator)
    assert not leads(mentor, room)
    browser = signed_in(coordinator)
    page = browser.post(f"/rooms/{room.pk}/people/", {"account": mentor.pk, "act": "lead"}, follow=True)
    assert WHY_NOT in page.content.decode()
    assert not leads(mentor, room)


@pytest.mark.usefixtures("allowed")
def test_only_who_belongs_to_a_group_leads_it(mentor: Account, coordinator: Account) -> None:
    room, circle = open_room(), open_room("Circle", kind=Room.Kind.CIRCLE)
    admitted(mentor, circle)
    for each in (room, circle):
        with pytest.raises(ValidationError):
            leading.lead(mentor, each, actor=coordinator)


@pytest.mark.usefixtures("allowed")
def test_who_is_removed_leads_no_more_also_when_they_come_back(mentor: Account, coordinator: Account) -> None:
    room = open_room()
    seated(mentor, room, "Juniper")
    leading.lead(mentor, room, actor=coordinator)
    joining.remove(mentor, room, actor=coordinator)
    joining.admit(mentor, room, actor=coordinator)
    assert not leads(mentor, room)


@pytest.mark.usefixtures("allowed")
def test_all_of_a_persons_leading_ends_together(mentor: Account, coordinator: Account) -> None:
    rooms = [open_room("One"), open_room("Two"), open_room("Three")]
    for room in rooms:
        seated(mentor, room, "Juniper")
    for room in rooms[:2]:
        leading.lead(mentor, room, actor=coordinator)
    assert leading.end_all(mentor) == 2
    assert not any(leads(mentor, room) for room in rooms)
    assert leading.end_all(mentor) == 0


@pytest.mark.usefixtures("allowed")
def test_the_coordinators_page_has_a_button_for_staff_and_none_for_clients(
    mentor: Account, a_client: Account, coordinator: Account
) -> None:
    room = open_room()
    seated(mentor, room, "Juniper")
    seated(a_client, room, "Quiet Heron")
    browser, address = signed_in(coordinator), f"/rooms/{room.pk}/people/"
    page = browser.get(address).content.decode()
    assert f"Let {mentor.name} lead this group" in page
    assert f"Let {a_client.name} lead this group" not in page
    browser.post(address, {"account": mentor.pk, "act": "lead"})
    assert leads(mentor, room)
    assert "Leads this group" in browser.get(address).content.decode()
    browser.post(address, {"account": mentor.pk, "act": "lead_end"})
    assert not leads(mentor, room)


@pytest.mark.usefixtures("allowed")
def test_the_room_shows_it_on_the_first_page_too(mentor: Account, a_client: Account, coordinator: Account) -> None:
    room = open_room()
    seated(mentor, room, "Juniper")
    seated(a_client, room, "Quiet Heron")
    leading.lead(mentor, room, actor=coordinator)
    page = signed_in(a_client).get(f"/rooms/{room.pk}/").content.decode()
    data = json.loads(page.partition('id="page-data" type="application/json">')[2].partition("</script>")[0])
    assert [each["pseudonym"] for each in data["members"] if each.get("leads")] == ["Juniper"]
