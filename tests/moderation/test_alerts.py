"""How somebody is reached: by which ways, with which words, once a step, in the background, again where it failed."""

from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import Account, Role
from moderation import alerts, cases, clocks, intake, sending
from moderation.alerts import ALL, PAGE, When
from moderation.models import Alert, AlertChoice, Case, Category, Severity
from rooms.access import Seat
from rooms.models import Room
from tests.moderation.matters import said
from tests.moderation.on_duty import on_call, written_to
from tests.moderation.queued import queued
from tests.people import both_stores, make, seated, signed_in

pytestmark = both_stores

Capture = DjangoCaptureOnCommitCallbacks


def told(capture: Capture, case: Case) -> list[str]:
    with capture(execute=True):
        alerts.raised(case)
    return written_to()


# --- the table ------------------------------------------------------------------------------------------------------


def test_a_crisis_uses_every_way_and_a_routine_case_only_the_page() -> None:
    assert alerts.ways(Severity.CRISIS, When.RAISED) == alerts.ways(Severity.CRISIS, When.LATE) == ALL
    assert alerts.ways(Severity.URGENT, When.RAISED) == PAGE
    assert alerts.ways(Severity.ROUTINE, When.RAISED) == alerts.ways(Severity.ROUTINE, When.LATE) == PAGE
    assert set(alerts.REACHED_BY) == set(Severity)


def test_words_of_crisis_in_a_room_reach_the_moderator_and_the_clinician_on_call(
    django_capture_on_commit_callbacks: Capture, heron: Seat, river: Seat, moderator: Account, clinician: Account
) -> None:
    on_call(moderator)
    on_call(clinician)
    message = said(heron, "It is a hard night.")
    with django_capture_on_commit_callbacks(execute=True):
        intake.flag(
            river.account_id, room_id=river.room_id, message_id=message, category=Category.SUICIDE, words="Please look."
        )
    assert written_to() == ["hollis@people.example", "priya@people.example"]
    assert Case.objects.get().step == 1


def test_a_case_that_becomes_a_crisis_is_told_then(
    django_capture_on_commit_callbacks: Capture, heron: Seat, river: Seat, moderator: Account
) -> None:
    on_call(moderator)
    message = said(heron, "It is a hard night.")
    about = {"room_id": river.room_id, "message_id": message, "words": "Please look."}
    with django_capture_on_commit_callbacks(execute=True):
        intake.flag(river.account_id, category=Category.SPAM, **about)
    assert written_to() == []
    with django_capture_on_commit_callbacks(execute=True):
        intake.flag(moderator_in(heron.room_id), category=Category.SUICIDE, **about)
    assert written_to() == ["hollis@people.example"]


def moderator_in(room_id: str) -> int:
    return seated(make(Role.MENTOR), Room.objects.get(pk=room_id), "Another Reader").account_id


def test_a_hand_over_tells_the_clinician_by_all_ways_whatever_the_severity(
    django_capture_on_commit_callbacks: Capture, moderator: Account, clinician: Account
) -> None:
    case = queued(None, Severity.ROUTINE)
    cases.claim(case.pk, moderator)
    with django_capture_on_commit_callbacks(execute=True):
        cases.hand_over(case.pk, moderator, clinician)
    assert written_to() == ["priya@people.example"]


def test_nothing_is_sent_for_what_did_not_happen(
    django_capture_on_commit_callbacks: Capture, moderator: Account
) -> None:
    on_call(moderator)
    case = queued(None, Severity.CRISIS)
    with django_capture_on_commit_callbacks(execute=True), suppress(RuntimeError), transaction.atomic():
        alerts.raised(case)
        raise RuntimeError
    assert written_to() == []
    assert not Alert.objects.exists()


# --- the words ------------------------------------------------------------------------------------------------------


def test_the_letter_says_that_something_is_there_and_nothing_else(
    django_capture_on_commit_callbacks: Capture, settings: Settings, room: Room
) -> None:
    says = "Something needs you in Peerchat. Sign in to see it."
    settings.CSRF_TRUSTED_ORIGINS = ["https://chat.people.example"]
    person = make(Role.MODERATOR, name="Ottilie Brandvold", language="en")
    on_call(person)
    with django_capture_on_commit_callbacks(execute=True):
        alerts.raised(queued(room, Severity.CRISIS, category=Category.SUICIDE))
    letter = mail.outbox[0]
    assert letter.subject == "Something needs you"
    assert letter.body == f"{says}\n\nhttps://chat.people.example/account/login/?next=/moderation/"
    written = str(letter.message())
    for word in ("Ottilie", room.name, "Suicide", "crisis", "case", Case.objects.get().pk, room.pk):
        assert word.lower() not in written.lower().replace("moderation", "")


