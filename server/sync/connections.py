"""All document sockets of this server: one timer for keepalives, unauthenticated and expired ones, and too many frames.

Both providers drop a socket on which no data came for 30 s (WebSocket pings do not count), so each gets a
frame at least every
KEEPALIVE_SECONDS. Knows sockets and sessions, no documents.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

from server.websocket import WebSocketProtocol

KEEPALIVE_SECONDS = 12.0
LOOK_SECONDS = 2.0
UNAUTHENTICATED_SECONDS = 10.0
RATE_WINDOW = 5.0  # seconds over which a frame rate counts


class Connection(ABC):
    """One socket of either wire. `frame_rate`: frames a second sustained for RATE_WINDOW before 4429; 0 = off."""

    __slots__ = ("_frames", "_most_frames", "_window_ends", "opened", "socket")

    def __init__(self, socket: WebSocketProtocol, frame_rate: int, now: float) -> None:
        self.socket = socket
        self.opened = now
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
    """The living sockets; `run` looks at them until cancelled."""

    def __init__(self, session_alive: Callable[[str], bool]) -> None:
        self._session_alive = session_alive
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
            await asyncio.sleep(LOOK_SECONDS)
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
        if now - connection.socket.last_write >= KEEPALIVE_SECONDS - LOOK_SECONDS:
            connection.keepalive()
