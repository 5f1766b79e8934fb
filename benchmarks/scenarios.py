"""What is measured, each as one function from a folder to what it found. `bin/bench --only NAME` runs one.

Every scenario starts its own servers on new data and stops them; `quick` shortens windows.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import cores, gauges, generator, probes, servers
from benchmarks.servers import Server
from benchmarks.tally import Step

Rows = dict[str, Any]
_SETTLE = 6.0  # seconds until caches, pulses and the allocator are at rest


def machine(folder: Path, *, quick: bool) -> Rows:
    """Context: disk, sealing and the reference loop."""
    with _stage("peerchat", folder, rooms=1, members=2) as (data, cast):
        return {
            "sync_us": probes.sync_us(data),
            "reference_ms": probes.reference_ms(),
            **_inside(data, "sealing", "--cast", str(cast)),
        }


def ceiling(folder: Path, *, quick: bool) -> Rows:
    """The generator against a server that does nothing: what it can count before it is the bottleneck."""
    rates = [2400, 4800] if quick else [2400, 4800, 7200, 9600]
    return {"steps": _climb("bare", folder, rates, 5, rooms=20, members=25)}


def rates(folder: Path, *, quick: bool) -> Rows:
    """20 rooms x 25 members, faster and faster until it breaks."""
    climb = [100, 400, 1200, 2400, 3000, 3600, 4200, 4800, 5400, 6000, 7200, 8400]
    return {"steps": _climb("peerchat", folder, climb, 8 if quick else 20, rooms=20, members=25)}


def plain(folder: Path, *, quick: bool) -> Rows:
    """Ours and the plain Channels way at one rate, in turn, so that all share the machine's bad minutes."""
    found: dict[str, list[Step]] = {"peerchat": [], "plain-daphne": [], "plain-uvicorn": []}
    for _ in range(2 if quick else 4):
        for name, steps in found.items():
            before = probes.reference_ms()
            [step] = _climb(name, folder, [100], 10 if quick else 20, rooms=20, members=25)
            step.reference_ms = round((before + probes.reference_ms()) / 2, 1)
            steps.append(step)
    return {
        "runs": found,
        "us_a_delivery": {name: round(_cost(steps), 1) for name, steps in found.items()},
        "times_cheaper": {name: round(_cost(found[name]) / _cost(found["peerchat"]), 2) for name in list(found)[1:]},
        "us_a_delivery_a_reference_ms": {name: round(_weighed(steps), 3) for name, steps in found.items()},
    }


def limits(folder: Path, *, quick: bool) -> Rows:
    """How far the plain Channels way goes, with the same verdict."""
    climb = [100, 120, 140, 160, 180, 200, 250, 300]
    names = ("plain-daphne", "plain-uvicorn")
    return {name: _climb(name, folder, climb, 5 if quick else 10, rooms=20, members=25) for name in names}


def crowd(folder: Path, *, quick: bool) -> Rows:
    """One room x 1,000 members, faster and faster until it breaks."""
    climb = [5, 10, 20, 40, 60, 80, 100, 120, 150, 200, 250, 300, 400]
    return {"steps": _climb("peerchat", folder, climb, 5 if quick else 10, rooms=1, members=1000)}


def memory(folder: Path, *, quick: bool) -> Rows:
    """KiB that a connected, entered, silent socket adds to the server, at 500 and at 1,000 of them."""
    with (
        _stage("peerchat", folder, rooms=20, members=50) as (data, cast),
        servers.serving("peerchat", data) as server,
    ):
        first, second = _halves(cast)
        _warm(server, cast)
        before = gauges.memory_kib(server.pid)
        with generator.idling(server, first) as came:
            time.sleep(_SETTLE)
            at_500 = gauges.memory_kib(server.pid)
            with generator.idling(server, second):
                time.sleep(_SETTLE)
                at_1000 = gauges.memory_kib(server.pid)
                idle = _idle_percent(server)
    return {
        "empty_mib": round(before / 1024, 1),
        "kib_a_socket": {
            "500": round((at_500 - before) / 500, 1),
            "1000": round((at_1000 - before) / 1000, 1),
        },
        "kib_a_further_socket": round((at_1000 - at_500) / 500, 1),
        "coming_in": came,
        "idle_percent_1000": idle,
    }


def opening(folder: Path, *, quick: bool) -> Rows:
    """A room's newest 50 with ever more stored: the door in process, `enter` on the socket, the page."""
    counts = [1000, 100_000] if quick else [1000, 10_000, 100_000]
    with _stage("peerchat", folder, rooms=len(counts), members=25) as (data, cast):
        stored = ",".join(map(str, counts))
        rows = _inside(data, "opening", "--cast", str(cast), "--stored", stored)
        with servers.serving("peerchat", data) as server:
            doors = _module("benchmarks.doors", data, cores.GENERATOR, "--url", server.url, "--cast", str(cast))
    heard = {row["room"]: row for row in doors}
    return {"rooms": [{**row, **heard[row["room"]]} for row in rows]}