def test_the_link_leads_everybody_to_their_own_page_signed_in_or_not(
    moderator: Account, clinician: Account, coordinator: Account
) -> None:
    for person, place in (
        (moderator, reverse("moderation:queue")),
        (clinician, reverse("moderation:handovers")),
        (coordinator, reverse("moderation:rota")),
    ):
        link = sending.way_in(person)
        assert signed_in(person).get(link).headers["Location"] == place
        assert signed_in(person).get(place).status_code == 200
        assert Client().get(link).status_code == 200


# --- choices --------------------------------------------------------------------------------------------------------


def test_who_wants_no_e_mail_gets_none_and_the_others_do(
    django_capture_on_commit_callbacks: Capture, moderator: Account, another_moderator: Account
) -> None:
    on_call(moderator)
    on_call(another_moderator)
    AlertChoice.objects.create(account=moderator, email=False)
    assert told(django_capture_on_commit_callbacks, queued(None, Severity.CRISIS)) == ["bertrand@people.example"]


def test_who_was_suspended_meanwhile_gets_nothing(
    django_capture_on_commit_callbacks: Capture, moderator: Account
) -> None:
    on_call(moderator)
    with django_capture_on_commit_callbacks():
        alerts.raised(queued(None, Severity.CRISIS))
    Account.objects.filter(pk=moderator.pk).update(is_active=False)
    sending.send_due()
    assert written_to() == []


# --- once, and not too often ----------------------------------------------------------------------------------------


def test_a_person_gets_one_e_mail_for_all_that_waits_at_once(
    django_capture_on_commit_callbacks: Capture, moderator: Account
) -> None:
    on_call(moderator)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(12):
            alerts.raised(queued(None, Severity.CRISIS))
    assert written_to() == ["hollis@people.example"]
    assert not Alert.objects.filter(sent_at=None).exists()


def test_what_was_sent_is_not_sent_again(django_capture_on_commit_callbacks: Capture, moderator: Account) -> None:
    on_call(moderator)
    told(django_capture_on_commit_callbacks, queued(None, Severity.CRISIS))
    assert sending.send_due() == 0
    assert written_to() == []


def test_a_person_who_was_just_told_is_told_of_the_next_when_a_minute_is_over(
    django_capture_on_commit_callbacks: Capture, moderator: Account
) -> None:
    """Both messages would say the same, and they are on their way already."""
    on_call(moderator)
    assert told(django_capture_on_commit_callbacks, queued(None, Severity.CRISIS)) == ["hollis@people.example"]
    assert told(django_capture_on_commit_callbacks, queued(None, Severity.CRISIS)) == []
    Alert.objects.filter(sent_at__isnull=False).update(sent_at=timezone.now() - timedelta(seconds=61))
    assert sending.send_due() == 1
    assert written_to() == ["hollis@people.example"]


def test_who_is_needed_no_more_is_not_told(django_capture_on_commit_callbacks: Capture, moderator: Account) -> None:
    """Somebody took the case in the second between the commit and the sending."""
    on_call(moderator)
    case = queued(None, Severity.CRISIS)
    with django_capture_on_commit_callbacks():
        alerts.raised(case)
    cases.claim(case.pk, moderator)
    assert sending.send_due() == 0
    assert written_to() == []


# --- what goes wrong ------------------------------------------------------------------------------------------------


