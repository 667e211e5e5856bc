"""Mutants of updates: bytes changed blindly, structs changed so that the bytes still decode. Seeded."""

import random
from collections.abc import Callable

from crdt_docs.updates import KEY, LEFT, RIGHT, Struct, Update, decode, text_of
from crdt_docs.values import write_any
from crdt_docs.varint import Malformed, write, write_text

Clocks = dict[int, int]
TEXTS = ("a", "好", "😀", "𠮷x", "", "\u0000", "ab" * 40)
NAMES = ("id", "kind", "speaker", "role", "at", "origin", "body", "page", "created", "deleted", "author", "x")
VALUES = (
    *("speech", "note", "procedure", "c9", "t1", "", 7, None, True, [1.5], "2026-03-02T09:30:00Z"),
    {"by": "clerk-1", "at": "x"},
)
_CONTENTS = ((0, None), (1, None), (6, ("bold", "true")))
EDGES = (0, 1, 2, 127, 128, 16383, 16384, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53, 2**63 - 1)


def struct_bytes(struct: Struct) -> bytes:
    """Any struct, right or wrong."""
    kind, length, left, left_clock, right, right_clock, parent, key, content, _, _ = struct
    if kind == 0:
        return b"\0" + write(length)
    info = kind & 31 | (LEFT if left >= 0 else 0) | (RIGHT if right >= 0 else 0) | (KEY if key is not None else 0)
    out = bytes((info,))
    if left >= 0:
        out += write(left) + write(left_clock)
    if right >= 0:
        out += write(right) + write(right_clock)
    if left < 0 and right < 0:
        named = parent if parent is not None else "transcript"
        out += b"\1" + write_text(named) if isinstance(named, str) else b"\0" + write(named[0]) + write(named[1])
        if key is not None:
            out += write_text(key)
    if kind == 1:
        return out + write(length)
    if isinstance(content, str):
        return out + write_text(text_of(content))
    if isinstance(content, list):
        return out + write(len(content)) + b"".join(map(write_any, content))
    assert isinstance(content, tuple)
    if isinstance(content[0], str):
        return out + write_text(content[0]) + write_text(content[1])
    return out + write(content[0]) + (write_text(content[1]) if content[0] in (3, 5) else b"")


def update_bytes(update: Update) -> bytes:
    out = write(len(update.blocks))
    for block, structs in zip(update.blocks, update.structs, strict=True):
        out += write(len(structs)) + write(block[0]) + write(block[1]) + b"".join(map(struct_bytes, structs))
    out += write(len(update.deletes))
    for client, starts, ends in update.deletes:
        out += write(client) + write(len(starts))
        out += b"".join(write(a) + write(max(0, b - a)) for a, b in zip(starts, ends, strict=True))
    return out


