"""One room's recording from start to stop, in rounds: all files end together, none longer than a segment may be.

Takes packets in the order in which they came, on one thread; asks for key frames ahead of a boundary, so that each
picture goes on in the next file without a hole. Knows neither threads nor queues.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from media.depayload import AUDIO, VIDEO, WINDOW, Frame, Ordering, Packet, Pictures, Sounds, Timeline
from media.segments import SealedRound, Segment

log = logging.getLogger("media.recorder")

IDLE_MS = 2_000  # nothing came for so long: the round ends where the last frame ended
LEAD_MS = 1_000  # key frames are asked for so long before a boundary
ASK_AGAIN_MS = 1_000  # between two requests for one person's key frame
LOCK = ".lock"
Key = tuple[str, str]  # person, kind


class Track:
    """One person's sound or picture on its way into files."""

    def __init__(self, person: str, kind: str) -> None:
        self.key = (person, kind)
        self._ordering = Ordering(WINDOW[kind])
        self._frames = Sounds() if kind == AUDIO else Pictures()
        self._timeline = Timeline(kind)
        self.asked_ms = 0

    @property
    def wants_key_frame(self) -> bool:
        return self._frames.wants_key_frame

    def frames(self, packet: Packet) -> Iterator[tuple[Frame, int]]:
        yield from self._placed(self._ordering.put(packet))

    def rest(self) -> Iterator[tuple[Frame, int]]:
        yield from self._placed(self._ordering.rest())

    def _placed(self, packets: Iterable[tuple[Packet, bool]]) -> Iterator[tuple[Frame, int]]:
        for packet, lost in packets:
            frame = self._frames.join(packet, lost)
            if frame is not None:
                yield frame, self._timeline.place(frame)


