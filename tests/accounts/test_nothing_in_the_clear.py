"""After everything a person can do here, their name, address and secrets are in no row, session, cache or log."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connections
from django.test import Client

from accounts.models import Account, Session
from tests.accounts.test_inviting import link_on
from tests.accounts.test_second_factor import code, prove_yourself
from tests.people import both_stores, signed_in

pytestmark = both_stores

SECRETS = ("wilhelmina", "prescott", "minerva", "ines", "valdovinos", "solveig", "lindqvist", "people.example")
NEW = "seven herons over a slow river"


def everything_stored() -> str:
    """Every row of every table of both databases, bytes and all, and the cache, as one text in small letters."""
    found = [str(cache._cache)]  # type: ignore[attr-defined]
    for alias in ("default", "keys"):
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connections[alias].ops.quote_name(table)}")
                found.extend(str(row) for row in cursor.fetchall())
    return "\n".join(found).lower()


def live_a_whole_life(coordinator: Account) -> Client:
    office = signed_in(coordinator)
    whom = {"name": "Wilhelmina Prescott", "email": "wilhelmina@people.example", "role": "mentor"}
    office.post("/people/invite/", whom | {"email": "minerva@people.example"})  # she never answers
    link = link_on(office.post("/people/invite/", whom).content.decode())
    Client().post(link, {"name": "Wilhelmina Prescott", "password": NEW})
    browser = Client()
    for password in ("wrong for wilhelmina", NEW):
        browser.post("/account/login/", {"login": "wilhelmina@people.example", "password": password})
    Client().post("/account/login/", {"login": "nobody.minerva@people.example", "password": "wrong"})
    visitor = Client()
    visitor.post("/account/password/reset/", {"email": "wilhelmina@people.example"})
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    visitor.get(found[1], follow=True)
    prove_yourself_with(browser, NEW)
    form = browser.get("/account/second-factor/app/activate/").context["form"]
    browser.post("/account/second-factor/app/activate/", {"code": code(form.secret)})
    half_way = Client()
    half_way.post("/account/login/", {"login": "wilhelmina@people.example", "password": NEW})
    assert half_way.get("/account/second-factor/authenticate/").status_code == 200
    office.get("/people/", {"q": "wilhelmina"})
    return browser


def prove_yourself_with(browser: Client, password: str) -> None:
    browser.post("/account/reauthenticate/", {"password": password})


def test_no_name_or_address_is_in_any_row_session_or_cache(
    coordinator: Account, a_client: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    live_a_whole_life(coordinator)
    stored = everything_stored()
    assert len(stored) > 5000
    assert Session.objects.filter(account__isnull=True).exists()  # those still on their way in are looked at too
    for secret in SECRETS:
        assert secret not in stored
        assert (
            secret
            not in "".join(
                record.getMessage() for record in caplog.records if record.name != "django.db.backends"
            ).lower()
        )


def test_the_test_above_would_notice(coordinator: Account) -> None:
    connections["default"].cursor().execute(
        "UPDATE accounts_account SET language = %s WHERE id = %s", ["solveig", coordinator.pk]
    )
    assert "solveig" in everything_stored()


def test_sessions_hold_no_address_even_when_opened(coordinator: Account) -> None:
    browser = live_a_whole_life(coordinator)
    prove_yourself(browser)
    opened = str(dict(browser.session)).lower()
    assert "_auth_user_id" in opened
    for secret in SECRETS:
        assert secret not in opened
