"""A WebSocket by hand, for peers that no library would be: it never answers a close, and reads only when told to."""

import asyncio
import base64
import json
import os
import secrets
import socket
import struct
from typing import Any, Self
from urllib.parse import urlsplit

from tests.harness.client import Frame

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class RawSocket:
    """Over the bare socket, not asyncio's streams: those throw away what came before a reset, and with it the close frame."""

    def __init__(self, bare: socket.socket) -> None:
        self._bare = bare
        self._received = bytearray()
        self.closed_with: int | None = None  # the code of the close frame that came and was ignored

    @classmethod
    async def open(cls, url: str, cookie: str, *, receive_buffer: int | None = None) -> Self:
        place = urlsplit(url)
        bare = socket.socket()
        if receive_buffer:
            bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        bare.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(bare, (place.hostname, place.port))
        lines = [
            f"GET {place.path} HTTP/1.1",
            f"Host: {place.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: peerchat.v1",
            f"Cookie: {cookie}",
        ]
        await loop.sock_sendall(bare, "\r\n".join([*lines, "", ""]).encode())
        raw = cls(bare)
        head = await raw._head()
        assert head.startswith(b"HTTP/1.1 101"), head
        return raw

    async def send(self, frame: Any) -> None:
        await self.send_raw(TEXT, json.dumps(frame).encode())

    async def send_raw(self, opcode: int, payload: bytes, *, final: bool = True) -> None:
        mask = secrets.token_bytes(4)
        size = len(payload)
        if size < 126:
            length = bytes([0x80 | size])
        elif size <= 0xFFFF:
            length = b"\xfe" + struct.pack("!H", size)
        else:
            length = b"\xff" + struct.pack("!Q", size)
        whole = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(payload) ^ int.from_bytes(whole)).to_bytes(size) if size else b""
        frame = bytes([0x80 * final | opcode]) + length + mask + masked
        await asyncio.get_running_loop().sock_sendall(self._bare, frame)

    async def receive_raw(self) -> tuple[int, bytes]:
        """The next frame's opcode and payload. Raises EOFError once the connection is gone."""
        first, second = await self._exactly(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", await self._exactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self._exactly(8))
        payload = await self._exactly(size)
        if first & 0x0F == CLOSE:
            self.closed_with = struct.unpack("!H", payload[:2])[0] if payload else 1005
        return first & 0x0F, payload

    async def receive(self, *, within: float = 10) -> Frame:
        """The next text frame. Raises EOFError where the server closes instead."""
        async with asyncio.timeout(within):
            while True:
                opcode, payload = await self.receive_raw()
                if opcode == TEXT:
                    frame: Frame = json.loads(payload)
                    return frame
                if opcode == CLOSE:
                    raise EOFError

    async def expect(self, *types: str, within: float = 10) -> Frame:
        async with asyncio.timeout(within):
            while (frame := await self.receive(within=within))["type"] not in types:
                pass
            return frame

    async def closing(self, *, within: float = 10) -> int:
        """Read on until the server says that it closes; say with which code, and leave the connection open."""
        async with asyncio.timeout(within):
            while self.closed_with is None:
                await self.receive_raw()
        return self.closed_with

    async def all_that_comes(self, *, lasts: float) -> list[bytes]:
        """Every frame's payload until nothing can come any more, or for so long."""
        found: list[bytes] = []
        try:
            async with asyncio.timeout(lasts):
                while True:
                    found.append((await self.receive_raw())[1])
        except (TimeoutError, EOFError, OSError):
            return found

    async def hang_up(self) -> None:
        self._bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, not a farewell
        self._bare.close()

    async def _head(self) -> bytes:
        """The answer to the handshake, up to its empty line."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += await self._exactly(1)
        return head

    async def _exactly(self, size: int) -> bytes:
        while len(self._received) < size:
            try:
                more = await asyncio.get_running_loop().sock_recv(self._bare, 2**16)
            except ConnectionResetError:
                raise EOFError from None
            if not more:
                raise EOFError
            self._received += more
        found = bytes(self._received[:size])
        del self._received[:size]
        return found
