"""`peerchat serve`: the site and its live socket on uvicorn, for bin/run, the compose file and the tests."""

import gc
import os
import socket
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from uvicorn.supervisors import Multiprocess

from peerchat import chores
from peerchat.preparing import refuse_demo_people
from vault import start

_WAITING = 2048  # connections the kernel keeps while the process is busy: a whole program reconnects at once
_FAREWELL = 3  # seconds for answers under way when the process is told to stop
_FRAME_ROOM = 2 * settings.FRAME_BYTES  # bytes; a frame over FRAME_BYTES gets an error, one over this a closed socket


class Command(BaseCommand):
    help = "Serve the site on HOST and PORT (127.0.0.1 and 8000 where they are not set)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000", type=int)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        start.check()
        refuse_demo_people()
        _refuse_lonely_processes()
        door = _open(host, port)
        shown = f"[{host}]" if ":" in host else host
        self.stdout.write(f"Peerchat is at http://{shown}:{door.getsockname()[1]} (stop it with Ctrl+C)")
        if host == "127.0.0.1":
            self.stdout.write(f"To try passkeys, use http://localhost:{port}: they want a name.")
        if settings.BEHIND_TLS:
            self.stdout.write(
                "Its pages open over https only: put a TLS proxy before it (docs/running.md), or set PEERCHAT_TLS=0 to look at it alone."
            )
        self.stdout.flush()
        _serve(door)


def _refuse_lonely_processes() -> None:
    if settings.PROCESSES > 1 and not (settings.DATABASE_URL and settings.REDIS_URL):
        raise CommandError(
            "PEERCHAT_PROCESSES is more than 1: several processes need PostgreSQL and Redis. "
            "Set PEERCHAT_DATABASE_URL, PEERCHAT_KEYS_DATABASE_URL and PEERCHAT_REDIS_URL, or leave it at 1."
        )


def _open(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_WAITING)
    except OSError as error:
        raise CommandError(
            f"Cannot listen on {host}, port {port}: {error.strerror}. Choose another with HOST and PORT."
        ) from error


def _spare_the_collector() -> None:
    """What is here at the start stays: the garbage collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _serve(door: socket.socket) -> None:
    config = uvicorn.Config(
        "peerchat.asgi:application",
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=_FRAME_ROOM,
        ws_per_message_deflate=False,  # compressing secrets beside a stranger's text leaks them
        ws_ping_interval=20,
        ws_ping_timeout=20,
        lifespan="off",
        workers=settings.PROCESSES,
        proxy_headers=bool(settings.PROXIES),
        forwarded_allow_ips=settings.PROXIES,
        server_header=False,
        access_log=False,  # addresses and paths say who talks where
        log_config=None,
        log_level="warning",
        backlog=_WAITING,
        timeout_graceful_shutdown=_FAREWELL,
    )
    if config.workers > 1:
        door.set_inheritable(True)
        Multiprocess(config, sockets=[door]).run()
        return
    if settings.EMBEDDED:
        chores.in_background()
    config.load()
    _spare_the_collector()
    uvicorn.Server(config).run(sockets=[door])
