"""Belonging to a room: admitted, entered, removed, come back; and who did it, on the trail."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Account, Role
from rooms import access, entering, joining, posting
from rooms.access import Seat
from rooms.models import Acceptance, Membership, Room
from rooms.refusals import Refused
from tests.people import admitted, both_stores, make, open_room, seated
from vault import trail

pytestmark = both_stores


def acts(room: Room) -> list[tuple[str, str]]:
    """Who did what in a room, the newest last."""
    return [(entry.actor, entry.act) for entry in trail.last(50) if room.pk in entry.subject]


def roster_number(room: Room) -> int:
    return Room.objects.get(pk=room.pk).roster


def enter(member: Membership, pseudonym: str = "Quiet Heron", version: int = 1) -> None:
    member = Membership.objects.select_related("room", "account").get(pk=member.pk)
    joining.enter(member, pseudonym=pseudonym, version=version)


# --- admit and enter ------------------------------------------------------------------------------------------------


def test_who_is_admitted_belongs_and_has_no_seat_before_they_joined(room: Room, a_client: Account) -> None:
    member = admitted(a_client, room)
    assert access.membership(a_client.pk, room.pk) == member
    with pytest.raises(Refused, match="agreement"):
        access.standing(a_client.pk, room.pk)
    enter(member)
    assert access.seat_of(access.standing(a_client.pk, room.pk)).face.pseudonym == "Quiet Heron"


def test_admitting_twice_changes_nothing(room: Room, a_client: Account, coordinator: Account) -> None:
    first = joining.admit(a_client, room, actor=coordinator)
    before = (roster_number(room), acts(room))
    assert joining.admit(a_client, room, actor=coordinator) == first
    assert (roster_number(room), acts(room)) == before


def test_the_pseudonym_is_stored_sealed(room: Room, a_client: Account) -> None:
    member = admitted(a_client, room)
    enter(member)
    row = Membership.objects.get(pk=member.pk)
    assert b"Heron" not in bytes(row.pseudonym_sealed or b"")
    assert 0 <= row.colour < 8


def test_a_name_that_is_taken_or_looks_like_it_is_refused_and_nothing_is_accepted(
    room: Room, heron: Seat, outsider: Account
) -> None:
    member = admitted(outsider, room)
    for pseudonym in ("Quiet Heron", "quiet her0n", "Moderator", "Casimir"):
        with pytest.raises(ValidationError):
            enter(member, pseudonym)
    member.refresh_from_db()
    assert (member.pseudonym_index, member.accepted_version) == (None, 0)
    assert not Acceptance.objects.filter(membership=member).exists()
    enter(member, "Slow Meadow")


def test_a_name_that_is_taken_here_is_free_elsewhere(heron: Seat, outsider: Account) -> None:
    assert seated(outsider, open_room("Another room"), "Quiet Heron").face.pseudonym == "Quiet Heron"


def test_a_name_of_somebody_who_left_stays_theirs(
    room: Room, heron: Seat, a_client: Account, coordinator: Account, outsider: Account
) -> None:
    """What they wrote still stands under it."""
    joining.remove(a_client, room, actor=coordinator)
    with pytest.raises(ValidationError):
        enter(admitted(outsider, room), "Quiet Heron")


def test_a_pseudonym_is_chosen_once(room: Room, heron: Seat, coordinator: Account) -> None:
    joining.publish_agreement(room, "New.", actor=coordinator)
    enter(Membership.objects.get(pk=heron.member_id), "Another Name", version=2)
    assert access.seat_of(access.standing(heron.account_id, room.pk)).face == heron.face


# --- agreements -----------------------------------------------------------------------------------------------------


def test_each_version_asks_everybody_again_and_every_acceptance_is_kept(
    room: Room, heron: Seat, coordinator: Account
) -> None:
    for version in (2, 3):
        joining.publish_agreement(room, f"Version {version}.", actor=coordinator)
        with pytest.raises(Refused, match="agreement"):
            access.standing(heron.account_id, room.pk)
        enter(Membership.objects.get(pk=heron.member_id), version=version)
        access.standing(heron.account_id, room.pk)
    kept = (
        Acceptance.objects.filter(membership_id=heron.member_id)
        .order_by("pk")
        .values_list("agreement__version", flat=True)
    )
    assert list(kept) == [1, 2, 3]


@pytest.mark.parametrize("version", [0, 1, 3, 99])
def test_only_the_version_that_stands_can_be_accepted(
    room: Room, a_client: Account, coordinator: Account, version: int
) -> None:
    member = admitted(a_client, room)
    joining.publish_agreement(room, "New.", actor=coordinator)
    with pytest.raises(ValidationError, match="changed"):
        enter(member, version=version)
    assert not Acceptance.objects.exists()
    enter(member, version=2)


def test_old_versions_stay_as_they_were(room: Room, coordinator: Account) -> None:
    joining.publish_agreement(room, "New.", actor=coordinator)
    room.refresh_from_db()
    assert room.agreement.text == "New."
    assert room.agreements.get(version=1).text == "What is said here stays here."


# --- remove and come back -------------------------------------------------------------------------------------------


def test_who_is_removed_is_outside_and_what_they_wrote_stays(
    room: Room, heron: Seat, river: Seat, a_client: Account, coordinator: Account
) -> None:
    posting.post(heron, body="what I wrote")
    joining.remove(a_client, room, actor=coordinator)
    with pytest.raises(Refused, match="not_found"):
        access.membership(a_client.pk, room.pk)
    entrance = entering.enter(river.account_id, room.pk)
    assert [message.author.pseudonym for message in entrance.messages] == ["Quiet Heron"]
    assert list(entrance.roster.faces) == [river.member_id]


def test_who_comes_back_is_who_they_were(room: Room, heron: Seat, a_client: Account, coordinator: Account) -> None:
    joining.remove(a_client, room, actor=coordinator)
    joining.admit(a_client, room, actor=coordinator)
    assert access.seat_of(access.standing(a_client.pk, room.pk)) == heron


def test_who_was_removed_while_they_read_the_agreement_stays_removed(
    room: Room, a_client: Account, coordinator: Account
) -> None:
    admitted(a_client, room)
    on_the_page = access.membership(a_client.pk, room.pk)
    joining.remove(a_client, room, actor=coordinator)
    joining.enter(on_the_page, pseudonym="Quiet Heron", version=1)
    with pytest.raises(Refused, match="not_found"):
        access.membership(a_client.pk, room.pk)


def test_a_read_position_that_moved_meanwhile_is_kept(room: Room, heron: Seat, coordinator: Account) -> None:
    joining.publish_agreement(room, "New.", actor=coordinator)
    on_the_page = access.membership(heron.account_id, room.pk)
    Membership.objects.filter(pk=heron.member_id).update(read=7)
    joining.enter(on_the_page, pseudonym="", version=2)
    assert Membership.objects.get(pk=heron.member_id).read == 7


# --- the record, and the roster number ------------------------------------------------------------------------------


def test_every_act_is_on_the_trail_under_who_did_it(room: Room, a_client: Account, coordinator: Account) -> None:
    before = len(acts(room))
    joining.admit(a_client, room, actor=coordinator)
    joining.remove(a_client, room, actor=coordinator)
    joining.admit(a_client, room, actor=coordinator)
    joining.remove(a_client, room, actor=a_client)
    joining.remove(a_client, room, actor=coordinator)
    joining.publish_agreement(room, "New.", actor=coordinator)
    by_coordinator, by_client = f"account:{coordinator.pk}", f"account:{a_client.pk}"
    assert acts(room)[before:] == [
        (by_coordinator, "room.admit"),
        (by_coordinator, "room.remove"),
        (by_coordinator, "room.admit"),
        (by_client, "room.leave"),
        (by_coordinator, "room.agreement"),
    ]
    assert not trail.verify()


def test_the_trail_names_no_pseudonym_beside_an_account(room: Room, heron: Seat) -> None:
    for entry in trail.last(50):
        assert "Heron" not in f"{entry.subject} {trail.why(entry)}"
        assert heron.face.id not in entry.subject


def test_every_act_moves_the_roster_number(room: Room, a_client: Account, coordinator: Account) -> None:
    numbers = [roster_number(room)]
    member = joining.admit(a_client, room, actor=coordinator)
    numbers.append(roster_number(room))
    enter(member)
    numbers.append(roster_number(room))
    joining.publish_agreement(room, "New.", actor=coordinator)
    numbers.append(roster_number(room))
    joining.remove(a_client, room, actor=coordinator)
    numbers.append(roster_number(room))
    assert numbers == sorted(set(numbers))


# --- invitations ----------------------------------------------------------------------------------------------------


def test_an_invitation_opens_the_rooms_it_names_and_no_other(room: Room) -> None:
    other = open_room("Another room")
    invited = make(Role.CLIENT)
    assert {(room.pk, room.name), (other.pk, other.name)} <= set(joining.places())
    joining.admit_invited(invited, [room.pk, "no-such-room"])
    assert [member.room_id for member in access.rooms_of(invited.pk)] == [room.pk]


def test_somebody_suspended_belongs_nowhere_until_brought_back(room: Room, heron: Seat) -> None:
    Account.objects.filter(pk=heron.account_id).update(is_active=False)
    assert not access.rooms_of(heron.account_id)
    Account.objects.filter(pk=heron.account_id).update(is_active=True)
    assert access.seat_of(access.standing(heron.account_id, room.pk)) == heron


def test_a_removal_says_when(room: Room, heron: Seat, a_client: Account, coordinator: Account) -> None:
    began = timezone.now()
    joining.remove(a_client, room, actor=coordinator)
    removed_at = Membership.objects.get(pk=heron.member_id).removed_at
    assert removed_at is not None
    assert began <= removed_at <= timezone.now()
