"""A media process of its own and the server's side of its link, as the tests speak it."""

import asyncio
import itertools
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.architecture.checkout import ROOT

PATIENCE = 60.0


class EngineLink:
    """Requests are answered by id; notices are kept in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.notices: list[dict[str, Any]] = []
        self._told = asyncio.Event()
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while line := await self._reader.readline():
            message = json.loads(line)
            if "id" in message:
                self._waiting.pop(message["id"]).set_result(message)
            else:
                self.notices.append(message)
                self._told.set()
                self._told = asyncio.Event()

    async def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self.writer.write(json.dumps({"id": number, "op": op, **fields}).encode() + b"\n")
        return await asyncio.wait_for(answer, PATIENCE)

    async def notice(self, notice: str, since: int = 0, **fields: Any) -> dict[str, Any]:
        """The first notice of this kind with these fields after the first `since` notices; waits for it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                told = self._told
                for found in self.notices[since:]:
                    if found["notice"] == notice and fields.items() <= found.items():
                        return found
                await told.wait()

    async def apply(self, room: str, seq: int, audio: Any, video: Any = None, **more: Any) -> dict[str, Any]:
        recorded = {"audio": [], "video": []}
        fields = {
            "routes": {"audio": audio, "video": video or {}},
            "recorded": recorded,
            "recording": None,
            "large": "",
        }
        return await self.ask("apply", room=room, seq=seq, **{**fields, **more})


@asynccontextmanager
async def engine() -> AsyncIterator[EngineLink]:
    """A running engine, greeted; ended by the end of its link."""
    async with engine_process() as (link, process):
        yield link
        link.writer.close()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


@asynccontextmanager
async def engine_process() -> AsyncIterator[tuple[EngineLink, asyncio.subprocess.Process]]:
    """A running engine and its process; killed at the end if it still runs."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "media", "--fd", str(theirs.fileno())]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, pass_fds=[theirs.fileno()])
    theirs.close()
    link = EngineLink(*await asyncio.open_unix_connection(sock=ours, limit=1 << 20))
    try:
        await link.ask("hello", v=1, private_candidates=True, public_address="")
        yield link, process
    finally:
        link.writer.close()
        link.reading.cancel()
        if process.returncode is None:
            process.kill()
        await process.wait()
