"""The people of the main job and what each of them holds: clerks and readers on every wire, each as it is in use.

Owns their processes and connections; what must hold of their copies is the test's.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any, Protocol

from crdt_docs.transcript import Turn, turns
from tests.cli.terminal import Running, Terminal, replayed
from tests.e2e.main_job_plan import Typing
from tests.e2e.page import Page
from tests.harness.demo import DemoHearing, Person
from tests.harness.node import ROOT, NodeClient
from tests.harness.pycrdt_client import PycrdtClient
from tests.harness.server import ServerProcess

SCRIPT = ROOT / "tests" / "e2e" / "main_job_clerk.mjs"
IN_FLIGHT = 3  # keys of each clerk that are on their way when the server is killed
LINES = """[...document.querySelectorAll('.line[id^=turn-]')].map(line => [
  line.id.replace('turn-', ''),
  [...line.classList].find(name => name.startsWith('line-')).replace('line-', ''),
  line.querySelector('.line-role')?.textContent ?? '',
  line.querySelector('p, h3')?.textContent ?? ''])"""

LIMIT = 60.0  # seconds until a copy must be in step

Line = tuple[str, str, str, str]  # id, kind, printed label, words


class Reader(Protocol):
    """Anybody who holds a copy."""

    async def lines(self) -> list[Line]: ...


class Desk:
    """One person with one unmodified JavaScript provider in a process of its own."""

    def __init__(self, kind: str, server: ServerProcess, hearing: DemoHearing, person: Person) -> None:
        self.kind = kind
        self._node = NodeClient(SCRIPT).start()
        self._where: dict[str, Any] = {"url": server.url, "document": hearing.transcript, "token": person.token}

    async def connect(self) -> Desk:
        await self._node.call("connect", kind=self.kind, **self._where)
        await self._node.call("wait", what="synced")
        return self

    async def lay_out(self, turns_: list[Typing]) -> None:
        await self._node.call("lay_out", turns=turns_)

    async def type(self, turns_: list[Typing], *, interval: int, seed: int) -> None:
        await self._node.call("type", turns=turns_, interval=interval, seed=seed, limit=240.0)

    async def pace(self, milliseconds: int | None) -> None:
        """From the next key on, whatever was asked for; None: as it was."""
        await self._node.call("pace", milliseconds=milliseconds)

    async def offline(self) -> None:
        await self._node.call("offline")

    async def online(self) -> None:
        await self._node.call("online")

    async def saved(self) -> None:
        """Everything typed is acknowledged (hocuspocus) or the copies are in step (y-websocket, which has no acks)."""
        await self._node.call("wait", what="saved" if self.kind == "hocuspocus" else "synced")

    async def status(self) -> dict[str, Any]:
        return await self._node.call("status")

    async def lines(self) -> list[Line]:
        held = await self._node.call("read")
        return [(one["id"], one["kind"], one.get("role", ""), one["text"]) for one in held]

    def stop(self) -> None:
        self._node.stop()


class Watcher:
    """`yunting watch --json` as a child process."""

    def __init__(self, server: ServerProcess, hearing: DemoHearing, person: Person, home: Path) -> None:
        self.running: Running = Terminal(home, url=server.url, token=person.token).start(
            "watch", hearing.id, "--json"
        )  # fmt: skip

    @property
    def said(self) -> list[dict[str, Any]]:
        return self.running.said

    async def lines(self) -> list[Line]:
        return [(one["id"], one["kind"], one["role"], one["text"]) for one in replayed(self.said)]

    def stop(self) -> None:
        self.running.stop()


class Follower:
    """`pycrdt.Provider`, which does not come back by itself: its owner opens it again on the same document."""

    def __init__(self, server: ServerProcess, hearing: DemoHearing, person: Person) -> None:
        self._server, self._hearing, self._person = server, hearing, person
        self._client: PycrdtClient | None = None
        self._is_open = False

    async def open(self) -> Follower:
        doc = self._client.doc if self._client else None
        self._client = PycrdtClient(self._server.url, self._hearing.transcript, self._person.token, doc)
        await self._client.__aenter__()
        self._is_open = True
        await self._client.provider.synced.wait()
        return self

    async def close(self) -> None:
        if self._is_open:
            self._is_open = False
            assert self._client is not None
            await self._client.__aexit__(None, None, None)

    async def lines(self) -> list[Line]:
        assert self._client is not None
        return as_lines(turns(self._client.doc))


class PageReader:
    """The page in Chromium; its text is read from the DOM."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def lines(self) -> list[Line]:
        return [(*line,) for line in await asyncio.to_thread(self._page.do, "value", expression=LINES)]


def as_lines(turns_: list[Turn]) -> list[Line]:
    return [(turn.id, turn.kind, turn.role, turn.text) for turn in turns_]


def typed(lines: list[Line]) -> list[Line]:
    """Without the court's own lines, which are counted apart."""
    return [line for line in lines if line[1] != "procedure"]


def procedure(lines: list[Line]) -> list[str]:
    return [line[0] for line in lines if line[1] == "procedure"]


@asynccontextmanager
async def crash(server: ServerProcess, first: Desk, second: Desk) -> AsyncIterator[None]:
    """SIGKILL with keys of both clerks on their way: the server is frozen until both have typed into the silence.
    It is started again, on the same port and data, when the block ends."""
    os.kill(server.pid, signal.SIGSTOP)
    before = [(await desk.status())["keys"] for desk in (first, second)]
    for desk, keys in zip((first, second), before, strict=True):
        await _typed_on(desk, keys + IN_FLIGHT)
    assert (await first.status())["unsynced"] >= IN_FLIGHT
    server.kill()
    yield
    await asyncio.to_thread(server.start)


async def _typed_on(desk: Desk, keys: int) -> None:
    async with asyncio.timeout(LIMIT):
        while (await desk.status())["keys"] < keys:
            await asyncio.sleep(0.01)


async def keys_reached(desk: Desk, more: int) -> None:
    """Waits until the desk has typed so many keys more."""
    await _typed_on(desk, (await desk.status())["keys"] + more)


async def same(readers: Mapping[str, Reader], expected: list[Line], what: str) -> None:
    """Every copy equals the text turn by turn; says which one does not, and where."""
    for name, reader in readers.items():
        held = await _in_the_end(reader, lambda lines: typed(lines) == expected)
        assert typed(held) == expected, f"{what}: {name}: {_difference(typed(held), expected)}"


def _difference(held: list[Line], expected: list[Line]) -> str:
    """The first turn that is not as it should be."""
    for n, (one, other) in enumerate(zip_longest(held, expected)):
        if one != other:
            return f"turn {n}: {one} and not {other} ({len(held)} of {len(expected)} turns)"
    return "none"


async def court_lines(readers: Mapping[str, Reader], expected: list[str]) -> None:
    """Every copy holds exactly these lines of the court's own writer."""
    for name, reader in readers.items():
        held = await _in_the_end(reader, lambda lines: sorted(procedure(lines)) == expected)
        assert sorted(procedure(held)) == expected, name


async def _in_the_end(reader: Reader, reached: Callable[[list[Line]], bool]) -> list[Line]:
    """What the reader holds once that is reached, or at the latest after LIMIT: the caller asserts and shows it."""
    loop = asyncio.get_running_loop()
    end = loop.time() + LIMIT
    held = await reader.lines()
    while not reached(held) and loop.time() < end:
        await asyncio.sleep(0.1)
        held = await reader.lines()
    return held
