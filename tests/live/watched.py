"""`peerchat serve`, and on SIGUSR1 a line of JSON in the file $WATCHED: what the process keeps of people and rooms.

For tests only: production exposes nothing of this.
"""

import asyncio
import gc
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any


def _look(*_: Any) -> None:
    from rooms import hub
    from rooms.conversation import Conversation

    gc.collect()
    house = hub._hub
    assert house is not None
    kept = {
        "rooms": len(house.rooms),
        "people": len(house.people),
        "tasks": len(asyncio.all_tasks(house._loop)),
        "conversations": sum(isinstance(each, Conversation) for each in gc.get_objects()),
    }
    with Path(os.environ["WATCHED"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(kept) + "\n")


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, _look)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerchat.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["peerchat", *sys.argv[1:]])
