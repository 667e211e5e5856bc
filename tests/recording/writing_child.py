"""Records two people in real time until it is killed; says on standard output how far the recorder has come."""

import sys
import time
from pathlib import Path

from media.recorder import Recorder
from tests.recording.prepared import pictures, sounds
from tests.recording.written import STEP_MS, Written


def now() -> int:
    return time.time_ns() // 1_000_000


def main(folder: str) -> None:
    pictures()
    sounds()
    source = Written(Path(folder) / "unused", now_ms=now())
    recorder = Recorder(lambda _: None, lambda *_: None, source._ask)
    recorder.members(frozenset(source.people), frozenset(source.people))
    recorder.start(Path(folder) / "h", 60_000, source.now_ms)
    while True:
        for person, kind, packet in source.step():
            given = (packet.payload, packet.timestamp, packet.sequence, packet.marker, packet.now_ms)
            recorder.packet(person, kind, *given)
        time.sleep(max(0.0, (source.now_ms - now()) / 1_000))
        while recorder.queued:
            time.sleep(0.005)
        print(STEP_MS, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
