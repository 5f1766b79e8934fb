"""The circle of mentors: opened once, everybody who is a mentor belongs, the coordinator who opened it reads nothing."""

import pytest

from accounts import people
from accounts.models import Account, Role
from mentoring import circle
from mentoring.models import Mentor
from mentoring.refusals import Refused
from rooms import joining
from rooms.access import membership, standing
from rooms.models import Membership
from rooms.refusals import Refused as RoomRefused
from tests.mentoring.cast import certified, new_mentor
from tests.people import both_stores, coordinator, make, mentor, moderator, signed_in

__all__ = ["coordinator", "mentor", "moderator"]
pytestmark = both_stores


@pytest.fixture
def juniper(mentor: Account) -> Mentor:
    return certified(mentor, called="Juniper")


def belonging() -> set[int]:
    return set(Membership.objects.belonging().values_list("account_id", flat=True))


def test_all_mentors_are_admitted_and_enter_with_a_name_of_their_own(juniper: Mentor, coordinator: Account) -> None:
    without_file = make(Role.MENTOR)
    room = circle.open_circle(by=coordinator)
    assert belonging() == {juniper.pk, without_file.pk}
    place = circle.place_of(juniper)
    assert place is not None
    joining.enter(place, pseudonym="Night Owl", version=place.room.agreement_version)
    assert standing(juniper.pk, room.pk)
    assert "never about who a client is" in room.agreements.get().text


def test_there_is_one(coordinator: Account) -> None:
    circle.open_circle(by=coordinator)
    with pytest.raises(Refused, match="circle_there"):
        circle.open_circle(by=coordinator)


def test_a_new_mentor_comes_and_whoever_is_none_any_more_goes(juniper: Mentor, coordinator: Account) -> None:
    circle.open_circle(by=coordinator)
    new = new_mentor()
    assert circle.turn() == 1
    assert circle.turn() == 0
    assert belonging() == {juniper.pk, new.pk}
    people.change_role(juniper.account, Role.CLIENT, by=coordinator)
    assert belonging() == {new.pk}, "at once"
    assert circle.turn() == 0


def test_who_left_with_the_role_comes_back_with_it_as_who_they_were(juniper: Mentor, coordinator: Account) -> None:
    room = circle.open_circle(by=coordinator)
    place = circle.place_of(juniper)
    assert place is not None
    joining.enter(place, pseudonym="Night Owl", version=place.room.agreement_version)
    people.change_role(juniper.account, Role.MODERATOR, by=coordinator)
    assert belonging() == set()
    people.change_role(juniper.account, Role.MENTOR, by=coordinator)
    assert circle.turn() == 1
    assert circle.turn() == 0
    assert standing(juniper.pk, room.pk).pk == place.pk
    joining.remove(juniper.account, room, actor=coordinator)
    assert circle.turn() == 0, "let go by hand"


def test_a_former_mentor_who_is_staff_may_be_let_in_by_hand_and_stays(juniper: Mentor, coordinator: Account) -> None:
    room = circle.open_circle(by=coordinator)
    people.change_role(juniper.account, Role.MODERATOR, by=coordinator)
    joining.admit(juniper.account, room, actor=coordinator)
    circle.turn()
    people.suspend(juniper.account, by=coordinator, why="Rest.")
    people.bring_back(juniper.account, by=coordinator)
    people.change_role(juniper.account, Role.CLINICIAN, by=coordinator)
    assert belonging() == {juniper.pk}
    people.change_role(juniper.account, Role.CLIENT, by=coordinator)
    assert belonging() == set()


def test_no_client_is_let_in(coordinator: Account) -> None:
    room, client = circle.open_circle(by=coordinator), make(Role.CLIENT)
    desk = signed_in(coordinator)
    page = desk.get(f"/rooms/{room.pk}/people/").content.decode()
    assert f"Add {client.name}" not in page
    assert f"Add {coordinator.name}" in page
    answer = desk.post(f"/rooms/{room.pk}/people/", {"account": client.pk, "act": "add"}, follow=True)
    assert "Clients cannot be in it." in answer.content.decode()
    assert belonging() == set()


def test_somebody_let_go_by_hand_stays_away_and_a_supervisor_let_in_by_hand_stays(
    juniper: Mentor, coordinator: Account, moderator: Account
) -> None:
    room = circle.open_circle(by=coordinator)
    joining.remove(juniper.account, room, actor=coordinator)
    joining.admit(moderator, room, actor=coordinator)
    circle.turn()
    assert belonging() == {moderator.pk}


def test_the_coordinator_reads_nothing(juniper: Mentor, coordinator: Account) -> None:
    room = circle.open_circle(by=coordinator)
    with pytest.raises(RoomRefused, match="not_found"):
        membership(coordinator.pk, room.pk)
    assert signed_in(coordinator).get(f"/rooms/{room.pk}/").status_code == 404
