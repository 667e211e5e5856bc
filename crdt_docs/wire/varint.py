"""Numbers, byte strings and texts of lib0 as frames hold them (lib0/encoding.js): crdt_docs.varint with a
frame's error.
"""

from __future__ import annotations

from crdt_docs.varint import Malformed, read, write

varuint = write

MOST = 2**53 - 1  # lib0 reads numbers up to Number.MAX_SAFE_INTEGER


class BadFrame(ValueError):
    """The bytes are no frame of this protocol."""


def read_varuint(data: bytes, at: int) -> tuple[int, int]:
    """-> (number, next position); raises BadFrame at the end of the bytes, above 2^53 - 1, or when longer than
    needed.
    """
    try:
        number, at = read(data, at)
    except IndexError:
        raise BadFrame("ends within a number") from None
    except Malformed as error:
        raise BadFrame(str(error)) from None
    if number > MOST:
        raise BadFrame("number too large")
    return number, at


def read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    """A byte string with its length before it -> (bytes, next position)."""
    length, at = read_varuint(data, at)
    end = at + length
    if end > len(data):
        raise BadFrame("ends within a byte string")
    return data[at:end], end


def read_text(data: bytes, at: int) -> tuple[str, int]:
    """A UTF-8 text with its length in bytes before it -> (text, next position)."""
    raw, at = read_bytes(data, at)
    try:
        return raw.decode(), at
    except UnicodeDecodeError:
        raise BadFrame("text is not UTF-8") from None


def var_bytes(data: bytes) -> bytes:
    return varuint(len(data)) + data


def var_text(text: str) -> bytes:
    return var_bytes(text.encode())
