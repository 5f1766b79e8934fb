"""`peerchat cast`: many rooms and members for load tests, each with a live session. In a demo only."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Role
from accounts.sessions import start_session
from rooms import identity, pseudonyms
from rooms.demo_program import AGREEMENT
from rooms.faces import seal_pseudonym
from rooms.models import Agreement, Membership, Room

_UNLIMITED = 1_000_000  # posts a minute: a load test is to find the server's limit, not the room's


class Command(BaseCommand):
    help = 'Makes a cast to test with and writes JSON: for each member {"room": ID, "cookie": "name=value"}.'

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rooms", type=int, default=20)
        parser.add_argument("--members", type=int, default=25, help="members of each room")
        parser.add_argument("--out", required=True, help="the file to write, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("A cast can only be made in a demo: its people have no password and post without limit.")
        if not (1 <= options["rooms"] <= 1000 and 1 <= options["members"] <= 5000):
            raise CommandError("Choose 1 to 1000 rooms and 1 to 5000 members.")
        with transaction.atomic():
            cast = [entry for number in range(options["rooms"]) for entry in _room(number, options["members"])]
        text = json.dumps(cast, indent=0)
        if options["out"] == "-":
            sys.stdout.write(text + "\n")
            return
        path = Path(options["out"])
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(cast)} members of {options['rooms']} rooms in {path}.")


def _room(number: int, members: int) -> list[dict[str, str]]:
    room = Room.objects.create(
        name=f"Cast room {number + 1}",
        condition=Room.Condition.OTHER,
        posts_a_minute=_UNLIMITED,
        agreement_version=1,
        roster=1,
    )
    Agreement.objects.create(room=room, version=1, text=AGREEMENT)
    return [{"room": room.pk, "cookie": _member(room, number)} for number in range(members)]


def _member(room: Room, number: int) -> str:
    account = Account.objects.create_account(
        email=f"{identity.new_key().lower()}@cast.example", name=f"Cast Member-{number + 1}", role=Role.CLIENT
    )
    handle = identity.new_handle()
    pseudonym = f"Member {number + 1}"
    Membership.objects.create(
        room=room,
        account=account,
        handle=handle,
        pseudonym_sealed=seal_pseudonym(pseudonym, room_id=room.pk, handle=handle),
        pseudonym_index=pseudonyms.index(pseudonym, room_id=room.pk),
        colour=number % 8,
        accepted_version=1,
        accepted_at=timezone.now(),
    )
    return f"{settings.SESSION_COOKIE_NAME}={start_session(account)}"
