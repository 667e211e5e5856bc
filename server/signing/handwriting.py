"""Pictures of handwriting: whether bytes are a small, whole PNG. Draws nothing and keeps nothing."""

from __future__ import annotations

import binascii
import struct
import zlib
from collections.abc import Iterator

LARGEST = 40_000  # bytes
LONGEST_SIDE = 2_000  # pixels
PALETTE = 3  # the colour type that needs one
SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


class BadPicture(ValueError):
    """No PNG that is taken as handwriting; the text says why, for developers."""


def check(data: bytes) -> None:
    """Raises BadPicture unless `data` is one PNG to its last byte: every checksum right, as many pixels as it says."""
    if len(data) > LARGEST:
        raise BadPicture(f"the picture has more than {LARGEST} bytes")
    if not data.startswith(SIGNATURE):
        raise BadPicture("the picture is not a PNG")
    chunks = list(_chunks(data))
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or b"IDAT" not in kinds or kinds.count(b"IHDR") > 1:
        raise BadPicture("the picture's chunks are not those of a PNG")
    expected = _size(chunks[0][1])
    if chunks[0][1][9] == PALETTE and b"PLTE" not in kinds:
        raise BadPicture("the picture lacks its palette")
    if _inflated(b"".join(content for kind, content in chunks if kind == b"IDAT"), expected + 1) != expected:
        raise BadPicture("the picture has not as many pixels as it says")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(data):
        if at + 12 > len(data):
            raise BadPicture("the picture ends within a chunk")
        length, kind = struct.unpack_from(">I4s", data, at)
        content, checksum = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if len(checksum) != 4 or binascii.crc32(kind + content).to_bytes(4, "big") != checksum:
            raise BadPicture("a checksum of the picture is wrong")
        yield kind, content
        at += 12 + length


def _size(header: bytes) -> int:
    """Bytes of the filtered rows."""
    if len(header) != 13:
        raise BadPicture("the picture's header is cut")
    width, height, depth, colour, *methods = struct.unpack(">IIBBBBB", header)
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise BadPicture(f"a side of the picture is longer than {LONGEST_SIDE} pixels or empty")
    if depth not in _DEPTHS.get(colour, ()) or methods != [0, 0, 0]:
        raise BadPicture("the picture's form is not taken (no interlacing)")
    return height * (1 + -(-width * depth * _CHANNELS[colour] // 8))


def _inflated(data: bytes, most: int) -> int:
    """Length of what a stream holds, no further than `most`; -1 for what is no whole stream."""
    inflating = zlib.decompressobj()
    try:
        length = len(inflating.decompress(data, most))
    except zlib.error:
        return -1
    return length if inflating.eof and not inflating.unused_data else -1
