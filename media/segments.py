"""Segments of a recording: encoded frames of one person and kind in one WebM file, as received, never transcoded.

A file can be played as far as it was written, whatever ends the process: clusters are short and written at once.
"""

from __future__ import annotations

import io
import os
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import Any
from urllib.parse import quote

import av

from media.depayload import AUDIO, Frame

CLUSTER_MS = 500  # what a kill can take at most, with what is on its way
MILLISECOND = Fraction(1, 1_000)
HOLE_MS = 2_000  # so long without a frame, a file says so
FRAME_MS = {AUDIO: 20, "video": 40}  # how long the last frame of a file is taken to last


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A segment that is whole on disk. Times in unix milliseconds; `holes`: from and to of each time of HOLE_MS or more
    within it in which nothing came."""

    person: str
    kind: str
    name: str
    sha256: str
    bytes: int
    from_ms: int
    to_ms: int
    holes: tuple[tuple[int, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"holes": [list(each) for each in self.holes]}


@dataclass(frozen=True, slots=True)
class SealedRound:
    """All files between two boundaries of a room."""

    round: int
    from_ms: int
    to_ms: int
    files: tuple[SealedFile, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"files": [each.as_json() for each in self.files]}


def file_name(round_number: int, person: str, kind: str) -> str:
    return f"{round_number:06}-{quote(person, safe='')}-{kind}.webm"


class Segment:
    """One file that is being written. Raises OSError and av.FFmpegError, which end it."""

    def __init__(self, folder: Path, round_number: int, person: str, kind: str, first: Frame, from_ms: int) -> None:
        self.person, self.kind, self.from_ms, self.to_ms = person, kind, from_ms, from_ms
        self.name = file_name(round_number, person, kind)
        self._holes: list[tuple[int, int]] = []
        self._path = folder / self.name
        self._file = open(self._path, "xb", buffering=0, opener=_private)  # noqa: SIM115 (until close)
        self._container = open_container(self._file)
        self._stream = add_stream(self._container, kind, first)

    def write(self, frame: Frame, at_ms: int) -> None:
        mux(self._container, self._stream, frame.content, at_ms - self.from_ms, frame.is_key)
        if at_ms - self.to_ms >= HOLE_MS:
            self._holes.append((self.to_ms, at_ms))
        self.to_ms = at_ms + FRAME_MS[self.kind]

    def close(self) -> None:
        """The file gets its index and length, and is on disk on return."""
        try:
            self._container.close()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()

    def sealed(self) -> SealedFile:
        digest, size = digest_of(self._path)
        span = (self.from_ms, self.to_ms, tuple(self._holes))
        return SealedFile(self.person, self.kind, self.name, digest, size, *span)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 (hex) and size in bytes."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest(), file.tell()


def open_container(file: Any, form: str = "webm") -> Any:
    options = {"cluster_time_limit": str(CLUSTER_MS)}
    return av.open(file, "w", format=form, options=options, container_options={"flush_packets": "1"})


def add_stream(container: Any, kind: str, first: Frame) -> Any:
    """`first`: of a video its first frame, a key frame, which says how large it is."""
    if kind == AUDIO:
        return container.add_stream_from_template(_opus().streams.audio[0])
    width, height = first.size
    return container.add_mux_stream("vp8", width=width, height=height, time_base=MILLISECOND)


@lru_cache(1)
def _opus() -> Any:
    """A stream of Opus to copy the header from (RFC 7845, 5.1), which no packet on the wire holds: made by encoding
    20 ms of silence once in the life of a process."""
    written = io.BytesIO()
    with av.open(written, "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="stereo")
        silence = av.AudioFrame(format="s16", layout="stereo", samples=960)
        silence.sample_rate = 48_000
        for plane in silence.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux([*stream.encode(silence), *stream.encode(None)])
    written.seek(0)
    return av.open(written)


def mux(container: Any, stream: Any, content: bytes, at_ms: int, is_key: bool) -> None:
    packet = av.Packet(content)
    packet.stream, packet.time_base = stream, MILLISECOND
    packet.pts = packet.dts = at_ms
    packet.is_keyframe = is_key
    container.mux(packet)
