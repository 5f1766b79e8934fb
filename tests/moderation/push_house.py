"""A push service and a browser of the test's own: a real HTTP server that takes messages, and keys that open them."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from moderation.push_service import Address


@dataclass
class PushService:
    """`answers` says with which status and headers a path is answered; 201 where it is not named."""

    origin: str
    messages: list[Message] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)

    def to(self, path: str) -> list[Message]:
        return [message for message in self.messages if message.path == path]


@dataclass(frozen=True)
class Message:
    path: str
    headers: dict[str, str]
    body: bytes

    def signed_by(self) -> str:
        """The public key that the message names, after its signature was found right (RFC 8292)."""
        token, key = self._authorization
        head, claims, signature = token.split(".")
        r, s = (int.from_bytes(part) for part in (unpadded(signature)[:32], unpadded(signature)[32:]))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpadded(key))
        public.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
        return key

    @property
    def claims(self) -> dict[str, Any]:
        claims: dict[str, Any] = json.loads(unpadded(self._authorization[0].split(".")[1]))
        return claims

    @property
    def _authorization(self) -> tuple[str, str]:
        scheme, _, rest = self.headers["authorization"].partition(" ")
        assert scheme == "vapid"
        parts = dict(part.split("=", 1) for part in rest.split(","))
        return parts["t"], parts["k"]


class Browser:
    """The side that subscribed: it alone opens what is sent."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"sixteen bytes ok"

    def address(self, endpoint: str) -> Address:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Address(endpoint, padless(point), padless(self.secret))

    def opened(self, body: bytes) -> bytes:
        opened: bytes = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        return opened


@contextmanager
def push_service() -> Iterator[PushService]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        service = PushService(f"http://127.0.0.1:{server.server_port}")
        server.service = service  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield service
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        service: PushService = self.server.service  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        service.messages.append(Message(self.path, headers, body))
        status, extra = service.answers.get(self.path, (201, {}))
        self.send_response(status)
        for name, value in {**extra, "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *args: object) -> None:
        """Quiet."""


def padless(of: bytes) -> str:
    return urlsafe_b64encode(of).rstrip(b"=").decode()


def unpadded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
