"""Times of the wire (docs/protocol.md) as templates write them."""

from datetime import datetime

from django import template

register = template.Library()


@register.filter
def moment(text: str) -> datetime:
    """`2026-11-23T21:04:05.120Z` as a time that `date` can format."""
    return datetime.fromisoformat(text)
