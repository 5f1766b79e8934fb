"""Real Peerchat servers: `peerchat serve` processes over one store, to be killed and started again."""

import http.client
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.harness.engines import Postgres, Redis
from tests.harness.processes import Process, free_port

HERE = Path(__file__).resolve().parents[2]
_COMMAND = [sys.executable, "-m", "django"]
_DAPHNE = [sys.executable, "-m", "daphne", "--websocket_timeout", "-1", "--bind", "127.0.0.1", "--port"]


class Store:
    """Where servers keep what they must not lose: a data folder, or two PostgreSQL databases besides."""

    def __init__(self, data: Path, env: Mapping[str, str]) -> None:
        self.data = data
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PEERCHAT_")}
        self.env = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "peerchat.settings",
            "PEERCHAT_DATA": str(data),
            "PEERCHAT_DEMO": "1",
            "PYTHONUNBUFFERED": "1",
            **env,
        }

    def command(self, *words: str, **env: str) -> str:
        """What `peerchat <words>` prints on this store; fails with what it says if it fails."""
        done = self.attempt(*words, **env)
        assert done.returncode == 0, f"peerchat {' '.join(words)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def attempt(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run `peerchat <words>` on this store, however it ends."""
        return subprocess.run(
            [*_COMMAND, *words],
            cwd=HERE,
            env={**self.env, **env},
            capture_output=True,
            text=True,
            timeout=120,
        )


class Server:
    """One `peerchat serve` (or daphne, the development server) on a free loopback port that stays its own.

    `program` is the module that is run instead of Django's own command.
    """

    def __init__(self, store: Store, *, daphne: bool = False, program: str = "django", **env: str) -> None:
        self.store = store
        self.port = free_port()
        self._process = Process(
            [*_DAPHNE, str(self.port), "peerchat.asgi:application"]
            if daphne
            else [sys.executable, "-m", program, "serve"],
            log=store.data / f"server-{self.port}.log",
            cwd=HERE,
            env={**store.env, "HOST": "127.0.0.1", "PORT": str(self.port), **env},
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/"

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()

    def start(self) -> None:
        self._process.spawn()
        self._process.wait_until(self._is_healthy)

    def kill(self) -> None:
        """End it in the middle of whatever it does (SIGKILL)."""
        self._process.kill()

    def stop(self) -> None:
        """End it as an operator does (SIGTERM)."""
        self._process.stop()

    def restart(self) -> None:
        self.stop()
        self.start()

    def log(self) -> str:
        return self._process.log()

    def _is_healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()


class Stores:
    """Gives each test a fresh store in a moment: prepared once, then copied."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template"
        self._migrated: set[Postgres] = set()
        self._template.mkdir(mode=0o700)
        Store(self._template, {}).command("prepare", "--without-people")

    def embedded(self, **env: str) -> Store:
        """SQLite and the in-memory layer, as bin/run serves."""
        return Store(self._copy(), env)

    def on_engines(self, postgres: Postgres, redis: Redis, **env: str) -> Store:
        """PostgreSQL and Redis, for any number of processes. The databases are empty but migrated."""
        data = self._copy()
        self._migrate_once(postgres)
        name = f"test_{secrets.token_hex(4)}"
        postgres.create(name, like="template_data")
        postgres.create(f"{name}_keys", like="template_keys")
        redis_env = {"PEERCHAT_REDIS_URL": redis.url}
        return Store(data, {**_databases(postgres, name, f"{name}_keys", data), **redis_env, **env})

    def _migrate_once(self, postgres: Postgres) -> None:
        if postgres in self._migrated:
            return
        postgres.create("template_data")
        postgres.create("template_keys")
        env = _databases(postgres, "template_data", "template_keys", self._template)
        Store(self._template, env).command("prepare", "--without-people")
        self._migrated.add(postgres)

    def _copy(self) -> Path:
        data = self._folder / secrets.token_hex(4)
        shutil.copytree(self._template, data, ignore=shutil.ignore_patterns("static"))
        (data / "static").symlink_to(self._template / "static")
        return data


def _databases(postgres: Postgres, data: str, keys: str, folder: Path) -> dict[str, str]:
    return {
        "PEERCHAT_DATABASE_URL": postgres.url(data),
        "PEERCHAT_KEYS_DATABASE_URL": postgres.url(keys),
        "PEERCHAT_SECRET_KEY_FILE": str(folder / "secret_key"),
        "PEERCHAT_TLS": "0",
    }
