"""`/yjs/<document>`: the y-websocket protocol, one document a socket. Owns the frames' routing; rights and
rules are the room's.

The upgrade is accepted before a refusal closes it (a refusal before that is a bare HTTP 403 without a code).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from crdt_docs.wire import y_protocol
from crdt_docs.wire.varint import BadFrame, read_varuint
from crdt_docs.wire.y_protocol import Message
from server.endpoints.joining import Joined, Joining
from server.people.tokens import Session
from server.sync.connections import Connection
from server.sync.peer import CLOSE_CODES, YjsPeer
from server.websocket import BACKLOG_LIMIT, WebSocketProtocol, frame

_KEEPALIVE = frame(y_protocol.KEEPALIVE)


class YjsConnection(Connection):
    """One socket of a known session on one document."""

    __slots__ = ("_backlog", "_joined", "_joining", "_opening", "_peer", "_session", "_size")

    def __init__(self, socket: WebSocketProtocol, joining: Joining, session: Session, document: str) -> None:
        super().__init__(socket, joining.frame_rate, socket.loop.time())
        self._joining = joining
        self._session = session
        self._peer: YjsPeer | None = None
        self._joined: Joined | None = None
        self._backlog: list[bytes] = []
        self._size = 0
        self._opening: asyncio.Task[None] | None = asyncio.create_task(self._open(document))

    @property
    def authenticated(self) -> bool:
        return True

    async def _open(self, document: str) -> None:
        joined = await self._joining.join(self._session, document)
        self._opening = None
        if self.socket.disconnected:
            return
        if isinstance(joined, str):
            self.socket.close(CLOSE_CODES[joined], joined)
            return
        self._joined = joined
        self._peer = peer = YjsPeer(joined.room, joined.person, joined.session.id, self.socket, b"")
        self._joining.entered(joined, peer)
        backlog, self._backlog = self._backlog, []
        for data in backlog:
            self._message(peer, data)

    def receive(self, data: bytes) -> None:
        if self.too_often():
            return
        if self._peer is not None:
            self._message(self._peer, data)
        elif self._opening is not None:
            self._backlog.append(data)
            self._size += len(data)
            if self._size > BACKLOG_LIMIT:
                self.socket.close(1013, "too_slow")

    def _message(self, peer: YjsPeer, data: bytes) -> None:
        if peer not in peer.room.members:
            return
        try:
            kind, at = read_varuint(data, 0)
            if not peer.heard(kind, data, at) and kind != Message.AUTH:
                raise BadFrame("unknown message")
        except BadFrame:
            peer.room.refuse(peer, "malformed")

    def closed(self) -> None:
        """The socket has ended."""
        if self._opening is not None:
            self._opening.cancel()
        if self._peer is not None and self._joined is not None:
            self._peer.room.leave(self._peer)
            self._joining.departed(self._joined)
            self._peer = None

    def check_sessions(self, alive: Callable[[str], bool]) -> None:
        if not alive(self._session.id):
            self.socket.close(CLOSE_CODES["token"], "token")

    def keepalive(self) -> None:
        self.socket.write(_KEEPALIVE)
