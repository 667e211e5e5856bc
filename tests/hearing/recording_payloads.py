"""Facts of the recording with the payloads that the log keeps of them."""

from __future__ import annotations

from dataclasses import asdict, replace

from server.hearing.recording_events import ClipExported, RecordingFact, RecordingGap, SegmentFile, SegmentsSealed

FILE = SegmentFile("a", "audio", "000001-a-audio.webm", "ab" * 32, 7, 1_000, 2_000)

RECORDING: list[tuple[RecordingFact, dict[str, object]]] = [
    (
        SegmentsSealed(1, 1_000, 2_000, (FILE,)),
        {
            "round": 1,
            "from_ms": 1_000,
            "to_ms": 2_000,
            "files": [
                {
                    "person": "a",
                    "kind": "audio",
                    "name": "000001-a-audio.webm",
                    "sha256": "ab" * 32,
                    "bytes": 7,
                    "from_ms": 1_000,
                    "to_ms": 2_000,
                }
            ],
        },
    ),
    (
        SegmentsSealed(2, 2_000, 9_000, (replace(FILE, holes=((3_000, 5_000),)),)),
        {"round": 2, "from_ms": 2_000, "to_ms": 9_000, "files": [{**asdict(FILE), "holes": [[3_000, 5_000]]}]},
    ),
    (RecordingGap(2_000, 0, "media_stopped"), {"from_ms": 2_000, "reason": "media_stopped"}),
    (
        RecordingGap(2_000, 3_000, "media_stopped", "x"),
        {"from_ms": 2_000, "to_ms": 3_000, "reason": "media_stopped", "detail": "x"},
    ),
    (ClipExported(4, 1, 2, "cd" * 32), {"of": 4, "from_ms": 1, "to_ms": 2, "sha256": "cd" * 32}),
]
