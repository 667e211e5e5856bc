"""One hearing followed live: transcript over /yjs, events over /control, told to a view as they come.

Owns the copy of the transcript and its life: made new on each isolation and after it, so that nothing stays in memory
that the person may not see. Comes back by itself after everything except a final word of the server.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from pycrdt import Doc

from clients.cli import sentences
from clients.cli.changes import Change, changes
from clients.cli.control_feed import ControlFeed, Message
from clients.cli.live import SILENCE, Ended, Link, Status
from clients.cli.outcomes import Exit, Failure
from clients.cli.profiles import Login
from crdt_docs.transcript import turns
from crdt_docs.wire import y_protocol as wire

if TYPE_CHECKING:
    from crdt_docs.transcript import Turn

_TOGETHER = 0.05  # seconds; keys that come closer than this are shown as one change
_REST = 4  # times as long as the last reading took: a long transcript is read less often, not with more of the machine


class View(Protocol):
    """Shows what happens. Called in order, from one task, never while a socket is being read."""

    def changed(self, steps: Sequence[Change]) -> None: ...
    def cleared(self, isolated: bool) -> None: ...
    def message(self, message: Message) -> None: ...
    def connection(self, which: str, status: Status) -> None: ...
    def tick(self) -> None: ...


class Copy:
    """The transcript as the server sends it, and the turns that were told last."""

    def __init__(self) -> None:
        self.doc: Doc[Any] = Doc()
        self.told: list[Turn] = []
        self.is_synced = False

    def take(self, frame: bytes | str) -> bytes | None:
        """Applies one frame; an answer when the server wants one."""
        data = frame if isinstance(frame, bytes) else frame.encode()
        if data[0] != wire.Message.SYNC:
            return None
        kind, content = wire.read_sync(data, 1)
        if kind == wire.Sync.STEP1:
            return wire.step2(self.doc.get_update(content))
        self.doc.apply_update(content)
        self.is_synced = self.is_synced or kind == wire.Sync.STEP2
        return None

    def news(self) -> list[Change]:
        now = turns(self.doc) if self.is_synced else []
        steps, self.told = changes(self.told, now), now
        return steps


class Watch:
    """`run` never returns by itself; it raises Failure when the server says a final no."""

    def __init__(
        self,
        login: Login,
        hearing: str,
        view: View,
        *,
        after: int,
        is_isolated: Callable[[], Awaitable[bool]],
        silence: float = SILENCE,
    ) -> None:
        self._view = view
        self._is_isolated = is_isolated
        self._copy = Copy()
        self._is_cleared = False  # told, and nothing came since
        self._happened: asyncio.Queue[Callable[[], None]] = asyncio.Queue()
        self._control = ControlFeed(
            login, hearing, after=after, told=self._told, status=self._status("control"), silence=silence
        )
        path = f"/yjs/{hearing}/transcript"
        self._link = Link(
            login,
            path,
            opened=self._opened,
            received=self._received,
            status=self._status("transcript"),
            silence=silence,
        )

    async def run(self) -> None:
        parts = [self._control.run(), self._follow_transcript(), self._show()]
        running = [asyncio.create_task(part) for part in parts]
        try:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            self._drain()
            for task in done:
                task.result()
        except Ended as end:
            words = sentences.verdict(end.code, end.reason)
            raise Failure(Exit.REFUSED, end.reason or str(end.code), words) from end
        finally:
            for task in running:
                task.cancel()
            await asyncio.wait(running)

    async def _follow_transcript(self) -> None:
        while True:
            try:
                await self._link.run()
            except Ended as end:
                if not await self._may_return(end):
                    raise

    async def _may_return(self, end: Ended) -> bool:
        """After a 4403: an isolation is waited out; a right lost and given back meanwhile is tried once."""
        if end.code != 4403:
            return False
        had_it = self._copy.is_synced
        if end.reason == "isolated" or not self._control.free.is_set() or await self._is_isolated():
            await self._wait_for_release()
            return True
        self._clear(isolated=False)
        return had_it

    async def _wait_for_release(self) -> None:
        """The control channel says when; it may still have to hear of the isolation, so its word counts from now on."""
        self._clear(isolated=True)
        while True:
            await self._control.free.wait()
            if not await self._is_isolated():
                return
            await asyncio.sleep(0.5)

    def _clear(self, *, isolated: bool) -> None:
        self._copy = Copy()
        if not self._is_cleared:
            self._is_cleared = True
            self._happened.put_nowait(lambda: self._view.cleared(isolated))

    async def _opened(self) -> None:
        await self._link.send(wire.step1(self._copy.doc.get_state()))

    async def _received(self, frame: bytes | str) -> None:
        answer = self._copy.take(frame)
        self._is_cleared = self._is_cleared and not self._copy.is_synced
        if answer is not None:
            await self._link.send(answer)
        self._happened.put_nowait(self._show_nothing)

    def _told(self, message: Message) -> None:
        if not self._control.free.is_set() and (self._copy.is_synced or self._copy.told):
            self._clear(isolated=True)
        self._happened.put_nowait(lambda: self._view.message(message))

    def _status(self, which: str) -> Callable[[Status], None]:
        return lambda status: self._happened.put_nowait(lambda: self._view.connection(which, status))

    async def _show(self) -> None:
        took = 0.0
        while True:
            try:
                async with asyncio.timeout(0.5):
                    show = await self._happened.get()
            except TimeoutError:
                self._view.tick()
                continue
            show()
            await asyncio.sleep(max(_TOGETHER, _REST * took))
            began = time.thread_time()
            self._drain()
            took = time.thread_time() - began
            self._view.tick()

    def _drain(self) -> None:
        while not self._happened.empty():
            self._happened.get_nowait()()
        steps = self._copy.news()
        if steps:
            self._view.changed(steps)

    def _show_nothing(self) -> None:
        """Data came: the difference is made once for all that came together."""
