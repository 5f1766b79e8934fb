"""Sessions as the store and the sockets see them."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as site
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import sessions
from accounts.closings import handle
from accounts.models import Account, Role, Session
from accounts.sessions import Signed, gone, start_session, touch, who
from tests.people import both_stores, signed_in

pytestmark = both_stores


def row(key: str) -> Session:
    return Session.objects.get(handle=handle(key))


def age(key: str, **columns: timedelta) -> None:
    Session.objects.filter(handle=handle(key)).update(**{name: timezone.now() - by for name, by in columns.items()})


def test_a_session_says_who_is_behind_it(a_client: Account) -> None:
    key = start_session(a_client)
    assert who(key) == Signed(a_client.pk, key, "", Role.CLIENT)
    assert who("nobody-has-this-key") is None


def test_the_store_knows_neither_the_key_nor_what_is_in_the_session(a_client: Account) -> None:
    key = start_session(a_client, device="Firefox on Android")
    kept = row(key)
    assert key not in str(vars(kept))
    assert b"_auth_user" not in bytes(kept.sealed_data)
    assert b"Firefox" not in bytes(kept.sealed_device or b"")


def test_the_stored_hash_does_not_open_the_house(a_client: Account) -> None:
    thief = Client()
    thief.cookies[site.SESSION_COOKIE_NAME] = handle(start_session(a_client))
    assert thief.get("/account/").status_code == 302


def test_a_session_copied_onto_another_row_does_not_open(a_client: Account, coordinator: Account) -> None:
    mine, theirs = start_session(a_client), start_session(coordinator)
    Session.objects.filter(handle=handle(mine)).update(sealed_data=row(theirs).sealed_data)
    browser = Client()
    browser.cookies[site.SESSION_COOKIE_NAME] = mine
    assert browser.get("/account/").status_code == 302


def test_an_idle_session_is_over_and_a_touch_does_not_revive_it(a_client: Account, settings: Settings) -> None:
    browser = signed_in(a_client)
    key = browser.cookies[site.SESSION_COOKIE_NAME].value
    age(key, last_seen=timedelta(seconds=settings.SESSION_IDLE_SECONDS + 1))
    touch([key])
    assert who(key) is None
    assert browser.get("/account/").headers["Location"].startswith("/account/login/")


def test_a_sign_of_life_keeps_a_session(a_client: Account, settings: Settings) -> None:
    key = start_session(a_client)
    age(key, last_seen=timedelta(seconds=settings.SESSION_IDLE_SECONDS - 5))
    touch([key])
    assert timezone.now() - row(key).last_seen < timedelta(seconds=5)


def test_a_page_is_a_sign_of_life_too(a_client: Account, settings: Settings) -> None:
    browser = signed_in(a_client)
    key = browser.cookies[site.SESSION_COOKIE_NAME].value
    age(key, last_seen=timedelta(seconds=settings.SESSION_IDLE_SECONDS - 5))
    browser.get("/account/")
    assert timezone.now() - row(key).last_seen < timedelta(seconds=5)


def test_a_fresh_session_is_not_written_again_for_every_sign(
    a_client: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    key = start_session(a_client)
    before = row(key).last_seen
    with django_assert_num_queries(1):
        touch([key])
    assert row(key).last_seen == before


def test_however_active_a_session_ends(a_client: Account) -> None:
    key = start_session(a_client)
    assert row(key).expire_date - row(key).created == timedelta(seconds=site.SESSION_COOKIE_AGE)
    age(key, expire_date=timedelta(seconds=1))
    touch([key])
    assert who(key) is None


def test_gone_names_the_sessions_that_no_longer_count_with_one_query(
    a_client: Account, another_client: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    here, locked, ended, suspended = (
        start_session(a_client),
        start_session(a_client),
        start_session(a_client),
        start_session(another_client),
    )
    sessions.lock(locked)
    sessions.end(account=a_client.pk, handles=[handle(ended)])
    Account.objects.filter(pk=another_client.pk).update(is_active=False)
    with django_assert_num_queries(1):
        assert gone([here, locked, ended, suspended, "unknown"]) == {locked, ended, suspended, "unknown"}


def test_asking_who_costs_one_query(a_client: Account, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    key = start_session(a_client)
    with django_assert_num_queries(1):
        who(key)


@pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
def test_staff_without_a_second_factor_are_nobody_where_one_is_owed(
    a_client: Account, mentor: Account, settings: Settings, kind: Authenticator.Type
) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    key = start_session(mentor)
    assert who(key) is None
    assert gone([key]) == {key}
    Authenticator.objects.create(user=mentor, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert who(key) is None
    Authenticator.objects.create(user=mentor, type=kind, data={})
    assert who(key) is not None
    assert who(start_session(a_client)) is not None


def test_old_sessions_are_cleared_away(a_client: Account) -> None:
    old, fresh = start_session(a_client), start_session(a_client)
    age(old, expire_date=timedelta(seconds=1))
    sessions.SessionStore.clear_expired()
    assert set(Session.objects.values_list("handle", flat=True)) == {handle(fresh)}
