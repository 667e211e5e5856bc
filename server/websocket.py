"""The WebSocket itself: uvicorn's wsproto protocol with a bounded outbox, frames written raw and delivered
without a task.

Owns bytes, bounds and close codes of one socket; knows no documents, persons or courts. A data frame of a
server is unmasked
and the same for every peer (RFC 6455, 5.2), so it is built once (`frame`) and the same bytes go to each transport.
"""

from __future__ import annotations

import asyncio
import fcntl
import sys
import termios
from collections import deque
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto import events
from wsproto.utilities import LocalProtocolError

from server import metrics

FRAME_LIMIT = 1024 * 1024  # bytes of one message from a client -> 1009
OUTBOX_LIMIT = 4 * 1024 * 1024  # bytes waiting for a peer that does not read -> 1013; holds a 3-hour transcript's state
HIGH_WATER = 64 * 1024  # bytes handed to the transport before the outbox starts to fill
BACKLOG_LIMIT = 1024 * 1024  # bytes received but not yet taken up -> reading pauses
CLOSE_TIMEOUT = 5.0  # seconds for the peer's close frame
HANDSHAKE_TIMEOUT = 10.0  # seconds until a connection must have sent its request

Receiver = Callable[[bytes], None]


def frame(payload: bytes) -> bytes:
    """One final binary frame of a server, unmasked."""
    return _frame(0x82, payload)


def text_frame(text: str) -> bytes:
    """One final text frame of a server, unmasked."""
    return _frame(0x81, text.encode())


