"""`/collab`: the Hocuspocus protocol, many documents on one socket. Owns the frames' routing; rights and rules
are the rooms'.

A refusal concerns one document, never the socket: only a frame without a readable document name, or over the
size limit, closes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from crdt_docs.wire import hocuspocus
from crdt_docs.wire.hocuspocus import Message
from crdt_docs.wire.varint import BadFrame, read_varuint
from server.endpoints.joining import Joined, Joining
from server.people.tokens import Session
from server.sync.connections import Connection
from server.sync.peer import CollabPeer, Peer
from server.websocket import BACKLOG_LIMIT, WebSocketProtocol, frame

MOST_DOCUMENTS = 64  # on one socket
_PING = frame(hocuspocus.PING)


class Slot:
    """One document key of a socket: being opened (frames wait in `backlog`), open (`peer`), or ended (frames
    are ignored).
    """

    __slots__ = ("backlog", "joined", "opening", "peer", "size")

    def __init__(self) -> None:
        self.peer: CollabPeer | None = None
        self.joined: Joined | None = None
        self.opening: asyncio.Task[None] | None = None
        self.backlog: list[tuple[bytes, int]] = []
        self.size = 0


class CollabConnection(Connection):
    """One socket. `cookie_session` is who the upgrade's cookie names, for auth messages with an empty token."""

    __slots__ = ("_cookie_session", "_joining", "_known", "_session_of", "_slots")

    def __init__(
        self,
        socket: WebSocketProtocol,
        joining: Joining,
        session_of: Callable[[str], Session | None],
        cookie_session: Session | None,
    ) -> None:
        super().__init__(socket, joining.frame_rate, socket.loop.time())
        self._joining = joining
        self._session_of = session_of
        self._cookie_session = cookie_session
        self._slots: dict[bytes, Slot] = {}
        self._known = False

    @property
    def authenticated(self) -> bool:
        return self._known

    def receive(self, data: bytes) -> None:
        if self.too_often() or data == hocuspocus.PONG:
            return
        try:
            key, at = hocuspocus.read_key(data)
        except BadFrame:
            self.socket.close(4400, "malformed")
            return
        slot = self._slots.get(key)
        if slot is not None and slot.peer is not None:
            self._message(slot, slot.peer, key, data, at)
        elif slot is not None and slot.opening is not None:
            self._wait(slot, data, at)
        else:
            self._first(key, data, at)

    def _wait(self, slot: Slot, data: bytes, at: int) -> None:
        slot.backlog.append((data, at))
        slot.size += len(data)
        if slot.size > BACKLOG_LIMIT:
            self.socket.close(1013, "too_slow")

    def _first(self, key: bytes, data: bytes, at: int) -> None:
        """A frame for a document that is not open: only an Auth counts."""
        try:
            name = hocuspocus.document_name(key)
        except BadFrame:
            self.socket.close(4400, "malformed")
            return
        try:
            kind, at = read_varuint(data, at)
            if kind != Message.AUTH:
                return
            token = hocuspocus.read_token(data, at)
        except BadFrame:
            self._deny(key, "malformed")
            return
        session = self._session_of(token) if token else self._cookie_session
        if session is None:
            self._deny(key, "token")
            return
        self._known = True
        if len(self._slots) >= MOST_DOCUMENTS and key not in self._slots:
            self._deny(key, "too_many_documents")
            return
        slot = self._slots[key] = Slot()
        slot.opening = asyncio.create_task(self._open(slot, key, name, session))

    async def _open(self, slot: Slot, key: bytes, name: str, session: Session) -> None:
        try:
            joined = await self._joining.join(session, name)
            if self.socket.disconnected or self._slots.get(key) is not slot:
                return
            if isinstance(joined, str):
                self._slots.pop(key, None)
                self._deny(key, joined)
                return
            self._opened(slot, key, joined)
        finally:
            slot.opening = None

    def _opened(self, slot: Slot, key: bytes, joined: Joined) -> None:
        prefix = hocuspocus.prefix(key)
        peer = CollabPeer(joined.room, joined.person, joined.session.id, self.socket, prefix, on_end=self._peer_ended)
        slot.peer, slot.joined = peer, joined
        self._joining.entered(joined, peer)
        peer.send(hocuspocus.authenticated(read_only=not peer.had_write))
        backlog, slot.backlog = slot.backlog, []
        for data, at in backlog:
            if slot.peer is peer:
                self._message(slot, peer, key, data, at)

    def _message(self, slot: Slot, peer: CollabPeer, key: bytes, data: bytes, at: int) -> None:
        try:
            kind, at = read_varuint(data, at)
            if peer.heard(kind, data, at):
                return
            if kind == Message.CLOSE:
                self._leave(key, slot)
                peer.send(hocuspocus.close("provider_initiated"))
            elif kind not in (Message.AUTH, Message.STATELESS):
                raise BadFrame("unknown message")
        except BadFrame:
            peer.room.refuse(peer, "malformed")

    def _leave(self, key: bytes, slot: Slot) -> None:
        self._slots.pop(key, None)
        if slot.peer is not None and slot.joined is not None:
            slot.peer.room.leave(slot.peer)
            self._joining.departed(slot.joined)
            slot.peer = None

    def _peer_ended(self, peer: Peer) -> None:
        for key, slot in list(self._slots.items()):
            if slot.peer is peer:
                self._leave(key, slot)

    def _deny(self, key: bytes, reason: str) -> None:
        prefix = hocuspocus.prefix(key)
        self.socket.write(frame(prefix + hocuspocus.permission_denied(reason)))
        self.socket.write(frame(prefix + hocuspocus.close(reason)))

    def closed(self) -> None:
        """The socket has ended."""
        for key, slot in list(self._slots.items()):
            if slot.opening is not None:
                slot.opening.cancel()
            self._leave(key, slot)

    def check_sessions(self, alive: Callable[[str], bool]) -> None:
        for slot in list(self._slots.values()):
            if slot.peer is not None and not alive(slot.peer.session):
                slot.peer.end("token")

    def keepalive(self) -> None:
        self.socket.write(_PING)
