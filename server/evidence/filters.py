"""Undoes the filters that packed a stream, piece by piece; what is damaged ends it, as it does for readers.

Never holds more than a piece of what comes out; picture formats are left as they are.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterable, Iterator

STEP = 1024 * 1024  # bytes of a piece, about
CLEAR, END, FIRST, WIDEST = 256, 257, 258, 12  # of LZW
LATE = "/LZWDecode late"  # with EarlyChange 0

Undo = Callable[[Iterable[bytes]], Iterator[bytes]]


def _flate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    unzip = zlib.decompressobj()
    for piece in pieces:
        waiting = piece
        while waiting:
            try:
                out = unzip.decompress(waiting, STEP)
            except zlib.error:
                return
            yield out
            waiting = unzip.unconsumed_tail
            if unzip.eof:
                return


def _lzw(early: int) -> Undo:
    def undo(pieces: Iterable[bytes]) -> Iterator[bytes]:
        return _gathered(_lzw_words(_lzw_codes(pieces, early)))

    return undo


def _lzw_codes(pieces: Iterable[bytes], early: int) -> Iterator[tuple[int, bool]]:
    """(code, whether it begins a new table). The width follows from how many codes came since the last clearing."""
    held = bits = 0
    width, known = 9, FIRST
    fresh = True
    for piece in pieces:
        for byte in piece:
            held, bits = held << 8 | byte, bits + 8
            if bits < width:
                continue
            bits -= width
            code, held = held >> bits, held & (1 << bits) - 1
            if code == END:
                return
            if code == CLEAR:
                width, known, fresh = 9, FIRST, True
                continue
            yield code, fresh
            known += 0 if fresh else 1
            fresh = False
            if known + early >= 1 << width and width < WIDEST:
                width += 1


def _lzw_words(codes: Iterator[tuple[int, bool]]) -> Iterator[bytes]:
    single = [bytes((each,)) for each in range(256)]
    words: list[bytes] = []
    before = b""
    for code, fresh in codes:
        if fresh:
            words, before = [], b""
        if code < CLEAR:
            word = single[code]
        elif code - FIRST < len(words):
            word = words[code - FIRST]
        elif before and code - FIRST == len(words):
            word = before + before[:1]
        else:
            return
        if before and len(words) < (1 << WIDEST) - FIRST:
            words.append(before + word[:1])
        before = word
        yield word


def _run_length(pieces: Iterable[bytes]) -> Iterator[bytes]:
    return _gathered(_runs(b"".join(pieces)))


def _runs(content: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(content) and content[place] != 128:
        length = content[place]
        if length < 128:
            yield content[place + 1 : place + length + 2]
            place += length + 2
        else:
            yield content[place + 1 : place + 2] * (257 - length)
            place += 2


def _ascii_hex(pieces: Iterable[bytes]) -> Iterator[bytes]:
    digits = b"".join(b"".join(pieces).partition(b">")[0].split())
    try:
        yield bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    except ValueError:
        return


def _ascii_85(pieces: Iterable[bytes]) -> Iterator[bytes]:
    content = b"".join(pieces).removeprefix(b"<~").partition(b"~")[0]
    group = bytearray()
    for start in range(0, len(content), STEP):
        group += b"".join(content[start : start + STEP].replace(b"\0", b"").split())
        whole = _whole_groups(group)
        yield _decoded_85(bytes(group[:whole]))
        del group[:whole]
    yield _decoded_85(bytes(group))


def _whole_groups(text: bytearray) -> int:
    """How many characters from the start make groups of five, a `z` being one by itself."""
    place = 0
    for part in text.split(b"z")[:-1]:
        place += len(part) + 1
    return place + (len(text) - place) // 5 * 5


def _decoded_85(text: bytes) -> bytes:
    try:
        return base64.a85decode(text)
    except ValueError:
        return b""


def _gathered(words: Iterator[bytes]) -> Iterator[bytes]:
    """Small pieces as larger ones."""
    held: list[bytes] = []
    size = 0
    for word in words:
        held.append(word)
        size += len(word)
        if size >= STEP:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _as_it_is(pieces: Iterable[bytes]) -> Iterator[bytes]:
    return iter(pieces)


UNDO: dict[str, Undo] = {
    "/FlateDecode": _flate,
    "/Fl": _flate,
    "/LZWDecode": _lzw(1),
    "/LZW": _lzw(1),
    LATE: _lzw(0),
    "/RunLengthDecode": _run_length,
    "/RL": _run_length,
    "/ASCIIHexDecode": _ascii_hex,
    "/AHx": _ascii_hex,
    "/ASCII85Decode": _ascii_85,
    "/A85": _ascii_85,
    "/Crypt": _as_it_is,
}
