"""The demonstration's mentors, threads and wishes. Plainly made up; nothing here is read anywhere else than by `peerchat demo`.

Called once (settings.DEMO_MADE), in the transaction that makes the demo's people, through the same doors as everybody else; what lies in
the past is then dated back.
"""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Account
from mentoring import (
    appointments,
    certifications,
    circle,
    closing,
    ethics,
    goals,
    hours,
    milestones,
    offers,
    profile,
    requests,
    respite,
    self_checks,
    trainings,
)
from mentoring.models import Appointment, Certification, Mentor, Offer, Request, SelfCheck, Thread
from mentoring.standing import MODULES
from rooms import calls, posting
from rooms.access import Seat, seat_of, standing
from rooms.models import Call

_COORDINATOR = "coordinator@demo.example"


@dataclass(frozen=True)
class Offering:
    """`ends` is in how many days the certification ends."""

    email: str
    called: str
    ends: int
    about: str
    offers: dict[str, Any]
    hours: list[dict[str, Any]]


@dataclass(frozen=True)
class Ended:
    """How a thread came to its end, so many days ago."""

    ago: int
    farewell: str
    summary: str


@dataclass(frozen=True)
class Pair:
    """`since` in days; `talk` is who (c or m), how many days ago, at what hour, and what."""

    client: str
    mentor: str
    pseudonym: str
    since: int
    waited: int
    wishes: dict[str, Any]
    shared: dict[str, str]
    talk: tuple[tuple[str, int, int, str], ...]
    goals: tuple[str, ...] = ()
    milestones: tuple[tuple[int, str], ...] = field(default=())
    ended: Ended | None = None
    missed: int = 0  # how many days ago the mentor called in vain; never, where 0


MENTORS = (
    Offering(
        "mentor@demo.example", "Juniper", 25,
        "I lived with panic for ten years before I told anybody. I like small steps, tea and bad jokes.",
        {"lived": ["anxiety", "depression", "work"], "goals": ["hard_days", "people", "work"], "languages": ["en"],
         "gender": "woman", "culture": ["lgbtq"], "ways": ["humor", "exercises"]},
        [{"days": [0, 1, 2, 3, 4], "from": "09:00", "to": "17:00"}],
    ),
    Offering(
        "mentor.two@demo.example", "Wren", 310,
        "I came back from service with nights that would not end. Six years on, most of them do.",
        {"lived": ["ptsd", "co_occurring", "addiction"], "goals": ["sleep", "sober", "hard_days"], "languages": ["en", "es"],
         "gender": "man", "culture": ["veteran", "latino"], "ways": ["direct", "twelve_steps"]},
        [{"days": [1, 3, 5], "from": "14:00", "to": "21:00"}],
    ),
    Offering(
        "mentor.three@demo.example", "Alder", -5,
        "Depression took my thirties. I am here for the slow mornings.",
        {"lived": ["depression", "grief"], "goals": ["rhythm", "worth"], "languages": ["en"], "ways": ["own_story"]},
        [{"days": [0, 2, 4], "from": "10:00", "to": "15:00"}],
    ),
    Offering(
        "mentor.four@demo.example", "Linden", 200,
        "Two countries, two languages, one long winter of the mind. I know how quiet it gets.",
        {"lived": ["depression", "anxiety"], "goals": ["alone", "family"], "languages": ["en", "es"], "gender": "woman",
         "culture": ["immigrant"], "ways": ["own_story"]},
        [{"days": [1, 2, 3], "from": "16:00", "to": "20:00"}],
    ),
)  # fmt: skip

