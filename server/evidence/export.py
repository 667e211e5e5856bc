"""Annotated copies on demand: a few at a time, each written by a limited child. Knows neither rights nor wires.

The marks go into the *served* copy, never into the original: it is what everybody looked at while they marked it, it
opens without password and holds nothing active, and rewriting a signed original would only break its signature.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.evidence import child, limits
from server.evidence.child import ChildUnavailable
from server.evidence.copy_verdicts import BUSY, FAILED, OF_A_CHILD
from server.evidence.files import ExhibitFiles
from server.evidence.verdicts import Refused
from server.fonts import FontsMissing, fonts

AT_ONCE = 2
MOST_ASKED = 10  # waiting or being made; more are told to come back: a queue of minutes helps nobody
MOST_OF_ONE = 2  # of one person, until they are sent: each holds a file on the disk
EXTRA_SECONDS = 8.0  # of the processor, over what the file's size gives: for the marks and their font
COPY = "server.evidence.annotated_copy"
UPDATE, RECEIVED, TARGET = "annotations.bin", "received.json", "annotated.pdf"


class ExportFailed(Exception):
    """Of an annotated copy or a bundle: `code` says why (copy_verdicts, server.signing.bundles)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class AnnotatedCopy:
    """A file that is gone when its user is done with it; `left_out`: marks on pages that the document lacks."""

    path: Path
    count: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What goes into a copy: the merged update, person id -> printed name, entry -> when it came (RFC 3339)."""

    update: bytes
    names: Mapping[str, str]
    received: Mapping[str, str]


class Exporting:
    """One server's. Folders of exports lie beside those of intake, and go with them when a crash left one behind."""

    def __init__(self, files: ExhibitFiles) -> None:
        self._files = files
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._asked = 0
        self._of: Counter[str] = Counter()

    @asynccontextmanager
    async def copy(self, person: str, digest: str, size: int, marks: Marks) -> AsyncIterator[AnnotatedCopy]:
        """The served copy of an original with the marks, for a person. Raises ExportFailed."""
        with self._counted(person, size):
            folder = self._files.work_folder()
            try:
                yield await self._written(folder, digest, size, marks)
            finally:
                await asyncio.to_thread(self._files.drop, folder)

    @contextmanager
    def _counted(self, person: str, size: int) -> Iterator[None]:
        if self._of[person] >= MOST_OF_ONE or not self._files.room_for(size):
            raise ExportFailed(BUSY)
        self._of[person] += 1
        try:
            yield
        finally:
            self._of[person] -= 1
            self._of += Counter()  # forgets whoever has none

    async def _written(self, folder: Path, digest: str, size: int, marks: Marks) -> AnnotatedCopy:
        source, font = str(self._files.served(digest)), _font()
        request = {
            "source": source,
            "update": str(folder / UPDATE),
            "target": str(folder / TARGET),
            "names": dict(marks.names),
            "received": str(folder / RECEIVED),
            "font": font,
            "read": [source, *([font] if font else [])],
            "write": [str(folder)],
        }
        await asyncio.to_thread((folder / UPDATE).write_bytes, marks.update)
        await asyncio.to_thread((folder / RECEIVED).write_text, json.dumps(dict(marks.received)), "utf-8")
        result = await self._in_turn(request, limits.seconds_for(size) + EXTRA_SECONDS)
        return AnnotatedCopy(folder / TARGET, int(result["count"]), int(result["left_out"]))

    async def _in_turn(self, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        if self._asked >= MOST_ASKED:
            raise ExportFailed(BUSY)
        self._asked += 1
        try:
            async with self._slots:
                return await _made(request, seconds)
        finally:
            self._asked -= 1


async def _made(request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    try:
        result = await child.run(COPY, request, seconds, lambda _report: None)
    except ChildUnavailable:
        raise ExportFailed(BUSY) from None
    except Refused:
        raise ExportFailed(FAILED) from None
    if "code" in result:
        raise ExportFailed(result["code"] if result["code"] in OF_A_CHILD else FAILED)
    return result


def _font() -> str | None:
    """None: only words that would stand on the page cannot be exported then."""
    try:
        return str(fonts().regular)
    except FontsMissing:
        return None
