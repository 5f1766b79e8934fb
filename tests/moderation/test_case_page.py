"""The case page: what it shows and what not, each thing that can be done on it, and what it says when something cannot."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account, Role
from moderation import acts, appeals, casefile, cases, intake, letters
from moderation.matters import Weight, open_case
from moderation.models import Act, Case, Category, Flag, Letter, Sanction, Severity
from moderation.verbs import VERBS
from rooms import posting
from rooms.access import Seat
from rooms.models import Message, Room
from tests.moderation.matters import claimed, flagged, said
from tests.people import both_stores, make, open_room, seated, signed_in
from vault import trail

pytestmark = both_stores

WORDS = "You are all so very weak."


@pytest.fixture
def message(heron: Seat, river: Seat) -> str:
    said(river, "Good evening everybody.")
    id = said(heron, WORDS)
    said(river, "That is not a kind thing to say.")
    return id


@pytest.fixture
def case(river: Seat, message: str) -> Case:
    return flagged(river, message, words="I left the room because of this.")


@pytest.fixture
def hollis(moderator: Account) -> Client:
    return signed_in(moderator)


def address(case: Case) -> str:
    return reverse("moderation:case", args=[case.pk])


def do(hollis: Client, case: Case, verb: str, **data: Any) -> Any:
    return hollis.post(reverse("moderation:case_act", args=[case.pk, verb]), data, follow=True)


def text_of(answer: Any) -> str:
    """What somebody reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def acts_on_trail() -> list[str]:
    return [entry.act for entry in trail.last(20)]


# --- what it shows -------------------------------------------------------------------------------------------------


def test_the_head_says_what_it_is_about_and_the_flag_says_why(hollis: Client, case: Case) -> None:
    page = text_of(hollis.get(address(case)))
    for words in ("Harassment", "Urgent", "min left", "Quiet Heron", "Anxiety group", "Nobody has this case yet."):
        assert words in page
    assert "I left the room because of this." in page
    assert "A member" in page


def test_nobody_learns_from_the_page_who_flagged_or_who_it_is_about(
    hollis: Client, case: Case, a_client: Account, another_client: Account
) -> None:
    page = hollis.get(address(case)).content.decode()
    assert "Steady River" not in page
    for person in (a_client, another_client):
        assert person.name not in page
        assert person.email not in page


def test_the_words_of_the_evidence_are_not_in_the_page_until_they_are_asked_for(
    hollis: Client, case: Case, moderator: Account
) -> None:
    claimed(case, moderator)
    assert WORDS not in hollis.get(address(case)).content.decode()
    shown = hollis.post(reverse("moderation:case_evidence", args=[case.pk])).content.decode()
    for words in (WORDS, "Good evening everybody.", "That is not a kind thing to say."):
        assert words in shown
    assert WORDS not in hollis.get(address(case)).content.decode()


def test_each_look_at_the_evidence_is_on_the_trail(hollis: Client, case: Case, moderator: Account) -> None:
    claimed(case, moderator)
    for _ in range(2):
        hollis.post(reverse("moderation:case_evidence", args=[case.pk]))
    looks = [entry for entry in trail.last(10) if entry.act == "case.looked.evidence"]
    assert [(look.actor, look.subject) for look in looks] == [(f"account:{moderator.pk}", f"case:{case.pk}")] * 2


def test_opening_the_page_is_a_look_and_renewing_a_part_of_it_is_not_another(hollis: Client, case: Case) -> None:
    hollis.get(address(case))
    hollis.get(address(case), headers={"X-Part": "case"})
    assert acts_on_trail().count("case.looked.case") == 1


def test_the_evidence_is_for_who_holds_the_case(hollis: Client, case: Case, another_moderator: Account) -> None:
    for holder in (None, another_moderator):
        if holder:
            claimed(case, holder)
        answer = hollis.post(reverse("moderation:case_evidence", args=[case.pk]))
        assert answer.status_code == 422
        assert WORDS not in answer.content.decode()
        assert "Claim this case first." in text_of(answer)
    assert "case.looked.evidence" not in acts_on_trail()


def test_evidence_stays_when_its_author_has_taken_the_message_back(
    hollis: Client, case: Case, moderator: Account, heron: Seat, message: str
) -> None:
    posting.redact(heron, id=message)
    claimed(case, moderator)
    shown = hollis.post(reverse("moderation:case_evidence", args=[case.pk]))
    assert WORDS in shown.content.decode()
    assert "Taken back by its author" in text_of(shown)


def test_fifty_flags_are_folded(hollis: Client, case: Case) -> None:
    for number in range(50):
        Flag.objects.create(
            case=case, source="screen", category=Category.SPAM, severity="routine", rules=[f"r{number}"]
        )
    page = text_of(hollis.get(address(case)))
    assert "48 more flags" in page


