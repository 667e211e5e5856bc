"""Turns written as clerk over /yjs: saved means that the server's own state, asked for after the edit, holds them.

One Y.Doc for the whole command, so that whatever is sent again after a lost connection is the same edit and never a
second one. A SyncStep1 behind an Update is answered only when the update is on disk; what the answer holds is applied
to a second document that never sees the own edits otherwise, and its clock for the own client id is the proof.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from pycrdt import Doc

from clients.cli import sentences
from clients.cli.live import SILENCE, Ended, Link, Status
from clients.cli.outcomes import Exit, Failure
from clients.cli.profiles import Login
from crdt_docs.transcript import append_turn
from crdt_docs.wire import y_protocol as wire

if TYPE_CHECKING:
    from crdt_docs.transcript import Turn


class Pen:
    """One writer of one hearing's transcript. `save` returns when the turns are on the server's disk."""

    def __init__(self, login: Login, hearing: str, *, patience: float, silence: float = SILENCE) -> None:
        path = f"/yjs/{hearing}/transcript"
        self._link = Link(
            login, path, opened=self._opened, received=self._received, status=_only_answers_count, silence=silence
        )
        self._url = login.url
        self._patience = patience
        self._doc: Doc[Any] = Doc()
        self._seen: Doc[Any] = Doc()
        self._updates: list[bytes] | None = None  # own updates while one is being made
        self._watching = self._doc.observe(self._made)
        self._asked: deque[int] = deque()  # for each SyncStep1 on its way: the own clock its answer has to show
        self._saved = 0
        self._dropped = False
        self._waiting = 0  # turns not yet known to be on disk
        self._answered = asyncio.Event()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Pen]:
        """Connects and stays connected; leaves nothing running."""
        self._running = asyncio.create_task(self._link.run())
        try:
            await self._until(lambda: self._answered.is_set())
            yield self
        finally:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def save(self, turns: Sequence[Turn]) -> None:
        """All turns at the end of the transcript, in one transaction. Raises Failure when they are not known saved."""
        self._waiting, self._updates = len(turns), []
        with self._doc.transaction():
            for turn in turns:
                append_turn(self._doc, turn)
        made, self._updates = self._updates, None
        clock = _clock(self._doc, self._doc.client_id)
        for update in made:
            await self._link.send(wire.update(update))
        await self._ask(clock)
        await self._until(lambda: self._saved >= clock)

    async def _until(self, reached: Callable[[], bool]) -> None:
        """Waits for answers until `reached`, the link's end, a dropped edit, or the end of patience."""
        deadline = asyncio.get_running_loop().time() + self._patience
        while not reached():
            if self._dropped:
                raise Failure(Exit.NOT_SAVED, "not_saved", sentences.DROPPED.fill(count=self._waiting))
            self._answered.clear()
            waiting = asyncio.create_task(self._answered.wait())
            left = deadline - asyncio.get_running_loop().time()
            done, _ = await asyncio.wait([waiting, self._running], timeout=left, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if self._running in done:
                self._raise_end()
            if not done:
                raise self._out_of_patience()

    def _raise_end(self) -> None:
        error = self._running.exception()
        if isinstance(error, Ended):
            raise Failure(Exit.REFUSED, error.reason or str(error.code), sentences.verdict(error.code, error.reason))
        if error is not None:
            raise error

    def _out_of_patience(self) -> Failure:
        if self._waiting:
            return Failure(Exit.NOT_SAVED, "not_saved", sentences.NOT_SAVED.fill(count=self._waiting))
        words = sentences.NO_CONNECTION.fill(url=self._url, why=self._link.why_not or "timeout")
        return Failure(Exit.NO_CONNECTION, "no_connection", words)

    def _made(self, event: Any) -> None:
        if self._updates is not None:
            self._updates.append(event.update)

    async def _opened(self) -> None:
        self._asked.clear()
        await self._ask(self._saved)

    async def _ask(self, clock: int) -> None:
        self._asked.append(clock)
        await self._link.send(wire.step1(self._seen.get_state()))

    async def _received(self, frame: bytes | str) -> None:
        data = frame if isinstance(frame, bytes) else frame.encode()
        if data[0] != wire.Message.SYNC:
            return
        kind, content = wire.read_sync(data, 1)
        if kind == wire.Sync.STEP1:
            await self._link.send(wire.step2(self._doc.get_update(content)))
            await self._ask(_clock(self._doc, self._doc.client_id))
            return
        self._doc.apply_update(content)
        self._seen.apply_update(content)
        if kind == wire.Sync.STEP2 and self._asked:
            self._compare(self._asked.popleft())

    def _compare(self, expected: int) -> None:
        self._saved = _clock(self._seen, self._doc.client_id)
        self._dropped = self._saved < expected
        self._answered.set()


def _only_answers_count(_: Status) -> None:
    """Coming and going is the link's business."""


def _clock(doc: Doc[Any], client: int) -> int:
    """How many units of this client the document holds."""
    return wire.read_state_vector(doc.get_state()).get(client, 0)
