"""Updates of Yjs, format v1: bytes to structs and back, many updates joined to one. Judges the form, never the content.

Format: varuint number of clients; a client: number of structs, client id, first clock, structs; then the delete set.
Lengths and clocks count UTF-16 units.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .deletes import MOST_CLOCK, Ranges, read_deletes, union, write_deletes
from .values import MOST_BYTES, Value, read_any, write_any
from .varint import Disallowed, Malformed, read, rest_of, write, write_text

GC, DELETED, STRING, FORMAT, TYPE, ANY = 0, 1, 4, 6, 7, 8
WIDE = 36  # a String with characters outside the BMP; its text is kept as UTF-16 units, one str character each

LEFT, RIGHT, KEY = 0x80, 0x40, 0x20
ARRAY, MAP, TEXT, ELEMENT, FRAGMENT, HOOK, XML_TEXT = range(7)
_NAMED = (ELEMENT, HOOK)

Content = str | tuple[str, str] | tuple[int, str] | list[Value] | None
# kind, length, left origin (client, clock; -1 without), right origin, parent (root name, id or None when an origin
# tells), key (None: not a map's; "": told by the origin), content, first and last byte (-1: to be encoded anew)
Struct = tuple[int, int, int, int, int, int, str | tuple[int, int] | None, str | None, Content, int, int]
Block = tuple[int, int, int, int, bytes]  # client, first clock, end clock, number of structs, their bytes


class Update(NamedTuple):
    """One decoded update. `structs` lies beside `blocks`; it is empty where nobody needs more than the bytes."""

    blocks: Sequence[Block]
    deletes: Sequence[Ranges]
    structs: Sequence[Sequence[Struct]] = ()
    passed_over: bool = False  # a client's deletions were equal to the known ones and left out


class Limits(NamedTuple):
    bytes: int = 1024 * 1024
    structs: int = 20_000
    clients: int = 16
    delete_clients: int = 16
    delete_ranges: int = 50_000
    text: int = 2**18
    removed: int = 2**20  # units of GC and Deleted together
    value: int = MOST_BYTES


TRUSTED = Limits(*[2**53] * len(Limits._fields))


def _nothing_known(client: int) -> bytes:
    return b""


def decode(data: bytes, limits: Limits = TRUSTED, known: Callable[[int], bytes] = _nothing_known) -> Update:
    """Read exactly one update. Raises Malformed (rule 1 of the gate), Disallowed (content no document has)."""
    if len(data) > limits.bytes:
        raise Malformed("the update is too big")
    try:
        blocks, structs, p = _read_blocks(data, limits)
        deletes, p, passed_over = read_deletes(data, p, limits.delete_clients, limits.delete_ranges, known)
    except IndexError:
        raise Malformed("the update ends early") from None
    except UnicodeDecodeError:
        raise Malformed("a text is not UTF-8") from None
    if p != len(data):
        raise Malformed("bytes follow the update")
    return Update(blocks, deletes, structs, passed_over)


def _read_blocks(data: bytes, limits: Limits) -> tuple[list[Block], list[list[Struct]], int]:
    blocks: list[Block] = []
    structs: list[list[Struct]] = []
    count, p = read(data, 0)
    if count > limits.clients or count > len(data):
        raise Malformed("the update names too many clients")
    seen: set[int] = set()
    structs_left, removed_left = limits.structs, limits.removed
    for _ in range(count):
        number, p = read(data, p)
        start = p
        client, p = read(data, p)
        own = data[start:p]
        clock, p = read(data, p)
        if client in seen or client >= 2**53:
            raise Malformed("the update names a client twice, or a client id above 2^53")
        structs_left -= number
        if number == 0 or structs_left < 0 or number > len(data) - p:
            raise Malformed("the update has an empty block or too many structs")
        seen.add(client)
        found, end, length, removed = _read_structs(data, p, number, client, own, limits)
        removed_left -= removed
        if clock + length >= MOST_CLOCK or removed_left < 0:
            raise Malformed("a clock reaches 2^31, or too many units are removed")
        blocks.append((client, clock, clock + length, number, data[p:end]))
        structs.append(found)
        p = end
    return blocks, structs, p


def _read_structs(
    data: bytes, p: int, number: int, client: int, own: bytes, limits: Limits
) -> tuple[list[Struct], int, int, int]:
    """`number` structs of one client: the structs, the place after them, their length, the removed units among them.

    One flat loop: this is where the time of a big update goes.
    """
    size = len(data)
    own_size = len(own)
    structs: list[Struct] = []
    total = removed = 0
    for _ in range(number):
        first = p
        info = data[p]
        p += 1
        left = right = left_clock = right_clock = -1
        parent: str | tuple[int, int] | None = None
        key: str | None = None
        if info & 0x80:
            if data.startswith(own, p):
                left = client
                p += own_size
            else:
                left = data[p]
                p += 1
                if left > 127:
                    left, p = rest_of(data, p, left)
            left_clock = data[p]
            p += 1
            if left_clock > 127:
                byte = data[p]
                if 0 < byte < 128:
                    left_clock = left_clock & 127 | byte << 7
                    p += 1
                else:
                    left_clock, p = rest_of(data, p, left_clock)
        if info & 0x40:
            if data.startswith(own, p):
                right = client
                p += own_size
            else:
                right = data[p]
                p += 1
                if right > 127:
                    right, p = rest_of(data, p, right)
            right_clock = data[p]
            p += 1
            if right_clock > 127:
                right_clock, p = rest_of(data, p, right_clock)
        kind = info & 31
        if info & 0xC0:
            if info & 0x20:
                key = ""
        elif kind:
            if kind == 10:
                raise _refusal_of(kind, info)
            byte = data[p]
            p += 1
            if byte == 1:
                parent, p = _text(data, p)
            elif byte == 0:
                if data.startswith(own, p):
                    parent_client = client
                    p += own_size
                else:
                    parent_client, p = read(data, p)
                byte = data[p]
                p += 1
                if byte > 127:
                    byte, p = rest_of(data, p, byte)
                parent = (parent_client, byte)
            else:
                raise Malformed("a parent is neither a name nor an item")
            if info & 0x20:
                end = p + 1 + data[p]
                if data[p] < 128 and end <= size:
                    key = data[p + 1 : end].decode()
                    p = end
                else:
                    key, p = _text(data, p)
        content: Content
        if kind == 4:
            length = data[p]
            p += 1
            if length > 127:
                length, p = rest_of(data, p, length)
            end = p + length
            if end > size:
                raise IndexError
            text = data[p:end].decode()
            p = end
            content = text
            if length != len(text):
                length = len(text.encode("utf-16-le")) >> 1
                if length != len(text):
                    kind = 36
                    content = units_of(text)
            if length > limits.text:
                raise Malformed("one text is too long")
        elif kind == 8:
            length = data[p]
            p += 1
            if length > 127:
                length, p = rest_of(data, p, length)
            if length > size - p:
                raise IndexError
            values: list[Value] = []
            for _ in range(length):
                end = p
                value, p = read_any(data, p)
                if p - end > limits.value:
                    raise Malformed("one value is too big")
                values.append(value)
            content = values
        elif kind == 7:
            length = 1
            content, p = _read_type(data, p)
        elif kind == 6:
            length = 1
            name, p = _text(data, p)
            value_text, end = _text(data, p)
            if end - p > limits.value:
                raise Malformed("one value is too big")
            content, p = (name, value_text), end
        elif kind == 1 or info == 0:
            content = None
            length, p = read(data, p)
            removed += length
        else:
            raise _refusal_of(kind, info)
        if length == 0:
            raise Malformed("a struct has no length")
        total += length
        structs.append((kind, length, left, left_clock, right, right_clock, parent, key, content, first, p))
    return structs, p, total, removed


def _refusal_of(kind: int, info: int) -> Malformed:
    if kind in (2, 3, 5, 9, 10, 11):
        return Disallowed(f"content of kind {kind} has no place in our documents")
    return Malformed("a struct has an unknown kind" if info & 31 else "a collected struct has flags")


def _text(data: bytes, p: int) -> tuple[str, int]:
    size = data[p]
    p += 1
    if size > 127:
        size, p = rest_of(data, p, size)
    end = p + size
    if end > len(data):
        raise IndexError
    return data[p:end].decode(), end


def _read_type(data: bytes, p: int) -> tuple[tuple[int, str], int]:
    reference, p = read(data, p)
    if reference not in _NAMED:
        return (reference, ""), p
    name, p = _text(data, p)
    return (reference, name), p


def units_of(text: str) -> str:
    """A text as UTF-16 units: one str character each, surrogates where there were pairs."""
    return "".join(map(chr, memoryview(text.encode("utf-16-le")).cast("H")))


def text_of(units: str) -> str:
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def encode(update: Update) -> bytes:
    """The bytes of an update; clients in descending order, as Yjs writes them and merges rely on."""
    blocks = sorted(update.blocks, reverse=True)
    parts = [write(len(blocks))]
    for client, clock, _, number, body in blocks:
        parts += (write(number), write(client), write(clock), body)
    parts.append(write_deletes(update.deletes))
    return b"".join(parts)


def merge(updates: Sequence[Update]) -> bytes:
    """Updates in the order of the log as one. A client's clocks go on without gap or overlap, else ValueError."""
    runs: dict[int, tuple[int, int, int, list[bytes]]] = {}
    for update in updates:
        for client, clock, end, number, body in update.blocks:
            run = runs.get(client)
            if run is None:
                runs[client] = (clock, end, number, [body])
                continue
            if run[1] != clock:
                raise ValueError(f"client {client} goes on at {clock}, {run[1]} was expected")
            run[3].append(body)
            runs[client] = (run[0], end, run[2] + number, run[3])
    blocks = [(client, clock, end, number, b"".join(parts)) for client, (clock, end, number, parts) in runs.items()]
    return encode(Update(blocks, union(ranges for update in updates for ranges in update.deletes)))


def write_struct(struct: Struct) -> bytes:
    """A struct that the gate has cut, collected or given other origins, anew. With an origin it carries no parent."""
    kind, length, left, left_clock, right, right_clock, _, key, content, _, _ = struct
    if kind == GC:
        return b"\0" + write(length)
    if left < 0 and right < 0:
        raise ValueError("a struct without origins is never encoded anew")
    info = kind & 31 | (LEFT if left >= 0 else 0) | (RIGHT if right >= 0 else 0) | (KEY if key is not None else 0)
    left_id = write(left) + write(left_clock) if left >= 0 else b""
    right_id = write(right) + write(right_clock) if right >= 0 else b""
    return bytes((info,)) + left_id + right_id + _write_content(kind, length, content)


def _write_content(kind: int, length: int, content: Content) -> bytes:
    if isinstance(content, str):
        return write_text(text_of(content) if kind == WIDE else content)
    if isinstance(content, list):
        return write(length) + b"".join(map(write_any, content))
    if content is None:
        return write(length)
    if isinstance(content[0], str):
        return write_text(content[0]) + write_text(content[1])
    return write(content[0]) + (write_text(content[1]) if content[0] in _NAMED else b"")
