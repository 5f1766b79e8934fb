"""`peerchat demo` and `peerchat cast`: made-up people, only where it is said that they are."""

import json
import stat
from http.cookies import SimpleCookie
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts import sessions
from accounts.models import Account, Role
from rooms import entering, posting, reading
from rooms.access import seat_of, standing
from rooms.demo_program import PASSWORD, PEOPLE, TALK
from rooms.models import Membership, Message, Room
from tests.people import both_stores
from vault import trail

pytestmark = both_stores


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


# --- demo -----------------------------------------------------------------------------------------------------------


def test_the_demo_has_people_of_every_role_and_says_loudly_what_it_is() -> None:
    said = run("demo")
    assert {account.role for account in Account.objects.all()} == {role.value for role in Role}
    assert "DEMONSTRATION" in said
    assert PASSWORD in said
    for person in PEOPLE:
        assert person.email in said


def test_a_second_start_makes_nobody_twice() -> None:
    first = run("demo")
    counts = (Account.objects.count(), Message.objects.count(), Room.objects.count(), Membership.objects.count())
    assert run("demo") == first
    assert counts == (
        Account.objects.count(),
        Message.objects.count(),
        Room.objects.count(),
        Membership.objects.count(),
    )


def test_the_talk_went_on_before_one_came_in_its_order() -> None:
    run("demo")
    for room in Room.objects.all():
        messages = reading.newest(room.pk, 100).messages
        assert [message.at for message in messages] == sorted(message.at for message in messages)
        assert all(message.body for message in messages)
    assert Message.objects.filter(room__in=Room.objects.groups()).count() == len(TALK)
    assert not trail.verify()


def test_the_demos_people_sign_in_with_the_printed_password(client: Client) -> None:
    run("demo")
    response = client.post("/account/login/", {"login": PEOPLE[0].email, "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert b"Anxiety group" in client.get("/").content


@pytest.mark.parametrize("command", [["demo"], ["cast", "--out", "-"]])
def test_without_the_demo_nobody_is_made(settings: Settings, command: list[str]) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        run(*command)
    assert not Account.objects.exists()


# --- cast -----------------------------------------------------------------------------------------------------------


def cast(path: Path, rooms: int, members: int) -> list[dict[str, str]]:
    run("cast", "--rooms", str(rooms), "--members", str(members), "--out", str(path))
    made: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return made


def session_key(seat: dict[str, str], settings: Settings) -> str:
    (name, morsel), *rest = SimpleCookie(seat["cookie"]).items()
    assert (name, rest) == (settings.SESSION_COOKIE_NAME, [])
    return morsel.value


def test_a_cast_says_for_each_member_where_and_with_which_cookie(tmp_path: Path, settings: Settings) -> None:
    made = cast(tmp_path / "cast.json", 3, 4)
    assert len(made) == 12
    assert all(set(seat) == {"room", "cookie"} for seat in made)
    assert {seat["room"] for seat in made} == set(Room.objects.values_list("pk", flat=True))
    assert len({session_key(seat, settings) for seat in made}) == 12


def test_everybody_of_a_cast_is_signed_in_and_sits_in_their_room(tmp_path: Path, settings: Settings) -> None:
    for seat in cast(tmp_path / "cast.json", 2, 2):
        signed = sessions.who(session_key(seat, settings))
        assert signed is not None
        assert signed.role == Role.CLIENT
        assert entering.enter(signed.account_id, seat["room"]).number == 0
        browser = Client(headers={"cookie": seat["cookie"]})
        assert browser.get(f"/rooms/{seat['room']}/").status_code == 200


def test_a_cast_may_post_as_fast_as_it_likes(tmp_path: Path, settings: Settings) -> None:
    (seat,) = cast(tmp_path / "cast.json", 1, 1)
    signed = sessions.who(session_key(seat, settings))
    assert signed is not None
    sitting = seat_of(standing(signed.account_id, seat["room"]))
    for number in range(150):
        posting.post(sitting, body=f"number {number}")


def test_a_second_cast_stands_beside_the_first(tmp_path: Path) -> None:
    first, second = cast(tmp_path / "one.json", 1, 2), cast(tmp_path / "two.json", 1, 2)
    assert not {seat["room"] for seat in first} & {seat["room"] for seat in second}


def test_the_file_of_cookies_is_for_its_owner_only(tmp_path: Path) -> None:
    cast(tmp_path / "cast.json", 1, 1)
    assert stat.S_IMODE((tmp_path / "cast.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(("rooms", "members"), [("0", "1"), ("1", "0"), ("1001", "1"), ("1", "5001")])
def test_a_cast_has_a_size(rooms: str, members: str) -> None:
    with pytest.raises(CommandError):
        run("cast", "--rooms", rooms, "--members", members, "--out", "-")
    assert not Room.objects.exists()
