"""The clock in real processes: an embedded server passes on a crisis that nobody answers; several clocks at once tell it once."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tests.harness.server import HERE, Server, Store, Stores
from tests.moderation.push_house import Browser, PushService, push_service

pytestmark = pytest.mark.servers

_PATIENCE = 60  # seconds: the clock ticks every 15, and two cores may be busy

CAST = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import Account, Role
from moderation import push
from moderation.models import Case, Severity, Shift
from moderation.push_service import Address
now, minute = timezone.now(), timedelta(minutes=1)
people = [
    Account.objects.create_account(email=f"{word}@live.example", name=word, role=Role.MODERATOR) for word in ("first", "second")
]
for step, person in enumerate(people, 1):
    Shift.objects.create(account=person, starts=now - 60 * minute, ends=now + 60 * minute, step=step)
about = Account.objects.create_account(email="about@live.example", name="About", role=Role.CLIENT)
def crisis(**more):
    return Case.objects.create(
        account=about, category="suicide", severity=Severity.CRISIS, tier=0, opened_at=now - 6 * minute, due_at=now - minute, **more
    )
"""


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


def wait_until(ready: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not ready():
        assert time.monotonic() < deadline, f"{what} did not happen in {_PATIENCE} s"
        time.sleep(0.2)


def test_an_unanswered_crisis_is_passed_on_by_the_serving_process_itself(stores: Stores, service: PushService) -> None:
    """Told to the first in line six minutes ago: the second gets an e-mail and a push message, the first nothing more."""
    store = stores.embedded(PEERCHAT_PUSH_HOSTS=service.origin)
    phone = Browser()
    address = phone.address(f"{service.origin}/second")
    store.command(
        "shell",
        "-c",
        CAST
        + f"push.subscribe(people[1], Address({address.endpoint!r}, {address.p256dh!r}, {address.auth!r}))\n"
        + "crisis(step=1, told_at=now - 6 * minute)",
    )
    with Server(store) as server:
        wait_until(lambda: bool(service.messages), "the push message")
        wait_until(lambda: "To: second@live.example" in server.log(), "the e-mail")
        log = server.log()
    assert phone.opened(service.messages[0].body) == b"new"
    assert "Subject: Something needs you" in log
    assert "first@live.example" not in log
    for word in ("suicide", "crisis", "About"):
        assert word not in log
    told = store.command("shell", "-c", "from moderation.models import Case; print('step', Case.objects.get().step)")
    assert "step 2" in told


CLOCKS = """
import time
from moderation import clocks
while time.time() < {start}:
    pass
for _ in range(3):
    clocks.tick()
"""
COUNTED = """
from moderation.models import Act, Alert, Case
from vault.models import TrailEntry
from vault import trail
print("cases", Case.objects.filter(step=1).count(), "of", Case.objects.count())
print("told", TrailEntry.objects.filter(act="case.told").count())
print("alerts", Alert.objects.count(), Alert.objects.filter(account=Alert.objects.first().account).count())
print("trail", trail.verify())
"""


def tick_together(store: Store, count: int) -> None:
    """So many processes begin to tick at the same moment."""
    start = time.time() + 6
    command = [sys.executable, "-m", "django", "shell", "-c", CLOCKS.format(start=start)]
    clocks = [
        subprocess.Popen(command, cwd=HERE, env=store.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for clock in clocks:
        _, said = clock.communicate(timeout=120)
        assert clock.returncode == 0, said
        assert "could not be moved" not in said


def check_told_once(store: Store) -> None:
    accounts = (
        "for number in range(40):\n"
        "    about = Account.objects.create(email_index=str(number).encode(), role=Role.CLIENT)\n"
        "    crisis()"
    )
    store.command("shell", "-c", CAST + accounts)
    tick_together(store, 3)
    told = store.command("shell", "-c", COUNTED)
    assert "cases 40 of 40" in told
    assert "told 40" in told
    assert "alerts 40 40" in told
    assert "trail []" in told


def test_three_clocks_at_once_tell_each_case_once(store: Store) -> None:
    check_told_once(store)


@pytest.mark.engines
def test_three_clocks_at_once_tell_each_case_once_on_postgresql(real_store: Store) -> None:
    check_told_once(real_store)
