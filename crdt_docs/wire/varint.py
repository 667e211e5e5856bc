"""lib0's variable-length numbers, byte strings and texts. Owns nothing but the encoding (lib0/encoding.js)."""

from __future__ import annotations

MOST = 2**53 - 1  # lib0 reads numbers up to Number.MAX_SAFE_INTEGER


class BadFrame(ValueError):
    """The bytes are no frame of this protocol."""


def read_varuint(data: bytes, at: int) -> tuple[int, int]:
    """-> (number, next position); raises BadFrame at the end of the bytes or above 2^53 - 1."""
    try:
        byte = data[at]
        if byte < 128:
            return byte, at + 1
        number, shift = byte & 127, 7
        while True:
            at += 1
            byte = data[at]
            number |= (byte & 127) << shift
            if byte < 128:
                break
            shift += 7
            if shift > 49:
                raise BadFrame("number too long")
    except IndexError:
        raise BadFrame("ends within a number") from None
    if number > MOST:
        raise BadFrame("number too large")
    return number, at + 1


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


def varuint(number: int) -> bytes:
    if number < 128:
        return bytes((number,))
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def var_bytes(data: bytes) -> bytes:
    return varuint(len(data)) + data


def var_text(text: str) -> bytes:
    return var_bytes(text.encode())
