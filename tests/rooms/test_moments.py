"""Days as templates write them."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Monday, November 30"), ("es", "lunes, 30 de noviembre")], ids=["English", "Spanish"]
)
def test_a_day_is_said_in_the_order_of_the_readers_language(language: str, said: str) -> None:
    page = Template("{% load moments %}{{ day|weekday }}")
    with translation.override(language):
        assert page.render(Context({"day": date(2026, 11, 30)})).lower() == said.lower()


def test_a_time_is_said_by_its_day_where_the_reader_is() -> None:
    page = Template("{% load moments %}{{ time|weekday }}")
    with timezone.override("America/Chicago"):
        assert page.render(Context({"time": datetime(2026, 12, 1, 3, tzinfo=UTC)})) == "Monday, November 30"
