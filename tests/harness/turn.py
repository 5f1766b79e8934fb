"""A real relay on loopback: coturn with the command of docker-compose.yml, so that what is written there is what is tried."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.harness.processes import Process, free_port
from tests.harness.server import HERE

SECRET = "theHouseAndItsRelayShareThis"
TURNSERVER = shutil.which("turnserver")
_HERE = "127.0.0.1"


class Relay:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        (folder / "secret").write_text(SECRET, encoding="utf-8")
        self._log = folder / "turn.log"
        service = yaml.safe_load((HERE / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["turn"]
        shell, dash_c, script = service["command"]
        for there, here in (
            ("$$", "$"),
            ("/tmp/", f"{folder}/"),
            ("/run/secrets/turn_secret", f"{folder}/secret"),
            ("=3478", f"={self.port}"),
            # What a relay for people must not have: a log of who calls, and ways to peers on its own machine.
            ("--log-file=/dev/null --no-stdout-log", f"--log-file={self._log} --simple-log --verbose"),
            ("--no-cli", f"--no-cli --allow-loopback-peers --listening-ip={_HERE} --relay-ip={_HERE}"),
        ):
            assert there in script, there
            script = script.replace(there, here)
        env = {"PATH": f"{Path(TURNSERVER or '').parent}:/usr/bin:/bin", "PEERCHAT_TURN_ADDRESS": _HERE}
        self._process = Process([shell, dash_c, script], log=folder / "log", cwd=folder, env=env)
        self._health = Process(
            ["sh", "-c", service["healthcheck"]["test"][1].replace("3478", str(self.port))], log=folder / "health"
        )

    @property
    def urls(self) -> str:
        """What a house is told of it, besides the secret."""
        return ",".join(f"turn:{_HERE}:{self.port}?transport={way}" for way in ("udp", "tcp"))

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def start(self) -> None:
        self._process.spawn()
        self._process.wait_until(self._is_healthy)

    def stop(self) -> None:
        self._process.stop()

    def kill(self) -> None:
        """From here to the next start nothing passes; every way through it is forgotten."""
        self._process.kill()

    def _is_healthy(self) -> bool:
        self._health.spawn()
        return self._health.ended() == 0


@contextmanager
def relay(folder: Path) -> Iterator[Relay]:
    running = Relay(folder)
    running.start()
    try:
        yield running
    finally:
        running.stop()
