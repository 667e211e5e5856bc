"""Lines of standard input as they come, in batches: what waits is taken together; never blocks the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import TextIO

MOST_LINES, MOST_CHARACTERS = 100, 60_000  # of one batch: one transaction, one frame far below the server's limit


async def batches(stream: TextIO) -> AsyncIterator[list[str]]:
    """Non-blank lines without their ends, at most MOST_LINES or about MOST_CHARACTERS at once."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    room = threading.Semaphore(4 * MOST_LINES)  # a huge file is not read into memory at once

    def read() -> None:
        for line in stream:
            room.acquire()
            loop.call_soon_threadsafe(lines.put_nowait, line.strip())
        loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    line: str | None = ""
    while line is not None:
        batch: list[str] = []
        line = await lines.get()
        while line is not None:
            room.release()
            batch += [line] if line else []
            if lines.empty() or len(batch) >= MOST_LINES or sum(map(len, batch)) >= MOST_CHARACTERS:
                break
            line = lines.get_nowait()
        if batch:
            yield batch
