"""Writes what was found: JSON with every figure, and tables in Markdown for people."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.tally import Step
from benchmarks.targets import Found, judge


def write(found: Found, folder: Path, name: str) -> tuple[Path, Path]:
    """The JSON file and the table beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    data, tables = folder / f"{name}.json", folder / f"{name}.md"
    verdicts = [vars(verdict) for verdict in judge(found)]
    data.write_text(json.dumps({**found, "verdicts": verdicts}, indent=1, default=_plain) + "\n", encoding="utf-8")
    tables.write_text(table(found), encoding="utf-8")
    return data, tables


def _plain(value: object) -> Any:
    if isinstance(value, Step):
        return value.as_json()
    raise TypeError(f"{type(value).__name__} has no place in the results.")


def table(found: Found) -> str:
    return "\n".join([*_head(found), *_verdicts(found), *_loads(found), *_sides(found)]) + "\n"


def _head(found: Found) -> Iterator[str]:
    run, probes = found["run"], found.get("machine", {})
    yield f"# Measured {run['date']}"
    yield ""
    yield (
        f"{run['processor']}, {run['cores']} cores, {run['memory_gib']} GiB, Linux {run['kernel']}, "
        f"{run['filesystem']}, Python {run['python']}. Server on core {run['server_core']}, generator on "
        f"core {run['generator_core']}. Commit {run['commit']}. Load average before: {run['load_before']}."
    )
    yield ""
    if probes:
        sync, seal, unseal = probes["sync_us"], probes["seal_us"], probes["unseal_us"]
        full = "FULL" if probes["synchronous_full"] else "NOT FULL"
        yield (
            f"SQLite synchronous={full}; a page safe on disk {sync['median']:.0f} us, p99 {sync['p99']:.0f}; "
            f"seal {seal['median']:.1f} us, unseal {unseal['median']:.1f} us for 200 characters; "
            f"the reference loop: {probes['reference_ms']:.1f} ms (after: {run['reference_ms_after']:.1f})."
        )
        yield ""


def _verdicts(found: Found) -> Iterator[str]:
    rows = [(v.what, v.target, v.figure, str(v)) for v in judge(found)]
    yield from _rows("Targets", ("what", "target", "measured", ""), rows)


def _loads(found: Found) -> Iterator[str]:
    groups = {
        "20 rooms x 25 members": found.get("rates", {}).get("steps"),
        "One room x 1,000 members": found.get("crowd", {}).get("steps"),
        **{f"100 messages/s: {name}": steps for name, steps in found.get("plain", {}).get("runs", {}).items()},
        **{f"Limit of {name}": steps for name, steps in found.get("limits", {}).items()},
        "The generator's ceiling, against a server that does nothing": found.get("ceiling", {}).get("steps"),
    }
    for title, steps in groups.items():
        if steps:
            yield from _steps(title, steps)


def _steps(title: str, steps: Sequence[Step]) -> Iterator[str]:
    head = ("messages/s", "deliveries/s", "us a delivery", "p50 ms", "p95 ms", "p99 ms", "longest ms", "lost")
    rows = [
        (
            *(f"{step.rate:,}", f"{step.deliveries_a_second:,.0f}", f"{step.server_us_a_delivery:.1f}"),
            *(f"{step.p50:.1f}", f"{step.p95:.1f}", f"{step.p99:.1f}", f"{step.longest:.1f}", str(step.lost)),
            *(f"{step.messages_a_frame:.2f}", f"{step.server_percent:.0f}", f"{step.generator_percent:.0f}"),
            "; ".join(step.broke() + step.doubtful() + _aside(step)),
        )
        for step in steps
    ]
    yield from _rows(title, (*head, "messages a frame", "server %", "generator %", ""), rows)
    if any(step.reference_ms for step in steps):
        yield f"The reference loop around these runs: {', '.join(f'{step.reference_ms:.1f}' for step in steps)} ms."
        yield ""


def _aside(step: Step) -> list[str]:
    return [f"{len(step.set_aside)} disturbed attempts set aside"] if step.set_aside else []


