"""The trail of moderation: each look and each act leaves one entry without content, and whoever touches them is found out.

The entries are made by the doors themselves, through a whole case; then they are changed by hand in the database, as somebody
with its password can.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Account, Role
from moderation import acts, appeals, casefile, cases, glass, handovers, looking, reviewing, undo
from moderation.models import Appeal, Case, Category, Glass, Sanction
from rooms.access import Seat
from rooms.models import Message
from tests.moderation.matters import claimed, flagged, said
from tests.people import both_stores, make, signed_in
from vault import trail
from vault.models import TrailAnchor, TrailEntry, TrailHead

pytestmark = both_stores

WHY = "They answered a message that is further up."
NOTE = "Two of us talked about it at length."
SAID = "Nobody here ever listens."
FLAGGED_WITH = "This made me cry."
LETTER = "Please take it slowly tonight."
NAMES = ("Hollis", "Bertrand", "Priya", "Solveig", "Ines", "Teodor", "Quiet Heron", "Steady River", "@people.example")


@pytest.fixture
def message(heron: Seat) -> str:
    return said(heron, SAID)


@pytest.fixture
def flag(river: Seat, message: str) -> Case:
    return flagged(river, message, words=FLAGGED_WITH)


@pytest.fixture
def case(flag: Case, moderator: Account) -> Case:
    return claimed(flag, moderator)


@pytest.fixture
def handed_over(heron: Seat, river: Seat, moderator: Account, clinician: Account) -> Case:
    found = claimed(flagged(river, said(heron, SAID), category=Category.SUICIDE), moderator)
    cases.hand_over(found.pk, moderator, clinician, NOTE)
    return found


@pytest.fixture
def done(
    case: Case, message: str, moderator: Account, another_moderator: Account, coordinator: Account
) -> list[TrailEntry]:
    """What a whole case left on the trail, from its claim to its review."""
    before = position()
    opened = glass.ask_context(case.pk, moderator, WHY)
    looking.more_context(opened, moderator)
    asked = glass.ask_identity(case.pk, moderator, WHY)
    glass.agree(asked.pk, another_moderator)
    looking.identity(Glass.objects.get(pk=asked.pk), moderator)
    casefile.look(case.pk, moderator)
    cases.note(case.pk, moderator, NOTE)
    undo.undo(acts.redact(case.pk, moderator, message).pk, moderator)
    acts.warn(case.pk, moderator, LETTER)
    acts.sanction(case.pk, moderator, Sanction.Kind.MUTE, LETTER, timezone.now() + timedelta(days=1))
    cases.resolve(case.pk, moderator, Case.Outcome.SANCTION)
    reviewing.review(opened.pk, coordinator, NOTE)
    return since(before)


def position() -> int:
    return TrailEntry.objects.order_by("-position").values_list("position", flat=True).first() or 0


def since(before: int) -> list[TrailEntry]:
    return list(TrailEntry.objects.filter(position__gt=before).order_by("position"))


def entries(before: int) -> list[tuple[str, str, str]]:
    return [(entry.actor, entry.act, entry.subject) for entry in since(before)]


def by_hand(statement: str, *values: str | int | bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def anchored() -> None:
    """As it is after each commit, which a test's own transaction never reaches."""
    head = TrailHead.objects.get()
    TrailAnchor.objects.update_or_create(pk=1, defaults={"position": head.position, "mac": head.mac})


