"""HTTP connections: uvicorn's h11 protocol that gives up on a client which does not finish a request. Owns no
request.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from server.websocket import HANDSHAKE_TIMEOUT


class HttpProtocol(H11Protocol):
    """Half-open handshakes cost a file and a timer for HANDSHAKE_TIMEOUT seconds, then the connection is dropped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline = self.loop.call_later(HANDSHAKE_TIMEOUT, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: Any) -> None:
        self._stop_waiting()
        super().handle_websocket_upgrade(event)

    def handle_events(self) -> None:
        """Whoever answers a request may drop its connection with all that it still holds."""
        super().handle_events()
        if self.cycle is not None:
            self.cycle.scope.setdefault("extensions", {}).setdefault("yunting.abort", self.transport.abort)  # type: ignore[typeddict-item]

    def _give_up(self) -> None:
        """No complete request yet: the header is still coming, or never will."""
        if self.cycle is None and not self.transport.is_closing():
            self.transport.abort()

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
