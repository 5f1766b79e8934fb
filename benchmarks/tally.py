"""What one step of load found: times in a histogram, counts, and the verdict whether the server held."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

P99_LIMIT_MS = 250.0
GENERATOR_LIMIT = 90.0  # percent of one core
OTHERS_LIMIT = 15.0  # the same


class Times:
    """Durations counted in tenths of a millisecond up to 30 s; what is longer counts as 30 s."""

    PER_SECOND = 10_000
    LAST = 30 * PER_SECOND - 1

    def __init__(self) -> None:
        self.counts = array("Q", bytes(8 * (self.LAST + 1)))

    def add(self, seconds: float) -> None:
        self.counts[min(max(int(seconds * self.PER_SECOND), 0), self.LAST)] += 1

    def quantiles_ms(self, quantiles: Iterable[float]) -> list[float]:
        """The upper edge of the bucket each quantile falls in; 0.0 where nothing was counted."""
        total = sum(self.counts)
        wanted = sorted((max(1, -(-quantile * total // 1)), quantile) for quantile in quantiles)
        found: dict[float, float] = {}
        reached = 0
        for bucket, count in enumerate(self.counts):
            if not count:
                continue
            reached += count
            while wanted and reached >= wanted[0][0]:
                found[wanted.pop(0)[1]] = (bucket + 1) * 1000 / self.PER_SECOND
        return [found.get(quantile, 0.0) for quantile in quantiles]


@dataclass
class Step:
    """One rate held for one window, as the generator saw it. CPU in microseconds, times in milliseconds."""

    rate: int
    sockets: int
    seconds: float = 0.0
    sent: int = 0
    acknowledged: int = 0
    unanswered: int = 0
    deliveries: int = 0  # that arrived within the window
    deliveries_a_second: float = 0.0
    expected: int = 0  # acknowledged messages times the members of their room, over the whole step
    lost: int = 0
    repeated: int = 0
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    longest: float = 0.0
    acknowledgement_p99: float = 0.0
    messages_a_frame: float = 0.0
    server_us_a_delivery: float = 0.0
    server_percent: float = 0.0
    generator_percent: float = 0.0
    generator_late_p99: float = 0.0
    others_percent: float = 0.0  # what everything else on the machine used, of one core
    reference_ms: float = 0.0  # the reference loop around this step: how fast the core was then
    resyncs: int = 0
    gaps: int = 0
    held: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    set_aside: list[dict[str, Any]] = field(default_factory=list)  # earlier attempts, disturbed by other work

    def broke(self) -> list[str]:
        """Why this rate was too much for the server; empty where it held."""
        reasons = []
        if self.lost:
            reasons.append(f"{self.lost} lost")
        if self.repeated:
            reasons.append(f"{self.repeated} repeated")
        if self.refused or self.held:
            reasons.append(f"{sum(self.refused.values()) + self.held} refused or held")
        if self.errors:
            reasons.append(f"{sum(self.errors.values())} errors")
        if self.closed:
            reasons.append(f"{sum(self.closed.values())} sockets closed")
        if self.unanswered:
            reasons.append(f"{self.unanswered} unanswered")
        if self.p99 > P99_LIMIT_MS:
            reasons.append(f"p99 over {P99_LIMIT_MS:.0f} ms")
        return reasons

    def kept_up(self) -> bool:
        """Whether the server delivered at the rate asked for, so that its cost is the cost at that rate."""
        owed = self.expected / self.acknowledged if self.acknowledged else 0
        return not self.lost and self.deliveries_a_second >= 0.95 * self.rate * owed

    def doubtful(self) -> list[str]:
        """Why the figures say less about the server than they seem to."""
        reasons = []
        if self.generator_percent > GENERATOR_LIMIT:
            reasons.append(f"generator at {self.generator_percent:.0f} % of a core")
        if self.others_percent > OTHERS_LIMIT:
            reasons.append(f"other work took {self.others_percent:.0f} % of a core")
        return reasons

    def instead_of(self, disturbed: "Step") -> None:
        """Take the place of an attempt that other work disturbed. What it lost or repeated still counts."""
        self.lost += disturbed.lost
        self.repeated += disturbed.repeated
        brief = {name: getattr(disturbed, name) for name in ("server_us_a_delivery", "p99", "others_percent")}
        self.set_aside = [*disturbed.set_aside, {**brief, "broke": disturbed.broke()}, *self.set_aside]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "broke": self.broke(), "doubtful": self.doubtful()}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> "Step":
        return cls(**{each.name: said[each.name] for each in fields(cls)})


def enough(steps: Sequence[Step]) -> bool:
    """Whether a climb ends here: sockets are gone, or two rates in a row were too much (one may be a bad minute)."""
    return bool(steps) and (bool(steps[-1].closed) or (len(steps) > 1 and all(step.broke() for step in steps[-2:])))