class TestOneEntry:
    """Of the right person, about the right case, for each look and each act."""

    def one(self, before: int, by: Account | str, act: str, case: Case) -> None:
        who = by if isinstance(by, str) else f"account:{by.pk}"
        assert entries(before) == [(who, f"case.{act}", f"case:{case.pk}")]

    def test_of_a_members_flag(self, river: Seat, message: str, another_client: Account) -> None:
        before = position()
        self.one(before, another_client, "flag", flagged(river, message))

    def test_of_the_same_flag_twice(self, river: Seat, message: str, flag: Case) -> None:
        before = position()
        flagged(river, message)
        assert entries(before) == []

    def test_of_a_claim_and_none_of_its_renewal(self, flag: Case, moderator: Account) -> None:
        before = position()
        for _ in range(3):
            cases.claim(flag.pk, moderator)
        self.one(before, moderator, "claim", flag)

    @pytest.mark.parametrize(
        ("act", "door"),
        [
            ("hand_back", lambda case, by: cases.hand_back(case.pk, by)),
            ("assign", lambda case, by: cases.assign(case.pk, by, make(Role.MODERATOR))),
            ("snooze", lambda case, by: cases.snooze(case.pk, by, timezone.now() + timedelta(hours=1))),
            ("note", lambda case, by: cases.note(case.pk, by, NOTE)),
            ("resolve", lambda case, by: cases.resolve(case.pk, by, Case.Outcome.TALKED)),
            ("check_in", lambda case, by: acts.check_in(case.pk, by, LETTER)),
            ("warn", lambda case, by: acts.warn(case.pk, by, LETTER)),
            ("slow", lambda case, by: acts.slow(case.pk, by, 30, timezone.now() + timedelta(hours=1))),
            ("lock", lambda case, by: acts.lock(case.pk, by, timezone.now() + timedelta(hours=1))),
            ("notice", lambda case, by: acts.notice(case.pk, by, LETTER, timezone.now() + timedelta(hours=1))),
            (
                "mute",
                lambda case, by: acts.sanction(
                    case.pk, by, Sanction.Kind.MUTE, LETTER, timezone.now() + timedelta(hours=1)
                ),
            ),
            ("glass_context", lambda case, by: glass.ask_context(case.pk, by, WHY)),
            ("glass_identity", lambda case, by: glass.ask_identity(case.pk, by, WHY)),
            ("looked.evidence", lambda case, by: casefile.look(case.pk, by)),
        ],
    )
    def test_of_each_act_of_a_moderator(
        self, case: Case, moderator: Account, act: str, door: Callable[[Case, Account], object]
    ) -> None:
        before = position()
        door(case, moderator)
        self.one(before, moderator, act, case)

    @pytest.mark.parametrize("act", ["redact", "blur"])
    def test_of_what_is_done_to_a_message_and_of_taking_it_back(
        self, case: Case, message: str, moderator: Account, act: str
    ) -> None:
        before = position()
        done = getattr(acts, act)(case.pk, moderator, message)
        self.one(before, moderator, act, case)
        before = position()
        undo.undo(done.pk, moderator)
        self.one(before, moderator, f"undo.{act}", case)

    def test_of_reopening(self, case: Case, moderator: Account) -> None:
        cases.resolve(case.pk, moderator, Case.Outcome.NOTHING)
        before = position()
        cases.reopen(case.pk, moderator, NOTE)
        self.one(before, moderator, "reopen", case)

    def test_of_a_look_at_the_conversation(self, case: Case, moderator: Account) -> None:
        opened = glass.ask_context(case.pk, moderator, WHY)
        before = position()
        looking.more_context(opened, moderator)
        self.one(before, moderator, "looked.context", case)

    @pytest.mark.parametrize(("answer", "act"), [(glass.agree, "glass_agree"), (glass.refuse, "glass_refuse")])
    def test_of_the_second_person(
        self,
        case: Case,
        moderator: Account,
        another_moderator: Account,
        answer: Callable[[str, Account], Glass],
        act: str,
    ) -> None:
        asked = glass.ask_identity(case.pk, moderator, WHY)
        before = position()
        answer(asked.pk, another_moderator)
        self.one(before, another_moderator, act, case)

    def test_of_a_look_at_who_it_is(self, case: Case, moderator: Account, another_moderator: Account) -> None:
        asked = glass.agree(glass.ask_identity(case.pk, moderator, WHY).pk, another_moderator)
        before = position()
        looking.identity(asked, moderator)
        self.one(before, moderator, "looked.identity", case)

    def test_of_the_review(self, case: Case, moderator: Account, coordinator: Account) -> None:
        opened = glass.ask_context(case.pk, moderator, WHY)
        cases.resolve(case.pk, moderator, Case.Outcome.NOTHING)
        before = position()
        reviewing.review(opened.pk, coordinator, NOTE)
        self.one(before, coordinator, "glass_review", case)

    def test_of_taking_a_hand_over_and_writing_to_the_person(self, handed_over: Case, clinician: Account) -> None:
        before = position()
        cases.acknowledge(handed_over.pk, clinician)
        cases.acknowledge(handed_over.pk, clinician)
        self.one(before, clinician, "acknowledge", handed_over)
        before = position()
        handovers.write(handed_over.pk, clinician, LETTER)
        self.one(before, clinician, "check_in", handed_over)

    def test_of_a_clinicians_look_at_who_it_is(self, handed_over: Case, clinician: Account) -> None:
        cases.acknowledge(handed_over.pk, clinician)
        before = position()
        looking.identity_for_handover(handed_over.pk, clinician)
        self.one(before, clinician, "looked.identity", handed_over)

    def test_of_an_appeal_and_its_answer(self, case: Case, moderator: Account, another_moderator: Account) -> None:
        acts.sanction(case.pk, moderator, Sanction.Kind.MUTE, LETTER, timezone.now() + timedelta(days=1))
        before = position()
        sanction = Sanction.objects.select_related("account").get()
        appeal = appeals.appeal(sanction.account, sanction.pk, "It was not meant like that.")
        self.one(before, sanction.account, "appeal", appeal.case)
        cases.claim(appeal.case_id, another_moderator)
        before = position()
        appeals.decide(appeal.case_id, another_moderator, Appeal.Decision.UPHELD, LETTER)
        assert [entry[:1] + entry[2:] for entry in entries(before)].count(
            (f"account:{another_moderator.pk}", f"case:{appeal.case_id}")
        ) == len(entries(before))

    def test_of_opening_the_page_of_a_case_and_of_its_evidence(self, case: Case, moderator: Account) -> None:
        browser: Client = signed_in(moderator)
        before = position()
        browser.get(f"/moderation/cases/{case.pk}/")
        self.one(before, moderator, "looked.case", case)
        before = position()
        browser.post(f"/moderation/cases/{case.pk}/evidence/")
        self.one(before, moderator, "looked.evidence", case)

    def test_of_nothing_that_was_refused(
        self, case: Case, another_moderator: Account, mentor: Account, coordinator: Account
    ) -> None:
        before = position()
        for door in (
            lambda: cases.claim(case.pk, another_moderator),
            lambda: casefile.look(case.pk, another_moderator),
            lambda: acts.redact(case.pk, another_moderator, Message.objects.get().pk),
            lambda: glass.ask_identity(case.pk, another_moderator, WHY),
            lambda: cases.note(case.pk, mentor, NOTE),
            lambda: cases.acknowledge(case.pk, coordinator),
        ):
            with pytest.raises(Exception, match=r"taken|not_held|not_found"):
                door()
        assert entries(before) == []


