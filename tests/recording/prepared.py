"""Pictures and sounds that are encoded once, cut into RTP payloads as browsers cut them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import av
import numpy

from media.depayload import AUDIO, VIDEO, Packet

WIDTH, HEIGHT, KEY_EVERY = 320, 180, 30
PART = 500  # bytes of a picture in one packet
PICTURE_MS, SOUND_MS = 40, 20


@cache
def pictures(count: int = 300) -> tuple[bytes, ...]:
    """VP8, a key frame every KEY_EVERY."""
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.gop_size = Fraction(1, 25), KEY_EVERY
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "g": str(KEY_EVERY), "lag-in-frames": "0"}
    encoder.thread_count = 1  # several spin while they wait for each other: twenty times the work, and no sooner done
    made: list[bytes] = []
    for number in range(count):
        picture = numpy.full((HEIGHT * 3 // 2, WIDTH), 128, numpy.uint8)
        picture[:HEIGHT, number % WIDTH :: 16] = 200
        frame = av.VideoFrame.from_ndarray(picture, "yuv420p")
        frame.pts = number
        made += [bytes(packet) for packet in encoder.encode(frame)]
    assert len(made) == count
    return tuple(made)


@cache
def sounds(count: int = 600) -> tuple[bytes, ...]:
    """Opus, 20 ms each, a tone."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "stereo", "s16"
    encoder.time_base = Fraction(1, 48_000)
    times = numpy.arange(960) / 48_000
    made: list[bytes] = []
    for number in range(count):
        tone = (numpy.sin(2 * numpy.pi * 440 * (times + number * 0.02)) * 8_000).astype(numpy.int16)
        frame = av.AudioFrame.from_ndarray(numpy.repeat(tone, 2).reshape(1, -1), "s16", "stereo")
        frame.sample_rate, frame.pts = 48_000, number * 960
        made += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(made)


@dataclass
class Sender:
    """A person's stream as it arrives, in packets; `at_ms` is the arrival of the first."""

    kind: str
    at_ms: int
    sequence: int = 65_500  # wraps soon
    timestamp: int = 2**32 - 50_000
    number: int = 0

    def packets(self, milliseconds: int) -> list[Packet]:
        """The next so many milliseconds."""
        return [packet for _ in range(milliseconds // self._step) for packet in self._frame()]

    def key(self) -> None:
        """The next picture is a key frame."""
        self.number += -self.number % KEY_EVERY

    @property
    def _step(self) -> int:
        return PICTURE_MS if self.kind == VIDEO else SOUND_MS

    def _frame(self) -> Iterator[Packet]:
        content = pictures()[self.number % 300] if self.kind == VIDEO else sounds()[self.number % 600]
        parts = list(_parts(content)) if self.kind == VIDEO else [content]
        for each, part in enumerate(parts):
            yield Packet(part, self.timestamp, self.sequence, each == len(parts) - 1, self.at_ms)
            self.sequence = self.sequence + 1 & 0xFFFF
        self.number += 1
        self.at_ms += self._step
        self.timestamp = self.timestamp + self._step * (90 if self.kind == VIDEO else 48) & 0xFFFF_FFFF


def _parts(content: bytes) -> Iterator[bytes]:
    """With the descriptor that browsers write: a picture id of two bytes (RFC 7741, 4.2)."""
    for at in range(0, len(content), PART):
        first = 0x90 if at == 0 else 0x80
        yield bytes([first, 0x80, 0x81, 0x23]) + content[at : at + PART]


def together(*streams: tuple[str, list[Packet]]) -> list[tuple[str, str, Packet]]:
    """(person, kind, packet) of several streams in the order of arrival; a stream is named `person/kind`."""
    mixed = [
        (name.rpartition("/")[0], name.rpartition("/")[2], packet) for name, packets in streams for packet in packets
    ]
    return sorted(mixed, key=lambda each: each[2].now_ms)


__all__ = ["AUDIO", "VIDEO", "Sender", "pictures", "sounds", "together"]