def test_a_case_without_a_message_says_so(hollis: Client, river: Seat, heron: Seat) -> None:
    flag = intake.flag(river.account_id, room_id=river.room_id, member=heron.face.id, category=Category.OTHER, words="")
    assert "No message was flagged, but a member." in text_of(hollis.get(address(flag.case)))


def test_who_has_the_case_is_said_and_nothing_can_be_done_to_it(
    hollis: Client, case: Case, another_moderator: Account
) -> None:
    claimed(case, another_moderator)
    page = hollis.get(address(case))
    assert "Bertrand Okafor has this case." in text_of(page)
    assert reverse("moderation:case_act", args=[case.pk, "resolve"]) not in page.content.decode()
    answer = do(hollis, case, "claim")
    assert answer.status_code == 422
    assert "Bertrand Okafor has this case." in text_of(answer)


@pytest.mark.parametrize("who", ["a_client", "mentor", "clinician", "coordinator", None])
def test_to_everybody_else_the_page_does_not_exist(who: str | None, case: Case, request: pytest.FixtureRequest) -> None:
    theirs = signed_in(request.getfixturevalue(who)) if who else Client()
    unknown = text_of(theirs.get("/nothing/"))
    for answer in (
        theirs.get(address(case)),
        theirs.post(reverse("moderation:case_evidence", args=[case.pk])),
        do(theirs, case, "claim"),
    ):
        assert answer.status_code == 404
        assert text_of(answer) == unknown