_EXAMPLE_WISHES: dict[str, Any] = {"small_group_ok": True}
PAIRS = (
    Pair(
        "client.two@demo.example", "mentor.four@demo.example", "Bay", 120, 9,
        {"lived": ["anxiety"], "goals": ["alone"], "languages": ["en"], "times": ["1a", "3a"]},
        {"goals": "To leave the flat on more days than not."},
        (
            ("m", 120, 16, "Hello Bay, I'm Linden. We can start anywhere. The weather is allowed."),
            ("c", 120, 17, "Then the weather. It was good and I saw it through the window."),
            ("m", 106, 16, "How many windows this week, and how many doors?"),
            ("c", 106, 18, "Six windows. Two doors. One of them was the bakery."),
            ("c", 92, 17, "Four doors. I am keeping a list."),
            ("m", 74, 16, "My own days change next month, and I will have less time. I did not want you to hear it late."),
            ("c", 74, 18, "Thank you for saying it early. That helps more than you think."),
        ),
        ("More doors than windows",),
        ((106, "The bakery, alone"),),
        ended=Ended(
            70,
            "Bay, it was good to count doors with you. You did the walking. I wish you many more bakeries.",
            "We began with two doors a week and ended with five. What helped: a list on the fridge, going before ten, and one person"
            " who knows. What stays hard: trains. A next step could be the station, from outside first.",
        ),
    ),
    Pair(
        "client.one@demo.example", "mentor@demo.example", "Ash", 52, 4,
        {"lived": ["anxiety"], "goals": ["people", "work"], "languages": ["en"], "times": ["0m", "2a", "3a"], "most": "lived"},
        {"name": "Ash", "goals": "Going back to work, a few hours at first.", "note": "I go quiet when it gets loud inside. Just wait, I come back."},
        (
            ("m", 52, 10, "Hello Ash. I'm Juniper. There is nothing you have to say today. I'm glad you are here."),
            ("c", 52, 11, "Hi. I wrote four versions of this and deleted three."),
            ("m", 52, 11, "The fourth one is good. How are the mornings for you?"),
            ("c", 50, 9, "Mornings are the worst. My chest starts before I do."),
            ("m", 50, 10, "Mine too, for a long time. Do you want to hear what I did with it, or would you rather tell me more?"),
            ("c", 50, 10, "Tell me."),
            ("m", 50, 10, "I gave it ten minutes in the kitchen, with the kettle. It was allowed to come along, and it was not allowed to decide."),
            ("c", 44, 9, "I tried the kettle thing. It came along."),
            ("m", 44, 9, "And did it decide?"),
            ("c", 44, 9, "Only about the biscuits."),
            ("c", 37, 14, "They asked if I want to try two mornings a week. I said I would think about it."),
            ("m", 37, 15, "What does the part of you say that is not afraid?"),
            ("c", 37, 15, "That part misses the people. And the coffee machine."),
            ("m", 31, 10, "Tomorrow is the first morning. Shall we write at eight?"),
            ("c", 31, 10, "Please."),
            ("c", 30, 8, "In the car. Counting blue things."),
            ("m", 30, 8, "I'm here. How many blue things?"),
            ("c", 30, 8, "Nine. Going in."),
            ("c", 30, 12, "I did it. All of it. I shook the whole first hour and nobody saw."),
            ("m", 30, 12, "You did it with the shaking. That counts double."),
            ("c", 16, 9, "A worse week. I called in on Thursday."),
            ("m", 16, 10, "Thank you for telling me. One Thursday is one Thursday."),
            ("c", 9, 9, "Back this week, both mornings."),
            ("m", 9, 9, "Both. I'm proud of you, and I would be proud of one, too."),
            ("c", 2, 15, "Can we talk about the staff party some time? It is in three weeks and I am already composing excuses."),
            ("m", 2, 16, "Yes. Bring your favorite excuse, we will look at it together."),
        ),
        ("Two mornings a week at work for a month", "Stay half an hour at the staff party"),
        ((30, "First morning back at work"),),
        missed=1,
    ),
    Pair(
        "client.two@demo.example", "mentor@demo.example", "Bay", 33, 8,
        {"lived": ["anxiety", "ptsd"], "goals": ["hard_days"], "languages": ["en"], "times": ["1m", "3m"]},
        {"note": "No phone calls, please. Writing is easier."},
        (
            ("m", 33, 11, "Hello Bay. I read that writing is easier for you. Then we write."),
            ("c", 33, 16, "Thanks for not making me say it twice."),
            ("c", 20, 10, "I went past the station. Not in. Past."),
            ("m", 20, 11, "Past is further than last week. How did your feet know when to turn round?"),
            ("c", 6, 10, "In, this time. Stood by the flower stall. Left when I wanted to, not when I had to."),
            ("m", 6, 11, "When you wanted to. Read that sentence once more."),
        ),
    ),
    Pair(
        "client.three@demo.example", "mentor.two@demo.example", "Reed", 41, 11,
        {"lived": ["co_occurring"], "goals": ["sober", "sleep"], "languages": ["en"], "times": ["1e", "3e"], "avoid": ["faith"]},
        {"goals": "Staying sober and sleeping. In that order.", "avoid": "Please no talk of faith."},
        (
            ("m", 41, 18, "Hi Reed, Wren here. Tuesday, Thursday and Saturday are my days, and I answer what came in between."),
            ("c", 41, 19, "Fair. I'm on day fifty."),
            ("m", 41, 19, "Day fifty is a real number. What got you through forty-nine?"),
            ("c", 27, 20, "Bad night. Walked around the block until it was boring."),
            ("m", 27, 20, "Boring is a fine goal for a night."),
            ("c", 12, 18, "Slept six hours twice this week."),
            ("m", 12, 19, "Twice is not luck any more."),
            ("c", 1, 18, "Ninety-one tomorrow."),
        ),
        ("Ninety days",),
        ((12, "Slept six hours, twice in one week"),),
    ),
    Pair(
        "client.five@demo.example", "mentor.three@demo.example", "Moss", 26, 6,
        {"lived": ["depression"], "goals": ["rhythm"], "languages": ["en"], "times": ["0m", "4m"]},
        {},
        (
            ("m", 26, 10, "Good morning Moss. I'm Alder. I will write each Monday, Wednesday and Friday, also when you do not."),
            ("c", 26, 13, "Good. I mostly do not."),
            ("m", 12, 10, "Friday. The window in my kitchen is open. How is yours?"),
            ("c", 12, 12, "Opened it because you asked. Cold. Not bad."),
        ),
    ),
)  # fmt: skip
WAITING = (
    (
        "client.four@demo.example",
        9,
        {"lived": ["depression"], "goals": ["alone"], "languages": ["en", "es"], "times": ["1e"], "gender": "woman"},
    ),
    (
        "client.six@demo.example",
        5,
        {"lived": ["anxiety"], "goals": ["hard_days"], "languages": ["en", "es"], "times": ["3a", "5a"]},
    ),
)
OFFERED = ("client.six@demo.example", "mentor.two@demo.example")
WEEKS = (  # of Wren's self-check, oldest first: rested, worn, stayed, matters, someone, own
    (3, 1, 1, 4, 3, 3),
    (3, 1, 2, 4, 3, 2),
    (2, 2, 2, 3, 2, 2),
    (2, 2, 3, 3, 2, 1),
    (1, 3, 3, 3, 2, 1),
)


