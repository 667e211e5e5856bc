"""One reading of a hearing's transcript over /yjs into a document of one's own; keeps nothing and writes nothing."""

from __future__ import annotations

import asyncio
from typing import Any

from pycrdt import Doc

from clients.cli import sentences
from clients.cli.live import Ended, Link, Status
from clients.cli.outcomes import Exit, Failure
from clients.cli.profiles import Login
from clients.cli.watch import Copy
from crdt_docs.wire import y_protocol as wire

PATIENCE = 60.0


def transcript(login: Login, hearing: str) -> Doc[Any]:
    """The transcript as this person's own replica holds it after one synchronisation. Raises Failure."""
    return asyncio.run(_synced(login, hearing))


async def _synced(login: Login, hearing: str) -> Doc[Any]:
    copy, is_whole = Copy(), asyncio.Event()

    async def opened() -> None:
        await link.send(wire.step1(copy.doc.get_state()))

    async def received(frame: bytes | str) -> None:
        answer = copy.take(frame)
        if answer is not None:
            await link.send(answer)
        if copy.is_synced:
            is_whole.set()

    def status(_: Status) -> None:
        """Coming and going is the link's business."""

    link = Link(login, f"/yjs/{hearing}/transcript", opened=opened, received=received, status=status)
    await _until(is_whole, asyncio.create_task(link.run()), login.url, link)
    return copy.doc


async def _until(is_whole: asyncio.Event, running: asyncio.Task[Any], url: str, link: Link) -> None:
    waiting = asyncio.create_task(is_whole.wait())
    try:
        done, _ = await asyncio.wait([waiting, running], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (waiting, running):
            task.cancel()
        await asyncio.wait([waiting, running])
    if waiting in done:
        return
    error = running.exception() if running in done else None
    if isinstance(error, Ended):
        raise Failure(Exit.REFUSED, error.reason or str(error.code), sentences.verdict(error.code, error.reason))
    if error is not None:
        raise error
    words = sentences.NO_CONNECTION.fill(url=url, why=link.why_not or "timeout")
    raise Failure(Exit.NO_CONNECTION, "no_connection", words)
