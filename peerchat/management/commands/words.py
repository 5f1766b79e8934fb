"""`peerchat words`: compile the translations."""

from typing import Any

from django.core.management.base import BaseCommand

from peerchat import words


class Command(BaseCommand):
    help = "Compile the translations of the site."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{words.compile_all()} translations compiled.")
