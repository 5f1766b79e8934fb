"""A case that becomes a crisis, or shows to be one again, gets all that a new crisis gets, whoever had it and whatever was done with it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import Account, Role
from moderation import cards, cases, clocks, handovers, intake, letters, queue, sealed, sending
from moderation.filters import Filters, Standing
from moderation.gate import CRISIS_CARD
from moderation.matters import Weight
from moderation.models import Act, Alert, Case, Category, Flag, Letter, Severity
from moderation.refusals import Refused
from rooms import posting, topics
from rooms.access import Seat
from rooms.gates import Allow, Draft, Verdict
from rooms.gates import Flag as Raised
from rooms.models import Membership
from tests.moderation.matters import claimed, said
from tests.moderation.on_duty import on_call, written_to
from tests.people import both_stores, make, signed_in

pytestmark = both_stores

Capture = DjangoCaptureOnCommitCallbacks
CRISIS = Raised("suicide.plan", "suicide", "crisis", level=5, crisis=True, card=CRISIS_CARD)
SPAM = Raised("spam.link", "spam", "routine")
SEEN: list[str] = []
HOLLIS, PRIYA = "hollis@people.example", "priya@people.example"


def gate(draft: Draft) -> Verdict:
    return Allow((CRISIS,)) if "plan" in draft.body else Allow((SPAM,))


def seen(room_id: str) -> None:
    SEEN.append(room_id)


@pytest.fixture(autouse=True)
def _hearing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    SEEN.clear()
    settings.MESSAGE_GATES = ["tests.moderation.test_rising.gate"]
    settings.CRISIS_SEEN = ["tests.moderation.test_rising.seen"]
    monkeypatch.setattr(sending, "BETWEEN", timedelta(0))


@pytest.fixture
def case(heron: Seat) -> Case:
    """About nothing much, and nobody is told of it."""
    posting.post(heron, body="a link")
    mail.outbox.clear()
    return Case.objects.get()


@pytest.fixture
def on_duty(another_moderator: Account) -> Account:
    """First in line, and not who has the case."""
    on_call(another_moderator)
    return another_moderator


def becomes_crisis(heron: Seat, capture: Capture) -> list[str]:
    """Who gets an e-mail at that moment."""
    with capture(execute=True):
        posting.post(heron, body="a plan")
        intake.take()
    return written_to()


def ticked(minutes: float, capture: Capture) -> list[str]:
    with capture(execute=True):
        clocks.tick(timezone.now() + timedelta(minutes=minutes))
    return written_to()


def listed(account: Account, state: Standing) -> list[str]:
    return [row.id for row in queue.page(account, Filters(state=state)).rows]


# --- while it waits ---------------------------------------------------------------------------------------------------


def test_it_is_told_counted_shown_and_given_the_clock_of_a_crisis_at_once(
    case: Case, heron: Seat, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    before = topics.newest()
    assert queue.crises(on_duty) == []
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == [on_duty.email]
    case.refresh_from_db()
    assert (case.severity, case.tier, case.step) == (Severity.CRISIS, 0, 1)
    assert case.due_at <= timezone.now() + Severity.CRISIS.clock
    assert queue.crises(on_duty) == [case.pk], "what a page plays its sound for"
    assert "queue" in [topic for _, topic in topics.since(before)]
    assert [heron.room_id] == SEEN, "and a talk is offered after it"


def test_a_member_who_sees_more_in_it_than_before_is_heard_and_counts_once(
    heron: Seat, river: Seat, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    about = {"room_id": river.room_id, "message_id": said(heron, "I give my things away.")}
    Case.objects.all().delete()
    first = intake.flag(river.account_id, category=Category.OTHER, words="Odd.", **about)
    with django_capture_on_commit_callbacks(execute=True):
        again = intake.flag(river.account_id, category=Category.SUICIDE, words="", **about)
    assert written_to() == [on_duty.email]
    assert [heron.room_id] == SEEN
    flag = Flag.objects.get()
    assert flag == first == again
    assert (flag.severity, flag.category, flag.case.flags_count) == (Severity.CRISIS, Category.SUICIDE, 1)
    assert sealed.open_text(flag.words, case_id=flag.case_id, purpose="flag.words", place=flag.pk) == "Odd."
    with django_capture_on_commit_callbacks(execute=True):
        intake.flag(river.account_id, category=Category.SUICIDE, words="", **about)
        intake.flag(river.account_id, category=Category.SPAM, words="", **about)
    assert written_to() == []
    assert Flag.objects.get().severity == Severity.CRISIS


def test_a_put_off_ends(
    case: Case, heron: Seat, moderator: Account, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    claimed(case, moderator)
    cases.snooze(case.pk, moderator, timezone.now() + timedelta(hours=8))
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == [on_duty.email]
    assert listed(on_duty, Standing.WAITING) == [case.pk]
    assert Case.objects.get().due_at <= timezone.now() + Severity.CRISIS.clock


def test_whom_it_is_laid_before_is_told_with_those_on_call(
    case: Case, heron: Seat, moderator: Account, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    cases.assign(case.pk, on_duty, moderator)
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == [on_duty.email, HOLLIS]


# --- while a moderator has it -----------------------------------------------------------------------------------------


def test_who_has_it_and_who_is_on_call_are_told_at_once_and_it_stays_with_who_does_something(
    case: Case, heron: Seat, moderator: Account, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    claimed(case, moderator)
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == [on_duty.email, HOLLIS]
    assert Case.objects.get().holder == moderator
    cases.holds(case.pk, moderator)  # as every act does
    assert listed(moderator, Standing.MINE) == [case.pk]
    with pytest.raises(Refused, match="taken"):
        cases.claim(case.pk, on_duty)
    assert ticked(29, django_capture_on_commit_callbacks) == []


@pytest.mark.parametrize("answer", ["the holder claims again", "the holder acts"])
def test_what_was_not_sent_by_the_time_somebody_answers_is_not_sent(
    case: Case,
    heron: Seat,
    moderator: Account,
    on_duty: Account,
    answer: str,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    claimed(case, moderator)
    with django_capture_on_commit_callbacks():  # the mail server is slow
        posting.post(heron, body="a plan")
        intake.take()
    assert Alert.objects.filter(sent_at=None).count() == 2
    cases.claim(case.pk, moderator) if answer == "the holder claims again" else cases.holds(case.pk, moderator)
    assert sending.send_due() == 0
    assert written_to() == []


def test_until_its_holder_answers_it_waits_like_any_crisis_and_goes_to_who_is_first(
    case: Case, heron: Seat, moderator: Account, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    claimed(case, moderator)
    becomes_crisis(heron, django_capture_on_commit_callbacks)
    for person in (moderator, on_duty):
        assert listed(person, Standing.WAITING) == [case.pk]
        assert queue.crises(person) == [case.pk]
        assert listed(person, Standing.MINE) == listed(person, Standing.CLAIMED) == []
    taken = queue.claim_next(on_duty)
    assert taken is not None
    assert (taken.pk, taken.holder, taken.assigned_to) == (case.pk, on_duty, None)
    with pytest.raises(Refused, match="not_held"):
        cases.holds(case.pk, moderator)


def test_a_holder_who_does_nothing_has_it_for_five_minutes_and_then_the_next_in_line_is_told(
    case: Case, heron: Seat, moderator: Account, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    third = make(Role.MODERATOR, email="third@people.example")
    on_call(third, 2)
    claimed(case, moderator)
    becomes_crisis(heron, django_capture_on_commit_callbacks)
    assert ticked(4.5, django_capture_on_commit_callbacks) == []
    assert ticked(5.1, django_capture_on_commit_callbacks) == ["third@people.example"]
    case.refresh_from_db()
    assert (case.state, case.holder, case.assigned_to) == (Case.State.OPEN, None, moderator)


def test_the_pages_say_it_to_who_has_it_and_to_the_others(
    case: Case, heron: Seat, moderator: Account, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    claimed(case, moderator)
    becomes_crisis(heron, django_capture_on_commit_callbacks)
    path = reverse("moderation:case", args=[case.pk])
    theirs = signed_in(on_duty).get(path).content.decode()
    assert "Whoever claims it first has it." in theirs
    assert 'data-act="claim"' in theirs
    browser = signed_in(moderator)
    mine = browser.get(path).content.decode()
    assert "There is a new sign of crisis here" in mine
    assert "It is with me" in mine
    browser.post(reverse("moderation:case_act", args=[case.pk, "claim"]))
    mine = browser.get(path).content.decode()
    assert "There is a new sign of crisis here" not in mine
    assert "You have this case" in mine
    assert Act.objects.filter(case=case, kind="claim").count() == 2


# --- while a clinician has it -----------------------------------------------------------------------------------------


def test_a_hand_over_is_taken_anew_by_who_took_it_or_by_who_is_on_call(
    case: Case,
    heron: Seat,
    moderator: Account,
    clinician: Account,
    on_duty: Account,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    other = make(Role.CLINICIAN, email="other@people.example")
    on_call(other)
    claimed(case, moderator)
    cases.hand_over(case.pk, moderator, clinician)
    cases.acknowledge(case.pk, clinician)
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == sorted(["other@people.example", PRIYA])
    for person in (clinician, other):
        assert [line.id for line in handovers.waiting_for(person)] == [case.pk]
    assert ticked(5.1, django_capture_on_commit_callbacks) == sorted([on_duty.email, "other@people.example"])
    taken = cases.acknowledge(case.pk, other)
    assert (taken.acknowledged_by, taken.assigned_to) == (other, None)
    with pytest.raises(Refused, match="acknowledged"):
        cases.acknowledge(case.pk, clinician)
    assert ticked(30, django_capture_on_commit_callbacks) == []


# --- a crisis that somebody has shows again ---------------------------------------------------------------------------


def had(
    case: Case, heron: Seat, by: Account, capture: Capture, *, silent: float, clinician: Account | None = None
) -> None:
    """It is a crisis, `by` claimed it and handed it to this clinician, and nobody did anything or was told for so many minutes."""
    becomes_crisis(heron, capture)
    claimed(case, by)
    if clinician is not None:
        cases.hand_over(case.pk, by, clinician)
        cases.acknowledge(case.pk, clinician)
    earlier = timezone.now() - timedelta(minutes=silent)
    Act.objects.update(at=earlier)
    Case.objects.update(told_at=earlier, due_at=earlier, first_response_at=earlier)
    Letter.objects.update(at=earlier)
    mail.outbox.clear()
    SEEN.clear()


def test_who_has_been_silent_is_told_with_those_on_call_and_has_five_minutes_to_answer(
    case: Case, heron: Seat, moderator: Account, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    third = make(Role.MODERATOR, email="third@people.example")
    on_call(third, 2)
    had(case, heron, moderator, django_capture_on_commit_callbacks, silent=11)
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == [on_duty.email, HOLLIS]
    assert [heron.room_id] == SEEN
    case.refresh_from_db()
    assert (case.is_asked_anew, case.holder, case.step) == (True, moderator, 1)
    assert timezone.now() < case.due_at <= timezone.now() + Severity.CRISIS.clock
    assert listed(on_duty, Standing.WAITING) == queue.crises(on_duty) == [case.pk], "every page sounds"
    assert Act.objects.filter(case=case, by=None, kind="ask").count() == 1
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == [], (
        "while they are asked, more words change nothing"
    )
    assert ticked(4.5, django_capture_on_commit_callbacks) == []
    assert ticked(5.1, django_capture_on_commit_callbacks) == ["third@people.example"]


def test_words_of_crisis_in_an_answer_ask_anew_and_thanks_do_not(
    case: Case,
    heron: Seat,
    a_client: Account,
    moderator: Account,
    on_duty: Account,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    had(case, heron, moderator, django_capture_on_commit_callbacks, silent=11)
    check_in = letters.write(case, Letter.Kind.CHECK_IN, moderator, "How are you?")
    for words, told in (("Thank you.", []), ("I am going to kill myself tonight.", [on_duty.email, HOLLIS])):
        with django_capture_on_commit_callbacks(execute=True):
            letters.answer(a_client, check_in.pk, words)
        assert written_to() == told


@pytest.mark.parametrize("sign", ["an act", "a telling"])
def test_who_is_there_gets_no_letter_but_is_asked_on_the_page_and_told_if_they_are_not_there_after_all(
    case: Case,
    heron: Seat,
    moderator: Account,
    on_duty: Account,
    sign: str,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    had(case, heron, moderator, django_capture_on_commit_callbacks, silent=11)
    if sign == "an act":
        cases.note(case.pk, moderator, "I am writing to them.")
    else:
        Case.objects.update(told_at=timezone.now() - timedelta(minutes=9))
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == []
    assert queue.crises(moderator) == [case.pk]
    assert ticked(4.5, django_capture_on_commit_callbacks) == []
    assert ticked(5.1, django_capture_on_commit_callbacks) == [on_duty.email, HOLLIS]


def test_what_a_colleague_writes_does_not_say_that_who_has_it_is_there(
    case: Case, heron: Seat, moderator: Account, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    had(case, heron, moderator, django_capture_on_commit_callbacks, silent=11)
    cases.note(case.pk, on_duty, "How is it?")
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == [on_duty.email, HOLLIS]


def test_a_case_tells_once_in_ten_minutes_however_much_is_written_and_answered(
    case: Case, heron: Seat, moderator: Account, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    had(case, heron, moderator, django_capture_on_commit_callbacks, silent=11)
    told = []
    for _ in range(3):
        told += becomes_crisis(heron, django_capture_on_commit_callbacks)
        cases.holds(case.pk, moderator)  # a look: nothing of it stands in the history
        assert not Case.objects.get().is_asked_anew
    assert told == [on_duty.email, HOLLIS]


def test_a_new_message_that_a_member_flags_asks_anew_and_the_same_one_does_not_however_many_flag_it(
    case: Case,
    heron: Seat,
    river: Seat,
    juniper: Seat,
    moderator: Account,
    on_duty: Account,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    had(case, heron, moderator, django_capture_on_commit_callbacks, silent=11)
    message = said(heron, "I give my things away.")
    handle = Membership.objects.get(pk=heron.member_id).handle

    def flag(by: Seat, **about: str) -> list[str]:
        with django_capture_on_commit_callbacks(execute=True):
            intake.flag(by.account_id, room_id=by.room_id, category=Category.SUICIDE, words="", **about)
        return written_to()

    def silence() -> None:
        cases.holds(case.pk, moderator)
        Act.objects.update(at=timezone.now() - timedelta(minutes=11))
        Case.objects.update(told_at=timezone.now() - timedelta(minutes=11))

    assert flag(river, message_id=message) == [on_duty.email, HOLLIS]
    silence()
    assert flag(river, message_id=message) == flag(juniper, message_id=message) == []
    assert not Case.objects.get().is_asked_anew
    assert flag(river, member=handle) == [on_duty.email, HOLLIS], "the person, and no message"
    silence()
    assert flag(river, member=handle) == []
    assert flag(juniper, member=handle) == [on_duty.email, HOLLIS], "another one is worried too"


def test_what_is_graver_in_the_same_message_asks_anew(
    case: Case, heron: Seat, moderator: Account, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    had(case, heron, moderator, django_capture_on_commit_callbacks, silent=11)
    message = case.flags.latest("at").message_id
    Case.objects.update(level=4)
    for level, told in ((4, []), (5, [on_duty.email, HOLLIS])):
        with django_capture_on_commit_callbacks(execute=True):
            intake.found_later(message, [(Weight(Category.SUICIDE, Severity.CRISIS, level), "outside.one")])
        assert written_to() == told
    assert Case.objects.get().level == 5


def test_what_is_no_crisis_changes_nothing_for_who_has_one(
    case: Case, heron: Seat, moderator: Account, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    had(case, heron, moderator, django_capture_on_commit_callbacks, silent=11)
    with django_capture_on_commit_callbacks(execute=True):
        posting.post(heron, body="a link")
    assert written_to() == []
    assert not Case.objects.get().is_asked_anew


def test_a_clinician_who_was_silent_is_told_wherever_they_are_and_whoever_is_on_call_may_take_it(
    case: Case,
    heron: Seat,
    moderator: Account,
    clinician: Account,
    on_duty: Account,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    other = make(Role.CLINICIAN, email="other@people.example")
    on_call(other)
    had(case, heron, moderator, django_capture_on_commit_callbacks, silent=60 * 24 * 3, clinician=clinician)
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == ["other@people.example", PRIYA]
    for person in (clinician, other):
        [line] = handovers.waiting_for(person)
        assert (line.id, line.to_you, line.late) == (case.pk, person == clinician, False)
    assert ticked(5.1, django_capture_on_commit_callbacks) == [on_duty.email, "other@people.example"]


def test_a_clinician_who_is_there_answers_by_what_they_do_and_else_is_told_five_minutes_later(
    case: Case,
    heron: Seat,
    moderator: Account,
    clinician: Account,
    on_duty: Account,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    had(case, heron, moderator, django_capture_on_commit_callbacks, silent=60, clinician=clinician)
    other = make(Role.CLINICIAN, email="other@people.example")
    on_call(other)
    handovers.write(case.pk, clinician, "I am here.")
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == []
    assert [line.id for line in handovers.waiting_for(clinician)] == [case.pk]
    handovers.write(case.pk, clinician, "I read it.")
    case.refresh_from_db()
    assert (case.acknowledged_by, case.assigned_to) == (clinician, None)
    with pytest.raises(Refused, match="acknowledged"):
        cases.acknowledge(case.pk, other)
    assert becomes_crisis(heron, django_capture_on_commit_callbacks) == []
    assert ticked(5.1, django_capture_on_commit_callbacks) == ["other@people.example", PRIYA]


@pytest.mark.parametrize("who", ["a moderator", "a clinician"])
def test_the_person_gets_the_card_again_and_it_says_when_somebody_has_read_it(
    case: Case,
    heron: Seat,
    a_client: Account,
    moderator: Account,
    clinician: Account,
    who: str,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    takes = clinician if who == "a clinician" else None
    had(case, heron, moderator, django_capture_on_commit_callbacks, silent=11, clinician=takes)
    [card] = cards.cards_of(a_client)
    letters.put_away(a_client, card.id)
    becomes_crisis(heron, django_capture_on_commit_callbacks)
    assert [card.state for card in cards.cards_of(a_client)] == ["told"]
    before = topics.newest()
    with django_capture_on_commit_callbacks(execute=True):
        cases.holds(case.pk, takes or moderator)
    assert topics.person_topic(a_client.pk) in [topic for _, topic in topics.since(before)]
    assert [card.state for card in cards.cards_of(a_client)] == ["with_you" if takes else "seen"]


# --- the person -------------------------------------------------------------------------------------------------------


def test_their_own_words_bring_the_card_and_it_does_not_say_that_somebody_is_there_who_is_not(
    case: Case, heron: Seat, a_client: Account, moderator: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    claimed(case, moderator)
    becomes_crisis(heron, django_capture_on_commit_callbacks)
    [card] = cards.cards_of(a_client)
    assert (card.kind, card.state) == (Letter.Kind.CRISIS, "told")
    cases.claim(case.pk, moderator)
    assert [card.state for card in cards.cards_of(a_client)] == ["seen"]
    cases.hand_over(case.pk, moderator)
    assert [card.state for card in cards.cards_of(a_client)] == ["seen"]


def test_words_of_crisis_in_an_answer_are_told_and_a_talk_is_offered(
    case: Case, heron: Seat, a_client: Account, moderator: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    claimed(case, moderator)
    check_in = letters.write(case, Letter.Kind.CHECK_IN, moderator, "How are you?")
    with django_capture_on_commit_callbacks(execute=True):
        letters.answer(a_client, check_in.pk, "I am going to kill myself tonight.")
    assert HOLLIS in written_to()
    assert Case.objects.get().is_asked_anew
    assert [heron.room_id] == SEEN


@pytest.mark.parametrize(("words", "offered"), [("I am going to kill myself tonight.", True), ("Thank you.", False)])
def test_an_answer_in_a_case_that_was_over_is_a_new_crisis_only_by_its_words(
    case: Case,
    heron: Seat,
    a_client: Account,
    moderator: Account,
    words: str,
    offered: bool,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    becomes_crisis(heron, django_capture_on_commit_callbacks)
    claimed(case, moderator)
    check_in = letters.write(case, Letter.Kind.CHECK_IN, moderator, "How are you?")
    cases.resolve(case.pk, moderator, Case.Outcome.TALKED)
    SEEN.clear()
    on_call(moderator)
    with django_capture_on_commit_callbacks(execute=True):
        letters.answer(a_client, check_in.pk, words)
    assert written_to() == [HOLLIS], "told like every crisis that comes back"
    assert ([heron.room_id] if offered else []) == SEEN


def test_a_second_screen_raises_it_too_and_brings_the_card_where_its_rule_says_so(
    case: Case, heron: Seat, on_duty: Account, django_capture_on_commit_callbacks: Capture
) -> None:
    message = case.flags.get().message_id
    weight = Weight(Category.SUICIDE, Severity.CRISIS, 4)
    with django_capture_on_commit_callbacks(execute=True):
        intake.found_later(message, [(weight, "outside.one"), (weight, "outside.two")], card=True)
    assert written_to() == [on_duty.email]
    assert [heron.room_id] == SEEN
    assert Letter.objects.get(account=heron.account_id).kind == Letter.Kind.CRISIS
