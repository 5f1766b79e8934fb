"""Plots as shapes: numbers in, places out, for templates/rooms/_plot.html to draw as SVG. No query, no person, no text.

Across, places are per cent of the plot's width, so that a plot fits a phone and a desk without a script and its words keep
their size; down, they are pixels. Colours come from classes alone (plots.css), since the content policy allows no inline style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

HEIGHT = 180  # pixels of a whole plot
_TOP, _FLOOR = 14, 152  # pixels: where the highest bar ends and all bars begin; below it stand the labels
_LEFT, _RIGHT = 13.0, 99.5  # per cent: labels stand to the left
_GAP = 0.28  # of a step, between two bars
_MOST_LABELS = 4
_STRIP = 32  # pixels of a row of small bars
_CLOCKS = 3  # a bar is cut where it is more than so many times its clock: one long night must not flatten all others


@dataclass(frozen=True, slots=True)
class Bar:
    x: float  # per cent
    width: float  # per cent
    y: float  # pixels
    height: float  # pixels
    kind: str  # the class after plot__bar--
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Whisker:
    """From a bar up to what nine of ten stayed below."""

    x: float
    start: float  # per cent; the cap at its end
    end: float
    y: float
    foot: float
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across, with its label at the left."""

    y: float
    label: str
    kind: str = ""  # the class after plot__rule--


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Plot:
    id: str
    title: str
    description: str
    bars: list[Bar] = field(default_factory=list)
    whiskers: list[Whisker] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    height: int = HEIGHT
    floor: int = _FLOOR
    left: float = _LEFT
    right: float = _RIGHT


@dataclass(frozen=True, slots=True)
class Wait:
    """One step of time: the median and the 90th percentile in seconds, None where nothing was answered."""

    label: str
    median: float | None
    ninetieth: float | None
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Pile:
    """One step of time: how many of two kinds, the second on top of the first."""

    label: str
    below: float
    above: float
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One step of time: how high something was; None where nobody said. `kind` is the class after plot__bar--."""

    label: str
    value: float | None
    kind: str = "good"
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Gauge:
    """A bar that lies: two kinds one after the other, and a mark that they should not pass. All in per cent of its width."""

    first: float
    second: float
    mark: float
    is_over: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """A few small bars in a row, without words: they stand beside the line that says the same."""

    bars: list[Bar]
    height: int  # pixels


def waits(id: str, title: str, description: str, steps: Sequence[Wait], *, clock: float, clock_label: str) -> Plot:
    """Bars up to the median, whiskers up to the 90th percentile, the clock as a dashed line."""
    highest = max([clock, *(step.ninetieth for step in steps if step.ninetieth is not None)])
    top = min(highest * 1.1, clock * _CLOCKS)
    plot = Plot(id, title, description, labels=_labels([step.label for step in steps]))
    plot.rules.append(Rule(_down(clock, top), clock_label, "clock"))
    for number, step in enumerate(steps):
        if step.median is None or step.ninetieth is None:
            continue
        x, width = _place(number, len(steps))
        y = _down(step.median, top)
        kind = "late" if step.median > clock else "good"
        plot.bars.append(Bar(x, width, y, _FLOOR - y, kind, step.tip))
        middle, cap = x + width / 2, min(width, 2.4) / 2
        reach = _down(step.ninetieth, top)
        plot.whiskers.append(
            Whisker(middle, middle - cap, middle + cap, reach, y, is_cut=step.ninetieth > top),
        )
    return plot


def piles(id: str, title: str, description: str, steps: Sequence[Pile]) -> Plot:
    """Two kinds on top of each other, with round numbers at the left."""
    top = round_up(max((step.below + step.above for step in steps), default=0))
    plot = Plot(id, title, description, labels=_labels([step.label for step in steps]))
    plot.rules.extend(Rule(_down(value, top), str(value)) for value in _marks(top))
    for number, step in enumerate(steps):
        x, width = _place(number, len(steps))
        foot = _FLOOR - (_FLOOR - _down(step.below, top) if step.below else 0)
        if step.below:
            plot.bars.append(Bar(x, width, foot, _FLOOR - foot, "good", step.tip))
        if step.above:
            y = _down(step.below + step.above, top)
            plot.bars.append(Bar(x, width, y, foot - y, "late", step.tip))
    return plot


def levels(
    id: str, title: str, description: str, steps: Sequence[Level], *, top: float, lines: Sequence[tuple[float, str]]
) -> Plot:
    """Bars on one scale from 0 to `top`, with lines across at values that have a name."""
    plot = Plot(id, title, description, labels=_labels([step.label for step in steps]))
    plot.rules.extend(Rule(_down(value, top), label) for value, label in lines)
    for number, step in enumerate(steps):
        if step.value is not None:
            x, width = _place(number, len(steps))
            y = _down(step.value, top)
            plot.bars.append(Bar(x, width, y, _FLOOR - y, step.kind, step.tip))
    return plot


def gauge(first: float, second: float, mark: float, top: float) -> Gauge:
    """`top` is the end of the scale, the same for all gauges that are read together."""
    scale = 100 / top if top else 0
    return Gauge(round(first * scale, 2), round(second * scale, 2), round(mark * scale, 2), first + second > mark)


def strip(values: Sequence[float], top: float, *, late_from: int | None = None) -> Strip:
    """Bars from `late_from` on are of the other kind."""
    step = 100 / max(1, len(values))
    bars = []
    for number, value in enumerate(values):
        height = round(max(2.0, (_STRIP - 2) * min(1.0, value / top)), 1) if top and value else 1.0
        kind = "late" if late_from is not None and number >= late_from else "good"
        bars.append(
            Bar(round(step * (number + _GAP / 2), 2), round(step * (1 - _GAP), 2), _STRIP - height, height, kind)
        )
    return Strip(bars, _STRIP)


def shares(counts: Sequence[int | None]) -> list[float]:
    """How long the bar of each count is in per cent of the longest; 0 for a count that is not shown."""
    most = max((count for count in counts if count is not None), default=0)
    return [round(100 * count / most, 1) if count and most else 0 for count in counts]


def round_up(value: float) -> int:
    """The next of 1, 2, 4, 6, 10, 20, 40, 60, 100, …: numbers that can be halved, and that people read with ease."""
    size = 1
    while size * 10 < value:
        size *= 10
    return next(step * size for step in (1, 2, 4, 6, 10) if step * size >= value)


def _marks(top: int) -> list[int]:
    return [top // 2, top] if top > 1 else [top]


def _down(value: float, top: float) -> float:
    """Pixels from the top of the plot; never outside of it, and never so little that it cannot be seen."""
    share = min(1.0, value / top) if top else 0.0
    return round(min(_FLOOR - 2, _FLOOR - share * (_FLOOR - _TOP)), 1)


def _place(number: int, steps: int) -> tuple[float, float]:
    """Where a bar begins and how wide it is, in per cent."""
    step = (_RIGHT - _LEFT) / steps
    return round(_LEFT + step * (number + _GAP / 2), 2), round(step * (1 - _GAP), 2)


def _labels(texts: Sequence[str]) -> list[Label]:
    """As many as fit a phone, spread evenly, the newest always among them."""
    every = -(-len(texts) // _MOST_LABELS) if texts else 1
    chosen = [number for number in range(len(texts)) if (len(texts) - 1 - number) % every == 0]
    placed = []
    for number in chosen:
        x, width = _place(number, len(texts))
        at_end = number == len(texts) - 1 and len(texts) > _MOST_LABELS
        placed.append(
            Label(_RIGHT if at_end else round(x + width / 2, 2), texts[number], "end" if at_end else "middle")
        )
    return placed
