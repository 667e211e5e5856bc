"""Where exhibits lie on disk: originals by their SHA-256, beside each a folder with what intake made of it.

An original is whole on disk (file and folder synced) before anybody is told of it, and is never written again.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from server.durable import sync_directory
from server.evidence.layout import FORM, GLYPHS, PAGES, SERVED, VERDICT
from server.storage.commit_thread import StorageUnavailable
from server.storage.exhibits import Verdict

FOLDER = "exhibits"
TABLES = 16  # page tables in memory
MADE = ".made"  # suffix of the folder with what intake made
UPLOAD, WORK = ".upload-", ".work-"
_SHA256 = re.compile(r"[0-9a-f]{64}")

Json = dict[str, Any]


class TooLarge(ValueError):
    """More bytes than an exhibit may have."""


@dataclass(frozen=True, slots=True)
class Received:
    """An original that is on disk."""

    sha256: str
    size: int


class ExhibitFiles:
    """The folder `exhibits` of a data directory."""

    def __init__(self, data: Path) -> None:
        self.folder = (data / FOLDER).absolute()  # a child has another working directory
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.page_table = lru_cache(TABLES)(self._page_table)

    def original(self, digest: str) -> Path:
        return self.folder / digest

    def served(self, digest: str) -> Path:
        return self._made(digest) / SERVED

    def _made(self, digest: str) -> Path:
        return self.folder / (digest + MADE)

    async def receive(self, chunks: AsyncIterator[bytes], most: int) -> Received:
        """Take an upload; raises TooLarge, OSError. What does not arrive whole leaves nothing."""
        draft = self.folder / (UPLOAD + secrets.token_hex(8))
        digest, size = sha256(), 0
        try:
            with open(draft, "xb", opener=_private) as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > most:
                        raise TooLarge
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                await asyncio.to_thread(os.fsync, file.fileno())
            await asyncio.to_thread(self._place, draft, self.original(digest.hexdigest()))
        finally:
            draft.unlink(missing_ok=True)
        return Received(digest.hexdigest(), size)

    def _place(self, draft: Path, original: Path) -> None:
        draft.rename(original)  # the same bytes when one is there already
        sync_directory(self.folder)

    def work_folder(self) -> Path:
        """A new one of one's own; raises StorageUnavailable."""
        folder = self.folder / (WORK + secrets.token_hex(8))
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise StorageUnavailable(str(error)) from error
        return folder

    def keep(self, work: Path, digest: str, verdict: Verdict) -> None:
        """Make a child's folder the one that is served; blocking."""
        for name in os.listdir(work):
            if name not in (SERVED, PAGES, GLYPHS):
                (work / name).unlink()
        content = {"form": FORM, "pages": verdict.pages, "warnings": verdict.warnings}
        (work / VERDICT).write_text(json.dumps(content), "utf-8")
        for name in os.listdir(work):
            _sync(work / name)
        sync_directory(work)
        if self.verdict(digest) is None:
            shutil.rmtree(self._made(digest), ignore_errors=True)
            work.rename(self._made(digest))
        sync_directory(self.folder)

    def drop(self, work: Path) -> None:
        shutil.rmtree(work, ignore_errors=True)

    def verdict(self, digest: str) -> Verdict | None:
        """What intake found, when it has taken these bytes in before in the present form."""
        try:
            kept = json.loads((self._made(digest) / VERDICT).read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        if kept.get("form") != FORM:
            return None
        return Verdict(kept["pages"], "", tuple(kept["warnings"]))

    def _page_table(self, digest: str) -> list[Json]:
        """Kept in memory once read: it never changes while a server runs."""
        return json.loads((self._made(digest) / PAGES).read_text("utf-8"))

    def glyphs(self, digest: str, page: int) -> bytes | None:
        """A page's glyph table, gzipped JSON; None when there is no such page."""
        table = self.page_table(digest)
        if page >= len(table):
            return None
        start, size = table[page]["glyphs"]
        with (self._made(digest) / GLYPHS).open("rb") as file:
            file.seek(start)
            return file.read(size)

    def room_for(self, size: int) -> bool:
        """Whether the disk has room for a copy of so many bytes and what goes with it."""
        disk = os.statvfs(self.folder)
        return disk.f_bavail * disk.f_frsize > 2 * size + 16 * 1024 * 1024

    def tidy(self, in_use: Iterable[str]) -> None:
        """Take away what a crash left half done, and files that no exhibit stands on."""
        known = set(in_use)
        for path in self.folder.iterdir():
            digest = path.name.removesuffix(MADE)
            if path.name.startswith((UPLOAD, WORK)) or (_SHA256.fullmatch(digest) and digest not in known):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