class TestNoContent:
    def test_no_entry_holds_a_word_of_anybody_in_the_clear(self, done: list[TrailEntry]) -> None:
        for entry in TrailEntry.objects.all():
            clear = f"{entry.actor} {entry.act} {entry.subject}"
            stored = clear.encode() + bytes(entry.why) + bytes(entry.mac)
            for words in (WHY, NOTE, SAID, FLAGGED_WITH, LETTER, *NAMES):
                assert words.encode() not in stored, (entry.act, words)

    def test_a_sealed_reason_is_what_staff_stated_and_never_what_was_said(self, done: list[TrailEntry]) -> None:
        reasons = {trail.why(entry) for entry in TrailEntry.objects.all()}
        assert {WHY, NOTE} <= reasons
        for reason in reasons:
            for words in (SAID, FLAGGED_WITH, LETTER, *NAMES):
                assert words not in reason

    def test_everything_is_about_the_case_by_its_number(self, done: list[TrailEntry], case: Case) -> None:
        assert {entry.subject for entry in done if entry.act.startswith("case.")} == {f"case:{case.pk}"}

    def test_showing_the_trail_names_who_did_what(
        self, done: list[TrailEntry], moderator: Account, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("trail", "show", "--last", "100")
        shown = capsys.readouterr().out
        for entry in done:
            assert f"{entry.position}  " in shown
        assert f"account:{moderator.pk}  case.looked.identity  " in shown
        assert SAID not in shown


class TestTouchedByHand:
    """`peerchat trail verify` names each entry of moderation that somebody altered, removed, swapped or cut off."""

    @pytest.fixture
    def said_of(self, capsys: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
        def verify() -> list[str]:
            with suppress(SystemExit):
                call_command("trail", "verify")
            return capsys.readouterr().out.splitlines()

        return verify

    @pytest.fixture(autouse=True)
    def _written(self, done: list[TrailEntry]) -> None:
        assert len(done) >= 12
        anchored()

    @staticmethod
    def place(act: str) -> int:
        return TrailEntry.objects.filter(act=f"case.{act}").values_list("position", flat=True)[0]

    def test_untouched_it_is_whole(self, said_of: Callable[[], list[str]]) -> None:
        assert said_of() == ["The trail is whole: nothing was altered, removed or moved."]

    @pytest.mark.parametrize("act", ["looked.context", "looked.identity", "glass_agree", "redact", "glass_review"])
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("actor", "account:0"),
            ("act", "case.claim"),
            ("subject", "case:another"),
            ("at", "2026-01-01 00:00:00"),
            ("why", b"\x01" + bytes(60)),
        ],
    )
    def test_an_altered_entry_is_named(
        self, said_of: Callable[[], list[str]], act: str, column: str, value: str | bytes
    ) -> None:
        place = self.place(act)
        by_hand(f"UPDATE vault_trailentry SET {column} = %s WHERE position = %s", value, place)
        assert said_of() == [f"Entry {place} was altered, or not written by Peerchat."]

    def test_a_look_laid_at_a_colleagues_door_is_named(
        self, said_of: Callable[[], list[str]], moderator: Account, another_moderator: Account
    ) -> None:
        places = list(
            TrailEntry.objects.filter(actor=f"account:{moderator.pk}", act__startswith="case.looked").values_list(
                "position", flat=True
            )
        )
        by_hand(
            "UPDATE vault_trailentry SET actor = %s WHERE actor = %s AND act LIKE 'case.looked%%'",
            f"account:{another_moderator.pk}",
            f"account:{moderator.pk}",
        )
        assert said_of() == [f"Entry {place} was altered, or not written by Peerchat." for place in sorted(places)]

    def test_a_reason_put_in_the_place_of_another_is_named(self, said_of: Callable[[], list[str]]) -> None:
        one, other = self.place("glass_identity"), self.place("glass_context")
        by_hand(
            "UPDATE vault_trailentry SET why = (SELECT why FROM vault_trailentry WHERE position = %s) WHERE position = %s",
            other,
            one,
        )
        assert said_of() == [f"Entry {one} was altered, or not written by Peerchat."]

    @pytest.mark.parametrize("act", ["looked.context", "looked.identity", "looked.evidence", "glass_agree"])
    def test_a_removed_look_is_named(self, said_of: Callable[[], list[str]], act: str) -> None:
        place = self.place(act)
        by_hand("DELETE FROM vault_trailentry WHERE position = %s", place)
        assert said_of() == [f"Entry {place} is missing."]

    def test_all_looks_of_one_moderator_removed_are_named(
        self, said_of: Callable[[], list[str]], moderator: Account
    ) -> None:
        looks = TrailEntry.objects.filter(actor=f"account:{moderator.pk}", act__startswith="case.looked")
        places = sorted(looks.values_list("position", flat=True))
        by_hand("DELETE FROM vault_trailentry WHERE act LIKE 'case.looked%%'")
        missing = "\n".join(said_of())
        for place in places:
            assert self.is_named(missing, place), (place, missing)

    @staticmethod
    def is_named(sentences: str, place: int) -> bool:
        """Alone or in a span."""
        spans = re.findall(r"(?i)entr(?:y|ies) (\d+)(?: to (\d+))?", sentences)
        return any(int(first) <= place <= int(final or first) for first, final in spans)

    def test_a_removed_look_is_named_though_the_rest_moved_up(self, said_of: Callable[[], list[str]]) -> None:
        place, last = self.place("looked.identity"), position()
        by_hand("DELETE FROM vault_trailentry WHERE position = %s", place)
        for number in range(place + 1, last + 1):
            by_hand("UPDATE vault_trailentry SET position = %s WHERE position = %s", number - 1, number)
        sentences = said_of()
        assert f"Entry {place} was moved: it was written as entry {place + 1}." in sentences
        assert f"The end was cut off: entry {last} is missing." in sentences

    def test_swapped_entries_are_both_named(self, said_of: Callable[[], list[str]]) -> None:
        """As if the second person had agreed before anybody asked."""
        asked, agreed = self.place("glass_identity"), self.place("glass_agree")
        by_hand("UPDATE vault_trailentry SET position = -1 WHERE position = %s", asked)
        by_hand("UPDATE vault_trailentry SET position = %s WHERE position = %s", asked, agreed)
        by_hand("UPDATE vault_trailentry SET position = %s WHERE position = -1", agreed)
        assert said_of() == [
            f"Entry {asked} was moved: it was written as entry {agreed}.",
            f"Entry {agreed} was moved: it was written as entry {asked}.",
        ]

    @pytest.mark.parametrize("head_too", [False, True], ids=["the entries alone", "the entries and the head"])
    def test_a_cut_off_end_is_named(self, said_of: Callable[[], list[str]], head_too: bool) -> None:
        place, last = self.place("looked.identity"), position()
        by_hand("DELETE FROM vault_trailentry WHERE position >= %s", place)
        if head_too:
            by_hand(
                "UPDATE vault_trailhead SET position = %s,"
                " mac = (SELECT mac FROM vault_trailentry WHERE position = %s)",
                place - 1,
                place - 1,
            )
        assert said_of() == [f"The end was cut off: entries {place} to {last} are missing."]

    def test_a_cut_stays_in_sight_when_work_goes_on(
        self, said_of: Callable[[], list[str]], heron: Seat, river: Seat, moderator: Account
    ) -> None:
        place, last = self.place("glass_agree"), position()
        by_hand("DELETE FROM vault_trailentry WHERE position >= %s", place)
        by_hand(
            "UPDATE vault_trailhead SET position = %s, mac = (SELECT mac FROM vault_trailentry WHERE position = %s)",
            place - 1,
            place - 1,
        )
        claimed(flagged(heron, said(river, SAID)), moderator)
        anchored()
        assert said_of() == [f"Entries {place} to {last} are missing."]

    def test_an_entry_made_up_by_hand_is_named(self, said_of: Callable[[], list[str]], moderator: Account) -> None:
        """A second person who never agreed."""
        last = position()
        by_hand(
            "INSERT INTO vault_trailentry (position, at, actor, act, subject, why, key, previous, mac)"
            " SELECT %s, at, actor, act, subject, why, key, mac, mac FROM vault_trailentry WHERE position = %s",
            last + 1,
            self.place("glass_agree"),
        )
        assert f"Entry {last + 1} was altered, or not written by Peerchat." in said_of() or any(
            f"Entry {last + 1} was moved" in sentence for sentence in said_of()
        )
