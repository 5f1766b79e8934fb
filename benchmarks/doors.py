"""How long a person waits for a room to open, over the wire: `enter` on the socket, and the page.

`python -m benchmarks.doors --url ws://127.0.0.1:8000 --cast FILE` knocks at every room of the cast in
turn, as one of its members, and writes one line of JSON.
"""

import argparse
import asyncio
import http.client
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from benchmarks.probes import summary
from benchmarks.wires import Peerchat, Seat

_TIMES = 200
_PAGES = 30
_WIRE = Peerchat()


class _Ear(WSListener):
    """Gives the next `entered`, and how many messages it held."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is not WSMsgType.TEXT:
            return
        said = json.loads(frame.get_payload_as_bytes())
        if said["type"] in ("entered", "refused", "error") and not self.answer.done():
            self.answer.set_result(said)


async def enter(url: str, seat: Seat) -> dict[str, Any]:
    """Milliseconds from `enter` to `entered`, on a socket that is open."""
    ear = _Ear()
    transport, _ = await ws_connect(lambda: ear, url + _WIRE.path(seat), extra_headers=_WIRE.headers(seat))
    took, messages = [], 0
    for _ in range(_TIMES):
        ear.answer = asyncio.get_running_loop().create_future()
        start = time.perf_counter()
        transport.send(WSMsgType.TEXT, _WIRE.enter(seat.room))
        said = await asyncio.wait_for(ear.answer, 30)
        took.append((time.perf_counter() - start) * 1000)
        if said["type"] != "entered":
            raise SystemExit(f"A room stayed shut: {said.get('reason')}.")
        messages = len(said["messages"])
        await asyncio.sleep(0.12)  # under the limit of frames a minute of a person
    transport.disconnect()
    return {"room": seat.room, "messages": messages, "enter_ms": summary(took)}


def page(url: str, seat: Seat) -> dict[str, float]:
    """Milliseconds for the room's page with its newest messages in it."""
    took = []
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    for _ in range(_PAGES):
        start = time.perf_counter()
        connection.request("GET", f"/rooms/{seat.room}/", headers={"Cookie": seat.cookie})
        answer = connection.getresponse()
        answer.read()
        took.append((time.perf_counter() - start) * 1000)
        if answer.status != http.client.OK:
            raise SystemExit(f"The room's page answered {answer.status}.")
    connection.close()
    return summary(took)


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doors")
    parser.add_argument("--url", required=True)
    parser.add_argument("--cast", type=Path, required=True)
    asked = parser.parse_args()
    seats = {said["room"]: Seat(**said) for said in json.loads(asked.cast.read_text(encoding="utf-8"))}
    rows = [await enter(asked.url, seat) for seat in seats.values()]
    pages = [await asyncio.to_thread(page, asked.url, seat) for seat in seats.values()]
    print(json.dumps([{**row, "page_ms": took} for row, took in zip(rows, pages, strict=True)]))


if __name__ == "__main__":
    uvloop.run(main())
