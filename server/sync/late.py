"""Edits that come after a freeze: judged as if the right to write were still there, and handed on when they would have
been admitted. Changes no document; what is refused here is only forgotten.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crdt_docs.gate import Admitted, Frame, Gate, Writer
from server.storage.update_log import StoredDocument
from server.sync.loading import load_gate

if TYPE_CHECKING:
    from server.sync.room import Room

MOST_WAITING = 64  # late edits of one document that are not judged yet; more are only refused

Keep = Callable[[str, str, str, bytes, int], Awaitable[None]]
"""Hearing, document, person, update, milliseconds since 1970: put aside on disk."""


@dataclass(slots=True)
class Beside:
    """A gate beside a frozen document's: it takes late edits in, so that those which rest on each other fit."""

    started: int  # entry that started the signing: another freeze has another gate
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    gate: Gate | None = None
    waiting: int = 0


class LateEdits:
    """For all rooms. `keep` is set when the server is put together."""

    def __init__(
        self,
        stored: Callable[[str], Awaitable[StoredDocument]],
        start: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self.keep: Keep | None = None
        self._stored = stored
        self._start = start
        self._beside: dict[str, Beside] = {}

    def taken(self, room: Room, person: str, data: bytes, kind: Frame) -> None:
        """A frame whose writer had the right to write but for the freeze."""
        started = room.shared.state.signing.started
        beside = self._beside.get(room.key)
        if beside is None or beside.started != started:
            beside = self._beside[room.key] = Beside(started)
        if self.keep is None or beside.waiting >= MOST_WAITING:
            return
        beside.waiting += 1
        self._start(self._judge(room, beside, person, data, kind, self.keep))

    def forget(self, key: str) -> None:
        """The room has closed: nobody writes there."""
        self._beside.pop(key, None)

    async def _judge(self, room: Room, beside: Beside, person: str, data: bytes, kind: Frame, keep: Keep) -> None:
        at_ms = time.time_ns() // 1_000_000
        try:
            async with beside.lock:
                if beside.gate is None:
                    beside.gate = await load_gate(room.name, await self._stored(room.key), room.shared)
                verdict = beside.gate.admit(data, Writer(person, True), kind, datetime.now(UTC))
            if isinstance(verdict, Admitted):
                if verdict.bound:
                    room.shared.keep_bindings(verdict.bound, person)
                await keep(room.name.hearing, room.key, person, verdict.update, at_ms)
        finally:
            beside.waiting -= 1
