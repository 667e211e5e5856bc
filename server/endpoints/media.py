"""`/media/<hearing>`: WebRTC signalling as JSON texts. Owns the messages' form and bounds; the rest is the rooms'.

One socket of a known session that is part of the hearing. What a person receives is decided by the route table alone,
never here.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from server import metrics
from server.control import HearingControl
from server.control_audience import PING, text
from server.endpoints.admission import session_of
from server.endpoints.control import hearing_of
from server.endpoints.messages import Malformed, read_message
from server.endpoints.upgrade import accept
from server.hearing.reasons import REASONS
from server.hearing.state import GONE
from server.media.link import MediaLost, MediaRefused
from server.media.room import Room
from server.media.rooms import MediaRooms
from server.media.turn import ice_servers
from server.people.tokens import Session
from server.sync.connections import Connection
from server.websocket import WebSocketProtocol, text_frame

log = logging.getLogger("yunting.media")

FRAME_BYTES = 256 * 1024  # an offer of many slots is long
MOST_CANDIDATES = 40  # of one leg between two offers; the media process uses the first ten that it may use
MOST_UNDER_WAY = 4  # offers of one socket without an answer
MOST_VISIBLE = 64
FEWEST_SLOTS, MOST_SLOTS = 4, 32  # streams of each kind that one person can receive at once: everybody else's
LONGEST_NAME = 200
LEGS: tuple[str, ...] = ("publish", "subscribe")

_PING = text_frame(PING)
_ENDS = {
    "replaced": (4403, "replaced"),
    "removed": (4403, "removed"),
    "closed": (1012, "restart"),
    "too_many": (4429, "too_many"),
}


async def media(scope: Scope, receive: Receive, send: Send, app: Starlette) -> None:
    """The endpoint. `?echo=1`: a test room of one's own, in which one hears and sees oneself."""
    socket = await accept(scope, receive, send)
    session = session_of(scope, app)
    if session is None:
        socket.close(4401, "token")
        return
    state = app.state
    hearing = await hearing_of(state.hearings, unquote(scope["path"].removeprefix("/media/")), session.person)
    echo = _echo(scope)
    if hearing is None or not _may_enter(hearing, session.person, echo):
        socket.close(4403, "forbidden")
        return
    if not state.settings.media.on:
        socket.close(4403, "media_off")
        return
    await state.replaced_sessions.entered(hearing, session)
    if not state.sessions.alive(session.id):  # asked again: much may have happened while that was written
        socket.close(4401, "token")
        return
    if not _may_enter(hearing, session.person, echo):
        socket.close(4403, "forbidden")
        return
    connection = MediaConnection(socket, hearing, session, state.media, state.settings.frame_rate, echo=echo)
    await _serve(socket, connection, app)


async def _serve(socket: WebSocketProtocol, connection: MediaConnection, app: Starlette) -> None:
    state, mode = app.state, connection.mode
    state.connections.add(connection)
    metrics.connections.labels(wire="media").inc()
    metrics.media_people.labels(mode=mode).inc()
    if mode == "room":
        state.rooms.arrived(connection.hearing.hearing, connection.person)
    try:
        await socket.attach(connection.receive, connection.closed)
    finally:
        state.connections.discard(connection)
        metrics.connections.labels(wire="media").dec()
        metrics.media_people.labels(mode=mode).dec()
        if mode == "room":
            state.rooms.left(connection.hearing.hearing, connection.person)


def _may_enter(hearing: HearingControl, person: str, echo: bool) -> bool:
    """The isolated may, and receive nothing; in a test room they would still hear something."""
    participant = hearing.state.participants[person]
    return participant.state not in GONE and not (echo and participant.barred)


def _echo(scope: Scope) -> bool:
    return parse_qs(scope.get("query_string", b"").decode("latin-1")).get("echo") == ["1"]


