"""From RTP payloads to encoded frames: packets put in order again, VP8 pictures joined (RFC 7741), Opus taken as it is
(RFC 7587). Decodes nothing and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

AUDIO, VIDEO = "audio", "video"
CLOCK_RATES = {AUDIO: 48_000, VIDEO: 90_000}
WINDOW = {AUDIO: 16, VIDEO: 128}  # packets that wait for one that is missing
PATIENCE_MS = 400  # how long they wait: two rounds of NACK over a slow line
FAR = 3_000  # packets; a number that jumps further belongs to a new stream
MOST_LATE = 32  # packets in a row from the past: a new stream that began just below the old one
KEY_FRAME_START = b"\x9d\x01\x2a"  # RFC 6386, 9.1


@dataclass(frozen=True, slots=True)
class Packet:
    """One RTP packet as received. `sequence` 16 bits, `timestamp` 32 bits, `now_ms`: arrival, in unix milliseconds."""

    payload: bytes
    timestamp: int
    sequence: int
    marker: bool
    now_ms: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One encoded frame; `timestamp` and `now_ms` are those of its first packet."""

    content: bytes
    timestamp: int
    now_ms: int
    is_key: bool

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a VP8 key frame, in pixels (RFC 6386, 9.1)."""
        width, height = self.content[6:8], self.content[8:10]
        return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF


class Ordering:
    """The packets of one stream in the order of their numbers; one that stays away is given up after a while."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._next = -1  # number of the next packet, -1 before the first
        self._waiting: dict[int, Packet] = {}
        self._late = 0

    def put(self, packet: Packet) -> Iterator[tuple[Packet, bool]]:
        """(packet, whether something is missing right before it) of whatever is in order now."""
        if self._next < 0:
            self._next = packet.sequence
        ahead = (packet.sequence - self._next + 0x8000 & 0xFFFF) - 0x8000
        if self._is_new(ahead):
            yield from self.rest()
            self._next, ahead = packet.sequence, 0
        if ahead >= 0:
            self._late = 0
            self._waiting[packet.sequence] = packet
        yield from self._in_order()
        if self._given_up(packet.now_ms):
            self._next = min(self._waiting, key=lambda each: each - self._next & 0xFFFF)
            yield from self._in_order(lost=True)

    def _is_new(self, ahead: int) -> bool:
        self._late += ahead < 0
        if abs(ahead) <= FAR and self._late <= MOST_LATE:
            return False
        self._late = 0
        return True

    def _given_up(self, now_ms: int) -> bool:
        if len(self._waiting) > self._window:
            return True
        return bool(self._waiting) and now_ms - min(each.now_ms for each in self._waiting.values()) > PATIENCE_MS

    def _in_order(self, *, lost: bool = False) -> Iterator[tuple[Packet, bool]]:
        while (packet := self._waiting.pop(self._next, None)) is not None:
            self._next = self._next + 1 & 0xFFFF
            yield packet, lost
            lost = False

    def rest(self) -> Iterator[tuple[Packet, bool]]:
        """Whatever still waits, holes or not: nothing more will come."""
        while self._waiting:
            self._next = min(self._waiting, key=lambda each: each - self._next & 0xFFFF)
            yield from self._in_order(lost=True)


class Sounds:
    """Opus: one packet is one frame."""

    def join(self, packet: Packet, lost: bool) -> Frame | None:
        return Frame(packet.payload, packet.timestamp, packet.now_ms, True) if packet.payload else None

    @property
    def wants_key_frame(self) -> bool:
        return False


class Pictures:
    """VP8: packets of one timestamp make a picture. After a loss nothing is taken until the next key frame, for what
    comes before it is drawn over a picture that is not there."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._first: Packet | None = None
        self._waits = True

    @property
    def wants_key_frame(self) -> bool:
        return self._waits

    def join(self, packet: Packet, lost: bool) -> Frame | None:
        """The picture that this packet ends."""
        if lost:
            self._forget(waits=True)
        part, is_start = vp8_part(packet.payload)
        if is_start:
            self._begin(packet)
        if self._first is None or not part:
            return None
        self._parts.append(part)
        return self._joined() if packet.marker else None

    def _begin(self, packet: Packet) -> None:
        if self._first is not None:  # the picture before has no end
            self._waits = True
        self._parts, self._first = [], packet

    def _forget(self, *, waits: bool) -> None:
        self._parts, self._first = [], None
        self._waits = self._waits or waits

    def _joined(self) -> Frame | None:
        content, first = b"".join(self._parts), self._first
        assert first is not None
        self._forget(waits=False)
        is_key = len(content) >= 10 and not content[0] & 1 and content[3:6] == KEY_FRAME_START
        if is_key:
            self._waits = False
        return None if self._waits else Frame(content, first.timestamp, first.now_ms, is_key)


def vp8_part(payload: bytes) -> tuple[bytes, bool]:
    """(what follows the payload descriptor, whether a picture begins there); empty: no VP8 (RFC 7741, 4.2)."""
    if not payload:
        return b"", False
    first, at = payload[0], 1
    if first & 0x80:  # X
        extension = payload[at] if len(payload) > at else 0
        at += 1
        if extension & 0x80:  # I: a picture id of one byte or two
            at += 2 if len(payload) > at and payload[at] & 0x80 else 1
        at += bool(extension & 0x40) + bool(extension & 0x30)  # L; T or K
    part = payload[at:]
    return part, bool(part) and bool(first & 0x10) and not first & 0x07


class Timeline:
    """When each frame of a stream was made, in unix milliseconds: spaced as its timestamps say, tied to the arrival of
    the first, and tied anew when the two drift apart (a pause, a new stream, a clock that runs wrong)."""

    MOST_APART_MS = 500

    def __init__(self, kind: str) -> None:
        self._rate = CLOCK_RATES[kind]
        self._timestamp = 0
        self._at_ms: float | None = None
        self._last = -1

    def place(self, frame: Frame) -> int:
        """Always later than the frame before."""
        at_ms = self._spaced(frame)
        if at_ms is None or abs(at_ms - frame.now_ms) > self.MOST_APART_MS:
            at_ms = float(frame.now_ms)
        self._timestamp, self._at_ms = frame.timestamp, at_ms
        self._last = max(self._last + 1, round(at_ms))
        return self._last

    def _spaced(self, frame: Frame) -> float | None:
        if self._at_ms is None:
            return None
        ahead = (frame.timestamp - self._timestamp + 0x8000_0000 & 0xFFFF_FFFF) - 0x8000_0000
        return self._at_ms + ahead * 1_000 / self._rate