def _sides(found: Found) -> Iterator[str]:
    if memory := found.get("memory"):
        rows = [(sockets, f"{kib:.1f}") for sockets, kib in memory["kib_a_socket"].items()]
        yield from _rows("Idle memory", ("sockets", "KiB a socket"), rows)
        empty, idle = memory["empty_mib"], memory["idle_percent_1000"]
        further = memory["kib_a_further_socket"]
        yield (
            f"Without sockets {empty} MiB; each of the second 500 adds {further:.1f} KiB; 1,000 idle ones "
            f"take {idle} % of a core."
        )
        yield ""
    if opening := found.get("opening"):
        keys = ("door_ms", "enter_ms", "page_ms")
        times = [
            (f"{room['stored']:,}", *(f"{room[key]['median']:.2f} / {room[key]['p99']:.2f}" for key in keys))
            for room in opening["rooms"]
        ]
        titles = ("stored", "read and unseal 50", "`enter` to `entered`", "the page")
        yield from _rows("Opening a room, ms (median / p99)", titles, times)
    yield from _queues(found.get("moderation", {}).get("stores", []))
    yield from _gates(found.get("gates", {}).get("messages", {}))
    yield from _matching(found.get("matching", {}))


def _gates(messages: dict[str, dict[str, float]]) -> Iterator[str]:
    if messages:
        names = list(next(iter(messages.values())))
        rows = [(what, *(f"{costs[name]:.1f}" for name in names)) for what, costs in messages.items()]
        yield from _rows("What the gates cost a message, us of processor time", ("", *names), rows)


def _matching(run: dict[str, Any]) -> Iterator[str]:
    if not run:
        return
    seconds = run["seconds"]
    names = {"read": "reading the rows", "unseal": "unsealing the wishes", "score": "rules and fit of all pairs"}
    names |= {"solve": "the best assignment", "greedy": "greedy, for comparison"}
    parts = [(what, f"{seconds[name]:.3f}", f"{seconds[f'{name}_processor']:.3f}") for name, what in names.items()]
    title = f"Matching {run['clients']:,} clients with {run['places']:,} free places of {run['mentors']} mentors"
    yield from _rows(title, ("", "s", "of it processor"), parts)
    told = [
        (name, str(each["matched"]), f"{each['fit']:.1f}", f"{each['value']:.1f}")
        for name, each in (("best of all", run["best"]), ("greedy", run["greedy"]))
    ]
    yield from _rows("Who is matched", ("", "clients", "total fit", "total value"), told)
    pages = {
        "as it opens, nothing changed": "page_ms",
        "after a change": "page_changed_ms",
        "waiting times": "waits_ms",
    }
    rows = [
        (name, f"{run[key]['median']:.0f} / {run[key]['p99']:.0f} / {run[key]['processor']:.0f}")
        for name, key in pages.items()
    ]
    yield from _rows(
        f"The coordinator's page; {run['queries']} statements", ("", "ms (median / p99 / processor)"), rows
    )


def _queues(stores: Sequence[dict[str, Any]]) -> Iterator[str]:
    def told(times: dict[str, float]) -> str:
        return f"{times['median']:.2f} / {times['p99']:.2f} / {times['processor']:.2f}"

    kinds = {"claim": "claim_ms", "claim the next": "claim_next_ms", "counts": "counts_ms", "renewal": "renewal_ms"}
    references = {"reference: a row by its key": "lookup_ms", "reference: a row changed": "commit_ms"}
    for store in stores:
        pages = [(f"page, {name}", told(times)) for name, times in store["page_ms"].items()]
        doors = [(name, told(store[key])) for name, key in {**kinds, **references}.items()]
        title = f"The queue with {store['cases']:,} cases, {store['unresolved']:,} open; {store['queries']} statements a page"
        yield from _rows(title, ("", "ms (median / p99 / processor)"), [*pages, *doors])


def _rows(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A Markdown table whose columns line up, so that it reads as well in a terminal."""
    if not rows:
        return
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    yield from (f"## {title}", "")
    yield _line(head, widths)
    yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    yield from (_line(row, widths) for row in rows)
    yield ""


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"
