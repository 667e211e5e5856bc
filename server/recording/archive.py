"""All segments of a recording as one ZIP, written as it is read: stored files, nothing kept in memory, any size."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

PIECE = 256 * 1024
INDEX = "index.json"
_MIDNIGHT = (1980, 1, 1, 0, 0, 0)


class _Pipe:
    """What ZipFile writes to and nobody can seek in."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, content: bytes) -> int:
        self._held += content
        return len(content)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


async def pieces(files: Sequence[tuple[str, Path]], index: dict[str, Any]) -> AsyncIterator[bytes]:
    """The archive in pieces; `files`: name inside and place on disk."""
    written = _written(files, json.dumps(index, ensure_ascii=False, indent=1).encode())
    while (piece := await asyncio.to_thread(next, written, None)) is not None:
        if piece:
            yield piece


def _written(files: Sequence[tuple[str, Path]], index: bytes) -> Iterator[bytes]:
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_STORED) as archive:  # pyright: ignore[reportArgumentType, reportCallIssue]
        archive.writestr(ZipInfo(INDEX, _MIDNIGHT), index)
        yield pipe.take()
        for name, path in files:
            with path.open("rb") as file, archive.open(ZipInfo(name, _MIDNIGHT), "w", force_zip64=True) as inside:
                while piece := file.read(PIECE):
                    inside.write(piece)
                    yield pipe.take()
    yield pipe.take()
