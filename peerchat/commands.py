"""The `peerchat` command: every management command of the apps under one short name."""

import os
import sys


def main() -> None:
    os.umask(0o077)  # databases, keys and stamps are for this user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerchat.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["peerchat", *sys.argv[1:]])