def moderation(folder: Path, *, quick: bool) -> Rows:
    """The moderators' queue and a claim with 100,000 cases in the store: all of them open, and nine of ten resolved."""
    found = []
    for resolved in ("0.0",) if quick else ("0.0", "0.9"):
        with tempfile.TemporaryDirectory(dir=folder, prefix="moderation-") as made:
            servers.prepare("peerchat", Path(made))
            rows = _module("benchmarks.moderation", Path(made), cores.SERVER, "--resolved", resolved)
        found.append({**rows, "reference_ms": probes.reference_ms()})
    return {"stores": found}


def gates(folder: Path, *, quick: bool) -> Rows:
    """What each gate costs a message, by what the message holds."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="gates-") as made:
        servers.prepare("peerchat", Path(made))
        return {"messages": _module("benchmarks.gates", Path(made), cores.SERVER)}


def matching(folder: Path, *, quick: bool) -> Rows:
    """2,000 waiting clients and 300 mentors: from the rows in the store to the best assignment, beside greedy; the coordinator's page."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="matching-") as made:
        servers.prepare("peerchat", Path(made))
        rows = _module("benchmarks.matching", Path(made), cores.SERVER)
    return {**rows, "reference_ms": probes.reference_ms()}


SCENARIOS: dict[str, Callable[..., Rows]] = {
    scenario.__name__: scenario
    for scenario in (machine, ceiling, plain, rates, crowd, memory, opening, moderation, gates, matching, limits)
}
QUICK = ("machine", "plain", "rates", "crowd", "memory", "opening", "moderation", "gates", "matching")


@contextmanager
def _stage(name: str, folder: Path, *, rooms: int, members: int) -> Iterator[tuple[Path, Path]]:
    """A prepared data folder and its cast, thrown away afterwards."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=f"{name}-") as made:
        data = Path(made)
        servers.prepare(name, data)
        yield data, servers.cast(name, data, rooms=rooms, members=members)


def _climb(name: str, folder: Path, rates: list[int], seconds: float, *, rooms: int, members: int) -> list[Step]:
    steps = []
    with (
        _stage(name, folder, rooms=rooms, members=members) as (data, cast),
        servers.serving(name, data) as server,
    ):
        for step in generator.load(server, cast, [(rate, seconds) for rate in rates]):
            steps.append(step)
            _tell(name, step)
    return steps


def _tell(name: str, step: Step) -> None:
    said = "; ".join(step.broke() + step.doubtful())
    print(
        f"  {name:14} {step.rate:5}/s  {step.deliveries_a_second:7,.0f} deliveries/s  "
        f"{step.server_us_a_delivery:6.1f} us  p99 {step.p99:7.1f} ms  {said}",
        file=sys.stderr,
        flush=True,
    )


def _cost(steps: list[Step]) -> float:
    return statistics.median(step.server_us_a_delivery for step in steps)


def _weighed(steps: list[Step]) -> float:
    """Cost against the reference loop around each run. For the reader only: targets are judged by what was measured."""
    return statistics.median(step.server_us_a_delivery / step.reference_ms for step in steps)


def _halves(cast: Path) -> tuple[Path, Path]:
    """Every other seat of the cast in a file, and the rest in another."""
    seats = json.loads(cast.read_text(encoding="utf-8"))
    first, second = cast.with_name("first.json"), cast.with_name("second.json")
    first.write_text(json.dumps(seats[::2]), encoding="utf-8")
    second.write_text(json.dumps(seats[1::2]), encoding="utf-8")
    return first, second


def _warm(server: Server, cast: Path) -> None:
    """Some members come, speak and go: what the first visitors cost (threads, caches) is not what a socket costs."""
    some = cast.with_name("some.json")
    some.write_text(json.dumps(json.loads(cast.read_text(encoding="utf-8"))[::20]), encoding="utf-8")
    for _step in generator.load(server, some, [(40, 3.0)], warm_up=1):
        time.sleep(_SETTLE)


def _idle_percent(server: Server) -> float:
    before = gauges.processor_seconds(server.pid)
    time.sleep(10)
    return round((gauges.processor_seconds(server.pid) - before) * 10, 1)


def _inside(data: Path, *arguments: str) -> Any:
    return _module("benchmarks.inside", data, cores.SERVER, *arguments)


def _module(module: str, data: Path, core: int, *arguments: str) -> Any:
    """Runs a measuring module on a core and reads the JSON it writes."""
    command = [sys.executable, "-m", module, *arguments]
    with cores.only(core):
        done = subprocess.run(
            command,
            cwd=servers.ROOT,
            env=servers.environment(data),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])
