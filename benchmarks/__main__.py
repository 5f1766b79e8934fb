"""`bin/bench`: runs the scenarios, prints the tables, and keeps them with all figures under results/."""

import argparse
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import cores, gauges, probes, report, scenarios, servers
from benchmarks.targets import Found

_RESULTS = Path(__file__).parent / "results"


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # so that servers and data folders go with it
    asked = _asked()
    folder = servers.ROOT / "var" / "bench"  # on the same disk as real data would be
    folder.mkdir(parents=True, exist_ok=True)
    found: Found = {"run": _run(folder)}
    kind = "-".join(asked.only) if asked.only else "quick" if asked.quick else ""
    file = "-".join(filter(None, [datetime.now(UTC).strftime("%Y-%m-%d-%H%M"), kind]))
    for name in asked.only or (scenarios.QUICK if asked.quick else scenarios.SCENARIOS):
        print(f"{name}: {scenarios.SCENARIOS[name].__doc__}", file=sys.stderr, flush=True)
        found[name] = scenarios.SCENARIOS[name](folder, quick=asked.quick)
        found["run"]["reference_ms_after"] = probes.reference_ms()
        data, _tables = report.write(found, asked.results, file)  # each time: a run that is stopped keeps what it has
    print(report.table(found))
    print(f"Kept in {data.relative_to(Path.cwd()) if data.is_relative_to(Path.cwd()) else data}", file=sys.stderr)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the main rows, with short windows")
    parser.add_argument("--only", action="append", choices=scenarios.SCENARIOS, help="one scenario; may be repeated")
    parser.add_argument("--results", type=Path, default=_RESULTS, help="where to keep them")
    return parser.parse_args()


def _run(folder: Path) -> dict[str, str | int | float]:
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": described.stdout.strip() or "unknown",
        "server_core": cores.SERVER,
        "generator_core": cores.GENERATOR,
        **gauges.machine(folder),
    }


if __name__ == "__main__":
    main()
