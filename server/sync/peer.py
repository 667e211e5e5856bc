"""One client on one document: what it has sent that is not on disk yet, and how verdicts are told on its wire.

A peer never decides anything; the room does. Both wires share y-protocols messages, Hocuspocus puts the
document's key before
each (`prefix`) and knows acks, refusals and an end per document, y-websocket has one document a socket and close codes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crdt_docs.wire import hocuspocus, y_protocol
from crdt_docs.wire.y_protocol import Message
from server.sync.awareness import Person
from server.websocket import WebSocketProtocol, frame

if TYPE_CHECKING:
    from server.sync.room import Room

UNSAVED_LIMIT = 1_024  # frames on their way to the disk before reading from the socket pauses

CLOSE_CODES = {"malformed": 4400, "token": 4401, "forbidden": 4403, "conflict": 4409, "stale": 4409, "too_often": 4429}
IN_BAND = {"conflict": "stale"}  # what /collab calls it: malformed, forbidden or stale


class Peer:
    """Base of both wires. `wire` labels metrics; `end` takes the peer off its connection."""

    wire = ""

    __slots__ = (
        "asked",
        "had_write",
        "owed",
        "person",
        "prefix",
        "room",
        "session",
        "socket",
        "state_vectors",
        "unsaved",
    )

    def __init__(self, room: Room, person: Person, session: str, socket: WebSocketProtocol, prefix: bytes) -> None:
        self.room = room
        self.person = person
        self.session = session
        self.socket = socket
        self.prefix = prefix
        self.had_write = False  # whether this peer ever had the right to write: then a refusal is `stale`
        self.unsaved = 0  # frames of this peer on their way to the disk
        self.owed = 0  # own updates dropped unacked (a gap), acked when their content has come another way
        self.state_vectors: list[bytes] = []  # SyncStep1 messages that wait for them
        self.asked: deque[bool] = deque()  # our SyncStep1 messages unanswered: whether the answer is acked

    def send(self, message: bytes) -> None:
        """One y-protocols message to this peer."""
        self.socket.write(frame(self.prefix + message))

    def heard(self, kind: int, data: bytes, at: int) -> bool:
        """One y-protocols message from this peer, given to its room; False: of another kind. Raises BadFrame."""
        if kind == Message.SYNC:
            self.room.sync(self, *y_protocol.read_sync(data, at))
        elif kind == Message.AWARENESS:
            self.room.awareness.receive(self, y_protocol.read_awareness(data, at))
        elif kind == Message.QUERY_AWARENESS:
            self.room.awareness.answer(self)
        else:
            return False
        return True

    def saved(self, frames: int) -> None:
        """So many frames of this peer are on disk."""

    def not_saved(self) -> None:
        """One Update or SyncStep2 was refused."""

    def end(self, code: str) -> None:
        """Take the right to this document away, saying why; nothing of it is sent from now on."""
        raise NotImplementedError

    def tell(self, payload: str) -> None:
        """A notice beside the document (JSON), where the wire has a place for it."""

    def scope(self, *, read_only: bool) -> None:
        """The right to write has changed, where the wire has a place to say so."""


class CollabPeer(Peer):
    """A document on `/collab`. `on_end(code)` makes the connection ignore its frames until a new Auth."""

    wire = "collab"

    __slots__ = ("_saved", "on_end")

    def __init__(self, *args: Any, on_end: Callable[[CollabPeer], None]) -> None:
        super().__init__(*args)
        self.on_end = on_end
        self._saved = frame(self.prefix + hocuspocus.sync_status(saved=True))

    def saved(self, frames: int) -> None:
        self.socket.write(self._saved * frames if frames > 1 else self._saved)

    def not_saved(self) -> None:
        self.send(hocuspocus.sync_status(saved=False))

    def end(self, code: str) -> None:
        reason = IN_BAND.get(code, code)
        self.send(hocuspocus.permission_denied(reason))
        self.send(hocuspocus.close(reason))
        self.room.leave(self)
        self.on_end(self)

    def tell(self, payload: str) -> None:
        self.send(hocuspocus.stateless(payload))

    def scope(self, *, read_only: bool) -> None:
        self.send(hocuspocus.authenticated(read_only=read_only))


class YjsPeer(Peer):
    """The one document of a `/yjs` socket: its end is the socket's end, with PROTOCOL's close code."""

    wire = "yjs"

    __slots__ = ()

    def end(self, code: str) -> None:
        self.room.leave(self)
        self.socket.close(CLOSE_CODES[code], code)
