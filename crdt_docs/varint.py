"""Variable-length unsigned integers of lib0, shortest form only. Reads and writes numbers, knows nothing of updates."""


class Malformed(ValueError):
    """The bytes are no update of ours: `code` is the verdict's code, the text an English sentence for the log."""

    code = "malformed"


class Disallowed(Malformed):
    """The bytes decode, but hold a kind of content that no document of ours may contain."""

    code = "forbidden"


def rest_of(data: bytes, p: int, first: int) -> tuple[int, int]:
    """Finish a varint whose first byte (> 127) was read just before `p`: the value and the place after it."""
    value = first & 127
    shift = 7
    while True:
        byte = data[p]
        p += 1
        if byte < 128:
            if byte == 0:
                raise Malformed("a number is not in its shortest form")
            return value | byte << shift, p
        value |= (byte & 127) << shift
        shift += 7
        if shift > 56:
            raise Malformed("a number is longer than eight bytes")


def read(data: bytes, p: int) -> tuple[int, int]:
    byte = data[p]
    return (byte, p + 1) if byte < 128 else rest_of(data, p + 1, byte)


def write(value: int) -> bytes:
    if value < 128:
        return bytes((value,))
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def write_text(text: str) -> bytes:
    raw = text.encode()
    return write(len(raw)) + raw
