"""What this machine can do at this hour, so that runs on different or busy machines can be compared."""

import hashlib
import json
import os
import statistics
import time
from pathlib import Path

from benchmarks import cores

_PAGE = bytes(4096)


def reference_ms() -> float:
    """Processor time of a fixed piece of work (integers, JSON, hashing) on the server's core, best of five.

    Not the clock's: that would count how long other work had the core, which a server's processor time does not.
    """
    with cores.only(cores.SERVER):
        return round(min(_work_ms() for _ in range(5)), 1)


def _work_ms() -> float:
    start = time.process_time()
    total = 0
    for number in range(400_000):
        total = (total * 31 + number) & 0xFFFFFFFF
    for _ in range(5000):
        json.loads(
            json.dumps(
                {
                    "room": "reference",
                    "seq": total,
                    "messages": [{"body": "the same words"} for _ in range(4)],
                }
            )
        )
    for _ in range(5000):
        hashlib.sha256(_PAGE).digest()
    return (time.process_time() - start) * 1000


def sync_us(folder: Path, *, times: int = 200) -> dict[str, float]:
    """Microseconds to append a page to a file and have it safe on the disk: the least a commit pays."""
    took = []
    path = folder / "sync-probe"
    with path.open("wb") as file:
        for _ in range(times):
            start = time.perf_counter()
            file.write(_PAGE)
            file.flush()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - start) * 1e6)
    path.unlink()
    return summary(took)


def summary(values: list[float]) -> dict[str, float]:
    """Median, 99th percentile and longest."""
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 5),
        "p99": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 5),
        "longest": round(ordered[-1], 5),
    }
