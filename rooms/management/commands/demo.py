"""`peerchat demo`: a program to look at. People of every role, four groups, a conversation that was going on before you came."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import mail
from accounts.models import Account, Role
from rooms import joining, posting
from rooms.access import Seat, seat_of, standing
from rooms.demo_program import AGREEMENT, GROUPS, PASSWORD, PEOPLE, TALK, Person
from rooms.models import Membership, Room


class Command(BaseCommand):
    help = "Makes the demonstration's people, groups and talk, once, and prints the sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is off (PEERCHAT_DEMO=0).")
        if Account.objects.by_email(PEOPLE[0].email) is None:
            with mail.silence(), transaction.atomic():
                _make()
                for name in settings.DEMO_MADE:
                    import_string(name)()
        self._print_sign_ins()

    def _print_sign_ins(self) -> None:
        lines = [f"  {Role(person.role).label:<14} {person.email}" for person in PEOPLE]
        self.stdout.write(
            "\n".join(
                [
                    "",
                    "  THIS IS A DEMONSTRATION. Its people and words are made up and its password is public.",
                    "  Do not write anything real. PEERCHAT_DEMO=0 turns it off.",
                    "",
                    *lines,
                    "",
                    f"  Password for all of them: {PASSWORD}",
                    "",
                ]
            )
        )


def _make() -> None:
    password = make_password(PASSWORD)  # hashed once: it is slow on purpose, and theirs is the same
    accounts = {person.email: _account(person, password) for person in PEOPLE}
    coordinator = next(account for account in accounts.values() if account.role == Role.COORDINATOR)
    rooms = {key: _room(key, coordinator) for key in GROUPS}
    seats = {}
    for person in PEOPLE:
        for key, pseudonym in person.rooms.items():
            member = joining.admit(accounts[person.email], rooms[key], actor=coordinator)
            if pseudonym:
                seats[key, pseudonym] = _entered(member, pseudonym)
    _talk(seats)


def _account(person: Person, password: str) -> Account:
    account = Account.objects.create_account(email=person.email, name=person.name, role=person.role)
    account.password = password
    account.save(update_fields=["password"])
    return account


def _room(key: str, coordinator: Account) -> Room:
    group = GROUPS[key]
    room = Room.objects.create(
        name=group.name,
        condition=group.condition,
        description=group.description,
        toolkit=group.toolkit,
        part2=group.part2,
    )
    joining.publish_agreement(room, AGREEMENT, actor=coordinator)
    return room


def _entered(member: Membership, pseudonym: str) -> Seat:
    member.refresh_from_db()
    joining.enter(member, pseudonym=pseudonym, version=member.room.agreement_version)
    return seat_of(standing(member.account_id, member.room_id))


def _talk(seats: dict[tuple[str, str], Seat]) -> None:
    now = timezone.now()
    said: dict[str, list[str]] = {}
    for each in TALK:
        seat = seats[each.room, each.who]
        earlier = said.setdefault(each.room, [])
        answered = earlier[-each.reply] if each.reply else None
        posted = posting.post(
            seat, body=each.body, warning=each.warning, reply_to=answered, at=now - timedelta(minutes=each.ago)
        )
        earlier.append(posted.id)
        for pseudonym, kind in each.reactions:
            posting.react(seats[each.room, pseudonym], id=posted.id, kind=kind)
