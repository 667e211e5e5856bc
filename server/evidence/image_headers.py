"""How many pixels a picture has by its own first bytes, whatever a dictionary says; decodes nothing."""

from __future__ import annotations

import struct

SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"


def kind(content: bytes) -> str:
    """`png`, `jpeg` or empty."""
    if content.startswith(PNG):
        return "png"
    return "jpeg" if content.startswith(JPEG) else ""


def png_size(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(PNG) or content[12:16] != b"IHDR" or len(content) < 24:
        return None
    return struct.unpack(">II", content[16:24])


def jpeg_size(content: bytes) -> tuple[int, int] | None:
    """From the frame header; None when there is none."""
    place = 2
    while place + 9 <= len(content):
        if content[place] != 0xFF:
            place += 1
            continue
        marker = content[place + 1]
        if marker in SIZES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 2 if marker in (0xFF, 0x01) or 0xD0 <= marker <= 0xD8 else 2 + _length(content, place)
    return None


def _length(content: bytes, place: int) -> int:
    return max(2, int.from_bytes(content[place + 2 : place + 4], "big"))


def jpeg2000_size(content: bytes) -> tuple[int, int] | None:
    """From the codestream's SIZ marker or the image header box, whichever comes first."""
    codestream = content.find(b"\xff\x4f\xff\x51")
    if codestream >= 0 and len(content) >= codestream + 24:
        x1, y1, x0, y0 = struct.unpack(">IIII", content[codestream + 8 : codestream + 24])
        return max(0, x1 - x0), max(0, y1 - y0)
    box = content.find(b"ihdr")
    if box < 0 or len(content) < box + 12:
        return None
    height, width = struct.unpack(">II", content[box + 4 : box + 12])
    return width, height


def jbig2_size(content: bytes) -> tuple[int, int] | None:
    """From the page segment (type 48) near the start; None when it is not found there."""
    if len(content) < 19 or content[4] & 0x3F != 48:
        return None
    width, height = struct.unpack(">II", content[11:19])
    return width, 0 if height == 0xFFFFFFFF else height


OF_FILTER = {
    "/DCTDecode": jpeg_size,
    "/DCT": jpeg_size,
    "/JPXDecode": jpeg2000_size,
    "/JBIG2Decode": jbig2_size,
}
