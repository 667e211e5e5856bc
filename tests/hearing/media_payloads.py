"""Every event of the media room, with the payload it is written as."""

from server.hearing.media_events import Cut, MediaFact, MediaStarted, MediaStopped, SessionReplaced, StreamsCut

CUT = {"from": "a", "to": "b", "kind": "audio", "ssrc": 7, "sequence": 65_535, "packets": 90_000}

MEDIA: list[tuple[MediaFact, dict[str, object]]] = [
    (StreamsCut(4, (Cut("a", "b", "audio", 7, 65_535, 90_000),)), {"of": 4, "cuts": [CUT], "measured": True}),
    (StreamsCut(4, (), measured=False), {"of": 4, "measured": False}),
    (MediaStarted(), {}),
    (MediaStopped("process_ended"), {"reason": "process_ended"}),
    (SessionReplaced("a"), {"person": "a"}),
]