def make() -> None:
    coordinator = _account(_COORDINATOR)
    for offering in MENTORS:
        _mentor(offering, coordinator)
    for pair in PAIRS:
        _pair(pair, coordinator)
    for email, days, wishes in WAITING:
        request = requests.ask(client=_account(email), wishes=_EXAMPLE_WISHES | wishes)
        _date_back(request, timezone.now() - timedelta(days=days))
    offered = Request.objects.get(client=_account(OFFERED[0]))
    offers.confirm(request_id=offered.pk, mentor_id=_account(OFFERED[1]).pk, by=coordinator)
    _certificates_as_they_are()
    _away(coordinator)
    _self_checks(Mentor.objects.get(account=_account("mentor.two@demo.example")))
    circle.open_circle(by=coordinator)


def _mentor(offering: Offering, coordinator: Account) -> None:
    account = _account(offering.email)
    mentor = Mentor.objects.create(account=account)
    today = timezone.localdate()
    certifications.add(
        mentor=mentor, body="Demonstration Certification Board", number="DEMO-0000", issued=today - timedelta(days=400),
        expires=today + timedelta(days=330), document=None, by=coordinator,
    )  # fmt: skip
    ethics.accept(mentor=mentor, version=ethics.newest().version)
    for module in MODULES:
        trainings.record(
            mentor=mentor, code=module, provider="Demonstration Academy", done_on=today - timedelta(days=60),
            hours=Decimal(2), expires=None, by=coordinator,
        )  # fmt: skip
    profile.describe(
        mentor=mentor,
        called=offering.called,
        offers={**offering.offers, "words": {"about": offering.about}},
        wanted=None,
        is_taking=True,
        by=account,
    )
    mentor.refresh_from_db()
    hours.choose(mentor=mentor, hours=offering.hours)


