"""`peerchat worker`: does the chores of a house with several processes. One of it is enough."""

from typing import Any

from django.core.management.base import BaseCommand

from peerchat import chores
from vault import start


class Command(BaseCommand):
    help = "Do what is done by the clock: purge what has reached its term, clear ended sessions."

    def handle(self, *args: Any, **options: Any) -> None:
        start.check()
        self.stdout.write("The worker is running (stop it with Ctrl+C).")
        self.stdout.flush()
        chores.for_ever()
