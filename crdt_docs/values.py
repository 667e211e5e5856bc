"""JSON values as lib0 encodes them ("Any"): reads those a document may hold, refuses all others; knows no document."""

import math
import struct
from collections.abc import Callable
from typing import TypeAlias

from .varint import Disallowed, Malformed, read, write, write_text

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"
Reader: TypeAlias = "Callable[[bytes, int, int], tuple[Value, int]]"

MOST_BYTES = 16 * 1024
DEEPEST = 8


def read_any(data: bytes, p: int, depth: int = 1) -> tuple[Value, int]:
    """One value and the place after it. Raises Malformed, Disallowed; IndexError when the bytes end early."""
    tag = data[p]
    p += 1
    if tag == 119:
        size = data[p]
        p += 1
        if size > 127:
            size, p = read(data, p - 1)
        end = p + size
        if end > len(data):
            raise IndexError
        return data[p:end].decode(), end
    return _READERS.get(tag, _unknown)(data, p, depth)


def _unknown(data: bytes, p: int, depth: int) -> tuple[Value, int]:
    raise Malformed("a value has an unknown tag")


def _disallowed(data: bytes, p: int, depth: int) -> tuple[Value, int]:
    raise Disallowed("a value is undefined, a big integer or bytes")


def _integer(data: bytes, p: int, depth: int) -> tuple[Value, int]:
    first = data[p]
    p += 1
    value = first & 63
    if first & 128:
        shift = 6
        byte = 128
        while byte & 128:
            byte = data[p]
            p += 1
            value |= (byte & 127) << shift
            shift += 7
            if shift > 62:
                raise Malformed("a number is longer than eight bytes")
        if byte == 0:
            raise Malformed("a number is not in its shortest form")
        if value >= 2**53:
            raise Disallowed("an integer is 2^53 or more")
    return (-value if first & 64 else value), p


def _floating(code: str) -> Reader:
    size = struct.calcsize(code)

    def reader(data: bytes, p: int, depth: int) -> tuple[Value, int]:
        if p + size > len(data):
            raise IndexError
        value: float = struct.unpack_from(code, data, p)[0]
        if not math.isfinite(value):
            raise Disallowed("a number is not finite")
        return value, p + size

    return reader


def _array(data: bytes, p: int, depth: int) -> tuple[Value, int]:
    count, p = _count(data, p, depth)
    values: list[Value] = []
    for _ in range(count):
        value, p = read_any(data, p, depth + 1)
        values.append(value)
    return values, p


def _object(data: bytes, p: int, depth: int) -> tuple[Value, int]:
    count, p = _count(data, p, depth)
    values: dict[str, Value] = {}
    for _ in range(count):
        size, p = read(data, p)
        if p + size > len(data):
            raise IndexError
        key = data[p : p + size].decode()
        if key in values or key == "__proto__":
            raise Disallowed("an object has a key twice, or __proto__")
        values[key], p = read_any(data, p + size, depth + 1)
    return values, p


def _count(data: bytes, p: int, depth: int) -> tuple[int, int]:
    if depth >= DEEPEST:
        raise Disallowed("a value is nested too deeply")
    count, p = read(data, p)
    if count > len(data) - p:
        raise IndexError
    return count, p


_READERS: dict[int, Reader] = {
    127: _disallowed,
    126: lambda data, p, depth: (None, p),
    125: _integer,
    124: _floating(">f"),
    123: _floating(">d"),
    122: _disallowed,
    121: lambda data, p, depth: (False, p),
    120: lambda data, p, depth: (True, p),
    118: _object,
    117: _array,
    116: _disallowed,
}


def write_any(value: Value) -> bytes:
    """The bytes of one value. Numbers that are no small integers are written as 64-bit floats."""
    if value is None:
        return b"\x7e"
    if isinstance(value, bool):
        return b"\x78" if value else b"\x79"
    if isinstance(value, int):
        return b"\x7d" + _write_integer(value)
    if isinstance(value, float):
        return b"\x7b" + struct.pack(">d", value)
    if isinstance(value, str):
        return b"\x77" + write_text(value)
    if isinstance(value, list):
        return b"\x75" + write(len(value)) + b"".join(map(write_any, value))
    return b"\x76" + write(len(value)) + b"".join(write_text(key) + write_any(value[key]) for key in value)


def _write_integer(value: int) -> bytes:
    size = abs(value)
    first = size & 63 | (64 if value < 0 else 0)
    return bytes((first,)) if size < 64 else bytes((first | 128,)) + write(size >> 6)
