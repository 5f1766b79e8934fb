"""`peerchat serve`: what it says, what it refuses, and what it keeps to itself."""

import http.client
import re
import socket
from urllib.parse import urlsplit

import pytest

from tests.harness.engines import Postgres, Redis
from tests.harness.server import Server, Store, Stores

pytestmark = pytest.mark.servers


def _get(server: Server, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    connection.request("GET", path)
    return connection.getresponse()


def test_it_prints_its_address_and_answers_there(server: Server) -> None:
    assert f"Peerchat is at {server.url}" in server.log()
    assert _get(server, "/health/").read() == b"ok\n"


def test_it_does_not_say_what_it_is_made_of(server: Server) -> None:
    headers = {name.lower() for name, _ in _get(server, "/help/").getheaders()}
    assert not headers & {"server", "x-powered-by", "via"}


def test_it_does_not_write_down_who_came_or_what_for(server: Server) -> None:
    _get(server, "/help/?secret=unmistakable").read()
    assert "unmistakable" not in server.log()
    assert "GET" not in server.log()


def test_it_comes_back_on_the_same_port_after_being_killed(server: Server) -> None:
    server.kill()
    server.start()
    assert _get(server, "/health/").status == http.HTTPStatus.OK


def test_a_taken_port_is_said_in_one_sentence(store: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = store.attempt("serve", HOST="127.0.0.1", PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert re.search(r"Cannot listen on 127\.0\.0\.1, port \d+: .* Choose another with HOST and PORT\.", done.stderr)
    assert "Traceback" not in done.stderr


def test_several_processes_on_the_embedded_store_are_refused(store: Store) -> None:
    done = store.attempt("serve", PEERCHAT_PROCESSES="2", PORT="0")
    assert done.returncode == 1
    assert "several processes need PostgreSQL and Redis" in done.stderr


def test_a_lost_keyring_stops_it_and_no_new_one_is_made(store: Store) -> None:
    store.command("demo")
    keyring = store.data / "keyring.json"
    kept = keyring.read_bytes()
    keyring.unlink()
    done = store.attempt("serve", PORT="0")
    assert done.returncode == 1
    assert "keyring" in done.stderr
    assert "Traceback" not in done.stderr
    assert not keyring.exists()
    keyring.write_bytes(kept)
    keyring.chmod(0o600)
    with Server(store) as server:
        assert _get(server, "/health/").status == http.HTTPStatus.OK


def test_the_demo_people_keep_it_from_starting_once_the_demo_is_off(store: Store) -> None:
    store.command("demo")
    done = store.attempt("serve", PEERCHAT_DEMO="0", PORT="0")
    assert done.returncode == 1
    assert "the demo's people" in done.stderr


@pytest.mark.engines
def test_several_processes_answer_on_one_port(stores: Stores, postgres: Postgres, redis: Redis) -> None:
    with Server(stores.on_engines(postgres, redis, PEERCHAT_PROCESSES="2")) as server:
        assert {_get(server, "/health/").status for _ in range(20)} == {http.HTTPStatus.OK}


@pytest.mark.engines
def test_it_says_that_it_cannot_serve_while_postgres_is_away(stores: Stores, postgres: Postgres, redis: Redis) -> None:
    with Server(stores.on_engines(postgres, redis)) as server:
        postgres.stop()
        try:
            assert _get(server, "/health/").status == http.HTTPStatus.SERVICE_UNAVAILABLE
        finally:
            postgres.start()
        assert _get(server, "/health/").status == http.HTTPStatus.OK


def test_daphne_serves_the_same_pages(store: Store) -> None:
    with Server(store, daphne=True) as server:
        assert _get(server, "/health/").status == http.HTTPStatus.OK
