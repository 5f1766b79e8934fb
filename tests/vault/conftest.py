"""A vault that has read nothing yet, and houses of their own: real processes over real files."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from vault import sealing, start

TREE = Path(__file__).resolve().parents[2]
SETTINGS = "tests.vault.house_settings"


@pytest.fixture(autouse=True)
def _closed_cabinet() -> None:
    sealing.forget()
    start.forget()


@dataclass
class House:
    data: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def keyring(self) -> Path:
        return self.data / "keyring.json"

    @property
    def keyring_mode(self) -> int:
        return stat.S_IMODE(self.keyring.stat().st_mode)

    def begin(self, *words: str) -> "subprocess.Popen[str]":
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PEERCHAT_")}
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=TREE,
            env={
                **ours,
                "PEERCHAT_DATA": str(self.data),
                "DJANGO_SETTINGS_MODULE": SETTINGS,
                "PYTHONPATH": str(TREE),
                **self.environment,
            },
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        process = self.begin(*words)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """What `peerchat <words>` does."""
        return self.run("-c", "from peerchat.commands import main; main()", *words)

    def python(self, story: str) -> str:
        """Run a story in a process of its own; what it prints."""
        done = self.run("-c", tell(story))
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def refusal(self, *words: str) -> str:
        """The one line that a command ends with instead of doing its work."""
        done = self.command(*(words or ("keys", "list")))
        assert done.returncode == 1, done
        assert done.stdout == ""
        lines = done.stderr.strip().splitlines()
        assert len(lines) == 1, done.stderr
        return lines[0]

    def copy(self, to: Path) -> "House":
        shutil.copytree(self.data, to)
        return House(to, dict(self.environment))


def tell(story: str) -> str:
    return f"import django; django.setup()\nfrom vault import *\nfrom vault.sealing import seal, unseal, CannotOpen\n{story}"


SEAL = """
from vault import start; start.check()
print(seal("I slept four hours.", owner="room:a", purpose="body", place="m1", epoch="2026-11").hex())
"""
OPEN = """
import sys
print(unseal(bytes.fromhex("{}"), owner="room:a", purpose="body", place="m1"))
"""


@pytest.fixture(scope="session")
def _new_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("new") / "data")
    for database in ("default", "keys"):
        done = house.command("migrate", "--database", database, "--verbosity", "0")
        assert done.returncode == 0, done.stderr
    return house


@pytest.fixture
def house(_new_house: House, tmp_path: Path) -> House:
    """Migrated, and never started."""
    return _new_house.copy(tmp_path / "data")


@pytest.fixture
def lived_in(house: House) -> House:
    """Started once, with one sealed sentence; `sealed` in the environment of the test is its hex."""
    (house.data / "sealed").write_text(house.python(SEAL))
    return house


@pytest.fixture
def opens() -> Callable[[House], bool]:
    """Whether the sentence of a lived-in house opens there."""

    def ask(house: House) -> bool:
        done = house.run("-c", tell(OPEN.format((house.data / "sealed").read_text())))
        assert "slept" not in done.stderr
        return done.returncode == 0 and done.stdout.strip() == "I slept four hours."

    return ask