def _frame(head: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((head, size)) + payload
    if size < 65_536:
        return bytes((head, 126)) + size.to_bytes(2) + payload
    return bytes((head, 127)) + size.to_bytes(8) + payload


_PING = _frame(0x89, b"")


class _FinishedHandshake:
    """Stands in for the HTTP parser once the upgrade is done (wsproto asks it for events for ever)."""

    def events(self) -> tuple[()]:
        return ()


_FINISHED = _FinishedHandshake()


class WebSocketProtocol(WSProtocol):
    """uvicorn instantiates it for each upgrade; endpoints find it as `scope["extensions"]["yunting.socket"]`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receiver: Receiver | None = None
        self.on_close: Callable[[], None] | None = None
        self.last_write = self.loop.time()
        self._outbox: deque[bytes] = deque()
        self._outbox_size = 0
        self._paused = False
        self._reading_held = False
        self._closed: asyncio.Future[None] | None = None
        self._heard = True
        self._left = 0

    # --- for endpoints ---

    def attach(self, receiver: Receiver, on_close: Callable[[], None]) -> asyncio.Future[None]:
        """Deliver messages to `receiver` from now on; the future ends when the connection has."""
        self.receiver = receiver
        self.on_close = on_close
        self._closed = self.loop.create_future()
        self._release_handshake()
        self._deliver_queued()
        if self.disconnected:
            self._ended()
        return self._closed

    def write(self, data: bytes) -> None:
        """Send whole frames (see `frame`); closes 1013 when the peer leaves more than OUTBOX_LIMIT unread."""
        if self.close_sent or self.disconnected:
            return
        self.last_write = self.loop.time()
        if not self._paused:
            self.transport.write(data)
            return
        if self._outbox_size + len(data) > OUTBOX_LIMIT and self._outbox:
            self.close(1013, "too_slow")
            return
        self._outbox.append(data)
        self._outbox_size += len(data)

    def close(self, code: int, reason: str) -> None:
        """Send a close frame after what the transport already holds; what waits in the outbox is dropped."""
        if self.close_sent or self.disconnected:
            return
        self.drop_unsent()
        self.close_sent = True
        metrics.closed.labels(code=str(code)).inc()
        try:
            output = self.conn.send(events.CloseConnection(code=code, reason=reason))
        except LocalProtocolError:  # the peer's close frame is being answered already
            self.transport.close()
            return
        self.transport.write(output)
        self.hold_reading(False)
        self.close_timer = self.loop.call_later(CLOSE_TIMEOUT, self.transport.abort)

    def ping(self) -> None:
        """Ask the peer for a sign of life: every WebSocket stack answers by itself."""
        if not (self.close_sent or self.disconnected):
            self.transport.write(_PING)

    def shows_life(self) -> bool:
        """Whether the peer has sent anything since the last call, or is taking what waits for it, behind which the
        question may be. One that is not read from is not judged."""
        is_held = self._reading_held or self.read_paused
        is_over = self.close_sent or self.transport.is_closing()
        if self._heard or is_held or is_over:
            self._heard, self._left = False, 0
            return True
        before, self._left = self._left, self.unsent + self._unacknowledged()
        return 0 < self._left < before

    def lose(self) -> None:
        """The line is dead: what waits is dropped, and no close frame would arrive."""
        metrics.closed.labels(code="1006").inc()
        self.drop_unsent()
        self.transport.abort()

    def _unacknowledged(self) -> int:
        """Bytes that the system holds, which the peer's has not taken (tcp(7), SIOCOUTQ)."""
        line = self.transport.get_extra_info("socket")
        return int.from_bytes(fcntl.ioctl(line.fileno(), termios.TIOCOUTQ, bytes(4)), sys.byteorder)

    @property
    def unsent(self) -> int:
        """Bytes that the network has not taken yet."""
        return self._outbox_size + self.transport.get_write_buffer_size()

    def drop_unsent(self) -> None:
        """Forget what has not been handed to the transport."""
        self._outbox.clear()
        self._outbox_size = 0

    def cut(self) -> None:
        """Drop what is unsent; bytes still held by the transport two turns of the loop later end the connection."""
        self.drop_unsent()
        self.loop.call_soon(self.loop.call_soon, self._abort_when_holding)

    def hold_reading(self, hold: bool) -> None:
        """Stop or go on reading from the peer (back-pressure)."""
        if hold == self._reading_held or self.transport.is_closing():
            return
        self._reading_held = hold
        if hold:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def _abort_when_holding(self) -> None:
        if self.transport.get_write_buffer_size() > 0:
            self.transport.abort()

    # --- uvicorn's hooks ---

    def data_received(self, data: bytes) -> None:
        self._heard = True
        super().data_received(data)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=HIGH_WATER)

    def handle_connect(self, event: events.Request) -> None:
        super().handle_connect(event)
        self.scope["extensions"]["yunting.socket"] = self  # type: ignore[typeddict-unknown-key]

    def handle_message(self, event: events.TextMessage | events.BytesMessage) -> None:
        receiver = self.receiver
        if self.buffer.length + len(event.data) > FRAME_LIMIT:
            self.buffer.clear()
            self.close(1009, "frame_too_big")
        elif receiver is None or not event.message_finished or self.buffer.value is not None:
            super().handle_message(event)
            self._deliver_queued()
        else:
            receiver(event.data.encode() if isinstance(event.data, str) else bytes(event.data))

    def _deliver_queued(self) -> None:
        """What uvicorn put together or received before `attach` goes to the receiver too."""
        while self.receiver is not None and not self.queue.empty():
            message = self.queue.get_nowait()
            if message["type"] == "websocket.receive":
                self.receiver(message.get("bytes") or (message.get("text") or "").encode())
        if self.receiver is not None and self.read_paused:
            self.read_paused = False
            if not self._reading_held:
                self.transport.resume_reading()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._paused = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self._paused = False
        while self._outbox and not self._paused:
            data = self._outbox.popleft()
            self._outbox_size -= len(data)
            self.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.drop_unsent()
        self._ended()

    def shutdown(self) -> None:
        if self.handshake_complete and not self.close_sent:
            self.close(1012, "restart")
            self.loop.call_later(1.0, self.transport.close)
        else:
            super().shutdown()

    def _ended(self) -> None:
        on_close, self.on_close, self.receiver = self.on_close, None, None
        if on_close is not None:
            on_close()
        if self._closed is not None and not self._closed.done():
            self._closed.set_result(None)

    def _release_handshake(self) -> None:
        """Free the HTTP parser of the finished handshake: most of an idle connection's memory."""
        if self.conn.connection is not None:
            self.conn.handshake = _FINISHED  # type: ignore[assignment]
