"""Runs the load generator as a process of its own, on its own core, and reads what it says line by line."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import cores, servers
from benchmarks.servers import Server
from benchmarks.tally import Step, enough

_ATTEMPTS = 3
_PATIENCE = 20.0  # seconds

Steps = Sequence[tuple[int, float]]  # messages a second, seconds


def load(server: Server, cast: Path, steps: Steps, *, warm_up: float = 3.0) -> Iterator[Step]:
    """Each step as it ends, until the server cannot follow."""
    asked = ",".join(f"{rate}x{seconds:g}" for rate, seconds in steps)
    more = ["--steps", asked, "--warm-up", f"{warm_up:g}", "--until-broken"]
    more += ["--attempts", str(_ATTEMPTS), "--patience", f"{_PATIENCE:g}"]
    with _running(server, cast, more) as process:
        _line(process)  # all came in
        held: list[Step] = []
        while len(held) < len(steps) and not enough(held):
            held.append(Step.from_json(_line(process)))
            yield held[-1]


@contextmanager
def idling(server: Server, cast: Path) -> Iterator[dict[str, Any]]:
    """The cast connected and entered, saying nothing, while the block runs. Gives how they came in."""
    with _running(server, cast, ["--wait"]) as process:
        yield _line(process)


@contextmanager
def _running(server: Server, cast: Path, more: list[str]) -> Iterator["subprocess.Popen[str]"]:
    command = [
        *(sys.executable, "-m", "benchmarks.load", "--url", server.url, "--cast", str(cast)),
        *("--wire", server.wire, "--pid", str(server.pid), "--core", str(cores.GENERATOR), *more),
    ]
    process = subprocess.Popen(
        command,
        cwd=servers.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
        process.communicate("\n", timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _line(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"The load generator stopped ({process.wait()}):\n{process.stderr.read()[-2000:]}")
    said: dict[str, Any] = json.loads(line)
    return said
