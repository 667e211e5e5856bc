"""A clip of a recording, as a child process (`python -m media.clip`): the packets of every person in a span of time in
one WebM file with a track each, not transcoded.

Request on standard input, one JSON object: {folder, files: [{name, sha256, person, kind, title, from_ms}], from_ms,
to_ms, target}; answer on standard output: {from_ms, to_ms, sha256, bytes, tracks}, or {error, detail}:
nothing_recorded, segment_changed (`detail`: its name), failed. A picture can only begin at a key frame: the clip begins
at the earliest one that is needed, which the answer's `from_ms` says. The same request gives the same bytes.
"""

from __future__ import annotations

import heapq
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
from av.error import FFmpegError, InvalidDataError

from media.depayload import AUDIO, VIDEO, Frame
from media.segments import FRAME_MS, add_stream, digest_of, mux

Json = dict[str, Any]
Key = tuple[str, str]


class Nothing(ValueError):
    """The span holds nothing that was recorded."""


class Changed(ValueError):
    """A segment is not the one that was sealed; the message is its name."""


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """One encoded frame with its unix time and its track."""

    at_ms: int
    track: int
    content: bytes
    is_key: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One person's sound or picture: the files that hold it, in order."""

    key: Key
    title: str
    files: tuple[tuple[Path, int], ...]  # path, unix milliseconds of its beginning

    def pieces(self, track: int, from_ms: int, to_ms: int) -> Iterator[Piece]:
        begun = False
        for path, begins_ms in self.files:
            for content, at_ms, is_key in packets(path, begins_ms):
                if at_ms >= to_ms:
                    break
                begun = begun or (is_key and at_ms >= from_ms)
                if begun:
                    yield Piece(at_ms, track, content, is_key)

    def start(self, from_ms: int) -> int:
        """Where the source has to begin to be whole at `from_ms`."""
        if self.key[1] == AUDIO:
            return from_ms
        found = from_ms
        for path, begins_ms in self.files:
            if begins_ms > from_ms:
                break
            keys = (at_ms for _, at_ms, is_key in packets(path, begins_ms) if is_key and at_ms <= from_ms)
            found = max(keys, default=found)
        return min(found, from_ms)


def packets(path: Path, begins_ms: int) -> Iterator[tuple[bytes, int, bool]]:
    """(content, unix milliseconds, whether a decoder can begin there) as far as the file is whole."""
    try:
        if not path.stat().st_size:
            return
        container = av.open(str(path))
    except EOFError:  # a crash came before its first cluster
        return
    with container:
        try:
            for packet in container.demux(container.streams[0]):
                if packet.pts is not None and packet.time_base is not None and packet.size:
                    yield bytes(packet), begins_ms + round(packet.pts * packet.time_base * 1_000), packet.is_keyframe
        except InvalidDataError:  # a file that a crash left behind ends somewhere
            return


def sources(request: Json) -> list[Source]:
    """Pictures first, as players show the first one."""
    folder, found = Path(request["folder"]), dict[Key, Json]()
    for each in sorted(request["files"], key=lambda file: file["from_ms"]):
        held = found.setdefault((each["person"], each["kind"]), {"title": each["title"], "files": []})
        held["files"].append((folder / each["name"], each["from_ms"]))
    ordered = sorted(found, key=lambda key: (key[1] != VIDEO, key[0]))
    return [Source(key, found[key]["title"], tuple(found[key]["files"])) for key in ordered]


def unchanged(request: Json) -> None:
    """Raises Changed, OSError: no clip is made of what is not the sealed segment any more."""
    for each in request["files"]:
        if digest_of(Path(request["folder"]) / each["name"])[0] != each["sha256"]:
            raise Changed(each["name"])


def export(request: Json) -> Json:
    """Raises Nothing, Changed, OSError, FFmpegError."""
    unchanged(request)
    held, to_ms = sources(request), request["to_ms"]
    from_ms = min((each.start(request["from_ms"]) for each in held), default=request["from_ms"])
    firsts = [next(each.pieces(track, from_ms, to_ms), None) for track, each in enumerate(held)]
    used = [each for each, first in zip(held, firsts, strict=True) if first is not None]
    if not used:
        raise Nothing
    target = Path(request["target"])
    with target.open("xb") as file:
        last_ms = _write(file, used, [each for each in firsts if each is not None], from_ms, to_ms)
        os.fsync(file.fileno())
    digest, size = digest_of(target)
    return {"from_ms": from_ms, "to_ms": min(last_ms, to_ms), "sha256": digest, "bytes": size, "tracks": len(used)}


def _write(file: BinaryIO, used: Sequence[Source], firsts: Sequence[Piece], from_ms: int, to_ms: int) -> int:
    last_ms = from_ms
    with av.open(file, "w", format="webm", container_options={"fflags": "+bitexact"}) as container:
        streams = [_stream(container, each, first) for each, first in zip(used, firsts, strict=True)]
        latest = [-1] * len(used)
        for piece in heapq.merge(*(each.pieces(track, from_ms, to_ms) for track, each in enumerate(used))):
            at_ms = latest[piece.track] = max(latest[piece.track] + 1, piece.at_ms - from_ms)
            mux(container, streams[piece.track], piece.content, at_ms, piece.is_key)
            last_ms = max(last_ms, piece.at_ms + FRAME_MS[used[piece.track].key[1]])
    return last_ms


def _stream(container: Any, source: Source, first: Piece) -> Any:
    stream = add_stream(container, source.key[1], Frame(first.content, 0, first.at_ms, True))
    stream.metadata["title"] = source.title
    return stream


def main() -> int:
    try:
        answer = export(json.load(sys.stdin))
    except Nothing:
        answer = {"error": "nothing_recorded"}
    except Changed as changed:
        answer = {"error": "segment_changed", "detail": str(changed)}
    except (OSError, FFmpegError) as failure:
        answer = {"error": "failed", "detail": str(failure)[:300]}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
