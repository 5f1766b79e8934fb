"""One table over every address and frame of moderation: whoever may not see it gets what a wrong address gets.

The addresses are collected from the resolver: a new one fails here until the table says who may see it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from accounts.models import Account, Role
from moderation import acts, appeals, cases, glass, saved_views, urls
from moderation.models import Category, Glass, Letter, Sanction, SavedView, Shift
from moderation.verbs import VERBS
from tests.harness.client import BareClient
from tests.harness.server import Stores
from tests.live.house import House, embedded
from tests.moderation.matters import claimed, flagged, said
from tests.people import both_stores, make, open_room, seated
from tests.strangers import METHODS, NONSENSE, check_nothing_there, strict, token_of
from tests.strangers import ask as asked_with
from vault.models import TrailEntry

# "clinician" took nothing over; "taker" is the clinician who took one case over; "owner" is the client whom cases are about.
VIEWERS = ("signed out", "outsider", "owner", "client", "mentor", "clinician", "taker", "moderator", "coordinator")
MODERATOR, TAKER = {"moderator"}, {"taker"}
CLINICIANS = {"clinician", "taker"}
SECONDS = MODERATOR | CLINICIANS | {"coordinator"}

FOR_STAFF = {
    # The queue
    "queue": MODERATOR,
    "queue_rows": MODERATOR,
    "claim_next": MODERATOR,
    "queue_claim": MODERATOR,
    "queue_sound": MODERATOR,
    "save_view": MODERATOR,
    "forget_view": MODERATOR,
    # A case
    "case": MODERATOR,
    "case_evidence": MODERATOR,
    "case_act": MODERATOR,
    # Break-glass and its review
    "glass_context": MODERATOR,
    "glass_identity": MODERATOR,
    "glass_waiting": SECONDS,
    "glass_agree": SECONDS,
    "glass_refuse": SECONDS,
    "review": {"coordinator"},
    "review_one": {"coordinator"},
    # On call
    "rota": SECONDS,
    "rota_start": SECONDS,
    "rota_stop": SECONDS,
    "rota_plan": SECONDS,
    "rota_remove": SECONDS,
    "alerts": MODERATOR | CLINICIANS,
    "alerts_choose": MODERATOR | CLINICIANS,
    "alerts_try": MODERATOR | CLINICIANS,
    "push_on": MODERATOR | CLINICIANS,
    "push_off": MODERATOR | CLINICIANS,
    "push_worker": MODERATOR | CLINICIANS,
    # Hand-overs
    "handovers": CLINICIANS,
    "handover": TAKER,
    "handover_take": TAKER,
    "handover_contact": TAKER,
    "handover_signs": TAKER,
    "handover_act": TAKER,
    # The team and the rooms
    "team": MODERATOR | {"coordinator"},
    "handing_over": MODERATOR,
    "rooms": MODERATOR | {"coordinator"},
    "room": MODERATOR | {"coordinator"},
    "room_act": MODERATOR,
}
# These belong to everybody who is signed in, and show only what is one's own.
FOR_EVERYBODY = {"cards", "cards_all", "card_away", "card_answer", "card_appeal", "flag"}
WITH_A_LINK = {"access"}  # for who cannot sign in: the link is the key

# Clinicians know these pages, from cases that are theirs; of another case they learn nothing.
OF_A_CASE = {
    "glass_context",
    "glass_identity",
    "handover",
    "handover_take",
    "handover_contact",
    "handover_signs",
    "handover_act",
}
IDEMPOTENT = {"forget_view"}  # one's own view is forgotten; that there is none is as good

WHY = "They answered a message that is further up."


@dataclass
class World:
    """Something real behind every address, and a browser for every viewer."""

    browsers: dict[str, Client]
    ids: dict[str, Any]
    handover: str
    closed: str
    elsewhere: str  # a room that nobody here belongs to

    def path(self, name: str) -> str:
        """The address, with the ids of things that are there."""
        ids = dict(self.ids)
        if name.startswith("handover_") or name == "handover":
            ids |= {"case_id": self.handover, "verb": "letter"}
        if name == "review_one":
            ids["glass_id"] = self.closed
        if name == "room_act":
            ids["verb"] = "lock"
        return reverse(f"moderation:{name}", kwargs={each: ids[each] for each in PARAMETERS[name]})

    def unknown(self, name: str) -> str:
        """The same address with ids of nothing."""
        nothing = {each: 10**9 if isinstance(self.ids[each], int) else "nothing" for each in PARAMETERS[name]}
        return reverse(f"moderation:{name}", kwargs=nothing)


def collected(
    patterns: list[URLPattern | URLResolver], before: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every address of moderation by name, with the names of what stands in it."""
    for each in patterns:
        parameters = (*before, *each.pattern.converters)
        if isinstance(each, URLResolver):
            yield from collected(each.url_patterns, parameters)
        else:
            assert each.name, f"{each.pattern} has no name"
            yield each.name, parameters