def _pair(pair: Pair, coordinator: Account) -> None:
    client, mentor = _account(pair.client), _account(pair.mentor)
    request = requests.ask(client=client, wishes=_EXAMPLE_WISHES | pair.wishes)
    offer = offers.confirm(request_id=request.pk, mentor_id=mentor.pk, by=coordinator)
    thread = offers.accept(
        client=client,
        offer_id=offer.pk,
        pseudonym=pair.pseudonym,
        shared_lines=pair.shared,
        shares_with_cover=True,
    )
    opened = _at(pair.since, 8)
    _date_back(request, opened - timedelta(days=pair.waited), settled=opened)
    Offer.objects.filter(pk=offer.pk).update(at=opened - timedelta(days=1), settled_at=opened)
    Thread.objects.filter(pk=thread.pk).update(opened_at=opened)
    seats = {who: seat_of(standing(each.pk, thread.room_id)) for who, each in (("c", client), ("m", mentor))}
    for number, (who, days, hour, words) in enumerate(pair.talk):
        posting.post(seats[who], body=words, at=_at(days, hour) + timedelta(minutes=3 * number))
    for text in pair.goals:
        goals.write(thread=thread, by=client, text=text)
    for days, text in pair.milestones:
        milestones.mark(thread=thread, by=client, text=text, on=timezone.localdate() - timedelta(days=days))
    if pair.missed:
        _call_in_vain(seats["m"], _at(pair.missed, 16))
    if pair.ended:
        _end(thread, mentor, pair.ended)
    elif pair.goals:
        _meet(thread, mentor, client)


def _call_in_vain(seat: Seat, at: datetime) -> None:
    rang = calls.ring(seat=seat, id=secrets.token_urlsafe(12), way=Call.Way.VOICE, page="demo")
    calls.end(seat=seat, id=rang.id)
    Call.objects.filter(pk=rang.id).update(rang_at=at, ended_at=at + timedelta(seconds=40))


def _end(thread: Thread, mentor: Account, ended: Ended) -> None:
    closing.close(thread=thread, by=mentor, farewell=ended.farewell, summary=ended.summary)
    Thread.objects.filter(pk=thread.pk).update(closed_at=_at(ended.ago, 18))


def _meet(thread: Thread, mentor: Account, client: Account) -> None:
    """The next weekday after tomorrow, at ten."""
    day = timezone.localdate() + timedelta(days=2)
    while day.weekday() > 4:
        day += timedelta(days=1)
    hour = 10 if mentor.email.startswith("mentor@") else 15
    starts = timezone.make_aware(datetime.combine(day, time(hour)))
    meeting = appointments.propose(thread=thread, by=mentor, starts=starts, minutes=30, way=Appointment.Way.VIDEO)
    appointments.agree(thread=thread, appointment_id=meeting.pk, by=client)


def _certificates_as_they_are() -> None:
    """One ends soon, one has ended: that was not so when their pairs were made."""
    for offering in MENTORS:
        ends = timezone.localdate() + timedelta(days=offering.ends)
        Certification.objects.filter(mentor__account=_account(offering.email)).update(expires=ends)


def _away(coordinator: Account) -> None:
    mentor = Mentor.objects.get(account=_account("mentor@demo.example"))
    starts = timezone.localdate() + timedelta(days=12)
    respite.plan(
        mentor=mentor,
        cover_id=_account("mentor.two@demo.example").pk,
        starts=starts,
        ends=starts + timedelta(days=7),
        by=coordinator,
        knowingly=True,
    )


def _self_checks(mentor: Mentor) -> None:
    names = [name for name, *_rest in self_checks.QUESTIONS]
    for back, answers in zip(range(len(WEEKS), 0, -1), WEEKS, strict=True):
        self_checks.answer(mentor=mentor, answers=dict(zip(names, answers, strict=True)))
        week: date = self_checks.this_week() - timedelta(weeks=back)
        SelfCheck.objects.filter(mentor=mentor, week=self_checks.this_week()).update(week=week)
    self_checks.share_band(mentor=mentor, shares=True)


def _date_back(request: Request, asked: datetime, settled: datetime | None = None) -> None:
    Request.objects.filter(pk=request.pk).update(asked_at=asked, line_from=asked, settled_at=settled)


def _at(days: int, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=days), time(hour)))


def _account(email: str) -> Account:
    found = Account.objects.by_email(email)
    assert found is not None
    return found
