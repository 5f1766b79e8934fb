"""Times as templates write them: those of the wire (docs/protocol.md), and days of the coming weeks."""

from datetime import date, datetime

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def moment(text: str) -> datetime:
    """`2026-11-23T21:04:05.120Z` as a time that `date` can format."""
    return datetime.fromisoformat(text)


@register.filter(expects_localtime=True)
def weekday(day: date | datetime) -> str:
    """`Monday, November 30`, in the order of the reader's language; of a time, its day in the time zone of the page."""
    return f"{date_format(day, 'l')}, {date_format(day, 'MONTH_DAY_FORMAT')}"
