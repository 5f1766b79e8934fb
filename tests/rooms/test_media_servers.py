"""What browsers are told of servers for their call: nothing by default, and a pass that names nobody."""

import base64
import hashlib
import hmac
import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from rooms import media_servers
from tests.harness.server import Store


def test_without_settings_no_server_is_named(settings: Settings) -> None:
    assert (settings.STUN_URLS, settings.TURN_URLS, settings.RELAY_ONLY) == ([], [], False)
    assert media_servers.for_a_call() == []


def test_a_pass_is_made_for_each_side_lasts_some_hours_and_names_nobody(settings: Settings) -> None:
    settings.STUN_URLS, settings.TURN_URLS = ["stun:turn.example.org"], ["turn:turn.example.org"]
    settings.TURN_SECRET = "between the two"
    (stun, one), (_, other) = media_servers.for_a_call(), media_servers.for_a_call()
    assert stun == {"urls": ["stun:turn.example.org"]}
    assert one["urls"] == ["turn:turn.example.org"]
    assert one["username"] != other["username"]
    until, word = one["username"].split(":")
    assert 4 * 3600 < int(until) - time.time() <= 5 * 3600
    assert len(word) == 16
    made = hmac.new(b"between the two", one["username"].encode(), hashlib.sha1).digest()
    assert one["credential"] == base64.b64encode(made).decode()


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({"PEERCHAT_TURN_URLS": "turn:turn.example.org"}, "PEERCHAT_TURN_SECRET"),
        ({"PEERCHAT_RELAY_ONLY": "1"}, "PEERCHAT_TURN_URLS"),
    ],
)
def test_half_a_relay_stops_the_start_with_a_sentence(store: Store, env: dict[str, str], why: str) -> None:
    tried = store.attempt("check", **env)
    assert tried.returncode != 0
    assert f"{ImproperlyConfigured.__name__}" in tried.stderr
    assert why in tried.stderr


def test_with_a_relay_calls_go_through_it_unless_told_otherwise(store: Store) -> None:
    env = {"PEERCHAT_TURN_URLS": "turn:turn.example.org", "PEERCHAT_TURN_SECRET": "between the two"}
    ask = ("shell", "--no-imports", "-c", "from django.conf import settings; print(settings.RELAY_ONLY)")
    assert store.command(*ask, **env).split()[-1] == "True"
    assert store.command(*ask, **env, PEERCHAT_RELAY_ONLY="0").split()[-1] == "False"