def test_an_unknown_case_and_an_unknown_verb_are_not_found(hollis: Client, case: Case) -> None:
    assert hollis.get("/moderation/cases/nothing/").status_code == 404
    assert hollis.post(reverse("moderation:case_evidence", args=["nothing"])).status_code == 404
    assert do(hollis, case, "explode").status_code == 404
    for verb in VERBS:
        assert hollis.post(reverse("moderation:case_act", args=["nothing", verb])).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_case(
    hollis: Client,
    case: Case,
    moderator: Account,
    river: Seat,
    heron: Seat,
    message: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    claimed(case, moderator)
    hollis.get(address(case))
    with django_assert_max_num_queries(60) as few:
        hollis.get(address(case))
    for number in range(5):
        cases.note(case.pk, moderator, f"Note {number}")
        acts.check_in(case.pk, moderator, f"Letter {number}")
        flagged(river, said(heron, f"More of it {number}"))
    with django_assert_max_num_queries(len(few)):
        hollis.get(address(case))


# --- what is done on it ---------------------------------------------------------------------------------------------


def test_a_moderator_claims_notes_and_resolves(hollis: Client, case: Case, moderator: Account) -> None:
    assert "You have this case (until" in text_of(do(hollis, case, "claim"))
    assert "A quiet word." in text_of(do(hollis, case, "note", text="A quiet word."))
    page = text_of(do(hollis, case, "resolve", outcome="talked", text="We talked."))
    assert "Talked with the person" in page
    assert "We talked." in page
    assert "Hollis Achterberg resolved the case" in page
    case.refresh_from_db()
    assert case.is_resolved
    assert "Nobody has this case yet." in text_of(do(hollis, case, "reopen", text="It goes on."))


def test_taking_a_message_out_offers_to_take_that_back(
    hollis: Client, case: Case, moderator: Account, message: str
) -> None:
    claimed(case, moderator)
    page = do(hollis, case, "redact", message=message)
    assert "Message taken out of the room." in text_of(page)
    assert "Undo (10 seconds)" in text_of(page)
    page = do(hollis, case, "undo", act=Act.objects.get(kind="redact").pk)
    assert "Taken back." in text_of(page)
    assert "taken back" in text_of(page)
    assert Message.objects.get(pk=message).removed_at is None


def test_what_was_typed_stays_when_it_cannot_be_done(
    hollis: Client, case: Case, moderator: Account, another_moderator: Account
) -> None:
    claimed(case, moderator)
    Case.objects.filter(pk=case.pk).update(held_until=timezone.now())
    claimed(Case.objects.get(pk=case.pk), another_moderator)
    answer = do(hollis, case, "note", text="")
    assert answer.status_code == 422
    assert "Please write a few words." in text_of(answer)
    answer = do(hollis, case, "warn", text="Please be gentle with each other here.")
    assert answer.status_code == 422
    assert "Claim this case first." in text_of(answer)
    assert "Please be gentle with each other here." in answer.content.decode()


def test_ready_words_are_sent_where_nothing_else_was_written(hollis: Client, case: Case, moderator: Account) -> None:
    claimed(case, moderator)
    do(hollis, case, "check_in", ready="safe", text="")
    do(hollis, case, "check_in", ready="safe", text="Own words.")
    written = [letters.opened(letter) for letter in Letter.objects.filter(kind=Letter.Kind.CHECK_IN)]
    assert written == ["That sounds very hard. Are you safe at the moment?", "Own words."]


def test_the_person_s_answer_shows_in_the_conversation(
    hollis: Client, case: Case, moderator: Account, a_client: Account
) -> None:
    claimed(case, moderator)
    do(hollis, case, "check_in", text="How are you?")
    letters.answer(a_client, Letter.objects.get(kind=Letter.Kind.CHECK_IN).pk, "Better, thank you.")
    page = text_of(hollis.get(address(case)))
    assert "How are you?" in page
    assert "Better, thank you." in page


def test_a_flagger_s_letter_is_not_part_of_the_case(
    hollis: Client, case: Case, moderator: Account, a_client: Account
) -> None:
    claimed(case, moderator)
    do(hollis, case, "resolve", outcome="nothing")
    assert Letter.objects.filter(case=case, kind=Letter.Kind.HANDLED).exists()
    assert "A flag was handled" not in text_of(hollis.get(address(case)))


@pytest.mark.parametrize(
    ("length", "until"),
    [("15m", timedelta(minutes=15)), ("1h", timedelta(hours=1)), ("1d", timedelta(days=1)), ("1w", timedelta(weeks=1))],
)
def test_a_sanction_lasts_as_long_as_was_chosen(
    length: str, until: timedelta, hollis: Client, case: Case, moderator: Account
) -> None:
    claimed(case, moderator)
    page = text_of(do(hollis, case, "sanction", kind="mute", length=length, text="Please rest."))
    assert "The person cannot write for a time." in page
    sanction = Sanction.objects.get()
    assert sanction.until
    assert abs(sanction.until - timezone.now() - until) < timedelta(minutes=1)
    assert "Please rest." in page
    assert "Taken" not in page


def test_a_sanction_to_a_time_of_ones_own_and_without_end(hollis: Client, case: Case, moderator: Account) -> None:
    claimed(case, moderator)
    wrong = do(hollis, case, "sanction", kind="mute", length="own", own="", text="Please rest.")
    assert "Please choose a time." in text_of(wrong)
    assert "Please rest." in wrong.content.decode()
    past = do(hollis, case, "sanction", kind="mute", length="own", own="2020-01-01T10:00", text="Please rest.")
    assert "Please choose a time that is still to come." in text_of(past)
    endless = do(hollis, case, "sanction", kind="mute", length="always", text="Please rest.")
    assert "This needs an end." in text_of(endless)
    assert not Sanction.objects.exists()
    at = (timezone.localtime() + timedelta(hours=5)).replace(second=0, microsecond=0)
    do(hollis, case, "sanction", kind="mute", length="own", own=at.strftime("%Y-%m-%dT%H:%M"), text="Please rest.")
    assert Sanction.objects.get().until == at
    do(hollis, case, "sanction", kind="remove", length="always", text="Please rest.")
    assert Sanction.objects.get(kind="remove").until is None


def test_a_sanction_can_be_ended_early_from_its_own_case(
    hollis: Client, case: Case, moderator: Account, heron: Seat
) -> None:
    claimed(case, moderator)
    do(hollis, case, "sanction", kind="mute", length="1d", text="Please rest.")
    sanction = Sanction.objects.get()
    answer = do(hollis, case, "lift", sanction=sanction.pk, text="")
    assert "Please write a few words." in text_of(answer)
    do(hollis, case, "lift", sanction=sanction.pk, text="We talked.")
    sanction.refresh_from_db()
    assert sanction.lifted_by == moderator


def test_a_case_goes_to_a_named_clinician_or_to_whoever_is_on_call(
    hollis: Client, case: Case, moderator: Account, clinician: Account
) -> None:
    claimed(case, moderator)
    page = text_of(hollis.get(address(case)))
    assert "Whoever is on call" in page
    page = text_of(do(hollis, case, "hand_over", to=str(clinician.pk), text="She writes about tonight."))
    assert "Handed over to Dr. Priya Raghunathan, who has not taken it yet." in page
    assert "She writes about tonight." in page
    cases.acknowledge(case.pk, clinician)
    assert "Dr. Priya Raghunathan took this hand-over." in text_of(hollis.get(address(case)))


def test_a_case_is_put_off_and_brought_back(hollis: Client, case: Case, moderator: Account) -> None:
    claimed(case, moderator)
    assert "Put off until" in text_of(do(hollis, case, "snooze", until="morning"))
    case.refresh_from_db()
    assert case.snoozed_until
    assert timezone.localtime(case.snoozed_until).hour == 8
    assert "Nobody has this case yet." in text_of(do(hollis, case, "wake"))


def test_a_case_is_given_to_a_colleague(
    hollis: Client, case: Case, moderator: Account, another_moderator: Account
) -> None:
    claimed(case, moderator)
    page = text_of(do(hollis, case, "assign", to=str(another_moderator.pk)))
    assert "It was laid before Bertrand Okafor." in page


def test_a_crisis_cannot_be_put_off_here(hollis: Client, river: Seat, message: str, moderator: Account) -> None:
    crisis = claimed(flagged(river, message, category=Category.SUICIDE), moderator)
    assert (
        reverse("moderation:case_act", args=[crisis.pk, "snooze"]) not in hollis.get(address(crisis)).content.decode()
    )
    assert "A crisis cannot be put off." in text_of(do(hollis, crisis, "snooze", until="hour"))


def test_the_room_is_slowed_locked_and_opened_again(hollis: Client, case: Case, moderator: Account, room: Room) -> None:
    claimed(case, moderator)
    do(hollis, case, "slow", seconds="60", length="1h")
    page = text_of(do(hollis, case, "lock", length="15m"))
    assert "The room is locked." in page
    assert "Open the room again" in page
    assert "The room is open again." in text_of(do(hollis, case, "unlock"))
    do(hollis, case, "notice", length="1d", ready="slow", text="")
    room.refresh_from_db()
    assert (room.slow_seconds, room.locked_until) == (60, None)
    assert room.notice


def test_an_appeal_shows_the_words_the_sanction_and_its_evidence_to_the_second_moderator_alone(
    hollis: Client, case: Case, moderator: Account, another_moderator: Account, a_client: Account
) -> None:
    claimed(case, moderator)
    do(hollis, case, "sanction", kind="mute", length="1d", text="Please rest.")
    appeal = appeals.appeal(a_client, Sanction.objects.get().pk, "I was only joking.")
    assert hollis.get(address(appeal.case)).status_code == 404
    second = signed_in(another_moderator)
    do(second, appeal.case, "claim")
    page = text_of(second.get(address(appeal.case)))
    for words in ("I was only joking.", "Please rest.", "by Hollis Achterberg", "Answer the appeal"):
        assert words in page
    assert WORDS in second.post(reverse("moderation:case_evidence", args=[appeal.case_id])).content.decode()
    looked = [entry for entry in trail.last(5) if entry.act == "case.looked.evidence"]
    assert [entry.subject for entry in looked] == [f"case:{case.pk}"]
    page = text_of(do(second, appeal.case, "decide", decision="lifted", ready="lifted", text=""))
    assert "Resolved by Bertrand Okafor" in page
    assert Sanction.objects.get().ended_at


def test_a_part_is_the_page_without_what_is_around_it(hollis: Client, case: Case) -> None:
    part = hollis.get(address(case), headers={"X-Part": "case"}).content.decode()
    assert "<html" not in part
    assert 'data-live="head"' in part
    done = hollis.post(reverse("moderation:case_act", args=[case.pk, "claim"]), headers={"X-Part": "case"})
    assert done.status_code == 200
    assert "You have this case." in text_of(done)


def test_every_form_of_the_page_belongs_to_a_verb_and_has_fields_of_its_own(
    hollis: Client, case: Case, moderator: Account
) -> None:
    claimed(case, moderator)
    page = hollis.get(address(case)).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for verb in re.findall(rf"/moderation/cases/{case.pk}/act/(\w+)/", page):
        assert verb in VERBS


def test_a_rule_that_is_gone_is_called_by_its_name() -> None:
    assert casefile.rule_words("no-such_rule") == "no such rule"


def test_a_person_in_no_room_has_no_room_to_act_on(hollis: Client, moderator: Account, a_client: Account) -> None:
    case = claimed(open_case(None, a_client, Weight(Category.OTHER, Severity.ROUTINE)), moderator)
    page = hollis.get(address(case)).content.decode()
    assert reverse("moderation:case_act", args=[case.pk, "lock"]) not in page
    assert "We could not find that here." in text_of(do(hollis, case, "lock", length="1h"))


def test_a_page_in_spanish_stays_whole(case: Case) -> None:
    moderator = make(Role.MODERATOR, language="es")
    claimed(case, moderator)
    assert signed_in(moderator).get(address(case)).status_code == 200


def test_names_of_people_in_other_rooms_do_not_show(hollis: Client, case: Case, a_client: Account) -> None:
    seated(a_client, open_room("Another group"), "Other Bird")
    assert "Other Bird" not in hollis.get(address(case)).content.decode()
