"""One WebSocket kept open for ever: comes back after every loss, ends only on the server's final word.

Knows no protocol above the frames. A connection on which nothing came for 30 s is taken for dead: the server sends
data at least every 15 s, and after a machine's sleep the clock on the wall shows what the running clock does not.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, NoReturn

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from clients.cli.api import on_this_machine, reason
from clients.cli.profiles import Login

SILENCE = 30.0
_LOOK = 3.0  # how often the clocks are compared while waiting for data
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


class Ended(Exception):
    """The server closed with a code that means: do not come back (1009, 4400–4499, or HTTP 4xx at the handshake)."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"{code} {why}")
        self.code = code
        self.reason = why


class Silent(Exception):
    """Nothing came for too long."""


@dataclass(frozen=True, slots=True)
class Status:
    """What `Link` tells about itself: connected or not, and why not (`1012`, `silent`, an error's text)."""

    connected: bool
    why: str = ""


class Link:
    """`opened` is called on each new connection, `received` for each frame, `status` at each turn of fortune."""

    def __init__(
        self,
        login: Login,
        path: str,
        *,
        opened: Callable[[], Awaitable[None]],
        received: Callable[[bytes | str], Awaitable[None]],
        status: Callable[[Status], None],
        silence: float = SILENCE,
    ) -> None:
        self._url = "ws" + login.url.removeprefix("http") + path
        self._headers = {"Authorization": f"Bearer {login.token}"}
        self._proxy: Literal[True] | None = None if on_this_machine(login.url) else True
        self._opened, self._received, self._status = opened, received, status
        self._silence = silence
        self._socket: ClientConnection | None = None
        self.why_not = ""

    async def send(self, message: bytes | str) -> None:
        """Sends on the present connection; without one, or when it breaks, the message is simply not sent:
        whoever needs it there says it again in `opened`."""
        if self._socket is None:
            return
        try:
            await self._socket.send(message)
        except ConnectionClosed as closed:
            self.why_not = _why(closed)

    async def run(self) -> NoReturn:
        """Never returns; raises Ended."""
        pause = _FIRST_PAUSE
        while True:
            try:
                async for _ in self._one_connection():
                    pause = _FIRST_PAUSE
            except (OSError, WebSocketException, Silent) as error:
                _end_if_final(error)
                self.why_not = _why(error)
            self._status(Status(False, self.why_not))
            await asyncio.sleep(pause * random.uniform(0.7, 1.3))
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _one_connection(self) -> AsyncIterator[None]:
        async with connect(
            self._url,
            additional_headers=self._headers,
            proxy=self._proxy,
            compression=None,
            ping_interval=None,
            max_size=None,
            close_timeout=1,
        ) as socket:
            self._socket = socket
            try:
                self._status(Status(True))
                await self._opened()
                while True:
                    await self._received(await self._next(socket))
                    yield
            finally:
                self._socket = None

    async def _next(self, socket: ClientConnection) -> bytes | str:
        running, wall = time.monotonic(), time.time()
        while True:
            try:
                async with asyncio.timeout(min(_LOOK, self._silence)):
                    return await socket.recv()
            except TimeoutError:
                if max(time.monotonic() - running, time.time() - wall) >= self._silence:
                    raise Silent from None


def _end_if_final(error: Exception) -> None:
    if isinstance(error, ConnectionClosed) and error.rcvd and _is_final(error.rcvd.code):
        raise Ended(error.rcvd.code, error.rcvd.reason) from error
    if isinstance(error, InvalidStatus) and 400 <= error.response.status_code < 500:
        raise Ended(error.response.status_code, "handshake") from error


def _is_final(code: int) -> bool:
    """1009: what was sent is too big, and would be too big again."""
    return code == 1009 or 4400 <= code <= 4499


def _why(error: Exception) -> str:
    if isinstance(error, ConnectionClosed):
        return str(error.rcvd.code if error.rcvd else 1006)
    return "silent" if isinstance(error, Silent) else reason(error)
