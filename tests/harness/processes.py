"""One child process of a test: started, killed, started again, its output kept."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PATIENCE = 40  # seconds: two cores start a browser, PostgreSQL and several servers at once


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


class Process:
    """`command` under `env`, as `user` where one is named; everything it prints goes to the file `log`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
    ) -> None:
        self.command = list(command)
        self.log_path = log
        self._env = dict(env) if env is not None else None
        self._cwd = cwd
        self._user = user
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._running.pid

    def spawn(self) -> None:
        with self.log_path.open("ab") as log:
            self._popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._cwd,
                env=self._env,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                start_new_session=True,
            )

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Return once `ready` says so; fail with the log where the process ends or takes too long."""
        deadline = time.monotonic() + _PATIENCE
        while not ready():
            if self._running.poll() is not None:
                raise AssertionError(f"{self.command[0]} ended with {self._running.returncode}:\n{self.log()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.command[0]} was not ready in {_PATIENCE} s:\n{self.log()}")
            time.sleep(0.03)

    def ended(self) -> int:
        """Waits for its end; with which code it ended."""
        return self._running.wait(timeout=_PATIENCE)

    def kill(self) -> None:
        """Pull the plug: SIGKILL for the process and its children."""
        self._end(signal.SIGKILL)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        if self._popen is not None and self._popen.poll() is None:
            self._end(with_signal)

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._popen is not None, "not started"
        return self._popen

    def _end(self, with_signal: signal.Signals) -> None:
        if with_signal is signal.SIGKILL:
            os.killpg(self._running.pid, with_signal)
        else:
            self._running.send_signal(with_signal)
        try:
            self._running.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait(timeout=15)
