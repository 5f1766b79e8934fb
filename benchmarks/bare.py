"""A server that only answers and repeats: the generator's ceiling, and the floor under any server's cost.

Speaks just enough of `peerchat.v1` for the generator: anybody enters any room, a post is numbered,
acknowledged and sent to the room at once. Nothing is checked, stored or sealed.
`python -m benchmarks.bare --port 9000` serves it.
"""

import argparse
import json
from collections import defaultdict

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server


class Room:
    def __init__(self) -> None:
        self.seq = 0
        self.inside: list[WSTransport] = []


_rooms: dict[str, Room] = defaultdict(Room)


class Socket(WSListener):
    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.CLOSE:
            transport.disconnect()
        elif frame.msg_type is WSMsgType.TEXT:
            asked = json.loads(frame.get_payload_as_bytes())
            room = _rooms[asked["room"]]
            if asked["type"] == "enter":
                room.inside.append(transport)
                answer = {"type": "entered", "room": asked["room"], "seq": room.seq, "messages": []}
                transport.send(WSMsgType.TEXT, json.dumps(answer).encode())
            else:
                _post(room, transport, asked)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        for room in _rooms.values():
            if transport in room.inside:
                room.inside.remove(transport)


def _post(room: Room, author: WSTransport, asked: dict[str, str]) -> None:
    room.seq += 1
    posted = {"type": "posted", "room": asked["room"], "key": asked["key"], "seq": room.seq}
    author.send(WSMsgType.TEXT, json.dumps(posted).encode())
    message = {"seq": room.seq, "changed": room.seq, "body": asked["body"]}
    frame = {"type": "messages", "room": asked["room"], "after": room.seq - 1, "seq": room.seq}
    sent = json.dumps({**frame, "messages": [message]}).encode()
    for transport in room.inside:
        transport.send(WSMsgType.TEXT, sent)


def _listener(request: WSUpgradeRequest) -> WSListener:
    return Socket()


async def serve(port: int) -> None:
    server = await ws_create_server(_listener, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bare")
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(serve(parser.parse_args().port))
