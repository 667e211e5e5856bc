"""A picture of handwriting: a whole, small PNG or nothing."""

import random
import struct
import zlib

import pytest

from server.signing.handwriting import LARGEST, SIGNATURE, BadPicture, check


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def png(width: int = 30, height: int = 12, *, rows: bytes | None = None, header: bytes = b"\x08\x06\0\0\0") -> bytes:
    """An RGBA picture with a line across it."""
    plain = b"".join(b"\0" + b"\0\0\0\xff" * width for _ in range(height))
    data = zlib.compress(plain if rows is None else rows)
    return SIGNATURE + b"".join(
        [chunk(b"IHDR", struct.pack(">II", width, height) + header), chunk(b"IDAT", data), chunk(b"IEND", b"")]
    )


def test_a_whole_picture_is_taken() -> None:
    check(png())
    check(png(header=b"\x01\0\0\0\0", rows=(b"\0" + b"\xaa" * 4) * 12))  # black and white


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a PNG"),
        (b"GIF89a", "not a PNG"),
        (SIGNATURE, "chunks"),
        (png() + b"x", "ends within"),
        (png() + chunk(b"IDAT", b""), "chunks"),
        (png()[:-1], "ends within"),
        (png()[:-1] + b"x", "checksum"),
        (png(2_001, 1), "longer than"),
        (png(0, 5), "longer than"),
        (png(header=b"\x08\x06\0\0\1"), "form"),
        (png(header=b"\x07\x06\0\0\0"), "form"),
        (png(header=b"\x08\x03\0\0\0"), "palette"),
        (png(rows=b""), "as many pixels"),
        (png(rows=bytes(10_000_000)), "as many pixels"),
        (png() + bytes(LARGEST), "more than"),
    ],
)
def test_anything_else_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(BadPicture, match=why):
        check(data)


def test_any_changed_byte_is_seen() -> None:
    whole, chance = png(), random.Random(7)
    for _ in range(300):
        at = chance.randrange(len(whole))
        changed = bytearray(whole)
        changed[at] ^= 1 << chance.randrange(8)
        with pytest.raises(BadPicture):
            check(bytes(changed))