PARAMETERS = dict(collected(urls.urlpatterns))


@pytest.fixture
def world(moderator: Account, another_moderator: Account, clinician: Account, coordinator: Account) -> World:
    room, elsewhere = open_room(), open_room("Another group")
    owner, client, outsider = (make(Role.CLIENT) for _ in range(3))
    mentor, taker = make(Role.MENTOR), make(Role.CLINICIAN)
    heron, river = seated(owner, room, "Quiet Heron"), seated(client, room, "Steady River")
    seated(mentor, room, "Juniper")
    fox, owl = (seated(make(Role.CLIENT), room, name) for name in ("Red Fox", "Grey Owl"))

    case = claimed(flagged(river, said(heron, "Nobody here ever listens.")), moderator)
    acts.check_in(case.pk, moderator, "How are you?")
    acts.sanction(case.pk, moderator, Sanction.Kind.MUTE, "Please rest.", timezone.now() + timedelta(days=1))
    sanction = Sanction.objects.get()
    letter = Letter.objects.get(kind=Letter.Kind.CHECK_IN)

    asked = claimed(flagged(river, said(fox, "Nobody here ever listens.")), another_moderator)
    waiting = glass.ask_identity(asked.pk, another_moderator, WHY)
    closed = glass.ask_context(asked.pk, another_moderator, WHY)
    Glass.objects.filter(pk=closed.pk).update(open_until=timezone.now())

    crisis = claimed(flagged(river, said(owl, "It rained all day."), category=Category.SUICIDE), moderator)
    cases.hand_over(crisis.pk, moderator, taker)
    cases.acknowledge(crisis.pk, taker)

    saved_views.save(moderator, name="Tonight", query="severity=crisis")
    now = timezone.now()
    shift = Shift.objects.create(account=moderator, starts=now + timedelta(hours=1), ends=now + timedelta(hours=2))
    people = {
        "outsider": outsider,
        "owner": owner,
        "client": client,
        "mentor": mentor,
        "clinician": clinician,
        "taker": taker,
        "moderator": moderator,
        "coordinator": coordinator,
    }
    return World(
        browsers={"signed out": strict(None), **{name: strict(person) for name, person in people.items()}},
        ids={
            "case_id": case.pk,
            "glass_id": waiting.pk,
            "verb": "note",
            "view_id": SavedView.objects.get().pk,
            "shift_id": shift.pk,
            "room_id": room.pk,
            "letter_id": letter.pk,
            "sanction_id": sanction.pk,
            "token": "nothing",
        },
        handover=crisis.pk,
        closed=closed.pk,
        elsewhere=elsewhere.pk,
    )


FIELDS = {"words": "Hello."}
ask = partial(asked_with, fields=FIELDS)


