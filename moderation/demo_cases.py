"""The demonstration's moderation: somebody on call, a few matters in the queue, and a month of work behind the team's plots.

Called by `peerchat demo` (settings.DEMO_MADE), once, in the transaction that makes the demo's people. All of it is made up.
"""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Account, Role
from moderation import duty, intake
from moderation.matters import Weight
from moderation.models import Act, Case, Category, Severity
from rooms import posting
from rooms.access import seat_of, standing
from rooms.models import Membership, Message, Room

ON_CALL = (  # by e-mail, with the place in line
    ("moderator@demo.example", 1),
    ("moderator.two@demo.example", 2),
    ("clinician@demo.example", 1),
)
FLAGGED = (  # who flags, in which room, what of whose, why, in which words
    (
        "client.one@demo.example",
        "Depression group",
        "Patient Cedar",
        Category.OTHER,
        "I worry about this person. They sound so tired lately.",
    ),
    (
        "client.three@demo.example",
        "Anxiety group",
        "Steady River",
        Category.CONFIDENTIALITY,
        "This may say which bus they take every day.",
    ),
)
HELD = (
    (
        "client.two@demo.example",
        "PTSD group",
        "I skipped dinner again, 900 calories today and the scale says 47 kilos.",
    ),
)
PAST = 60  # resolved cases
DAYS = 27
_KINDS = (
    Weight(Category.SUICIDE, Severity.CRISIS, 4),
    Weight(Category.SUICIDE, Severity.URGENT, 2),
    Weight(Category.HARASSMENT, Severity.URGENT),
    Weight(Category.CONFIDENTIALITY, Severity.URGENT),
    Weight(Category.EATING_NUMBERS, Severity.ROUTINE),
    Weight(Category.SPAM, Severity.ROUTINE),
    Weight(Category.OTHER, Severity.ROUTINE),
)


def make() -> None:
    now = timezone.now()
    coordinator = _account("coordinator@demo.example")
    for email, step in ON_CALL:
        duty.plan(_account(email), now, now + duty.LONGEST, step, coordinator)
    _past(now)
    for email, room, author, category, words in FLAGGED:
        _flag(_account(email), Room.objects.get(name=room), author, category, words)
    for email, room, body in HELD:
        seat = seat_of(standing(_account(email).pk, Room.objects.get(name=room).pk))
        posting.post(seat, body=body)


def _flag(flagger: Account, room: Room, author: str, category: Category, words: str) -> None:
    """The newest message of this pseudonym."""
    for message in Message.objects.filter(room=room).select_related("author__account").order_by("-seq"):
        if seat_of(message.author).face.pseudonym == author:
            intake.flag(flagger.pk, room_id=room.pk, message_id=message.pk, category=category, words=words)
            return


def _past(now: datetime) -> None:
    """A month of resolved cases: numbers only, no words."""
    dice = random.Random(7)  # noqa: S311  (the same made-up month at each first start)
    moderators = list(Account.objects.filter(role=Role.MODERATOR))
    members = list(Membership.objects.filter(account__role=Role.CLIENT).select_related("room", "account"))
    for _ in range(PAST):
        weight = dice.choice(_KINDS)
        opened = now - timedelta(days=dice.uniform(0.3, DAYS))
        answered = opened + weight.severity.clock * dice.choice((0.1, 0.3, 0.5, 0.7, 1.2))
        member, holder = dice.choice(members), dice.choice(moderators)
        case = Case.objects.create(
            room=member.room,
            account=member.account,
            category=weight.category,
            severity=weight.severity,
            level=weight.level,
            graphic=weight.is_hard,
            tier=0 if weight.severity == Severity.CRISIS else 1,
            state=Case.State.RESOLVED,
            opened_at=opened,
            due_at=opened + weight.severity.clock,
            first_response_at=answered,
            was_late=answered > opened + weight.severity.clock,
            resolved_at=answered + timedelta(minutes=dice.uniform(5, 90)),
            resolved_by=holder,
            outcome=Case.Outcome.TALKED,
        )
        Act.objects.create(case=case, room=member.room, by=holder, kind="claim", at=answered)


def _account(email: str) -> Account:
    found = Account.objects.by_email(email)
    assert found is not None
    return found
