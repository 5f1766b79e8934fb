"""Moments as they go over the wire."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: `2026-11-23T21:04:05.120Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
