"""All sockets of this server: one timer for keepalives, dead, unauthenticated and expired ones, and too many frames.

Both providers drop a socket on which no data came for 30 s (WebSocket pings do not count), so each gets a frame at
least every KEEPALIVE_SECONDS. A peer that is quiet is pinged; one that gives no sign of life is gone, although its
system has said no word of it: a cut line, a frozen machine. Knows sockets and sessions, no documents.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

from server.websocket import WebSocketProtocol

KEEPALIVE_SECONDS = 12.0
LOOK_SECONDS = 2.0
LEAST_PAUSE = 0.05
LOOKS = 5  # in the time of a silence, the one that saw the last sign of life included
UNAUTHENTICATED_SECONDS = 10.0
RATE_WINDOW = 5.0  # seconds over which a frame rate counts


class Connection(ABC):
    """One socket of either wire. `frame_rate`: frames a second sustained for RATE_WINDOW before 4429; 0 = off."""

    __slots__ = ("_frames", "_most_frames", "_window_ends", "opened", "silent", "socket")

    def __init__(self, socket: WebSocketProtocol, frame_rate: int, now: float) -> None:
        self.socket = socket
        self.opened = now
        self.silent = 0  # looks without a sign of life
        self._most_frames = int(frame_rate * RATE_WINDOW)
        self._frames = 0
        self._window_ends = now + RATE_WINDOW

    def too_often(self) -> bool:
        """Count one received frame; True (and the socket is closed) beyond the rate."""
        if not self._most_frames:
            return False
        self._frames += 1
        if self._frames <= self._most_frames:
            return False
        now = self.socket.loop.time()
        if now >= self._window_ends:
            self._window_ends, self._frames = now + RATE_WINDOW, 1
            return False
        self.socket.close(4429, "too_often")
        return True

    def new_window(self, now: float) -> None:
        if now >= self._window_ends:
            self._window_ends, self._frames = now + RATE_WINDOW, 0

    @property
    @abstractmethod
    def authenticated(self) -> bool:
        """Whether a session was named and known."""

    @abstractmethod
    def receive(self, data: bytes) -> None:
        """One message of the client."""

    @abstractmethod
    def closed(self) -> None:
        """The socket has ended."""

    @abstractmethod
    def check_sessions(self, alive: Callable[[str], bool]) -> None:
        """End what belongs to a session that has ended."""

    @abstractmethod
    def keepalive(self) -> None:
        """Send a frame of data that means nothing."""


class Connections:
    """The living sockets; `run` looks at them until cancelled. `silence`: seconds without a sign of life until a
    socket is dropped, 0: never. Looks are counted, not seconds: a server that was held up itself drops nobody."""

    def __init__(self, session_alive: Callable[[str], bool], silence: float) -> None:
        self._session_alive = session_alive
        self._pause = max(LEAST_PAUSE, min(LOOK_SECONDS, silence / LOOKS)) if silence else LOOK_SECONDS
        self._most_silent = max(1, round(silence / self._pause) - 1) if silence else 0  # it may begin after a look
        self._ping_every = max(1, self._most_silent // 4)
        self._all: set[Connection] = set()

    def add(self, connection: Connection) -> None:
        self._all.add(connection)

    def discard(self, connection: Connection) -> None:
        self._all.discard(connection)

    def session_ended(self, session: str) -> None:
        """A logout: everything open under this session ends now."""
        for connection in list(self._all):
            connection.check_sessions(lambda each: each != session)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._pause)
            now = loop.time()
            for connection in list(self._all):
                self._look(connection, now)

    def _look(self, connection: Connection, now: float) -> None:
        connection.new_window(now)
        if not connection.authenticated:
            if now - connection.opened >= UNAUTHENTICATED_SECONDS:
                connection.socket.close(4401, "token")
            return
        connection.check_sessions(self._session_alive)
        if self._is_dead(connection):
            connection.socket.lose()
        elif now - connection.socket.last_write >= KEEPALIVE_SECONDS - LOOK_SECONDS:
            connection.keepalive()

    def _is_dead(self, connection: Connection) -> bool:
        """Count one look, and ask a quiet peer."""
        if not self._most_silent or connection.socket.shows_life():
            connection.silent = 0
            return False
        connection.silent += 1
        if connection.silent % self._ping_every == 0:
            connection.socket.ping()
        return connection.silent >= self._most_silent
