"""A server that has started has read what its gates need: nobody's first message waits for it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.harness.server import HERE

_ASK = """
import peerchat.asgi
from moderation.screening.rulebook import rulebook
print(rulebook.cache_info().currsize)
"""


def test_the_rulebook_is_read_before_the_first_message(tmp_path: Path) -> None:
    env = {**os.environ, "PEERCHAT_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "peerchat.settings"}
    asked = subprocess.run([sys.executable, "-c", _ASK], cwd=HERE, env=env, check=True, capture_output=True, text=True)
    assert asked.stdout.strip() == "1"
