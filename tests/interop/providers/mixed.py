"""The three unmodified providers on one transcript, and what all their copies must agree on.

It owns the connections; it never edits but through the providers.
"""

import asyncio
from types import TracebackType
from typing import Any, Self

from wsproto.utilities import LocalProtocolError

from tests.harness.demo import DemoHearing
from tests.harness.node import NodeClient
from tests.harness.pycrdt_client import PycrdtClient
from tests.harness.server import ServerProcess
from tests.harness.waiting import NeverHappened, until
from tests.harness.writing import add_turn, all_words, random_word, turn_texts

JAVASCRIPT = {"hocuspocus": 0, "y-websocket": 1}  # kind -> which clerk


class Mixed:
    """hocuspocus and y-websocket as the two clerks in one node process, pycrdt.Provider as the first clerk again."""

    def __init__(self, server: ServerProcess, node: NodeClient, hearing: DemoHearing) -> None:
        self.server, self.node, self.hearing = server, node, hearing
        self.pycrdt: PycrdtClient
        self._over = asyncio.Event()
        self._held: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        for kind, nth in JAVASCRIPT.items():
            await self.make(kind, kind, nth)
        await self.connect_pycrdt()
        await until(self.pycrdt.provider.synced.is_set, "pycrdt.Provider to be in step")
        return self

    async def connect_pycrdt(self, doc: Any = None) -> None:
        """In a task of its own: a Provider that fails ends the task that entered it, and that must not be the test."""
        self.pycrdt = self.provider(doc)
        opened, self._over = asyncio.Event(), asyncio.Event()
        self._held = asyncio.create_task(self._hold(self.pycrdt, opened, self._over))
        await until(lambda: opened.is_set() or self._held.done(), "pycrdt.Provider to connect")
        if self._held.done():
            await self._held

    async def _hold(self, client: PycrdtClient, opened: asyncio.Event, over: asyncio.Event) -> None:
        async with client:
            opened.set()
            await over.wait()

    async def leave_pycrdt(self) -> None:
        self._over.set()
        await self._held

    async def lose_pycrdt(self) -> None:
        """The server has closed the socket. A Provider that was just sending ends with wsproto's word for that; any
        other failure goes on."""
        try:
            await self.leave_pycrdt()
        except* LocalProtocolError as lost:
            print(f"lost while sending: {lost}")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave_pycrdt()

    def provider(self, doc: Any = None) -> PycrdtClient:
        return PycrdtClient(self.server.url, self.hearing.transcript, self.hearing.clerk.token, doc)

    async def make(self, name: str, kind: str, nth: int, **options: object) -> None:
        token = self.hearing.person("clerk", nth).token
        place = {"url": self.server.url, "document": self.hearing.transcript}
        await self.node.call("make", name=name, kind=kind, token=token, **place, **options)
        await self.node.call("wait", name=name, what="synced")

    async def write_everywhere(self) -> list[str]:
        """One new turn by each; their words."""
        words = [random_word() for _ in range(3)]
        for kind, word in zip(JAVASCRIPT, words, strict=False):
            await self.node.call("add_turn", name=kind, turn=random_word("t"), text=word)
        add_turn(self.pycrdt.doc, words[2])
        return words

    async def everywhere(self, words: list[str], limit: float = 60) -> None:
        """Each copy has each word."""
        for word in words:
            for kind in JAVASCRIPT:
                await self.node.call("wait_words", name=kind, text=word, limit=limit)
            await until(lambda w=word: w in all_words(self.pycrdt.doc), "pycrdt's copy", limit)

    async def equal(self) -> None:
        """The three copies agree, and a fresh one with them."""
        for _ in range(600):
            copies = [[tuple(turn) for turn in await self.node.call("read", name=kind)] for kind in JAVASCRIPT]
            copies.append(turn_texts(self.pycrdt.doc))
            if copies[0] == copies[1] == copies[2]:
                return
            await asyncio.sleep(0.05)
        raise NeverHappened("three equal copies")

    async def status(self, kind: str) -> dict[str, Any]:
        return await self.node.call("status", name=kind)

    async def all_saved(self) -> None:
        """The provider's own count of what is not saved is back at 0."""
        status = await self.node.call("wait", name="hocuspocus", what="saved")
        assert status["unsynced"] == 0
