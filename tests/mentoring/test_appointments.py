"""Times to meet: proposed, agreed, declined, called off; never two at once for one mentor; a calendar file that says nothing."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar, Event

from mentoring import appointments, calendar_file, closing, respite
from mentoring.models import Appointment, Mentor
from mentoring.refusals import Refused
from tests.mentoring.cast import certified
from tests.mentoring.pairs import Pair, pair
from tests.people import both_stores

pytestmark = both_stores


def tomorrow(hour: int = 15, minute: int = 0) -> datetime:
    day = timezone.localtime() + timedelta(days=1)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def proposed(two: Pair, *, at: datetime | None = None, minutes: int = 30, by_mentor: bool = False) -> Appointment:
    return appointments.propose(
        thread=two.thread,
        by=two.mentor.account if by_mentor else two.client,
        starts=at or tomorrow(),
        minutes=minutes,
        way=Appointment.Way.VIDEO,
    )


def agreed(two: Pair, *, at: datetime | None = None, minutes: int = 30) -> Appointment:
    made = proposed(two, at=at, minutes=minutes)
    return appointments.agree(thread=two.thread, appointment_id=made.pk, by=two.mentor.account)


def refused(act: str, two: Pair, made: Appointment, *, by_mentor: bool = False) -> str:
    with pytest.raises(Refused) as caught:
        getattr(appointments, act)(
            thread=two.thread, appointment_id=made.pk, by=two.mentor.account if by_mentor else two.client
        )
    return caught.value.reason


def test_the_other_agrees_and_either_calls_off() -> None:
    two = pair()
    made = proposed(two)
    assert refused("agree", two, made) == "settled"  # nobody agrees with themselves
    made = appointments.agree(thread=two.thread, appointment_id=made.pk, by=two.mentor.account)
    assert (made.state, made.sequence) == ("agreed", 1)
    assert refused("decline", two, made, by_mentor=True) == "settled"
    made = appointments.call_off(thread=two.thread, appointment_id=made.pk, by=two.client)
    assert (made.state, made.sequence) == ("cancelled", 2)
    assert refused("call_off", two, made) == "settled"


def test_the_other_declines_or_proposes_another_time() -> None:
    two = pair()
    made = proposed(two)
    appointments.decline(thread=two.thread, appointment_id=made.pk, by=two.mentor.account)
    again = proposed(two)
    other = appointments.propose(
        thread=two.thread,
        by=two.mentor.account,
        starts=tomorrow(17),
        minutes=45,
        way=Appointment.Way.TEXT,
        instead_of=again.pk,
    )
    again.refresh_from_db()
    assert (again.state, other.state, other.by_client) == ("declined", "proposed", False)


def test_only_who_proposed_takes_a_proposal_back() -> None:
    two = pair()
    made = proposed(two)
    assert refused("call_off", two, made, by_mentor=True) == "settled"
    appointments.call_off(thread=two.thread, appointment_id=made.pk, by=two.client)


def test_no_time_is_proposed_or_agreed_on_days_on_which_the_mentor_is_away() -> None:
    two, cover = pair(), certified()
    before, within = proposed(two), proposed(two, at=tomorrow(23, 45) + timedelta(days=1), by_mentor=True)
    first = timezone.localdate() + timedelta(days=2)
    about = {"mentor": two.mentor, "cover_id": cover.pk, "by": two.mentor.account}
    respite.plan(starts=first, ends=first + timedelta(days=2), **about)
    assert refused("agree", two, within) == "away_then"
    for at in (tomorrow(23, 45), tomorrow(0) + timedelta(days=1), tomorrow(23) + timedelta(days=2)):
        with pytest.raises(Refused, match="away_then"):
            proposed(two, at=at, by_mentor=True)
    appointments.agree(thread=two.thread, appointment_id=before.pk, by=two.mentor.account)
    proposed(two, at=tomorrow(23, 30))
    proposed(two, at=tomorrow(0) + timedelta(days=3))


def test_an_appointment_of_another_thread_is_not_found() -> None:
    two, others = pair(), pair()
    made = proposed(others)
    for act in ("agree", "decline", "call_off"):
        assert refused(act, two, made, by_mentor=True) == "not_found"


@pytest.mark.parametrize(
    ("at", "minutes", "why"),
    [
        (timedelta(minutes=-1), 30, "past"),
        (timedelta(days=366), 30, "far"),
        (timedelta(days=1), 31, "length"),
    ],
)
def test_a_time_that_will_not_do_is_refused(at: timedelta, minutes: int, why: str) -> None:
    two = pair()
    with pytest.raises(Refused) as caught:
        proposed(two, at=timezone.now() + at, minutes=minutes)
    assert caught.value.reason == why
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("hour", "minute", "minutes", "is_free"),
    [
        (15, 0, 30, False),
        (14, 45, 30, False),
        (15, 29, 15, False),
        (14, 0, 90, False),
        (15, 30, 30, True),
        (14, 30, 30, True),
    ],
)
def test_a_mentor_is_not_in_two_places(hour: int, minute: int, minutes: int, is_free: bool) -> None:
    mentor = certified(called="Juniper")
    one, other = pair(mentor=mentor), pair(mentor=mentor)
    agreed(one, at=tomorrow(15), minutes=30)
    if is_free:
        proposed(other, at=tomorrow(hour, minute), minutes=minutes)
        return
    with pytest.raises(Refused) as caught:
        proposed(other, at=tomorrow(hour, minute), minutes=minutes)
    assert caught.value.reason == "overlaps"


def test_a_proposal_holds_no_time_and_who_agrees_first_has_it() -> None:
    mentor = certified(called="Juniper")
    one, other = pair(mentor=mentor), pair(mentor=mentor)
    first, second = proposed(one), proposed(other)
    appointments.agree(thread=one.thread, appointment_id=first.pk, by=mentor.account)
    assert refused("agree", other, second, by_mentor=True) == "overlaps"
    appointments.call_off(thread=one.thread, appointment_id=first.pk, by=one.client)
    appointments.agree(thread=other.thread, appointment_id=second.pk, by=mentor.account)


def test_what_is_over_or_was_never_answered_is_folded_away() -> None:
    two = pair()
    coming, waiting, over, unanswered = (agreed(two, at=tomorrow(hour)) for hour in (9, 11, 13, 15))
    Appointment.objects.filter(pk__in=[waiting.pk, unanswered.pk]).update(state="proposed")
    past = timezone.now() - timedelta(days=1)
    Appointment.objects.filter(pk__in=[over.pk, unanswered.pk]).update(starts=past)
    found = appointments.appointments_of(two.thread)
    assert [each.pk for each in found.to_come] == [coming.pk]
    assert [each.pk for each in found.proposed] == [waiting.pk]
    assert {each.pk for each in found.past} == {over.pk, unanswered.pk}


def test_an_hour_before_both_are_told_once_and_not_what(django_capture_on_commit_callbacks: object) -> None:
    two = pair()
    soon, later = agreed(two, at=tomorrow(9)), agreed(two, at=tomorrow(15))
    mail.outbox.clear()
    now = soon.starts - timedelta(minutes=50)
    for expected in (1, 0):
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            assert appointments.remind(now) == expected
    soon.refresh_from_db()
    later.refresh_from_db()
    assert soon.reminded_at == now
    assert later.reminded_at is None


def test_the_end_of_a_thread_calls_off_what_was_to_come() -> None:
    two = pair()
    made, waiting = agreed(two), proposed(two, at=tomorrow(18))
    closing.close(thread=two.thread, by=two.client)
    for each in (made, waiting):
        each.refresh_from_db()
        assert each.state == "cancelled"


def test_the_calendar_file_says_when_and_nothing_else() -> None:
    two = pair()
    made = agreed(two, minutes=45)
    text = calendar_file.calendar_of(made).decode()
    (event,) = _events(text.encode())
    assert str(event["SUMMARY"]) == "Appointment"
    assert (event.start, event.end) == (made.starts, made.starts + timedelta(minutes=45))
    assert str(event["UID"]) == str(made.uid)
    assert (event.sequence, str(event["STATUS"])) == (1, "CONFIRMED")
    assert set(event) == {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "STATUS", "CLASS"}
    for secret in (two.thread.pk, two.thread.room_id, made.pk, "Juniper", "Wren", two.client.name, "eerchat"):
        assert secret not in text
    made = appointments.call_off(thread=two.thread, appointment_id=made.pk, by=two.client)
    (gone,) = _events(calendar_file.calendar_of(made))
    assert (str(gone["UID"]), gone.sequence, str(gone["STATUS"])) == (str(made.uid), 2, "CANCELLED")


def test_every_mentor_has_their_own_day() -> None:
    one, other = pair(), pair(mentor=certified(called="Sorrel"))
    agreed(one)
    assert agreed(other).state == "agreed"
    assert Mentor.objects.count() == 2


def _events(file: bytes) -> list[Event]:
    return [each for each in Calendar.from_ical(file).walk() if isinstance(each, Event)]
