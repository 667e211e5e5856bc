"""The link to the server: requests and notices as JSON lines on one unix socket; knows rooms, no court.

The end of the connection ends the engine's work for it: all rooms close.
"""

import asyncio
import json
import logging
import os
import time
from collections.abc import Mapping
from typing import Any

from media import limits, routes
from media.peer import Peer
from media.quality import Observer
from media.recorder import Recorder
from media.room import Refused, Room
from media.seam import Reach

TICK_SECONDS = 0.05
OUTBOX_BYTES = 16 << 20
SIDES = ("publish", "subscribe")
logger = logging.getLogger(__name__)
Request = Mapping[str, Any]


class Link:
    """One connection of one server. `serve` ends when the server has gone, with every room closed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._reach = Reach()
        self._rooms: dict[str, Room] = {}
        self._observers: dict[str, Observer] = {}
        self._offers: set[asyncio.Task[None]] = set()
        self._closing: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Reads requests until the connection ends."""
        ticking = asyncio.create_task(self._tick())
        try:
            while line := await self._reader.readline():
                self._take(line)
        except (ValueError, ConnectionError) as error:  # a line beyond the limit, or a connection that broke
            logger.warning("the link ended: %s", error)
        finally:
            ticking.cancel()
            await self._finish()

    async def _finish(self) -> None:
        for task in self._offers:
            task.cancel()
        for room in list(self._rooms.values()):
            self._close_room(room)
        await asyncio.gather(*self._offers, *self._closing, return_exceptions=True)
        self._writer.close()

    def _close_room(self, room: Room) -> None:
        room.close()
        self._rooms.pop(room.name, None)
        self._observers.pop(room.name, None)
        for task in room.closing:
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _send(self, message: Mapping[str, object]) -> None:
        if self._writer.transport.get_write_buffer_size() > OUTBOX_BYTES:
            self._writer.transport.abort()  # a server that does not read is gone
        if not self._writer.is_closing():
            self._writer.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    async def _tick(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(TICK_SECONDS)
            for name, room in list(self._rooms.items()):
                try:
                    room.tick(clock())
                    self._observers[name].tick(clock())
                except Exception:
                    logger.exception("a room's clockwork failed")

    # -- requests

    def _take(self, line: bytes) -> None:
        """Carries one request out, or begins to; answers it."""
        number: object = None
        try:
            request = json.loads(line)
            number = request["id"]
            answer = self._perform(request)
        except Refused as refused:
            code, detail = refused.args
            answer = {"error": code, "detail": detail}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            answer = {"error": "bad_request", "detail": f"{type(error).__name__}: {error}"[:300]}
        if answer is not None:
            self._send({"id": number, **answer})

    def _perform(self, request: Request) -> dict[str, object] | None:
        op = request["op"]
        if op == "hello":
            return self._greet(request)
        if op == "apply":
            return self._apply(request)
        room = self._room(request["room"], make=op == "join")
        perform = {
            "join": self._join, "offer": self._offer, "candidate": self._candidate, "want": self._want,
            "leave": self._leave, "close": self._close, "keyframe": self._keyframe, "stats": self._stats,
        }.get(op)  # fmt: skip
        if perform is None:
            raise Refused("bad_request", "no such op")
        return perform(room, request)

    def _greet(self, request: Request) -> dict[str, object]:
        if request["v"] != 1:
            raise Refused("bad_request", "another version of the link")
        self._reach = Reach(bool(request.get("private_candidates")), str(request.get("public_address") or ""))
        return {"v": 1, "pid": os.getpid()}

    def _room(self, name: object, make: bool) -> Room:
        if not isinstance(name, str) or not name:
            raise Refused("bad_request", "a room has a name")
        if name not in self._rooms:
            if not make:
                raise Refused("no_room", "no such room")
            if len(self._rooms) >= limits.ROOMS:
                raise Refused("too_many", "rooms")
            room = self._rooms[name] = Room(name, self._reach, self._send)
            room.recorder = _recorder(room)
            self._observers[name] = Observer(room)
        return self._rooms[name]

    def _apply(self, request: Request) -> dict[str, object]:
        seq, table = request["seq"], routes.read(request)
        if not isinstance(seq, int):
            raise ValueError("seq is no number")
        room = self._room(request["room"], make=True)
        cuts = room.apply(seq, table)
        room.set_recording(request.get("recording"))
        return {"applied_seq": seq, "cuts": cuts}

    def _join(self, room: Room, request: Request) -> dict[str, object]:
        room.join(_text(request, "peer"), _text(request, "person"))
        return {}

    def _offer(self, room: Room, request: Request) -> None:
        peer, side, sdp = room.peer(request["peer"]), _side(request), _text(request, "sdp")
        if len(sdp) > limits.SDP_BYTES:
            raise Refused("bad_sdp", "too long")
        task = asyncio.create_task(self._answer(room, peer, side, sdp, request["id"]))
        self._offers.add(task)
        task.add_done_callback(self._offers.discard)

    async def _answer(self, room: Room, peer: Peer, side: str, sdp: str, number: object) -> None:
        try:
            self._send({"id": number, "sdp": await room.offer(peer, side, sdp)})
        except ValueError as error:
            self._send({"id": number, "error": "bad_sdp", "detail": str(error)[:300]})
        except Refused as refused:
            self._send({"id": number, "error": refused.args[0], "detail": refused.args[1]})

    def _candidate(self, room: Room, request: Request) -> None:
        peer, side, number = room.peer(request["peer"]), _side(request), request["id"]
        task = asyncio.create_task(self._add_candidate(peer, side, request["candidate"], number))
        self._offers.add(task)
        task.add_done_callback(self._offers.discard)

    async def _add_candidate(self, peer: Peer, side: str, candidate: Request | None, number: object) -> None:
        try:
            text = candidate["candidate"] if candidate else ""
            connection = peer.connection(side)
            if text and connection is not None:
                await connection.add_candidate(text)
            self._send({"id": number})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self._send({"id": number, "error": "bad_request", "detail": str(error)[:300]})

    def _want(self, room: Room, request: Request) -> dict[str, object]:
        peer = room.peer(request["peer"])
        if not peer.wants.takes(time.monotonic()):
            raise Refused("too_many", "wants")
        visible, large = request.get("visible"), request.get("large")
        if not (visible is None or isinstance(visible, list)) or not (large is None or isinstance(large, str)):
            raise ValueError("visible is a list, large a person")
        peer.large = large or None
        peer.visible = None if visible is None else frozenset(str(person) for person in visible[: limits.PEERS])
        peer.video = bool(request.get("video", True))
        room.settle(peer)
        return {}

    def _leave(self, room: Room, request: Request) -> dict[str, object]:
        peer = room.peer(request["peer"])
        room.end(peer)
        return {}

    def _close(self, room: Room, request: Request) -> dict[str, object]:
        self._close_room(room)
        return {}

    def _keyframe(self, room: Room, request: Request) -> dict[str, object]:
        room.want_keyframe(_text(request, "person"))
        return {}

    def _stats(self, room: Room, request: Request) -> dict[str, object]:
        return self._observers[room.name].stats()


def _recorder(room: Room) -> Recorder:
    def changed(state: str, at_ms: int, reason: str) -> None:
        room.tell("recording", state=state, at_ms=at_ms, reason=reason)

    later = asyncio.get_running_loop().call_soon_threadsafe
    return Recorder(lambda sealed: room.tell("sealed", **sealed), changed, room.want_keyframe, call=later)


def _text(request: Request, name: str) -> str:
    value = request[name]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is no text")
    return value


def _side(request: Request) -> str:
    if request["leg"] not in SIDES:
        raise ValueError("leg is publish or subscribe")
    return request["leg"]
