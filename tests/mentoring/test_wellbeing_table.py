"""One table over every address of how mentors are: whoever may not see it gets what a wrong address gets.

The addresses are collected from the module: a new one fails here until the table says who may see it.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from accounts.models import Role
from mentoring import debriefs, respite, self_checks
from mentoring.models import Debrief, Mentor, Respite
from mentoring.urls import wellbeing
from rooms.models import Room
from tests.mentoring.cast import certified, thread_between
from tests.people import both_stores, make
from tests.strangers import METHODS, NONSENSE, check_nothing_there, strict, token_of
from tests.strangers import ask as asked_with

pytestmark = both_stores

# "mentor" goes away, "cover" stands in for them, "other mentor" has nothing to do with either.
VIEWERS = (
    "signed out", "client", "outsider", "mentor", "cover", "other mentor", "moderator", "clinician", "coordinator",
)  # fmt: skip
MENTORS, COORDINATOR = {"mentor", "cover", "other mentor"}, {"coordinator"}
MAY_SEE = {
    # A mentor's own pages: every mentor has them, each finds only what is theirs.
    "wellbeing": MENTORS,
    "check": MENTORS,
    "check_share": MENTORS,
    "hours": MENTORS,
    "break_heard": MENTORS,
    "respite": MENTORS,
    "debrief": {"mentor"},
    "respite_cover": {"mentor", "coordinator"},
    "respite_act": {"mentor", "coordinator"},
    # The coordinator's
    "load": COORDINATOR,
    "load_of": COORDINATOR,
    "load_respite": COORDINATOR,
    "load_act": COORDINATOR,
    "circle": COORDINATOR,
}
PATTERNS = {str(each.name): each for each in wellbeing.urlpatterns if isinstance(each, URLPattern)}
# These find one row through whose it is: to another mentor it is what a wrong number is.
OF_A_ROW = {"debrief", "respite_cover", "respite_act"}
ONLY_POSTED = {"check_share", "break_heard", "debrief", "respite_act", "load_act", "circle"}
WORDS = "The lantern went out."


@dataclass
class World:
    browsers: dict[str, Client]
    mentor: Mentor
    respite: Respite
    debrief: Debrief

    def path(self, name: str, **changes: Any) -> str:
        row = self.debrief.pk if name == "debrief" else self.respite.pk if name in OF_A_ROW else self.mentor.pk
        verb = "move" if name == "respite_act" else "break"
        ids = {"pk": row, "verb": verb, **changes}
        return reverse(f"mentoring:{name}", kwargs={each: ids[each] for each in PATTERNS[name].pattern.converters})


@pytest.fixture
def world() -> World:
    roles = {
        "client": Role.CLIENT,
        "outsider": Role.CLIENT,
        "mentor": Role.MENTOR,
        "cover": Role.MENTOR,
        "other mentor": Role.MENTOR,
        "moderator": Role.MODERATOR,
        "clinician": Role.CLINICIAN,
        "coordinator": Role.COORDINATOR,
    }
    people = {name: make(role) for name, role in roles.items()}
    mentor, cover = certified(people["mentor"], called="Juniper"), certified(people["cover"], called="Wren")
    certified(people["other mentor"], called="Linnet")
    thread = thread_between(people["client"], mentor, pseudonym="Gray Heron")
    today = timezone.localdate()
    planned = respite.plan(
        mentor=mentor,
        cover_id=cover.pk,
        starts=today + timedelta(days=3),
        ends=today + timedelta(days=9),
        by=mentor.account,
    )
    offered = debriefs.offer(thread.room_id)[0]
    answers = {"rested": 0, "worn": 4, "stayed": 4, "matters": 0, "someone": 0, "own": 0}
    self_checks.answer(mentor=mentor, answers=answers, words=WORDS)
    browsers = {"signed out": strict(None), **{name: strict(each) for name, each in people.items()}}
    return World(browsers, mentor, planned, offered)


FIELDS = {"wants": "yes", "shares": "yes"}
ask = partial(asked_with, fields=FIELDS)


def test_every_address_is_in_the_table() -> None:
    assert set(PATTERNS) == set(MAY_SEE)


@pytest.mark.parametrize("method", METHODS)
def test_whoever_may_not_see_it_gets_the_answer_of_a_wrong_address(world: World, method: str) -> None:
    for viewer in VIEWERS:
        excused = OF_A_ROW if viewer in MENTORS else ()
        hidden = [name for name, allowed in MAY_SEE.items() if viewer not in allowed and name not in excused]
        check_nothing_there(viewer, world.browsers[viewer], method, map(world.path, hidden), FIELDS)


@pytest.mark.parametrize("name", sorted(OF_A_ROW))
def test_another_mentor_learns_of_a_row_what_a_wrong_number_tells(world: World, name: str) -> None:
    for viewer in ("other mentor", "cover"):
        browser = world.browsers[viewer]
        token = token_of(browser)
        for method in METHODS:
            for each in {"", token} if method == "POST" else {""}:
                found = ask(browser, method, world.path(name), each)
                assert found == ask(browser, method, world.path(name, pk=10**9), each), (viewer, method)
        assert ask(browser, "POST", world.path(name), token) == ask(browser, "POST", NONSENSE, token)
    world.debrief.refresh_from_db()
    assert world.debrief.state == Debrief.State.OFFERED


def test_only_who_stands_in_can_decline_and_only_what_is_theirs_to_do_is_done(world: World) -> None:
    decline = world.path("respite_act", verb="decline")
    for viewer in ("mentor", "other mentor", "coordinator"):
        browser = world.browsers[viewer]
        assert ask(browser, "POST", decline, token_of(browser)).status == 404, viewer
    for verb in ("begin", "end", "move"):
        browser = world.browsers["cover"]
        assert ask(browser, "POST", world.path("respite_act", verb=verb), token_of(browser)).status == 404, verb
    assert Respite.objects.get().lack == ""
    browser = world.browsers["cover"]
    assert ask(browser, "POST", decline, token_of(browser)).status == 302
    assert Respite.objects.get().lack == Respite.Lack.DECLINED


def test_whoever_may_see_it_finds_something(world: World) -> None:
    for viewer in VIEWERS:
        for name, allowed in MAY_SEE.items():
            if viewer in allowed:
                status = ask(world.browsers[viewer], "GET", world.path(name)).status
                assert status == (405 if name in ONLY_POSTED else 200), (viewer, name)


def test_nothing_is_done_without_a_token(world: World) -> None:
    for viewer in ("mentor", "coordinator"):
        for name, allowed in MAY_SEE.items():
            if viewer in allowed:
                assert ask(world.browsers[viewer], "POST", world.path(name)).status in (403, 405), (viewer, name)
    assert not Room.objects.filter(kind=Room.Kind.CIRCLE).exists()
    assert not Mentor.objects.filter(shares_band=True).exists()


def test_what_is_not_there_is_a_wrong_address_to_a_coordinator_too(world: World) -> None:
    browser = world.browsers["coordinator"]
    token = token_of(browser)
    wrong = {method: ask(browser, method, NONSENSE, token) for method in ("GET", "POST")}
    for name in ("load_of", "load_respite", "respite_cover"):
        assert ask(browser, "GET", world.path(name, pk=10**9), token) == wrong["GET"], name
    for name in ("load_act", "respite_act"):
        assert ask(browser, "POST", world.path(name, pk=10**9), token) == wrong["POST"], name
        assert ask(browser, "POST", world.path(name, verb="wish"), token) == wrong["POST"], name
    client = world.browsers["client"].cookies[settings.SESSION_COOKIE_NAME]
    assert client
    number = make(Role.CLIENT).pk
    assert ask(browser, "GET", world.path("load_of", pk=number), token) == wrong["GET"]


def test_no_page_of_anybody_else_shows_the_check_and_without_consent_not_the_band(world: World) -> None:
    own = ask(world.browsers["mentor"], "GET", "/mentoring/check/").body
    assert WORDS in own
    assert "This sounds like a lot" in own
    for viewer in set(VIEWERS) - {"mentor", "signed out"}:
        browser = world.browsers[viewer]
        paths = [world.path(name) for name, allowed in MAY_SEE.items() if viewer in allowed and name not in ONLY_POSTED]
        for path in ("/", "/mentor/", "/mentoring/", f"/mentoring/mentors/{world.mentor.pk}/", *paths):
            body = ask(browser, "GET", path).body
            assert WORDS not in body, (viewer, path)
            assert "Needs rest" not in body, (viewer, path)


def test_a_coordinator_reads_no_name_of_a_client_on_the_board(world: World) -> None:
    client = world.mentor.threads.get().client
    for name in ("load", "load_of", "load_respite", "respite_cover"):
        body = ask(world.browsers["coordinator"], "GET", world.path(name)).body
        for word in ("Gray Heron", client.name, client.email):
            assert word not in body, name
