"""Where a hearing's recording lies: the folder that the media process writes, what it notes there of each round, clips.

Reads and hashes; never writes a segment.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from server.hearing.recording_events import SegmentFile, SegmentsSealed, read_file

FOLDER = "recordings"
CLIPS = "clips"
LOCK, WHOLE = ".lock", ".whole"
NONE_ALIVE = 2**31
_NOTE = re.compile(r"(\d{6,9})\.json")
_CLIP = re.compile(r"clip-[0-9]{1,9}-[0-9a-f]{16}\.webm")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A round on disk that is not in the log. `whole`: its writer ended it; else a crash did."""

    fact: SegmentsSealed
    whole: bool


class RecordingFiles:
    """The folder `recordings` of a data directory."""

    def __init__(self, data: Path) -> None:
        self.root = (data / FOLDER).absolute()
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def folder(self, hearing: str) -> Path:
        return self.root / hearing

    def clips(self, hearing: str) -> Path:
        folder = self.folder(hearing) / CLIPS
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def clip(self, hearing: str, name: str) -> Path | None:
        """None for what is no clip of this hearing."""
        path = self.folder(hearing) / CLIPS / name
        return path if _CLIP.fullmatch(name) and path.is_file() else None

    def unfinished(self) -> list[str]:
        """Hearings that have a recording of which something may not be in the log yet."""
        return sorted(each.name for each in self.root.iterdir() if each.is_dir() and not (each / WHOLE).exists())

    def finish(self, hearing: str) -> None:
        """The court has risen and everything is in the log: a server that starts need not look again."""
        if (folder := self.folder(hearing)).is_dir():
            (folder / WHOLE).touch(0o600)

    def free_bytes(self) -> int:
        disk = os.statvfs(self.root)
        return disk.f_bavail * disk.f_frsize

    def written(self, hearing: str) -> int:
        """Bytes of all segments: grows while somebody records."""
        try:
            return sum(each.stat().st_size for each in os.scandir(self.folder(hearing)) if each.name.endswith(".webm"))
        except FileNotFoundError:
            return 0

    def waits(self, hearing: str, logged: Collection[int], to_ms: int) -> bool:
        """Whether a round that began before `to_ms` is not in the log: it is being written, or about to be entered."""
        folder = self.folder(hearing)
        return folder.is_dir() and any(
            note["from_ms"] < to_ms and any((folder / each["name"]).is_file() for each in note["files"])
            for note in _notes(folder, logged)
        )

    def left_behind(self, hearing: str, logged: Collection[int]) -> tuple[list[Found], bool]:
        """(rounds that are not in the log, oldest first; whether one is left that somebody writes). Hashes them."""
        folder, found, written = self.folder(hearing), list[Found](), False
        if not folder.is_dir():
            return found, False
        first_alive = _first_alive(folder / LOCK)
        for note in _notes(folder, logged):
            if note["to_ms"] or note["round"] < first_alive:
                found.append(_found(folder, note))
            else:
                written = True
        return found, written


def _notes(folder: Path, logged: Collection[int]) -> Iterator[Json]:
    for path in sorted(folder.iterdir()):
        named = _NOTE.fullmatch(path.name)
        if named is not None and int(named[1]) not in logged:
            yield json.loads(path.read_text("utf-8"))


def _first_alive(lock: Path) -> int:
    """The first round of the process that writes here now; when none does, no round is."""
    try:
        file = lock.open("r+", encoding="ascii")
    except FileNotFoundError:
        return NONE_ALIVE
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read() or "0")
    return NONE_ALIVE


def _found(folder: Path, note: Json) -> Found:
    if note["to_ms"]:
        return Found(sealed(note), whole=True)
    files = [_orphan(folder, each) for each in note["files"] if (folder / each["name"]).is_file()]
    to_ms = max((each.to_ms for each in files), default=note["from_ms"])
    return Found(SegmentsSealed(note["round"], note["from_ms"], to_ms, tuple(files)), whole=False)


def _orphan(folder: Path, noted: Json) -> SegmentFile:
    """Its end is when it was last written to."""
    path = folder / noted["name"]
    digest, size = digest_of(path)
    to_ms = max(noted["from_ms"], path.stat().st_mtime_ns // 1_000_000)
    return SegmentFile(noted["person"], noted["kind"], noted["name"], digest, size, noted["from_ms"], to_ms)


def sealed(told: Json) -> SegmentsSealed:
    """The fact that a notice or note of the media process tells; raises KeyError, TypeError, ValueError."""
    files = tuple(read_file(each) for each in told["files"])
    return SegmentsSealed(told["round"], told["from_ms"], told["to_ms"], files)


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 (hex) and size in bytes."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest(), file.tell()
