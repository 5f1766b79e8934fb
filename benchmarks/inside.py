"""Measured inside the site's own code, without a socket: sealing, and opening a room whose history is long.

Started by scenarios.py as a process of its own on a prepared data folder, since it loads the site's settings:
`python -m benchmarks.inside opening --cast FILE --stored 1000,10000`. Writes one line of JSON.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerchat.settings")
django.setup()

from django.db import connection  # noqa: E402  (models can be imported only after the line above)
from django.utils import timezone  # noqa: E402

from benchmarks import sentences  # noqa: E402
from benchmarks.probes import summary  # noqa: E402
from rooms import access, commit, entering  # noqa: E402
from rooms.access import Seat  # noqa: E402
from rooms.changes import Post  # noqa: E402
from rooms.models import Membership, epoch_of  # noqa: E402
from vault.sealing import seal, unseal  # noqa: E402

_BATCH = 500
_TIMES = 300


def sealing(room: str) -> dict[str, Any]:
    """Microseconds to seal and to unseal 200 characters with a warm key, and how durable a commit is."""
    text = (sentences.body(1) * 2)[:200]
    place = {"owner": f"room:{room}", "purpose": "message.body", "place": "0" * 32}
    epoch = epoch_of(timezone.now())
    sealed = seal(text, epoch=epoch, **place)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        [synchronous] = cursor.fetchone()
    return {
        "seal_us": _scaled(_timed(lambda: seal(text, epoch=epoch, **place), times=3000), 1000),
        "unseal_us": _scaled(_timed(lambda: unseal(sealed, **place), times=3000), 1000),
        "synchronous_full": synchronous == 2,
    }


def opening(rooms: list[str], counts: list[int]) -> list[dict[str, Any]]:
    """Milliseconds of the door that lets a member in and unseals the newest 50, by messages stored."""
    rows = []
    for room, stored in zip(rooms, counts, strict=True):
        seat = _somebody(room)
        _fill(seat, stored)
        door = partial(entering.enter, seat.account_id, room)
        first = _timed(door, times=1)
        rows.append(
            {"room": room, "stored": stored, "first_ms": first["median"], "door_ms": _timed(door, times=_TIMES)}
        )
    return rows


def _somebody(room: str) -> Seat:
    return access.seat_of(Membership.objects.select_related("account", "room").filter(room_id=room)[0])


def _fill(seat: Seat, stored: int) -> None:
    for posts in _batches(seat, stored):
        commit.write(posts)


def _batches(seat: Seat, stored: int) -> Iterator[list[Post]]:
    for start in range(0, stored, _BATCH):
        numbers = range(start, min(start + _BATCH, stored))
        yield [Post(seat, f"stored-{number:08}", sentences.body(number)) for number in numbers]


def _timed(work: Callable[[], object], *, times: int) -> dict[str, float]:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    return summary(took)


def _scaled(values: dict[str, float], by: float) -> dict[str, float]:
    return {name: round(value * by, 2) for name, value in values.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inside")
    parser.add_argument("what", choices=["sealing", "opening"])
    parser.add_argument("--cast", type=Path, required=True)
    parser.add_argument("--stored", default="1000", help="messages in each room, as 1000,10000")
    asked = parser.parse_args()
    rooms = list(dict.fromkeys(seat["room"] for seat in json.loads(asked.cast.read_text(encoding="utf-8"))))
    if asked.what == "sealing":
        print(json.dumps(sealing(rooms[0])))
    else:
        counts = [int(count) for count in asked.stored.split(",")]
        print(json.dumps(opening(rooms[: len(counts)], counts)))


if __name__ == "__main__":
    main()
