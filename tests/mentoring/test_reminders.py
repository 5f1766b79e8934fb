"""The clock and a mentor's papers: told 60, 30 and 7 days before, once each, and at the end the leading of groups is over."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts import people
from accounts.mail import post_office
from accounts.models import Account, Role
from mentoring import ethics, reminders
from mentoring.models import Certification, Mentor, Reminder, Training
from mentoring.standing import may_lead
from rooms import leading
from rooms.models import Membership, Room
from tests.mentoring.cast import certified, certify, new_mentor
from tests.people import a_client, clinician, coordinator, make, mentor, open_room, seated, signed_in

__all__ = ["a_client", "clinician", "coordinator", "mentor"]
# Letters leave after the commit.
pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)

DAY = timedelta(days=1)


def letters() -> list[str]:
    """To whom, since this was asked last."""
    post_office.submit(int).result()
    to = sorted(address for letter in mail.outbox for address in letter.to)
    mail.outbox.clear()
    return to


def ends_in(mentor: Account, days: int) -> Mentor:
    """Only the certification ends: the trainings count for good."""
    found = certified(mentor, until=timezone.localdate() + days * DAY)
    Training.objects.filter(mentor=found).update(expires=None)
    return found


def at(days: int) -> datetime:
    return timezone.now() + days * DAY


def reminded(mentor: Mentor) -> list[tuple[str, int]]:
    return [(each.about, each.days) for each in Reminder.objects.filter(mentor=mentor).order_by("at", "-days")]


def test_the_whole_way_from_sixty_days_to_the_end(mentor: Account, coordinator: Account) -> None:
    found, room = ends_in(mentor, 61), open_room()
    seated(mentor, room, "Juniper")
    leading.lead(mentor, room, actor=coordinator)
    letters()
    told = {day: letters() for day in range(64) if reminders.tick(at(day)) or True}
    mentors_letters = [day for day, to in told.items() if mentor.email in to]
    assert mentors_letters == [1, 31, 54, 62]
    assert [day for day, to in told.items() if coordinator.email in to] == [62]
    assert reminded(found) == [("certification", mark) for mark in (60, 30, 7, 0)]
    assert not Membership.objects.filter(leads=True).exists()


def test_the_same_hour_twice_tells_once(mentor: Account) -> None:
    ends_in(mentor, 30)
    letters()
    assert (reminders.tick(), letters()) == (1, [mentor.email])
    assert (reminders.tick(), letters()) == (0, [])


def test_several_marks_that_passed_while_nobody_looked_are_one_letter(mentor: Account) -> None:
    found = ends_in(mentor, 5)
    letters()
    reminders.tick()
    assert letters() == [mentor.email]
    assert sorted(days for _, days in reminded(found)) == [7, 30, 60]


def test_certification_and_trainings_that_end_together_are_one_letter(mentor: Account) -> None:
    found = ends_in(mentor, 7)
    Training.objects.filter(module="self_care").update(expires=timezone.localdate() + 7 * DAY)
    letters()
    reminders.tick()
    assert letters() == [mentor.email]
    assert {about for about, _ in reminded(found)} == {"certification", "training:self_care"}


def test_on_its_last_day_it_is_not_over(mentor: Account, coordinator: Account) -> None:
    found = ends_in(mentor, 0)
    letters()
    reminders.tick()
    assert 0 not in dict(reminded(found)).values()
    assert coordinator.email not in letters()
    reminders.tick(at(1))
    assert ("certification", 0) in reminded(found)


def test_a_renewal_in_time_is_not_reminded_of_the_old_end(mentor: Account) -> None:
    found = ends_in(mentor, 20)
    certify(found, issued=timezone.localdate() + 21 * DAY, expires=timezone.localdate() + 400 * DAY)
    assert reminders.tick() == 0
    assert reminders.tick(at(21)) == 0


def test_after_a_renewal_the_new_end_has_reminders_of_its_own(mentor: Account) -> None:
    found = ends_in(mentor, 20)
    reminders.tick()
    certify(found, expires=timezone.localdate() + 200 * DAY)
    assert reminders.tick(at(100)) == 0
    assert reminders.tick(at(140)) == 1


def test_what_was_never_there_is_no_end(mentor: Account) -> None:
    new_mentor(mentor)
    assert reminders.tick() == 0


def test_who_is_suspended_or_no_mentor_any_more_is_not_written_to(mentor: Account, coordinator: Account) -> None:
    ends_in(mentor, 7)
    other = make(Role.MENTOR)
    ends_in(other, 7)
    people.suspend(mentor, by=coordinator, why="left")
    people.change_role(other, Role.CLIENT, by=coordinator)
    letters()
    assert (reminders.tick(), letters()) == (0, [])


# --- leading --------------------------------------------------------------------------------------------------------


def led_by(account: Account, coordinator: Account) -> Room:
    room = open_room()
    seated(account, room, "Juniper")
    leading.lead(account, room, actor=coordinator)
    return room


def test_who_may_lead_is_asked_of_the_papers(mentor: Account, coordinator: Account) -> None:
    certified(mentor, until=timezone.localdate() - DAY)
    room = open_room()
    seated(mentor, room, "Juniper")
    page = signed_in(coordinator).post(f"/rooms/{room.pk}/people/", {"account": mentor.pk, "act": "lead"}, follow=True)
    assert may_lead(mentor).startswith("The certification expired on ")
    assert may_lead(mentor) in page.content.decode()
    assert not Membership.objects.filter(leads=True).exists()
    Certification.objects.update(expires=timezone.localdate())
    leading.lead(mentor, room, actor=coordinator)
    assert Membership.objects.filter(leads=True).exists()


def test_a_clinician_goes_on_leading(clinician: Account, coordinator: Account) -> None:
    led_by(clinician, coordinator)
    reminders.tick(at(1000))
    assert Membership.objects.filter(leads=True).exists()


def test_who_is_no_mentor_any_more_leads_no_more_and_the_coordinator_hears_of_it(
    mentor: Account, coordinator: Account
) -> None:
    ends_in(mentor, 300)
    led_by(mentor, coordinator)
    people.change_role(mentor, Role.MODERATOR, by=coordinator)
    letters()
    reminders.tick()
    assert not Membership.objects.filter(leads=True).exists()
    assert coordinator.email in letters()


def test_a_new_ethics_agreement_gives_two_weeks(mentor: Account, coordinator: Account) -> None:
    ends_in(mentor, 300)
    led_by(mentor, coordinator)
    ethics.publish(texts={"en": "Be kind."}, after=1, by=coordinator)
    reminders.tick(at(13))
    assert Membership.objects.filter(leads=True).exists()
    reminders.tick(at(14))
    assert not Membership.objects.filter(leads=True).exists()


def test_the_letter_says_nothing_of_papers(mentor: Account) -> None:
    ends_in(mentor, 7)
    letters()
    reminders.tick()
    post_office.submit(int).result()
    said = f"{mail.outbox[0].subject} {mail.outbox[0].body}".lower()
    for word in ("certif", "expire", "mentor", "training", "7"):
        assert word not in said.replace("127.0.0.1", "").replace("8000", "")
    home = signed_in(mentor).get("/mentoring/").content.decode()
    assert "“Certification” is valid until" in home
    assert "(in 7 days)" in home
