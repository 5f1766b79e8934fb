"""Starts what is measured, each on a new data folder, on the server's core, and stops it again.

`peerchat` is the site as bin/run serves it. `plain-daphne` and `plain-uvicorn` are the plain Channels way,
`bare` answers without doing anything.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import cores

ROOT = Path(__file__).resolve().parent.parent
_PYTHON = [sys.executable, "-m"]
_PEERCHAT = [*_PYTHON, "django"]  # the `peerchat` command
_UVICORN_AS_OURS = [
    *("--ws", "websockets-sansio", "--loop", "uvloop", "--http", "httptools", "--lifespan", "off"),
    *("--ws-per-message-deflate", "false", "--no-access-log", "--log-level", "warning"),
]
_PLAIN = "benchmarks.plain.asgi:application"


@dataclass(frozen=True)
class Server:
    name: str
    wire: str
    port: int
    pid: int
    folder: Path

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"


def environment(folder: Path) -> dict[str, str]:
    """Embedded and with demo people allowed, whatever the shell says otherwise."""
    ours = {
        "PEERCHAT_DATA": str(folder),
        "PEERCHAT_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "peerchat.settings",
        "PYTHONPATH": str(ROOT),
    }
    return {**{name: value for name, value in os.environ.items() if not name.startswith("PEERCHAT_")}, **ours}


def prepare(name: str, folder: Path) -> None:
    """Make the stores of a server in its empty folder."""
    if name == "peerchat":
        _run([*_PEERCHAT, "prepare", "--without-people"], environment(folder))
    elif name.startswith("plain"):
        _run([*_PYTHON, "django", "migrate", "--run-syncdb", "-v", "0"], _plain_environment(folder))


def cast(name: str, folder: Path, *, rooms: int, members: int) -> Path:
    """The cast file of so many rooms and members."""
    path = folder / f"cast-{rooms}x{members}.json"
    if name == "peerchat":
        size = ["--rooms", str(rooms), "--members", str(members)]
        _run([*_PEERCHAT, "cast", *size, "--out", str(path)], environment(folder))
    else:
        seats = [{"room": f"room{room}", "cookie": ""} for room in range(rooms) for _ in range(members)]
        path.write_text(json.dumps(seats), encoding="utf-8")
    return path


@contextmanager
def serving(name: str, folder: Path) -> Iterator[Server]:
    """The server of that name, ready for its first socket. Its output goes to server.log in its folder."""
    port = _free_port()
    command, variables = _command(name, port, folder)
    with (folder / "server.log").open("ab") as log, cores.only(cores.SERVER):
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log)
    try:
        _wait_for(process, port, folder)
        yield Server(name, "plain" if name.startswith("plain") else "peerchat", port, process.pid, folder)
    finally:
        _stop(process)


def _command(name: str, port: int, folder: Path) -> tuple[list[str], Mapping[str, str]]:
    at = ["--host", "127.0.0.1", "--port", str(port)]
    if name == "peerchat":
        return [*_PEERCHAT, "serve", *at], environment(folder)
    if name == "plain-daphne":
        return [*_PYTHON, "daphne", "-b", "127.0.0.1", "-p", str(port), _PLAIN], _plain_environment(folder)
    if name == "plain-uvicorn":
        return [*_PYTHON, "uvicorn", *at, *_UVICORN_AS_OURS, _PLAIN], _plain_environment(folder)
    return [*_PYTHON, "benchmarks.bare", "--port", str(port)], environment(folder)


def _plain_environment(folder: Path) -> dict[str, str]:
    return {**environment(folder), "DJANGO_SETTINGS_MODULE": "benchmarks.plain.settings"}


def _run(command: list[str], variables: Mapping[str, str]) -> None:
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def _wait_for(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    said = (folder / "server.log").read_text(encoding="utf-8", errors="replace")
    raise SystemExit(f"The server did not start:\n{said[-2000:]}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
