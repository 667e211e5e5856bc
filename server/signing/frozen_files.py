"""The files of frozen versions under `<data>/frozen`: written whole and fsynced before the log names their digests.

Knows no SQL. A version that the log names is never written again; what an interrupted freeze left is written over.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

UPDATE = "update.bin"
SNAPSHOT = "snapshot.json"
CONTENT = "content.json"
PDF = "transcript.pdf"


class FrozenFiles:
    """`data`: the server's data directory."""

    def __init__(self, data: Path) -> None:
        self._root = data / "frozen"

    def path(self, hearing: str, v: int, name: str) -> Path:
        """Where a file of a version lies; a hearing's id has no character of a path."""
        return self._root / hearing / f"v{v}" / name

    def write(self, hearing: str, v: int, files: Mapping[str, bytes]) -> None:
        """All of a version's files: on disk with their names when it returns. Raises OSError."""
        folder = self._root / hearing / f"v{v}"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, data in files.items():
            _replace(folder / name, data)
        for each in (folder, folder.parent, self._root, self._root.parent):
            _sync(each)

    def read(self, hearing: str, v: int, name: str) -> bytes:
        """Raises OSError."""
        return self.path(hearing, v, name).read_bytes()


def _replace(path: Path, data: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
