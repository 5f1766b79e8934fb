"""Help now: there for everybody, at once, whatever else is wrong."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import sessions
from accounts.models import Account
from rooms.crisis_lines import COUNTRIES, LINES, lines_of
from tests.people import both_stores, signed_in

pytestmark = both_stores


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_nobody_needs_to_sign_in_and_no_store_is_asked(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/help/")
    assert response.status_code == 200
    assert 'href="tel:988"' in text_of(response)
    assert 'href="sms:741741' in text_of(response)


def test_a_locked_screen_hides_no_help(a_client: Account) -> None:
    visitor = signed_in(a_client)
    sessions.lock(visitor.cookies["peerchat_session"].value)
    assert visitor.get("/").status_code == 302
    assert visitor.get("/help/").status_code == 200


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_every_country_has_lines_with_a_number_and_a_source(client: Client, country: str) -> None:
    page = text_of(client.get("/help/", {"country": country}))
    for line in LINES[country]:
        assert line.source
        assert line.tel or line.sms
        assert re.fullmatch(r"\+?\d*", line.tel)
        assert re.fullmatch(r"\+?\d*", line.sms)
        assert f'href="tel:{line.tel}"' in page or f'href="sms:{line.sms}' in page


def test_a_country_that_nobody_knows_gets_the_programs(client: Client, settings: Settings) -> None:
    assert text_of(client.get("/help/", {"country": "<script>"})).count('href="tel:988"')
    settings.COUNTRY = "DE"
    assert 'href="tel:112"' in text_of(client.get("/help/"))


def test_the_programs_own_line_stands_first(settings: Settings) -> None:
    settings.PROGRAM_LINE = {"name": "Harbor IOP", "number": "212 555 0142", "hours": "9 to 5"}
    first = lines_of("US")[0]
    assert (first.name, first.tel, first.hours) == ("Harbor IOP", "2125550142", "9 to 5")
