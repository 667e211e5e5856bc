"""What has happened in the media room and to people's logins, as values and as the log's payloads: entered by the
court's own writer, nobody commands it. Says nothing about what may happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cut:
    """One stream that ended: from whom to whom, `kind` audio or video; `sequence`: the RTP sequence number (RFC 3550)
    of the last packet sent on it with the SSRC `ssrc`; `packets`: how many were sent on it in all."""

    speaker: str
    listener: str
    kind: str
    ssrc: int
    sequence: int
    packets: int


@dataclass(frozen=True, slots=True)
class StreamsCut:
    """What the media room ended by entry `of`, as it measured it. Not `measured`: the media process was gone before it
    answered, so that nobody received anything any more and nobody knows the last numbers."""

    of: int
    cuts: tuple[Cut, ...] = ()
    measured: bool = True


@dataclass(frozen=True, slots=True)
class MediaStarted:
    """The hearing has a room in the media process from here on: somebody came, or the process was started anew."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class MediaStopped:
    """The room is gone and with it every stream; `reason`: process_ended or server_ended."""

    reason: str


@dataclass(frozen=True, slots=True)
class SessionReplaced:
    """The person came with another login session: the first one was ended."""

    person: str


MediaFact = StreamsCut | MediaStarted | MediaStopped | SessionReplaced
FOR_STAFF = (StreamsCut, MediaStarted, MediaStopped)  # whose payload court staff alone is told
PERSONAL = (SessionReplaced,)


def _write_cut(cut: Cut) -> Payload:
    return {
        "from": cut.speaker,
        "to": cut.listener,
        "kind": cut.kind,
        "ssrc": cut.ssrc,
        "sequence": cut.sequence,
        "packets": cut.packets,
    }


def read_cut(cut: Mapping[str, Any]) -> Cut:
    """From the media process's answer or an entry's payload; raises KeyError, ValueError, TypeError."""
    numbers = int(cut["ssrc"]), int(cut["sequence"]), int(cut["packets"])
    return Cut(str(cut["from"]), str(cut["to"]), str(cut["kind"]), *numbers)


WRITERS: Mapping[type[MediaFact], Callable[[Any], Payload]] = {
    StreamsCut: lambda f: {"of": f.of, "cuts": [_write_cut(each) for each in f.cuts], "measured": f.measured},
    MediaStarted: lambda f: {"reason": f.reason},
    MediaStopped: lambda f: {"reason": f.reason},
    SessionReplaced: lambda f: {"person": f.person},
}

READERS: Mapping[str, Callable[[Mapping[str, Any]], MediaFact]] = {
    "StreamsCut": lambda p: StreamsCut(p["of"], tuple(map(read_cut, p.get("cuts", ()))), p["measured"]),
    "MediaStarted": lambda p: MediaStarted(p.get("reason", "")),
    "MediaStopped": lambda p: MediaStopped(p["reason"]),
    "SessionReplaced": lambda p: SessionReplaced(p["person"]),
}
