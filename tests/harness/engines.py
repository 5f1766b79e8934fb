"""PostgreSQL and Redis from the installed programs, on free ports, restartable while a test runs."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.harness.processes import Process, free_port

_SERVER_USER = "postgres"  # PostgreSQL refuses to run as root; Debian's package brings this user
_INITDB = ["--no-sync", "--encoding=UTF8", "--locale=C"]
_OPTIONS = [
    "--listen_addresses=127.0.0.1",
    "--unix_socket_directories=",
    "--fsync=off",
    "--max_connections=200",
]
_FLEETING = ["--save", "", "--appendonly", "no"]


def _program(name: str) -> str | None:
    packaged = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    return shutil.which(name, path=os.pathsep.join([*packaged, os.environ.get("PATH", "")]))


def missing() -> str | None:
    """What has to be installed before the tests on real engines can run; None when nothing."""
    if not _program("initdb"):
        return "PostgreSQL is not installed"
    if not (shutil.which("redis-server") or shutil.which("valkey-server")):
        return "neither Redis nor Valkey is installed"
    return None


@contextmanager
def _room(owner: str | None) -> Iterator[Path]:
    """A temporary folder that `owner` may use; pytest's own are closed to every user but root."""
    folder = Path(tempfile.mkdtemp(prefix="peerchat-engine-"))
    try:
        if owner:
            shutil.chown(folder, owner, owner)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Postgres:
    """One server. `url(name)` is the address of a database in it."""

    def __init__(self, folder: Path, *, user: str | None) -> None:
        self.port = free_port()
        self.folder = folder
        initdb, server = _program("initdb"), _program("postgres")
        assert initdb is not None
        assert server is not None
        subprocess.run(
            [initdb, f"--pgdata={folder}/data", "--username=peerchat", "--auth=trust", *_INITDB],
            check=True,
            capture_output=True,
            cwd=folder,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
        self._process = Process(
            [server, "-D", f"{folder}/data", "-p", str(self.port), *_OPTIONS],
            log=folder / "log",
            cwd=folder,
            user=user,
        )

    def start(self) -> None:
        self._process.spawn()
        self._process.wait_until(self._answers)

    def stop(self) -> None:
        """Fast shutdown: every connection is cut, what was committed is kept."""
        self._process.stop(signal.SIGINT)

    def restart(self) -> None:
        self.stop()
        self.start()

    def url(self, database: str) -> str:
        return f"postgresql://peerchat@127.0.0.1:{self.port}/{quote(database)}"

    def create(self, database: str, *, like: str = "template1") -> None:
        """Make a database, empty or with everything that the database `like` holds."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(database), sql.Identifier(like)))

    def dump(self, database: str) -> bytes:
        """What pg_dump writes: every row as text."""
        program = _program("pg_dump")
        assert program is not None
        return subprocess.run([program, self.url(database)], check=True, capture_output=True).stdout

    def log(self) -> str:
        return self._process.log()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A running server with no database of ours in it yet."""
    user = _SERVER_USER if os.geteuid() == 0 else None
    with _room(user) as folder:
        server = Postgres(folder, user=user)
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Redis:
    """One server without persistence: what it held is gone after a restart, as a layer's contents may be."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        assert program is not None
        address = ["--bind", "127.0.0.1", "--port", str(self.port)]
        self._process = Process([program, *address, "--dir", str(folder), *_FLEETING], log=folder / "log", cwd=folder)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self._process.spawn()
        self._process.wait_until(lambda: self._asked(b"PING\r\n").startswith(b"+PONG"))

    def stop(self) -> None:
        self._process.stop()

    def kill(self) -> None:
        self._process.kill()

    def restart(self) -> None:
        self.stop()
        self.start()

    def dump(self) -> bytes:
        """The file that SAVE writes, uncompressed: every key and value it holds."""
        self._asked(b"CONFIG SET rdbcompression no\r\n")
        assert self._asked(b"SAVE\r\n").startswith(b"+OK")
        return (self.folder / "dump.rdb").read_bytes()

    def _asked(self, command: bytes) -> bytes:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
                connection.sendall(command)
                return connection.recv(1024)
        except OSError:
            return b""


@contextmanager
def redis() -> Iterator[Redis]:
    with _room(None) as folder:
        server = Redis(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