class TestAddresses:
    pytestmark = both_stores

    def test_every_address_is_in_the_table(self) -> None:
        assert set(PARAMETERS) == set(FOR_STAFF) | FOR_EVERYBODY | WITH_A_LINK

    def test_everything_under_moderation_is_for_staff(self, world: World) -> None:
        for name in PARAMETERS:
            assert world.path(name).startswith("/moderation/") == (name in FOR_STAFF), name

    @pytest.mark.parametrize("method", METHODS)
    def test_whoever_may_not_see_it_gets_the_answer_of_a_wrong_address(self, world: World, method: str) -> None:
        for viewer in VIEWERS:
            excused = OF_A_CASE if viewer in CLINICIANS else ()
            hidden = [name for name, allowed in FOR_STAFF.items() if viewer not in allowed and name not in excused]
            check_nothing_there(viewer, world.browsers[viewer], method, map(world.path, hidden), FIELDS)

    @pytest.mark.parametrize("method", METHODS)
    def test_a_clinician_without_the_hand_over_learns_nothing_of_the_case(self, world: World, method: str) -> None:
        """The answer of an id of nothing; and where the page takes the method, that of a wrong address."""
        browser = world.browsers["clinician"]
        for token in {"", token_of(browser)} if method == "POST" else {""}:
            wrong = ask(browser, method, NONSENSE, token)
            for name in OF_A_CASE:
                found = ask(browser, method, world.path(name), token)
                assert found == ask(browser, method, world.unknown(name), token), name
                if found.status not in (403, 405):
                    assert found == wrong, name
                if token:
                    assert found.status in (404, 405), name

    def test_whoever_may_see_it_finds_something(self, world: World) -> None:
        for viewer in VIEWERS:
            browser = world.browsers[viewer]
            for name, allowed in FOR_STAFF.items():
                if viewer in allowed:
                    assert ask(browser, "OPTIONS", world.path(name)).status == 405, (viewer, name)
                    assert ask(browser, "GET", world.path(name)).status != 404, (viewer, name)

    def test_what_is_not_there_is_a_wrong_address_to_those_who_may_look_too(self, world: World) -> None:
        for viewer in VIEWERS:
            browser = world.browsers[viewer]
            token = token_of(browser)
            wrong = {method: ask(browser, method, NONSENSE, token) for method in ("GET", "POST")}
            for name, allowed in FOR_STAFF.items():
                if viewer not in allowed or not PARAMETERS[name] or name in IDEMPOTENT:
                    continue
                path = world.unknown(name)
                answers = {method: ask(browser, method, path, token) for method in wrong}
                found = [method for method, answer in answers.items() if answer.status != 405]
                assert found, (viewer, path)
                for method in found:
                    assert answers[method] == wrong[method], (viewer, method, path)

    def test_every_verb_of_a_case_is_closed_to_others(self, world: World) -> None:
        for verb in VERBS:
            path = reverse("moderation:case_act", args=[world.ids["case_id"], verb])
            for viewer in VIEWERS:
                if viewer != "moderator":
                    browser = world.browsers[viewer]
                    assert ask(browser, "POST", path, token_of(browser)).status == 404, (viewer, verb)

    def test_a_moderator_does_not_see_an_appeal_against_their_own_sanction(self, world: World) -> None:
        owner = Account.objects.get(pk=Sanction.objects.get().account_id)
        appeal = appeals.appeal(owner, world.ids["sanction_id"], "It was not meant like that.")
        moderator = world.browsers["moderator"]
        for name in ("case", "case_evidence", "case_act", "queue_claim", "glass_context", "glass_identity"):
            ids = {**world.ids, "case_id": appeal.case_id}
            path = reverse(f"moderation:{name}", kwargs={each: ids[each] for each in PARAMETERS[name]})
            method = "GET" if name == "case" else "POST"
            assert ask(moderator, method, path, token_of(moderator)).status == 404, name

    @pytest.mark.parametrize("viewer", VIEWERS)
    def test_the_trail_hears_nothing_of_those_who_found_nothing(self, world: World, viewer: str) -> None:
        before = TrailEntry.objects.count()
        browser = world.browsers[viewer]
        token = token_of(browser)
        for name, allowed in FOR_STAFF.items():
            if viewer not in allowed:
                ask(browser, "GET", world.path(name))
                ask(browser, "POST", world.path(name), token)
        assert TrailEntry.objects.count() == before


class TestWhatIsOnesOwn:
    pytestmark = both_stores

    @pytest.mark.parametrize("name", sorted(FOR_EVERYBODY))
    def test_who_is_signed_out_is_asked_to_sign_in_whatever_is_there(self, world: World, name: str) -> None:
        browser = world.browsers["signed out"]
        token = token_of(browser)
        for method in ("GET", "POST"):
            there, not_there = (ask(browser, method, path, token) for path in (world.path(name), world.unknown(name)))
            assert there.status == not_there.status
            assert there.status in (302, 405)

    @pytest.mark.parametrize("name", ["card_away", "card_answer", "card_appeal"])
    def test_what_belongs_to_another_is_a_wrong_address(self, world: World, name: str) -> None:
        path = world.path(name)
        for viewer in set(VIEWERS) - {"owner", "signed out"}:
            browser = world.browsers[viewer]
            token = token_of(browser)
            found, wrong = (ask(browser, "POST", each, token) for each in (path, NONSENSE))
            assert found == wrong, viewer
        browser = world.browsers["owner"]
        assert ask(browser, "POST", path, token_of(browser)).status != 404

    @pytest.mark.parametrize("kind", ["case_id", "handover", "glass_id"])
    def test_ids_of_moderation_are_no_cards(self, world: World, kind: str) -> None:
        id = world.ids.get(kind, world.handover)
        browser = world.browsers["owner"]
        for name, argument in (
            ("card_away", "letter_id"),
            ("card_answer", "letter_id"),
            ("card_appeal", "sanction_id"),
        ):
            path = reverse(f"moderation:{name}", kwargs={argument: id})
            assert ask(browser, "POST", path, token_of(browser)).status == 404

    def test_cards_show_ones_own_and_nobody_elses(self, world: World) -> None:
        for viewer in set(VIEWERS) - {"signed out"}:
            for name in ("cards", "cards_all"):
                page = ask(world.browsers[viewer], "GET", world.path(name)).body
                assert ("How are you?" in page) == (viewer == "owner"), (viewer, name)
                assert ("Please rest." in page) == (viewer == "owner"), (viewer, name)

    def test_flagging_in_a_room_that_is_not_ones_own_is_a_wrong_address(self, world: World) -> None:
        elsewhere = reverse("moderation:flag", args=[world.elsewhere])
        for viewer in set(VIEWERS) - {"signed out"}:
            browser = world.browsers[viewer]
            token = token_of(browser)
            for method in ("GET", "POST"):
                found, wrong = (ask(browser, method, path, token) for path in (elsewhere, NONSENSE))
                assert found == wrong, (viewer, method)

    def test_a_link_that_was_guessed_opens_nothing(self, world: World) -> None:
        for viewer in VIEWERS:
            assert ask(world.browsers[viewer], "GET", world.path("access")).status == 404