def mutant(rng: random.Random, data: bytes, clocks: Clocks) -> bytes:
    """A changed copy. `clocks`: what the document knows, so that a change often hits something that is there."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        data = rng.choice(_BLIND)(rng, data) if rng.random() < 0.3 else _informed(rng, data, clocks)
    return data


def _informed(rng: random.Random, data: bytes, clocks: Clocks) -> bytes:
    try:
        update = decode(data)
    except Malformed:
        return rng.choice(_BLIND)(rng, data)
    blocks, structs = list(update.blocks), [list(found) for found in update.structs]
    deletes = [(client, list(starts), list(ends)) for client, starts, ends in update.deletes]
    if blocks and rng.random() < 0.75:
        n = rng.randrange(len(blocks))
        if rng.random() < 0.7:  # the rules behind the clocks are reached only when these fit
            blocks[n] = (blocks[n][0], clocks.get(blocks[n][0], 0), *blocks[n][2:])
        if rng.random() < 0.85:
            at = rng.randrange(len(structs[n]))
            structs[n][at] = _struct(rng, structs[n][at], clocks, blocks[n][0])
        else:
            _block(rng, blocks, structs, n, clocks)
    else:
        _deletes(rng, deletes, clocks)
    return update_bytes(Update(blocks, deletes, structs))


def _struct(rng: random.Random, struct: Struct, clocks: Clocks, client: int) -> Struct:
    kind, length, left, left_clock, right, right_clock, parent, key, content, a, b = struct
    change = rng.randrange(9)
    if change == 0:
        left, left_clock = _unit(rng, clocks, left, left_clock)
    elif change == 1:
        right, right_clock = _unit(rng, clocks, right, right_clock)
    elif change == 2:
        left, left_clock, right, right_clock = right, right_clock, left, left_clock
    elif change == 3:
        left = right = -1
        parent = rng.choice(("transcript", "annotations", "x", _unit(rng, clocks, client, 0)))
    elif change == 4:
        key = rng.choice((None, "", *NAMES))
    elif change == 5:
        kind, content = rng.choice(
            (
                *_CONTENTS,
                (4, rng.choice(TEXTS)),
                (7, (rng.randrange(8), "turn")),
                (8, [rng.choice(VALUES)] * rng.randrange(1, 3)),
            )
        )
        content = (
            "".join(map(chr, memoryview(content.encode("utf-16-le")).cast("H")))
            if isinstance(content, str)
            else content
        )
    elif change == 6:
        length = rng.choice((length + 1, 1, 5, *EDGES))
    elif change == 7 and isinstance(content, list):
        content = [rng.choice(VALUES)]
    else:
        left, left_clock, right, right_clock = *_unit(rng, clocks, left, left_clock), -1, -1
    return kind, length, left, left_clock, right, right_clock, parent, key, content, a, b  # pyright: ignore


def _unit(rng: random.Random, clocks: Clocks, client: int, clock: int) -> tuple[int, int]:
    if rng.random() < 0.4 and client >= 0:
        return client, max(0, clock + rng.choice((-2, -1, 1, 2)))
    if not clocks or rng.random() < 0.05:
        return rng.choice(EDGES), rng.choice(EDGES)
    client = rng.choice(list(clocks))
    return client, rng.randrange(clocks[client] + rng.choice((0, 0, 0, 2)) or 1)


def _block(rng: random.Random, blocks: list, structs: list, n: int, clocks: Clocks) -> None:
    client, clock, end, number, body = blocks[n]
    change = rng.randrange(5)
    if change == 0:
        blocks[n] = (rng.choice((*clocks, *EDGES)), clock, end, number, body)
    elif change == 1:
        blocks[n] = (client, rng.choice((clock + 1, max(0, clock - 1), *EDGES)), end, number, body)
    elif change == 2:
        blocks.append(blocks[n])
        structs.append(list(structs[n]))
    elif change == 3:
        structs[n].append(rng.choice(structs[n]))
    else:
        structs[n].pop(rng.randrange(len(structs[n])))


def _deletes(rng: random.Random, deletes: list, clocks: Clocks) -> None:
    if deletes and rng.random() < 0.3:
        client, starts, ends = rng.choice(deletes)
        n = rng.randrange(len(starts))
        ends[n] = max(0, ends[n] + rng.choice((-1, 1, 3)))
        starts[n] = max(0, starts[n] + rng.choice((-1, 0, 0, 1)))
    elif clocks:
        client = rng.choice(list(clocks))
        start = rng.randrange(clocks[client] or 1)
        deletes.append((client, [start], [start + rng.choice((1, 1, 2, 5, 40))]))


def _flip(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) or 1)
    return (
        data[:at]
        + bytes((rng.choice((data[at] ^ 1 << rng.randrange(8) if data else 0, 0, 255, 127, 128)),))
        + data[at + 1 :]
    )


def _drop(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) or 1)
    return data[:at] + data[at + rng.randrange(1, 5) :]


def _double(rng: random.Random, data: bytes) -> bytes:
    at, size = rng.randrange(len(data) or 1), rng.randrange(1, 12)
    return data[: at + size] + data[at:]


def _end(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) or 1)]


def _varint(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) or 1)
    return data[:at] + write(rng.choice(EDGES)) + data[at + 1 :]


_BLIND: tuple[Callable[[random.Random, bytes], bytes], ...] = (_flip, _flip, _drop, _double, _end, _varint)
