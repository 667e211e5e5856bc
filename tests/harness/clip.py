"""A short picture as VP8 frames cut into RTP payloads, encoded once a size and process."""

from collections.abc import Sequence
from functools import cache
from struct import pack

import numpy as np
from av import CodecContext, Packet, VideoFrame

RATE, FRAMES_A_SECOND = 90_000, 25
FRAMES = 100  # a loop of four seconds that begins with a key frame
PIECE = 1_180  # bytes of a frame in one packet
LARGE, SMALL = (640, 360, 400_000), (160, 90, 60_000)  # width, height, bits a second

Frame = tuple[bytes, ...]


@cache
def clip(width: int, height: int, bits: int) -> tuple[Frame, ...]:
    """100 frames, each as the pieces of its encoded bytes; only the first is a key frame."""
    codec = CodecContext.create("libvpx", "w")
    codec.width, codec.height, codec.pix_fmt, codec.bit_rate = width, height, "yuv420p", bits
    codec.framerate, codec.thread_count = FRAMES_A_SECOND, 1  # several threads spin while they wait for each other
    codec.gop_size = 10 * FRAMES
    codec.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "undershoot-pct": "10"}
    chance = np.random.default_rng(width)
    noise = chance.integers(0, 255, (height, width * 2), dtype=np.uint8)
    found: list[Frame] = []
    for number in range(FRAMES):
        frame = VideoFrame.from_ndarray(_picture(noise, width, height, number), format="yuv420p")
        frame.pts = number
        for packet in codec.encode(frame):
            found.append(_pieces(bytes(packet)))
    return tuple(found)


def _picture(noise: np.ndarray, width: int, height: int, number: int) -> np.ndarray:
    """Smooth ground with a noisy band that moves: some bits in every frame."""
    picture = np.full((height * 3 // 2, width), 128, dtype=np.uint8)
    picture[:height] = np.linspace(20, 220, width, dtype=np.uint8)
    band = height // 20
    top = (number * 3) % (height - band)
    shift = (number * 7) % width
    picture[top : top + band] = noise[top : top + band, shift : shift + width]
    return picture


def _pieces(frame: bytes) -> Frame:
    return tuple(frame[start : start + PIECE] for start in range(0, len(frame), PIECE))


def described(piece: bytes, is_first: bool, picture: int) -> bytes:
    """An RTP payload: the VP8 descriptor (RFC 7741) with a 15-bit picture id, then the bytes."""
    return (b"\x90\x80" if is_first else b"\x80\x80") + pack("!H", 0x8000 | picture & 0x7FFF) + piece


def is_key_frame(payload: bytes) -> bool:
    """An RTP payload that begins a VP8 key frame (RFC 7741 4.3)."""
    at = 1
    if payload[0] & 0x80:
        more = payload[1]
        at = 2
        if more & 0x80:
            at += 2 if payload[at] & 0x80 else 1
        at += bool(more & 0x40) + bool(more & 0x30)
    return bool(payload[0] & 0x10) and payload[0] & 0x0F == 0 and len(payload) > at and not payload[at] & 1


def pictures(payloads: Sequence[bytes], width: int) -> int:
    """How many pictures of this width the payloads decode to, when they begin with a key frame."""
    codec = CodecContext.create("vp8", "r")
    count, frame = 0, b""
    for payload in [*payloads, b"\x90\x80\x80\x00"]:
        if payload[0] & 0x10 and frame:
            count += sum(picture.width == width for picture in codec.decode(Packet(frame)))
            frame = b""
        frame += payload[4:]
    return count