def test_what_could_not_be_sent_is_sent_by_the_next_tick_and_the_log_names_nobody(
    django_capture_on_commit_callbacks: Capture,
    moderator: Account,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    on_call(moderator)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", _disconnected)
        assert told(django_capture_on_commit_callbacks, queued(None, Severity.CRISIS)) == []
    assert "SMTPServerDisconnected" in caplog.text
    for word in ("hollis", "Hollis", "people.example", "Something needs"):
        assert word not in caplog.text
    assert sending.send_due() == 1
    assert written_to() == ["hollis@people.example"]


def _disconnected(self: EmailMessage, *_: Any, **__: Any) -> int:
    raise SMTPServerDisconnected("hollis@people.example was not reached")


def test_one_mail_that_fails_keeps_no_other_back(
    django_capture_on_commit_callbacks: Capture,
    moderator: Account,
    another_moderator: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_call(moderator)
    on_call(another_moderator)
    send = EmailMessage.send

    def picky(self: EmailMessage, *rest: Any) -> int:
        return _disconnected(self) if "hollis@people.example" in self.to else send(self, *rest)

    monkeypatch.setattr(EmailMessage, "send", picky)
    assert told(django_capture_on_commit_callbacks, queued(None, Severity.CRISIS)) == ["bertrand@people.example"]


def test_what_a_process_took_and_died_with_is_free_again_after_a_minute(
    django_capture_on_commit_callbacks: Capture, moderator: Account
) -> None:
    on_call(moderator)
    with django_capture_on_commit_callbacks():
        alerts.raised(queued(None, Severity.CRISIS))
    Alert.objects.update(taken_at=timezone.now() - timedelta(seconds=50))
    assert sending.send_due() == 0
    Alert.objects.update(taken_at=timezone.now() - timedelta(seconds=70))
    assert sending.send_due() == 1


def test_what_is_an_hour_old_is_left_to_the_tellings_after_it(
    django_capture_on_commit_callbacks: Capture, moderator: Account
) -> None:
    on_call(moderator)
    with django_capture_on_commit_callbacks():
        alerts.raised(queued(None, Severity.CRISIS))
    Alert.objects.update(told_at=timezone.now() - timedelta(minutes=61))
    assert sending.send_due() == 0


def test_old_alerts_leave_the_table(moderator: Account) -> None:
    case = queued(None, Severity.CRISIS)
    for days in (29, 31):
        at = timezone.now() - timedelta(days=days)
        Alert.objects.create(account=moderator, case=case, channel="email", told_at=at, sent_at=at)
    sending.clear()
    assert Alert.objects.count() == 1


# --- the page -------------------------------------------------------------------------------------------------------


def test_somebody_chooses_how_they_are_told(moderator: Account) -> None:
    browser = signed_in(moderator)
    assert browser.get("/moderation/alerts/").status_code == 200
    browser.post("/moderation/alerts/choose/", {"sound": "on"})
    choices = alerts.choices_of(moderator)
    assert (choices.sound, choices.email) == (True, False)
    browser.post("/moderation/alerts/choose/", {"email": "on"})
    choices = alerts.choices_of(moderator)
    assert (choices.sound, choices.email) == (False, True)


def test_who_turns_everything_off_reads_what_that_means(moderator: Account) -> None:
    browser = signed_in(moderator)
    assert "only while a page of Peerchat is open" not in browser.get("/moderation/alerts/").content.decode()
    browser.post("/moderation/alerts/choose/", {"sound": "on"})
    assert "only while a page of Peerchat is open" in browser.get("/moderation/alerts/").content.decode()


def test_a_try_sends_the_real_letter_to_oneself_and_says_how_it_went(
    moderator: Account, another_moderator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(moderator)
    page = browser.post("/moderation/alerts/try/", follow=True).content.decode()
    assert "An e-mail is on its way to you." in page
    assert mail.outbox[0].subject.startswith("Something needs you")
    assert written_to() == ["hollis@people.example"]
    assert "Please wait a few seconds" in browser.post("/moderation/alerts/try/", follow=True).content.decode()
    assert written_to() == []
    monkeypatch.setattr(EmailMessage, "send", _disconnected)
    page = signed_in(another_moderator).post("/moderation/alerts/try/", follow=True).content.decode()
    assert "The e-mail could not be sent" in page


def test_there_is_nothing_to_try_where_everything_is_off(clinician: Account) -> None:
    alerts.choose(clinician, sound=True, email=False)
    page = signed_in(clinician).post("/moderation/alerts/try/", follow=True).content.decode()
    assert "There is nothing to try" in page


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "alerts/"),
        ("post", "alerts/choose/"),
        ("post", "alerts/try/"),
        ("post", "alerts/push/"),
        ("post", "alerts/push/off/"),
        ("get", "push.js"),
    ],
)
def test_the_page_exists_for_moderators_and_clinicians_alone(
    method: str,
    path: str,
    a_client: Account,
    mentor: Account,
    coordinator: Account,
) -> None:
    for browser in (Client(), *(signed_in(each) for each in (a_client, mentor, coordinator))):
        assert getattr(browser, method)(f"/moderation/{path}").status_code == 404


def test_the_clock_and_the_queue_agree_on_who_has_a_case(moderator: Account) -> None:
    """What the queue shows as waiting is what the clock tells of, once claims have lapsed."""
    waiting = queued(None, Severity.CRISIS)
    queued(None, Severity.CRISIS, state=Case.State.CLAIMED, holder=moderator, held_until=timezone.now() - timedelta(1))
    clocks.tick()
    assert {case.pk for case in Case.objects.waiting()} == set(Case.objects.filter(step=1).values_list("pk", flat=True))
    assert waiting.pk in set(Case.objects.filter(step=1).values_list("pk", flat=True))
