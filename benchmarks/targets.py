"""What must be reached (issue 2, "Speed"), judged from what was found; what was not measured is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.tally import Step

Found = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Verdict:
    what: str
    target: str
    figure: str
    reached: bool
    doubt: str = ""  # why neither verdict should be leaned on

    def __str__(self) -> str:
        verdict = "PASS" if self.reached else "not reached"
        return f"{verdict}, but doubtful: {self.doubt}" if self.doubt else verdict


def judge(found: Found) -> list[Verdict]:
    asked = (_rates, _plain, _memory, _opening, _moderation, _gates, _matching)
    return [verdict for each in asked for verdict in each(found)]


def most(steps: list[Step]) -> Step | None:
    """The step with the most deliveries a second that held."""
    held = [step for step in steps if not step.broke()]
    return max(held, key=lambda step: step.deliveries_a_second, default=None)


def _rates(found: Found) -> Iterator[Verdict]:
    steps: list[Step] = found.get("rates", {}).get("steps", [])
    if not steps:
        return
    at = {step.rate: step for step in steps}
    everywhere = [step for name in ("rates", "crowd") for step in found.get(name, {}).get("steps", [])]
    lost, repeated = sum(step.lost for step in everywhere), sum(step.repeated for step in everywhere)
    yield Verdict("acknowledged messages lost, or repeated", "0", f"{lost}, {repeated}", not lost and not repeated)
    if step := at.get(1200):
        reached = step.p99 < 50 and not step.broke()
        yield Verdict("p99 at 1,200 messages/s", "< 50 ms", f"{step.p99:.1f} ms", reached, _doubt([step]))
    best = most(steps)
    figure = best.deliveries_a_second if best else 0
    yield Verdict("deliveries/s before it breaks", ">= 60,000", f"{figure:,.0f}", figure >= 60_000, _doubt(steps))
    for rate, target in ((400, 40), (2400, 20)):
        if step := at.get(rate):
            cost, what = step.server_us_a_delivery, f"server CPU a delivery at {rate:,}/s"
            reached = cost <= target and not step.broke()
            yield Verdict(what, f"<= {target} us", f"{cost:.1f} us", reached, _doubt([step]))


def _plain(found: Found) -> Iterator[Verdict]:
    cheaper = found.get("plain", {}).get("times_cheaper", {})
    for name, target in (("plain-daphne", 5), ("plain-uvicorn", 4)):
        if name in cheaper:
            runs = found["plain"]["runs"]
            doubt = _doubt([*runs["peerchat"], *runs[name]])
            if not all(step.kept_up() for step in runs[name]):
                doubt = "; ".join(filter(None, [f"{name} could not keep up with the rate", doubt]))
            what, times = f"cheaper than {name} at 100/s", cheaper[name]
            yield Verdict(what, f">= {target} times", f"{times:.2f} times", times >= target, doubt)


def _doubt(steps: list[Step]) -> str:
    """The machine had other work, or the generator was at its end, in how many of these steps."""
    doubtful = sum(bool(step.doubtful()) for step in steps)
    return f"machine busy in {doubtful} of {len(steps)} runs" if doubtful else ""


def _memory(found: Found) -> Iterator[Verdict]:
    for sockets, kib in found.get("memory", {}).get("kib_a_socket", {}).items():
        yield Verdict(f"memory a connection, {sockets} sockets", "<= 30 KiB", f"{kib:.1f} KiB", kib <= 30)


def _opening(found: Found) -> Iterator[Verdict]:
    rooms = found.get("opening", {}).get("rooms", [])
    if not rooms:
        return
    small, large = rooms[0], rooms[-1]
    for what, key in (("read and unseal", "door_ms"), ("`enter` to `entered`", "enter_ms")):
        median, p99 = large[key]["median"], large[key]["p99"]
        name = f"opening a room of {large['stored']:,}: {what}"
        yield Verdict(name, "< 15 ms", f"{median:.2f} ms (p99 {p99:.2f})", p99 < 15)
    growth = large["door_ms"]["median"] / small["door_ms"]["median"]
    name = f"opening at {large['stored']:,} against {small['stored']:,} stored"
    yield Verdict(name, "not growing", f"{growth:.2f} times", growth < 1.2)


def _moderation(found: Found) -> Iterator[Verdict]:
    """Issue 3, "What it must show", 3."""
    for store in found.get("moderation", {}).get("stores", []):
        of = f"with {store['cases']:,} cases, {store['unresolved']:,} open"
        # A page waits for no disk: where the clock says much more than the processor, other work had the core.
        page = store["page_ms"]["as it opens"]
        doubt = "machine busy" if page["median"] > 1.5 * page["processor"] else ""
        for what, times, target in (("queue page", page, 100), ("claim", store["claim_ms"], 20)):
            figure = f"{times['median']:.1f} ms (p99 {times['p99']:.1f}, processor {times['processor']:.1f})"
            yield Verdict(f"{what} {of}", f"< {target} ms", figure, times["median"] < target, doubt)


def _gates(found: Found) -> Iterator[Verdict]:
    """Issue 3, "Screening": 200 characters."""
    messages = found.get("gates", {}).get("messages", {})
    for what in ("200 characters", "200 characters in Spanish"):
        if costs := messages.get(what):
            cost = costs["moderation.gate.gate"]
            yield Verdict(f"screening {what}", "< 100 us", f"{cost:.1f} us", cost < 100)


def _matching(found: Found) -> Iterator[Verdict]:
    """Issue 4, "What it must show", 2."""
    run = found.get("matching")
    if not run:
        return
    of = f"{run['clients']:,} clients, {run['mentors']} mentors"
    seconds, busy = run["whole_s"], run["whole_processor_s"]
    doubt = "machine busy" if seconds > 1.5 * busy else ""
    figure = f"{seconds:.2f} s (processor {busy:.2f})"
    yield Verdict(f"matching {of}", "< 10 s", figure, seconds < 10, doubt)
    yield Verdict("hard rules broken", "0", str(run["rules_broken"]), run["rules_broken"] == 0)
    best, quick = run["best"], run["greedy"]
    figure = f"fit {best['fit']:.1f}, greedy {quick['fit']:.1f}; value {best['value']:.1f}, greedy {quick['value']:.1f}"
    yield Verdict("total beside greedy", "not below", figure, best["value"] >= quick["value"])
