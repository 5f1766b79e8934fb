"""What share of values lies below a value. Values only."""

from collections.abc import Sequence


def percentile(ordered: Sequence[float], share: float) -> float:
    """Of values in order, at least one; between two of them on a straight line (as PostgreSQL's percentile_cont)."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
