"""What has happened to the recording: past participles, as values and as the log's payloads; says nothing about what
may happen.

Everything here is entered by the court itself, told to court staff alone, and changes nothing in the hearing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """One person's sound (`audio`) or picture (`video`) in one file. Times in unix milliseconds; `holes`: spans of two
    seconds or more in which nothing came."""

    person: str
    kind: str
    name: str
    sha256: str
    bytes: int
    from_ms: int
    to_ms: int
    holes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentsSealed:
    """All files of one round are whole on disk. A file may begin up to a second ahead of its round, at a key frame."""

    round: int
    from_ms: int
    to_ms: int
    files: tuple[SegmentFile, ...]


@dataclass(frozen=True, slots=True)
class RecordingGap:
    """Nothing is recorded from `from_ms` on; `to_ms` 0: nobody knows yet until when. A later entry with the same
    `from_ms` says it (录音录像规定 4)."""

    from_ms: int
    to_ms: int
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ClipExported:
    """A clip was made around the incident of entry `of`; times are those that it really has."""

    of: int
    from_ms: int
    to_ms: int
    sha256: str


RecordingFact = SegmentsSealed | RecordingGap | ClipExported
FOR_STAFF = (SegmentsSealed, RecordingGap, ClipExported)


def read_file(given: Mapping[str, Any]) -> SegmentFile:
    """A file as the log has it, and as the media process tells of it; raises KeyError, ValueError."""
    names = ("person", "kind", "name", "sha256", "bytes", "from_ms", "to_ms")
    holes = tuple((start, end) for start, end in given.get("holes", ()))
    return SegmentFile(*(given[name] for name in names), holes=holes)


def _write_file(file: SegmentFile) -> Payload:
    written = asdict(file)
    holes = [list(each) for each in written.pop("holes")]
    return {**written, "holes": holes} if holes else written


WRITERS: Mapping[type[RecordingFact], Callable[[Any], Payload]] = {
    SegmentsSealed: lambda f: {
        "round": f.round, "from_ms": f.from_ms, "to_ms": f.to_ms, "files": [_write_file(each) for each in f.files]
    },
    RecordingGap: lambda f: {
        "from_ms": f.from_ms, "to_ms": f.to_ms or "", "reason": f.reason, "detail": f.detail
    },
    ClipExported: lambda f: {"of": f.of, "from_ms": f.from_ms, "to_ms": f.to_ms, "sha256": f.sha256},
}  # fmt: skip

READERS: Mapping[str, Callable[[Mapping[str, Any]], RecordingFact]] = {
    "SegmentsSealed": lambda p: SegmentsSealed(
        p["round"], p["from_ms"], p["to_ms"], tuple(read_file(each) for each in p.get("files", ()))
    ),
    "RecordingGap": lambda p: RecordingGap(p["from_ms"], p.get("to_ms", 0), p["reason"], p.get("detail", "")),
    "ClipExported": lambda p: ClipExported(p["of"], p["from_ms"], p["to_ms"], p["sha256"]),
}
