"""Lines of standard input as they come, in batches: what waits is taken together; never blocks the event loop.

Bytes that are no UTF-8 are an error: a court record is not guessed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import TextIO

from clients.cli import sentences
from clients.cli.outcomes import Exit, Failure

MOST_LINES, MOST_CHARACTERS = 100, 60_000  # of one batch: one transaction, one frame far below the server's limit


async def batches(stream: TextIO) -> AsyncIterator[list[str]]:
    """Non-blank lines without their ends, at most MOST_LINES or about MOST_CHARACTERS at once. Raises Failure."""
    lines = _Lines(stream)
    while (line := await lines.next()) is not None:
        batch = [line] if line else []
        while lines.are_waiting and len(batch) < MOST_LINES and sum(map(len, batch)) < MOST_CHARACTERS:
            line = await lines.next()
            if line is None:
                break
            batch += [line] if line else []
        if batch:
            yield batch
        if line is None:
            return


class _Lines:
    """A thread that reads and a queue that holds what came; a huge file is not read into memory at once."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._queue: asyncio.Queue[str | Failure | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._room = threading.Semaphore(4 * MOST_LINES)
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def are_waiting(self) -> bool:
        return not self._queue.empty()

    async def next(self) -> str | None:
        """The next line, perhaps blank; None at the end. Raises Failure."""
        line = await self._queue.get()
        self._room.release()
        if isinstance(line, Failure):
            raise line
        return line

    def _read(self) -> None:
        try:
            for line in self._stream:
                self._give(checked(line.strip()))
        except UnicodeError:
            self._give(not_utf8())
        except Failure as failure:
            self._give(failure)
        else:
            self._give(None)

    def _give(self, line: str | Failure | None) -> None:
        self._room.acquire()
        self._loop.call_soon_threadsafe(self._queue.put_nowait, line)


def checked(text: str) -> str:
    """The text, when it can be written as UTF-8: what the machine could not read comes as lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise not_utf8() from error
    return text


def not_utf8() -> Failure:
    return Failure(Exit.USAGE, "not_utf8", sentences.NOT_UTF8)
