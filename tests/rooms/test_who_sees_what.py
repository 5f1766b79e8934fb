"""Every page of rooms against everybody: what is forbidden looks like what does not exist."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account, Role
from rooms.models import Membership, Room
from tests.people import admitted, both_stores, make, open_room, seated, signed_in

pytestmark = both_stores

HERE, GONE, JOIN, SIGN_IN = 200, 404, "join", "sign in"
VIEWERS = ["signed out", "outsider", "admitted", "member", "removed", "mentor", "moderator", "clinician", "coordinator"]
PAGES = {
    #                  signed out  outsider  admitted  member  removed  mentor  moderator  clinician  coordinator
    "/":                (SIGN_IN,  HERE,     HERE,     HERE,   HERE,    HERE,   HERE,      HERE,      HERE),
    "/help/":           (HERE,     HERE,     HERE,     HERE,   HERE,    HERE,   HERE,      HERE,      HERE),
    "/rooms/":          (SIGN_IN,  GONE,     GONE,     GONE,   GONE,    GONE,   GONE,      GONE,      HERE),
    "/rooms/new/":      (SIGN_IN,  GONE,     GONE,     GONE,   GONE,    GONE,   GONE,      GONE,      HERE),
    "/rooms/R/":        (SIGN_IN,  GONE,     JOIN,     HERE,   GONE,    HERE,   HERE,      HERE,      GONE),
    "/rooms/R/join/":   (SIGN_IN,  GONE,     HERE,     "room", GONE,    "room", "room",    "room",    GONE),
    "/rooms/R/edit/":   (SIGN_IN,  GONE,     GONE,     GONE,   GONE,    GONE,   GONE,      GONE,      HERE),
    "/rooms/R/people/": (SIGN_IN,  GONE,     GONE,     GONE,   GONE,    GONE,   GONE,      GONE,      HERE),
}  # fmt: skip


@pytest.fixture
def browsers() -> tuple[Room, dict[str, Client]]:
    room = open_room()
    people: dict[str, Account] = {name: make(Role.CLIENT) for name in VIEWERS[1:5]}
    people |= {role.value: make(role) for role in (Role.MENTOR, Role.MODERATOR, Role.CLINICIAN, Role.COORDINATOR)}
    admitted(people["admitted"], room)
    for number, name in enumerate(("member", "removed", "mentor", "moderator", "clinician")):
        seated(people[name], room, f"Heron {'abcde'[number] * 3}")
    Membership.objects.filter(account=people["removed"]).update(removed_at=timezone.now())
    return room, {"signed out": Client(), **{name: signed_in(account) for name, account in people.items()}}


def ask(browser: Client, path: str, room: Room) -> int | str:
    response = browser.get(path)
    if response.status_code != 302:
        return response.status_code
    where = response.headers["Location"]
    named = {f"/rooms/{room.pk}/join/": JOIN, f"/rooms/{room.pk}/": "room"}
    return named.get(where, SIGN_IN if where.startswith("/account/login/?next=") else where)


def test_each_page_is_there_for_those_it_is_for(browsers: tuple[Room, dict[str, Client]]) -> None:
    room, everybody = browsers
    for path, expected in PAGES.items():
        found = tuple(ask(everybody[name], path.replace("R", room.pk), room) for name in VIEWERS)
        assert dict(zip(VIEWERS, found, strict=True)) == dict(zip(VIEWERS, expected, strict=True)), path


def test_forbidden_and_unknown_are_one_page(browsers: tuple[Room, dict[str, Client]]) -> None:
    room, everybody = browsers
    for name in ("outsider", "removed"):
        for path in ("/rooms/R/", "/rooms/R/join/", "/rooms/R/edit/", "/rooms/R/people/"):
            forbidden = everybody[name].get(path.replace("R", room.pk))
            unknown = everybody[name].get(path.replace("R", "x" * 16))
            assert forbidden.status_code == unknown.status_code == 404
            assert without_tokens(forbidden.content.decode(), room) == without_tokens(unknown.content.decode(), room)


def without_tokens(page: str, room: Room) -> list[str]:
    return [line.replace(room.pk, "x" * 16) for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_what_changes_something_is_forbidden_alike(browsers: tuple[Room, dict[str, Client]]) -> None:
    room, everybody = browsers
    for path in ("/rooms/R/", "/rooms/R/join/", "/rooms/R/leave/", "/rooms/R/edit/", "/rooms/R/people/", "/rooms/new/"):
        for name in ("outsider", "removed"):
            assert everybody[name].post(path.replace("R", room.pk), {"body": "x"}).status_code == 404, path
        assert everybody["signed out"].post(path.replace("R", room.pk)).status_code == 302, path
    assert everybody["coordinator"].post(f"/rooms/{room.pk}/", {"body": "x"}).status_code == 404


def test_somebody_suspended_is_signed_out(browsers: tuple[Room, dict[str, Client]]) -> None:
    room, everybody = browsers
    assert ask(everybody["member"], f"/rooms/{room.pk}/", room) == HERE
    Account.objects.filter(memberships__room=room).update(is_active=False)
    assert ask(everybody["member"], f"/rooms/{room.pk}/", room) == SIGN_IN


def test_no_address_takes_a_method_it_was_not_made_for(browsers: tuple[Room, dict[str, Client]]) -> None:
    room, everybody = browsers
    assert everybody["member"].get(f"/rooms/{room.pk}/leave/").status_code == 405
    assert everybody["member"].put(f"/rooms/{room.pk}/").status_code == 405
    assert everybody["member"].post("/").status_code == 405
    assert everybody["member"].post("/help/").status_code == 405


@pytest.mark.parametrize("path", ["/", "/help/", "/rooms/R/", "/rooms/R/join/", "/rooms/R/edit/", "/rooms/x/"])
def test_no_page_is_kept_and_none_runs_script_of_its_own(browsers: tuple[Room, dict[str, Client]], path: str) -> None:
    room, everybody = browsers
    for name in ("member", "admitted", "coordinator"):
        headers = everybody[name].get(path.replace("R", room.pk)).headers
        assert headers["Cache-Control"] == "no-store"
        policy = {
            part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split(";") if part.strip()
        }
        assert policy["default-src"] == ["'none'"]
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
        assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}
