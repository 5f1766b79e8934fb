"""A real relay (coturn) on loopback, which lets in whoever has a pass made under its secret."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness.processes import Process, free_port

SECRET = "a secret that the house and its relay share"
TURNSERVER = shutil.which("turnserver")


class Relay:
    def __init__(self, folder: Path) -> None:
        assert TURNSERVER is not None
        self.port = free_port()
        address = ["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={self.port}"]
        ports = ["--min-port=49160", "--max-port=49200"]
        who = ["--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=peerchat"]
        # Peers on loopback are what this test has; a real relay forbids them (docker-compose.yml).
        rest = ["--no-tls", "--no-dtls", "--no-cli", "--allow-loopback-peers", "--simple-log", "--verbose", "-n"]
        self._log = folder / "turn.log"
        own = [f"--pidfile={folder}/pid", f"--userdb={folder}/users", f"--log-file={self._log}"]
        self._process = Process([TURNSERVER, *address, *ports, *who, *rest, *own], log=folder / "log", cwd=folder)

    @property
    def env(self) -> dict[str, str]:
        """What a house is told of it."""
        return {"PEERCHAT_TURN_URLS": f"turn:127.0.0.1:{self.port}?transport=udp", "PEERCHAT_TURN_SECRET": SECRET}

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def start(self) -> None:
        self._process.spawn()
        self._process.wait_until(self._answers)

    def stop(self) -> None:
        self._process.stop()

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


@contextmanager
def relay(folder: Path) -> Iterator[Relay]:
    running = Relay(folder)
    running.start()
    try:
        yield running
    finally:
        running.stop()
