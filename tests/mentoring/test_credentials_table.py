"""One table over every address of papers and trainings: whoever may not see it gets what a wrong address gets.

The addresses are collected from the module: a new one fails here until the table says who may see it.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from accounts.models import Role
from mentoring import certifications, trainings
from mentoring.models import Certification, CertificationDocument, Training
from mentoring.urls import credentials
from tests.mentoring.cast import certified, new_mentor, thread_between
from tests.people import both_stores, make
from tests.strangers import METHODS, NONSENSE, check_nothing_there, strict, token_of
from tests.strangers import ask as asked_with

pytestmark = both_stores

# "mentor" owns the papers, "other mentor" has papers of their own, "client" has a thread with the mentor, "supervisor" is a
# clinician who was named for the mentor.
VIEWERS = ("signed out", "client", "outsider", "mentor", "other mentor", "moderator", "supervisor", "coordinator")
MENTORS, OWNER, COORDINATOR = {"mentor", "other mentor"}, {"mentor"}, {"coordinator"}

MAY_SEE = {
    # A mentor's own pages: every mentor has them, each finds only what is theirs.
    "certification": MENTORS,
    "document": OWNER,
    "certification_take_back": OWNER,
    "ethics": MENTORS,
    "trainings": MENTORS,
    "training_outside": MENTORS,
    "training_take_back": OWNER,
    "training": MENTORS,
    "quiz": MENTORS,
    "supervising": MENTORS | COORDINATOR | {"supervisor"},
    # The coordinator's
    "mentors": COORDINATOR,
    "agreement": COORDINATOR,
    "mentor": COORDINATOR,
    "supervisor": COORDINATOR,
    "mentor_document": COORDINATOR,
    "paper_add": COORDINATOR,
    "paper_check": COORDINATOR,
    "paper_withdraw": COORDINATOR,
}
PATTERNS = {str(each.name): each for each in credentials.urlpatterns if isinstance(each, URLPattern)}
# These find one paper through its owner: a mentor whose it is not learns what a wrong number tells.
OF_A_PAPER = {"document", "certification_take_back", "training_take_back"}
ONLY_POSTED = {
    "certification_take_back",
    "training_outside",
    "training_take_back",
    "supervisor",
    "paper_add",
    "paper_check",
    "paper_withdraw",
}


@dataclass
class World:
    """Something real behind every address, and a browser for every viewer."""

    browsers: dict[str, Client]
    ids: dict[str, Any]
    training: int

    def path(self, name: str, **changes: Any) -> str:
        ids = {**self.ids, **({"pk": self.training} if name == "training_take_back" else {}), **changes}
        if name in ("mentor", "supervisor", "mentor_document", "paper_add", "paper_check", "paper_withdraw"):
            ids["pk"] = changes.get("pk", self.ids["mentor"])
        return reverse(f"mentoring:{name}", kwargs={each: ids[each] for each in PATTERNS[name].pattern.converters})


@pytest.fixture
def world() -> World:
    people = {
        "client": make(Role.CLIENT),
        "outsider": make(Role.CLIENT),
        "mentor": make(Role.MENTOR),
        "other mentor": make(Role.MENTOR),
        "moderator": make(Role.MODERATOR),
        "supervisor": make(Role.CLINICIAN),
        "coordinator": make(Role.COORDINATOR),
    }
    mentor = new_mentor(people["mentor"], supervisor=people["supervisor"])
    certified(people["other mentor"])
    thread_between(people["client"], mentor)
    today = timezone.localdate()
    paper = certifications.add(
        mentor=mentor,
        body="Board of Ohio",
        number="PRS-1",
        issued=today,
        expires=today + timedelta(days=100),
        document=b"%PDF-1.7 one page",
        by=mentor.account,
    )
    training = trainings.record(
        mentor=mentor,
        code="self_care",
        provider="Academy",
        done_on=today,
        hours=Decimal(2),
        expires=None,
        by=mentor.account,
    )
    ids = {"pk": paper.pk, "paper": paper.pk, "mentor": mentor.pk, "code": "self_care", "kind": "certification"}
    browsers = {"signed out": strict(None), **{name: strict(each) for name, each in people.items()}}
    return World(browsers, ids, training.pk)


FIELDS = {"why": "Nothing"}
ask = partial(asked_with, fields=FIELDS)


def test_every_address_is_in_the_table() -> None:
    assert set(PATTERNS) == set(MAY_SEE)


@pytest.mark.parametrize("method", METHODS)
def test_whoever_may_not_see_it_gets_the_answer_of_a_wrong_address(world: World, method: str) -> None:
    for viewer in VIEWERS:
        excused = OF_A_PAPER if viewer in MENTORS else ()
        hidden = [name for name, allowed in MAY_SEE.items() if viewer not in allowed and name not in excused]
        check_nothing_there(viewer, world.browsers[viewer], method, map(world.path, hidden), FIELDS)


@pytest.mark.parametrize("name", sorted(OF_A_PAPER))
def test_another_mentor_learns_of_a_paper_what_a_wrong_number_tells(world: World, name: str) -> None:
    browser = world.browsers["other mentor"]
    for method in METHODS:
        for token in {"", token_of(browser)} if method == "POST" else {""}:
            assert ask(browser, method, world.path(name), token) == ask(
                browser, method, world.path(name, pk=10**9), token
            )
    path, token = world.path(name), token_of(browser)
    wanted = "POST" if name in ONLY_POSTED else "GET"
    assert ask(browser, wanted, path, token) == ask(browser, wanted, NONSENSE, token)
    assert Certification.objects.filter(pk=world.ids["paper"]).exists()
    assert Training.objects.filter(pk=world.training).exists()
    assert CertificationDocument.objects.filter(pk=world.ids["paper"]).exists()


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
    assert Certification.objects.get(pk=world.ids["paper"]).verified_at is None


def test_what_is_not_there_is_a_wrong_address_to_a_coordinator_too(world: World) -> None:
    browser = world.browsers["coordinator"]
    token = token_of(browser)
    wrong = ask(browser, "POST", NONSENSE, token)
    for name in ("paper_check", "paper_withdraw", "paper_add", "supervisor"):
        assert ask(browser, "POST", world.path(name, pk=10**9), token) == wrong, name
    for name in ("paper_check", "paper_withdraw"):
        assert ask(browser, "POST", world.path(name, paper=10**9), token) == wrong, name
        assert ask(browser, "POST", world.path(name, kind="wish"), token) == wrong, name


def test_no_page_of_somebody_else_names_the_papers(world: World) -> None:
    for viewer in ("client", "other mentor", "supervisor", "moderator"):
        for path in ("/", "/mentor/", "/mentoring/", "/mentoring/certification/", "/mentoring/trainings/", "/rooms/"):
            body = ask(world.browsers[viewer], "GET", path).body
            for words in ("Board of Ohio", "PRS-1", "Academy"):
                assert words not in body, (viewer, path)