class MediaConnection(Connection):
    """One socket of the media room: a member of the rooms in server/media/rooms."""

    __slots__ = (
        "_candidates",
        "_room",
        "_rooms",
        "_session",
        "_under_way",
        "_welcomed",
        "hearing",
        "id",
        "mode",
        "person",
    )

    def __init__(
        self,
        socket: WebSocketProtocol,
        hearing: HearingControl,
        session: Session,
        rooms: MediaRooms,
        frame_rate: int,
        *,
        echo: bool,
    ) -> None:
        super().__init__(socket, frame_rate, socket.loop.time())
        self.id = rooms.new_id()
        self.person = session.person
        self.hearing = hearing
        self.mode = "echo" if echo else "room"
        self._session = session
        self._rooms = rooms
        self._candidates = dict.fromkeys(LEGS, 0)
        self._under_way: set[asyncio.Task[None]] = set()
        self._welcomed = False
        self._room: Room = rooms.enter(hearing, self, echo=echo)

    # --- what the rooms need ---

    def send(self, message: dict[str, Any]) -> None:
        self.socket.write(text_frame(text(message)))

    def known(self) -> None:
        """Welcome; from a second media process on, Restart."""
        self._candidates = dict.fromkeys(LEGS, 0)
        if self._welcomed:
            self.send({"type": "Restart"})
        else:
            self._welcomed = True
            self._welcome()

    def _welcome(self) -> None:
        settings = self._rooms.settings
        others = len(self.hearing.state.participants) - 1
        slots = 1 if self.mode == "echo" else min(MOST_SLOTS, max(FEWEST_SLOTS, others))
        servers = ice_servers(settings.turn_urls, settings.turn_secret, self.person, int(time.time()))
        self.send(
            {
                "type": "Welcome",
                "hearing": self.hearing.hearing,
                "person": self.person,
                "mode": self.mode,
                "ice_servers": servers,
                "audio_slots": slots,
                "video_slots": slots,
                "force_relay": settings.force_relay,
            }
        )

    def end(self, reason: str) -> None:
        self.send({"type": "Ended", "reason": reason})
        self.socket.close(*_ENDS[reason])
        self._rooms.leave(self._room, self)

    # --- what the connections need ---

    @property
    def authenticated(self) -> bool:
        return True

    def check_sessions(self, alive: Callable[[str], bool]) -> None:
        if not alive(self._session.id):
            self.socket.close(4401, "token")
            self._rooms.leave(self._room, self)

    def keepalive(self) -> None:
        self.socket.write(_PING)

    def closed(self) -> None:
        """The socket has ended, and with it what its person sends and receives."""
        self._rooms.leave(self._room, self)

    # --- messages ---

    def receive(self, data: bytes) -> None:
        """One message of the client; what is none closes the socket 4400."""
        if self.too_often():
            return
        if len(data) > FRAME_BYTES:
            self.socket.close(1009, "frame_too_big")
            return
        try:
            message = read_message(data, _TABLE)
            _TABLE[message["type"]](self, message)
        except Malformed:
            self.socket.close(4400, "malformed")

    def offer(self, message: dict[str, Any]) -> None:
        """{"type": "Offer", "leg", "sdp"}: answered by Answer or Refused."""
        leg, sdp = _leg(message), message.get("sdp")
        if not isinstance(sdp, str) or not sdp:
            raise Malformed("Offer without an SDP")
        if len(self._under_way) >= MOST_UNDER_WAY:
            self.socket.close(4429, "too_often")
            return
        self._candidates[leg] = 0
        task = asyncio.create_task(self._offer(leg, sdp))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _offer(self, leg: str, sdp: str) -> None:
        try:
            answer = await self._rooms.offer(self._room, self, leg, sdp)
        except MediaRefused as refused:
            self._refuse(leg, refused.code if refused.code in _REFUSED else "media_unavailable")
        except MediaLost:
            self._refuse(leg, "media_unavailable")
        else:
            self.send({"type": "Answer", "leg": leg, "sdp": answer})

    def _refuse(self, leg: str, code: str) -> None:
        sentence = REASONS[code]
        self.send({"type": "Refused", "leg": leg, "code": code, "title_zh": sentence.zh, "title_en": sentence.en})

    def candidate(self, message: dict[str, Any]) -> None:
        """{"type": "Candidate", "leg", "candidate": {candidate, sdpMid, sdpMLineIndex} or null}."""
        leg, candidate = _leg(message), message.get("candidate")
        self._candidates[leg] += 1
        if self._candidates[leg] <= MOST_CANDIDATES:
            found = None if candidate is None else _candidate(candidate)
            self._rooms.tell(self._room, "candidate", peer=self.id, leg=leg, candidate=found)

    def want(self, message: dict[str, Any]) -> None:
        """{"type": "Want", "large", "visible", "video"}: what of the routes the page shows."""
        large, visible, video = message.get("large"), message.get("visible"), message.get("video", True)
        if not isinstance(video, bool) or not (large is None or _name(large)):
            raise Malformed("Want")
        if visible is not None and not (isinstance(visible, list) and len(visible) <= MOST_VISIBLE):
            raise Malformed("Want")
        if visible is not None and not all(map(_name, visible)):
            raise Malformed("Want")
        self._rooms.tell(self._room, "want", peer=self.id, large=large, visible=visible, video=video)

    def sending(self, message: dict[str, Any]) -> None:
        """{"type": "Sending", "audio", "video"}: whether one's own microphone and camera are on."""
        audio, video = message.get("audio"), message.get("video")
        if not isinstance(audio, bool) or not isinstance(video, bool):
            raise Malformed("Sending")
        if self.mode == "room" and self.id in self._room.members:
            self.hearing.media.note(self.person, microphone=audio, camera=video)

    def pong(self, _message: dict[str, Any]) -> None:
        """{"type": "Pong"}: answers a Ping."""


def _leg(message: dict[str, Any]) -> str:
    leg = message.get("leg")
    if leg not in LEGS:
        raise Malformed("no leg")
    return leg


def _name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME


def _candidate(value: Any) -> dict[str, Any]:
    """As RTCIceCandidate.toJSON() says it, nothing besides."""
    if not isinstance(value, dict):
        raise Malformed("no candidate")
    line, mid, index = value.get("candidate"), value.get("sdpMid"), value.get("sdpMLineIndex")
    if not isinstance(line, str) or len(line) > 1_000:
        raise Malformed("no candidate")
    if not (mid is None or _name(mid)) or not (index is None or type(index) is int):
        raise Malformed("no candidate")
    return {"candidate": line, "sdpMid": mid, "sdpMLineIndex": index}


_REFUSED = ("bad_sdp", "too_many")
_TABLE: dict[str, Callable[[MediaConnection, dict[str, Any]], None]] = {
    "Offer": MediaConnection.offer,
    "Candidate": MediaConnection.candidate,
    "Want": MediaConnection.want,
    "Sending": MediaConnection.sending,
    "Pong": MediaConnection.pong,
}
