"""A minimal WebSocket client (RFC 6455) that keeps every byte it received.

It can refuse to read, stop half-way through the opening, send anything at all. It never corrects, retries or answers
more than a ping, so that what a test sees is what the server did.
"""

import asyncio
import base64
import os
import struct
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.harness.waiting import LIMIT, NeverHappened, until

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
ABNORMAL = 1006


@dataclass(frozen=True, slots=True)
class Closed:
    code: int
    reason: str


class SocketClosed(Exception):
    """The server ended the socket; `.closed` says how."""

    def __init__(self, closed: Closed) -> None:
        super().__init__(f"{closed.code} {closed.reason}")
        self.closed = closed


class UpgradeRefused(Exception):
    """Anything but 101; `.status` and `.head` hold the answer."""

    def __init__(self, head: bytes) -> None:
        super().__init__(head.decode("latin-1"))
        self.head = head
        self.status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 0


def mask(payload: bytes) -> bytes:
    key = os.urandom(4)
    size = len(payload)
    wide = int.from_bytes((key * (size // 4 + 1))[:size], "big")
    return key + (int.from_bytes(payload, "big") ^ wide).to_bytes(size, "big")


def frame(opcode: int, payload: bytes, *, final: bool = True, masked: bool = True) -> bytes:
    """One client frame."""
    size = len(payload)
    bit = 0x80 if masked else 0
    if size < 126:
        length = bytes((bit | size,))
    elif size < 1 << 16:
        length = bytes((bit | 126,)) + struct.pack(">H", size)
    else:
        length = bytes((bit | 127,)) + struct.pack(">Q", size)
    return bytes(((0x80 if final else 0) | opcode,)) + length + (mask(payload) if masked else payload)


def read_frame(buffer: bytearray) -> tuple[int, bool, bytes] | None:
    """(opcode, final, payload) taken off the front of `buffer`, or None while it is not whole."""
    if len(buffer) < 2:
        return None
    size, start = buffer[1] & 127, 2
    if size == 126:
        size, start = int.from_bytes(buffer[2:4], "big"), 4
    elif size == 127:
        size, start = int.from_bytes(buffer[2:10], "big"), 10
    if len(buffer) < start or len(buffer) < start + size:
        return None
    opcode, final, payload = buffer[0] & 15, bool(buffer[0] & 0x80), bytes(buffer[start : start + size])
    del buffer[: start + size]
    return opcode, final, payload


def opening(host: str, path: str, headers: Sequence[tuple[str, str]]) -> bytes:
    """The upgrade request's bytes."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode()]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


OPEN: "set[RawSocket]" = set()


async def drop_all() -> None:
    """Aborts every socket that a test left open."""
    for raw in list(OPEN):
        raw.abort()
    await until(lambda: not OPEN, "sockets to be gone")


class RawSocket(asyncio.Protocol):
    """`received` holds every byte after the opening (and the opening's head in `head`); `inbox` whole messages."""

    def __init__(self, on_message: Callable[[bytes], None] | None = None, *, record: bool = True) -> None:
        self.on_message, self.record = on_message, record
        self.received = bytearray()
        self.head = b""
        self.inbox: deque[bytes] = deque()
        self.texts: deque[str] = deque()
        self.closed: Closed | None = None
        self.heard_at = 0.0
        self.count = 0
        self._buffer = bytearray()
        self._parts = bytearray()
        self._kind = BINARY
        self._upgraded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    # opening

    @classmethod
    async def open(
        cls,
        url: str,
        path: str,
        *,
        token: str = "",
        headers: Sequence[tuple[str, str]] = (),
        on_message: Callable[[bytes], None] | None = None,
        record: bool = True,
    ) -> "RawSocket":
        """Upgraded and ready; `token` goes into the Authorization header."""
        raw = await cls.connect(url, on_message, record=record)
        if token:
            headers = [*headers, ("Authorization", f"Bearer {token}")]
        raw.write(opening(urlsplit(url).netloc, path, headers))
        await asyncio.wait_for(asyncio.shield(raw._upgraded), LIMIT)
        return raw

    @classmethod
    async def connect(
        cls, url: str, on_message: Callable[[bytes], None] | None = None, *, record: bool = True
    ) -> "RawSocket":
        """TCP only: the opening is left to the test."""
        where = urlsplit(url)
        loop = asyncio.get_running_loop()
        _, raw = await loop.create_connection(lambda: cls(on_message, record=record), where.hostname, where.port)
        return raw

    # what comes

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        OPEN.add(self)

    def data_received(self, data: bytes) -> None:
        self.heard_at = time.monotonic()
        self._buffer += data
        if not self.head and not self._take_head():
            return
        if self.record:
            self.received += data
        while (got := read_frame(self._buffer)) is not None:
            self._take(*got)

    def _take_head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        self.head = bytes(self._buffer[:end])
        del self._buffer[: end + 4]
        if self.head.split(b" ", 2)[1] != b"101":
            self._upgraded.set_exception(UpgradeRefused(self.head))
        elif not self._upgraded.done():
            self._upgraded.set_result(None)
        return True

    def _take(self, opcode: int, final: bool, payload: bytes) -> None:
        if opcode == CLOSE:
            code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005
            self.closed = self.closed or Closed(code, payload[2:].decode())
            self.write(frame(CLOSE, payload[:2]))
            self.transport.close()
        elif opcode == PING:
            self.write(frame(PONG, payload))
        elif opcode != PONG:
            self._gather(opcode, final, payload)

    def _gather(self, opcode: int, final: bool, payload: bytes) -> None:
        self._kind = opcode or self._kind
        self._parts += payload
        if not final:
            return
        whole, self._parts = bytes(self._parts), bytearray()
        self.count += 1
        if self._kind == TEXT:
            self.texts.append(whole.decode())
        elif self.on_message is not None:
            self.on_message(whole)
        else:
            self.inbox.append(whole)

    def connection_lost(self, exc: Exception | None) -> None:
        OPEN.discard(self)
        self.closed = self.closed or Closed(ABNORMAL, repr(exc) if exc else "")
        if not self._upgraded.done():
            self._upgraded.set_exception(UpgradeRefused(self.head or bytes(self._buffer)))
            self._upgraded.exception()  # read here too: a half-open test never awaits it

    # what goes

    def write(self, raw: bytes) -> None:
        """Bytes as they are, no frame around them."""
        if not self.transport.is_closing():
            self.transport.write(raw)

    def send(self, payload: bytes) -> None:
        self.write(frame(BINARY, payload))

    def send_text(self, text: str) -> None:
        self.write(frame(TEXT, text.encode()))

    # waiting

    async def message(self, limit: float = LIMIT) -> bytes:
        """The next binary message; SocketClosed when the server ended the socket first."""
        await until(lambda: self.inbox or self.closed, "a message", limit)
        if self.inbox:
            return self.inbox.popleft()
        assert self.closed is not None
        raise SocketClosed(self.closed)

    async def text(self, limit: float = LIMIT) -> str:
        await until(lambda: self.texts or self.closed, "a text message", limit)
        if self.texts:
            return self.texts.popleft()
        assert self.closed is not None
        raise SocketClosed(self.closed)

    async def ended(self, limit: float = LIMIT) -> Closed:
        return await until(lambda: self.closed, "the server to close", limit)

    # misbehaviour and leaving

    def stop_reading(self) -> None:
        self.transport.pause_reading()

    def read_on(self) -> None:
        self.transport.resume_reading()

    def abort(self) -> None:
        """A reset, as a pulled cable or a killed browser looks."""
        self.transport.abort()

    async def close(self, code: int = 1000) -> None:
        """The closing handshake; a server that has stopped answering is left."""
        self.write(frame(CLOSE, struct.pack(">H", code)))
        try:
            await until(lambda: self.closed, "the server's close frame", 5)
        except NeverHappened:
            self.abort()
