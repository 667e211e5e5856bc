"""How a load peer gets into a room: over our link (the relay speaks the same lines), or over Janus' API."""

import asyncio
import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from websockets.asyncio.client import ClientConnection, connect

from tests.harness.media_legs import SubscribeLeg
from tests.harness.media_sending import PublishLeg

LIMIT = 60.0
ROOM = "bench"
JANUS_ROOM = 4_711

Routes = Mapping[str, Mapping[str, Sequence[str]]]  # audio and video: listener -> speakers


class Refused(RuntimeError):
    """The server answered with an error; the text is its own."""


class Room(Protocol):
    """One room of one server. Everybody publishes before anybody subscribes."""

    async def open(self, people: Sequence[str], routes: Routes, large: str) -> None: ...

    async def publish(self, person: str, leg: PublishLeg) -> None: ...

    async def subscribe(self, person: str, routes: Routes, large: str, keeps: Sequence[str] = ()) -> SubscribeLeg: ...

    async def close(self) -> None: ...


class Link:
    """JSON lines over a unix socket: requests with their answers, and the notices between them."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.notices: list[dict[str, Any]] = []
        self._reading = asyncio.ensure_future(self._read(reader))

    @classmethod
    async def connect(cls, path: str) -> "Link":
        return cls(*await asyncio.open_unix_connection(path, limit=1 << 22))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            told = json.loads(line)
            if "notice" in told:
                self.notices.append(told)
            else:
                self._waiting.pop(told["id"]).set_result(told)
        for each in self._waiting.values():
            each.set_exception(Refused("the media process ended"))

    async def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._writer.write(json.dumps({"id": number, "op": op, **fields}).encode() + b"\n")
        told = await asyncio.wait_for(answer, LIMIT)
        if "error" in told:
            raise Refused(f"{op}: {told}")
        return told

    async def close(self) -> None:
        self._reading.cancel()
        self._writer.close()


class LinkRoom:
    """A room of a process that speaks the link."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.seq = 0

    @classmethod
    async def connect(cls, target: str) -> "LinkRoom":
        return cls(await Link.connect(target))

    async def open(self, people: Sequence[str], routes: Routes, large: str) -> None:
        await self.link.ask("hello", v=1, private_candidates=True, public_address="")
        await self.apply(routes, large)
        for person in people:
            await self.link.ask("join", room=ROOM, peer=person, person=person)

    async def apply(self, routes: Routes, large: str = "") -> dict[str, Any]:
        self.seq += 1
        recorded = {"audio": [], "video": []}
        rest = {"recorded": recorded, "recording": None, "large": large}
        return await self.link.ask("apply", room=ROOM, seq=self.seq, routes=routes, **rest)

    async def publish(self, person: str, leg: PublishLeg) -> None:
        told = await self.link.ask("offer", room=ROOM, peer=person, leg="publish", sdp=await leg.offer())
        await leg.answered(told["sdp"])
        await leg.connected()

    async def subscribe(self, person: str, routes: Routes, large: str, keeps: Sequence[str] = ()) -> SubscribeLeg:
        slots = [max(1, len(routes[kind].get(person, ()))) for kind in ("audio", "video")]
        leg = SubscribeLeg(*slots, keeps=keeps)
        told = await self.link.ask("offer", room=ROOM, peer=person, leg="subscribe", sdp=await leg.offer())
        await leg.answered(told["sdp"])
        await leg.connected()
        return leg

    async def close(self) -> None:
        await self.link.close()


class JanusRoom:
    """Janus' videoroom over its WebSocket: one session, one handle for each leg."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)
        self._session = 0
        self._feeds: dict[str, int] = {}
        self._reading = asyncio.ensure_future(self._read())

    @classmethod
    async def connect(cls, target: str) -> "JanusRoom":
        return cls(await connect(target, subprotocols=["janus-protocol"], max_size=None, proxy=None))  # type: ignore[list-item]

    async def _read(self) -> None:
        async for message in self._socket:
            told = json.loads(message)
            waiting = self._waiting.get(told.get("transaction", ""))
            if told["janus"] != "ack" and waiting is not None and not waiting.done():
                waiting.set_result(told)

    async def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        number = str(next(self._numbers))
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        session = {"session_id": self._session} if self._session else {}
        await self._socket.send(json.dumps({"janus": kind, "transaction": number, **session, **fields}))
        told = await asyncio.wait_for(answer, LIMIT)
        if told["janus"] == "error" or "error" in told.get("plugindata", {}).get("data", {}):
            raise Refused(json.dumps(told))
        return told

    async def _attach(self) -> int:
        return (await self.ask("attach", plugin="janus.plugin.videoroom"))["data"]["id"]

    async def open(self, people: Sequence[str], routes: Routes, large: str) -> None:
        self._session = (await self.ask("create"))["data"]["id"]
        room = {"request": "create", "room": JANUS_ROOM, "publishers": 64, "bitrate": 0, "fir_freq": 0}
        codecs = {"audiocodec": "opus", "videocodec": "vp8", "audiolevel_event": False, "notify_joining": False}
        await self.ask("message", handle_id=await self._attach(), body={**room, **codecs})

    async def publish(self, person: str, leg: PublishLeg) -> None:
        handle = await self._attach()
        self._feeds[person] = len(self._feeds) + 1
        join = {"request": "join", "ptype": "publisher", "room": JANUS_ROOM, "id": self._feeds[person]}
        await self.ask("message", handle_id=handle, body=join)
        jsep = {"type": "offer", "sdp": await leg.offer()}
        told = await self.ask("message", handle_id=handle, body={"request": "publish"}, jsep=jsep)
        await leg.answered(told["jsep"]["sdp"])
        await leg.connected()

    async def subscribe(self, person: str, routes: Routes, large: str, keeps: Sequence[str] = ()) -> SubscribeLeg:
        wanted = [(speaker, "0") for speaker in routes["audio"].get(person, ())]
        for speaker in routes["video"].get(person, ()):
            wanted.append((speaker, "1" if large in ("", speaker) else "2"))
        handle, leg = await self._attach(), SubscribeLeg(0, 0, keeps=keeps)
        streams = [{"feed": self._feeds[speaker], "mid": mid} for speaker, mid in wanted]
        join = {"request": "join", "ptype": "subscriber", "room": JANUS_ROOM, "streams": streams}
        told = await self.ask("message", handle_id=handle, body=join)
        jsep = {"type": "answer", "sdp": await leg.answer(told["jsep"]["sdp"])}
        await self.ask("message", handle_id=handle, body={"request": "start"}, jsep=jsep)
        await leg.connected()
        return leg

    async def close(self) -> None:
        self._reading.cancel()
        await self._socket.close()


async def room_of(kind: str, target: str) -> Room:
    """`kind`: janus, or anything that speaks the link."""
    return await (JanusRoom if kind == "janus" else LinkRoom).connect(target)
