"""peerchat trail verify | show"""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand

from vault import start, trail
from vault.errors import CannotOpen


class Command(BaseCommand):
    help = "Checks and shows the trail: who looked at or changed what, and why."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("verify", help="find altered, removed and moved entries; exit 1 if any")
        show = verbs.add_parser("show", help="print the newest entries")
        show.add_argument("--last", type=int, default=20, metavar="N")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        start.check()
        if verb == "verify":
            self._verify()
        else:
            self._show(options["last"])

    def _verify(self) -> None:
        findings = trail.verify()
        for finding in findings:
            self.stdout.write(finding.text)
        if findings:
            sys.exit(1)
        self.stdout.write("The trail is whole: nothing was altered, removed or moved.")

    def _show(self, count: int) -> None:
        for entry in trail.last(count):
            try:
                why = trail.why(entry)
            except CannotOpen:
                why = "(cannot be opened)"
            told = (
                str(entry.position),
                f"{entry.at:%Y-%m-%d %H:%M:%S}",
                entry.actor,
                entry.act,
                entry.subject,
                why,
            )
            self.stdout.write("  ".join(told))
