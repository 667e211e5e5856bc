"""The recorder of one room: takes packets off the forwarding path at once and writes them on a thread of its own.

`packet` does no more than put into a bounded queue; a full queue loses packets and says so, it never holds anybody up.
"""

from __future__ import annotations

import errno
import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from av.error import FFmpegError

from media.depayload import Packet
from media.rounds import Recording
from media.segments import SealedRound

log = logging.getLogger("media.recorder")

QUEUE_BYTES = 32 * 1024 * 1024  # what a slow disk may be behind
PACKET_OVERHEAD = 200  # bytes that a packet costs beside its payload
TICK = 0.2  # seconds
RETRY_MS = 5_000  # after a failure, until it is tried again
TOO_SLOW, DISK_FULL, WRITE_FAILED = "too_slow", "disk_full", "write_failed"
STARTED, STOPPED, FAILED = "started", "stopped", "failed"


class Recorder:
    """One room's, for as long as the room lives; `close` ends its thread.

    Called on the event loop. Callbacks run where `call` puts them (`loop.call_soon_threadsafe`): `on_sealed` with the
    JSON object {round, from_ms, to_ms, files}, `on_state(state, at_ms, reason)` with started, stopped or failed
    (reason: too_slow, disk_full, write_failed), `want_keyframe(person)`. After `failed` it goes on by itself as soon as
    it can, and says `started`.
    """

    def __init__(
        self,
        on_sealed: Callable[[dict[str, Any]], None],
        on_state: Callable[[str, int, str], None],
        want_keyframe: Callable[[str], None],
        *,
        call: Callable[..., Any] = lambda work, *given: work(*given),
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._on_sealed, self._on_state, self._want_keyframe, self._call = on_sealed, on_state, want_keyframe, call
        self._now_ms = now_ms
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._queued = 0  # bytes; put on one thread, taken on the other, each by one statement under the lock
        self._lock = threading.Lock()
        self._overflowed = False
        self._on = False
        self._thread: threading.Thread | None = None
        # of the thread alone
        self._given: tuple[Path, int] | None = None
        self._members: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
        self._recording: Recording | None = None
        self._failed_ms = 0

    # --- on the event loop ---

    def start(self, folder: str | Path, segment_ms: int, now_ms: int) -> None:
        """Record into a folder; nothing when it does already."""
        if not self._on:
            self._on = True
            self._put(lambda: self._started(Path(folder), segment_ms, now_ms))

    def stop(self, now_ms: int) -> None:
        """What is open is sealed; nothing when it does not record."""
        if self._on:
            self._on = False
            self._put(lambda: self._stopped(now_ms))

    def members(self, audio: frozenset[str], video: frozenset[str]) -> None:
        """Whose packets are written from here on; a packet of anybody else is dropped."""
        self._put(lambda: self._take(audio, video))

    def packet(
        self, person: str, kind: str, payload: bytes, timestamp: int, sequence: int, marker: bool, now_ms: int
    ) -> None:
        """One RTP packet as received, decrypted, without its header; kind `audio` or `video`."""
        if not self._on:
            return
        size = len(payload) + PACKET_OVERHEAD
        if self._queued + size > QUEUE_BYTES:
            self._overflow(now_ms)
            return
        packet = Packet(payload, timestamp, sequence, marker, now_ms)
        with self._lock:
            self._queued += size
        self._put(lambda: self._write(person, kind, packet, size))

    def close(self, now_ms: int | None = None) -> None:
        """Seal what is open and end the thread; blocks until that is on disk."""
        self.stop(self._now_ms() if now_ms is None else now_ms)
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    @property
    def queued(self) -> int:
        """Bytes that wait for the disk."""
        return self._queued

    def _put(self, work: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
            self._thread.start()
        self._queue.put(work)

    def _overflow(self, now_ms: int) -> None:
        if not self._overflowed:
            self._overflowed = True
            self._on_state(FAILED, now_ms, TOO_SLOW)

    # --- on the thread ---

    def _run(self) -> None:
        looked = time.monotonic()
        while True:
            try:
                work = self._queue.get(timeout=TICK)
            except queue.Empty:
                work = _nothing
            if work is None:
                return
            self._guarded(work)
            if time.monotonic() - looked >= TICK:
                looked = time.monotonic()
                self._guarded(self._tick)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (OSError, FFmpegError) as failure:
            self._fail(failure)
        except Exception as failure:  # a packet that nobody foresaw ends no recording for good
            self._fail(failure)

    def _fail(self, failure: Exception) -> None:
        log.error("recording failed", exc_info=failure)
        if self._recording is not None:
            self._recording.abandon()
        self._recording, self._failed_ms = None, self._now_ms()
        full = isinstance(failure, OSError) and failure.errno in (errno.ENOSPC, errno.EDQUOT)
        self._tell(FAILED, self._failed_ms, DISK_FULL if full else WRITE_FAILED)

    def _tell(self, state: str, at_ms: int, reason: str = "") -> None:
        self._call(self._on_state, state, at_ms, reason)

    def _started(self, folder: Path, segment_ms: int, now_ms: int) -> None:
        self._given = (folder, segment_ms)
        self._begin(now_ms)

    def _begin(self, now_ms: int) -> None:
        assert self._given is not None
        self._recording = Recording(*self._given, self._seal, self._want)
        self._recording.members(*self._members)
        self._tell(STARTED, now_ms)

    def _stopped(self, now_ms: int) -> None:
        self._given = None
        recording, self._recording = self._recording, None
        if recording is not None:
            try:
                recording.stop(now_ms)
            except Exception:
                recording.abandon()
                raise
        self._tell(STOPPED, now_ms)

    def _take(self, audio: frozenset[str], video: frozenset[str]) -> None:
        self._members = (audio, video)
        if self._recording is not None:
            self._recording.members(audio, video)

    def _write(self, person: str, kind: str, packet: Packet, size: int) -> None:
        with self._lock:
            self._queued -= size
        if self._recording is not None:
            self._recording.packet(person, kind, packet)

    def _tick(self) -> None:
        now_ms = self._now_ms()
        if self._recording is not None:
            self._recording.tick(now_ms)
            self._look_at_queue(now_ms)
        elif self._given is not None and now_ms - self._failed_ms >= RETRY_MS:
            self._begin(now_ms)

    def _look_at_queue(self, now_ms: int) -> None:
        if self._overflowed and self._queued < QUEUE_BYTES // 2:
            self._overflowed = False
            self._tell(STARTED, now_ms)

    def _seal(self, sealed: SealedRound) -> None:
        self._call(self._on_sealed, sealed.as_json())

    def _want(self, person: str) -> None:
        self._call(self._want_keyframe, person)


def _nothing() -> None:
    """No work within a tick."""
