"""`peerchat invite --role coordinator EMAIL --name NAME`: how the first coordinator of a house gets in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from accounts import invitations, mail
from accounts.models import Role
from accounts.refusals import Refused


class Command(BaseCommand):
    help = "Make an invitation and print its link. Nothing is sent: hand the link over yourself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", choices=Role.values, default=Role.COORDINATOR.value)
        parser.add_argument("--language", choices=[code for code, _ in settings.LANGUAGES], default="")
        parser.add_argument(
            "--site", default=mail.site(), help="where the house is reached, as https://chat.example.org"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            link = invitations.invite(
                by=None,
                email=options["email"],
                name=options["name"],
                role=Role(options["role"]),
                language=options["language"],
            )
        except ValidationError as error:
            raise CommandError("This is not an e-mail address.") from error
        except Refused as refused:
            raise CommandError(refused.text) from refused
        self.stdout.write(options["site"].rstrip("/") + reverse("accounts:join", args=[link.secret]))
        self.stdout.write(f"The link works once, until {link.invitation.expires:%Y-%m-%d %H:%M} UTC.")