class Recording:
    """Writes into `folder`, which it locks. Raises OSError and av.FFmpegError; then `abandon` it."""

    def __init__(
        self, folder: Path, segment_ms: int, sealed: Callable[[SealedRound], None], ask: Callable[[str], None]
    ) -> None:
        self._folder, self._segment_ms = folder, segment_ms
        self._sealed, self._ask = sealed, ask
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = _locked(folder)
        self._round = _latest_round(folder) + 1
        _say_first(self._lock, self._round)
        self._members: frozenset[Key] = frozenset()
        self._tracks: dict[Key, Track] = {}
        self._open: dict[Key, Segment] = {}
        self._next: dict[Key, Segment] = {}  # of the next round already: pictures whose key frame came ahead of it
        self._from_ms = 0  # 0: no round is under way
        self._latest_ms = 0

    def members(self, audio: frozenset[str], video: frozenset[str]) -> None:
        """Whose packets are taken from here on."""
        self._members = frozenset({(each, AUDIO) for each in audio} | {(each, VIDEO) for each in video})

    def packet(self, person: str, kind: str, packet: Packet) -> None:
        key = (person, kind)
        if key in self._members:
            track = self._tracks.setdefault(key, Track(person, kind))
            self._write(track, track.frames(packet))
            if track.wants_key_frame:
                self._want(track, packet.now_ms)

    def tick(self, now_ms: int) -> None:
        """Called a few times a second."""
        if not self._from_ms:
            return
        if now_ms - self._latest_ms > IDLE_MS:
            self._end(self._latest_ms)
        elif now_ms >= self._boundary_ms:
            self._rotate(self._boundary_ms)
        elif now_ms >= self._boundary_ms - self._lead_ms:
            for key in self._open.keys() - self._next.keys():
                if key[1] == VIDEO:
                    self._want(self._tracks[key], now_ms)

    def stop(self, now_ms: int) -> None:
        for track in self._tracks.values():
            self._write(track, track.rest())
        if self._from_ms:
            self._end(now_ms if now_ms - self._latest_ms <= IDLE_MS else self._latest_ms)
        self._lock.close()

    def abandon(self) -> None:
        """After a failure: what is written stays for whoever seals what was left behind."""
        for segment in [*self._open.values(), *self._next.values()]:
            _closed_somehow(segment)
        self._lock.close()

    @property
    def _boundary_ms(self) -> int:
        return self._from_ms + self._segment_ms

    @property
    def _lead_ms(self) -> int:
        return min(LEAD_MS, self._segment_ms // 4)

    def _want(self, track: Track, now_ms: int) -> None:
        if now_ms - track.asked_ms >= ASK_AGAIN_MS:
            track.asked_ms = now_ms
            self._ask(track.key[0])

    def _write(self, track: Track, frames: Iterator[tuple[Frame, int]]) -> None:
        for frame, at_ms in frames:
            self._begin_or_rotate(at_ms)
            segment = self._segment_for(track, frame, at_ms)
            if segment is not None:
                segment.write(frame, at_ms)
                self._latest_ms = max(self._latest_ms, segment.to_ms)

    def _begin_or_rotate(self, at_ms: int) -> None:
        if not self._from_ms:
            self._from_ms = self._latest_ms = at_ms
        elif at_ms >= self._boundary_ms:
            self._rotate(self._boundary_ms)

    def _segment_for(self, track: Track, frame: Frame, at_ms: int) -> Segment | None:
        key = track.key
        if key in self._next:
            return self._next[key]
        ahead = key[1] == VIDEO and frame.is_key and at_ms >= self._boundary_ms - self._lead_ms
        if ahead and key in self._open:
            return self._opened(self._next, self._round + 1, key, frame, at_ms)
        if key not in self._open and frame.is_key:
            return self._opened(self._open, self._round, key, frame, at_ms)
        return self._open.get(key)

    def _opened(self, into: dict[Key, Segment], number: int, key: Key, frame: Frame, at_ms: int) -> Segment:
        into[key] = Segment(self._folder, number, *key, frame, at_ms)
        if into is self._open:
            self._note()
        return into[key]

    def _rotate(self, at_ms: int) -> None:
        """The next round begins where this one ends."""
        self._seal(at_ms)
        self._round, self._from_ms = self._round + 1, at_ms
        self._open, self._next = self._next, {}
        if self._open:
            self._note()

    def _end(self, at_ms: int) -> None:
        """The round ends and none follows until something comes."""
        if self._next:
            self._rotate(min(each.from_ms for each in self._next.values()))
        self._seal(at_ms)
        self._round, self._from_ms, self._open = self._round + 1, 0, {}

    def _seal(self, at_ms: int) -> None:
        if not self._open:
            return
        for segment in self._open.values():
            segment.close()
        files = sorted((each.sealed() for each in self._open.values()), key=lambda each: each.name)
        sealed = SealedRound(self._round, self._from_ms, at_ms, tuple(files))
        _put(note_of(self._folder, self._round), sealed.as_json(), on_disk=True)
        self._sealed(sealed)

    def _note(self) -> None:
        """What lies here, for whoever finds it after a crash; `to_ms` 0: not sealed."""
        files = [
            {"person": each.person, "kind": each.kind, "name": each.name, "from_ms": each.from_ms}
            for each in self._open.values()
        ]
        note = {"round": self._round, "from_ms": self._from_ms, "to_ms": 0, "files": files}
        _put(note_of(self._folder, self._round), note, on_disk=False)


def note_of(folder: Path, round_number: int) -> Path:
    return folder / f"{round_number:06}.json"


def _put(path: Path, note: dict[str, Any], *, on_disk: bool) -> None:
    draft = path.with_suffix(".part")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(note, file, ensure_ascii=False)
        if on_disk:
            file.flush()
            os.fsync(file.fileno())
    draft.replace(path)
    if on_disk:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _latest_round(folder: Path) -> int:
    numbers = (name.partition("-")[0].partition(".")[0] for name in os.listdir(folder))
    return max((int(each) for each in numbers if each.isdecimal()), default=0)


def _locked(folder: Path) -> Any:
    """Held while a process writes here; in it the first round that it writes: whatever is older and not sealed has been
    left behind."""
    file = (folder / LOCK).open("a+", encoding="ascii")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _say_first(lock: Any, first: int) -> None:
    lock.truncate(0)
    lock.write(str(first))
    lock.flush()


def _closed_somehow(segment: Segment) -> None:
    try:
        segment.close()
    except Exception as failure:  # the failure that brought this about has been told
        log.debug("%s: %r", segment.name, failure)