@pytest.fixture(scope="module")
def house(stores: Stores) -> Iterator[House]:
    with embedded(stores) as house:
        yield house


@pytest.mark.servers
class TestFrames:
    """Over a real socket."""

    TOPICS = ("queue", "cases", "alerts", "person", "review")
    MAY_FOLLOW = ("moderator", "clinician", "coordinator")

    @staticmethod
    async def told(house: House, cookie: str, *frames: dict[str, Any]) -> list[dict[str, Any]]:
        """The answers, without what the asker had put into them."""
        async with BareClient.open(house.url(), cookie) as client:
            answers = [await client.ask(frame) for frame in frames]
        return [
            {name: value for name, value in each.items() if name not in ("ref", "room", "topic")} for each in answers
        ]

    @pytest.mark.parametrize("role", ["client", "mentor"])
    async def test_who_may_not_follow_a_topic_hears_what_an_unknown_one_says(self, house: House, role: str) -> None:
        cookie = house.stranger(role=role)
        unknown, *known = await self.told(
            house, cookie, *({"type": "follow", "topic": topic} for topic in ("nothing", *self.TOPICS))
        )
        assert unknown["type"] == "refused"
        assert unknown["reason"] == "not_found"
        assert known == [unknown] * len(self.TOPICS)

    @pytest.mark.parametrize("role", MAY_FOLLOW)
    async def test_staff_follow_the_queue_and_nothing_that_is_not_theirs(self, house: House, role: str) -> None:
        cookie = house.stranger(role=role)
        unknown, queue, *others = await self.told(
            house, cookie, *({"type": "follow", "topic": topic} for topic in ("nothing", *self.TOPICS))
        )
        assert queue["type"] == "done"
        assert others == [unknown] * (len(self.TOPICS) - 1)

    async def test_nobody_follows_the_topic_of_another_person(self, house: House) -> None:
        for role in ("client", *self.MAY_FOLLOW):
            frames = ({"type": "follow", "topic": topic} for topic in ("person:1", "person:2", "case:x"))
            for answer in await self.told(house, house.stranger(role=role), *frames):
                assert answer["type"] in ("refused", "error"), role

    async def test_who_is_signed_out_is_shown_out(self, house: House) -> None:
        for cookie in ("", "peerchat_session=nothing"):
            async with BareClient.open(house.url(), cookie or None) as client:
                assert await client.closed() == 4401

    async def test_a_flag_in_a_room_that_is_not_theirs_is_a_flag_in_no_room(self, house: House) -> None:
        room = house.room()
        member = house.person(room)
        message = house.office("post", cookie=member.cookie, room=room, body="Good evening.")["id"]
        for role in ("client", "mentor", "moderator", "clinician", "coordinator"):
            about = {"type": "flag", "id": message, "category": "harassment", "words": "It hurt."}
            there, nowhere = await self.told(
                house, house.stranger(role=role), {**about, "room": room}, {**about, "room": "nothing"}
            )
            assert there == nowhere
            assert there["reason"] in ("not_found", "not_entered")
        assert house.office("cases") == []

    async def test_entering_first_helps_nobody(self, house: House) -> None:
        room = house.room()
        house.person(room)
        for role in ("client", "moderator"):
            there, nowhere = await self.told(
                house, house.stranger(role=role), {"type": "enter", "room": room}, {"type": "enter", "room": "nothing"}
            )
            assert there == nowhere
            assert there["reason"] == "not_found"

    async def test_a_message_of_another_room_is_no_message_to_flag(self, house: House) -> None:
        here, there = house.room(), house.room("Other group")
        member, stranger = house.person(here), house.person(there)
        message = house.office("post", cookie=stranger.cookie, room=there, body="Good evening.")["id"]
        about = {"type": "flag", "room": here, "category": "harassment", "words": "It hurt."}
        _, real, unknown, person, nobody = await self.told(
            house,
            member.cookie,
            {"type": "enter", "room": here},
            {**about, "id": message},
            {**about, "id": "0" * 32},
            {**about, "member": stranger.member},
            {**about, "member": "m_" + "0" * 16},
        )
        assert real == unknown == person == nobody
        assert real["reason"] == "not_found"
        assert house.office("cases") == []
