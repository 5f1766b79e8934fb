"""`peerchat prepare`: everything that must be ready before `peerchat serve`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from peerchat import preparing

_FIRST = """
Nobody can invite anybody yet. Invite the first coordinator, and open the link that this prints:

    .venv/bin/peerchat invite --role coordinator EMAIL --name NAME
"""


class Command(BaseCommand):
    help = "Compile translations, migrate both databases, collect static files, make the demo people."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-people", action="store_true", help="make no demo people")

    def handle(self, *args: Any, **options: Any) -> None:
        preparing.prepare(people=not options["without_people"])
        if not settings.DEMO and preparing.needs_coordinator():
            self.stdout.write(_FIRST)
