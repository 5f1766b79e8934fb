"""Makes the ground ready: translations, both databases, keys, static files and, in a demo, its people.

Called by `peerchat prepare`, which bin/run starts each time: what is ready already costs next to nothing.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Account, Role
from peerchat import words
from rooms.demo_program import PEOPLE
from vault import start

_DATABASES = ("keys", DEFAULT_DB_ALIAS)  # in this order: the first sealed row needs a data key


def prepare(*, people: bool) -> None:
    """Bring everything up to date; with `people`, in a demo, make its people and print the sign-ins."""
    _prepare_files()
    for database in _DATABASES:
        if _is_behind(database):
            call_command("migrate", database=database, interactive=False, verbosity=0)
    start.check()
    refuse_demo_people()
    if people and settings.DEMO:
        call_command("demo")


def refuse_demo_people() -> None:
    """Stop where the demo is off but its people, whose password everybody knows, are in the store."""
    if not settings.DEMO and any(Account.objects.by_email(person.email) for person in PEOPLE):
        raise CommandError(
            "This store holds the demo's people, whose password is public: start with an empty PEERCHAT_DATA "
            "(or empty databases), or set PEERCHAT_DEMO=1 to go on with the demo."
        )


def needs_coordinator() -> bool:
    return not Account.objects.filter(role=Role.COORDINATOR, is_active=True).exists()


def _is_behind(database: str) -> bool:
    executor = MigrationExecutor(connections[database])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _prepare_files() -> None:
    stamp = Path(settings.DATA_DIR) / "prepared"
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint:
        return
    words.compile_all()
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(_fingerprint(), encoding="utf-8")


def _fingerprint() -> str:
    """Changes whenever a file that is compiled or collected does."""
    lines = sorted(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in _sources())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _sources() -> Iterator[Path]:
    roots = [*settings.STATICFILES_DIRS, *settings.LOCALE_PATHS, settings.BASE_DIR / "requirements.lock"]
    for root in map(Path, roots):
        yield from (path for path in [root, *root.rglob("*")] if path.is_file() and path.suffix != ".mo")
