"""How large a stream gets when its filters are undone, measured in steps: what is a bomb is never held whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from server.evidence import limits
from server.evidence.filters import STEP, UNDO
from server.evidence.verdicts import Refused


def size_within(raw: bytes, filters: Sequence[str], most: int) -> int:
    """Bytes after undoing the filters up to the first that belongs to a picture format. Raises Refused beyond `most`,
    on the way too."""
    if len(filters) > limits.FILTERS:
        raise Refused("resource_limit")
    return sum(map(len, _undone(raw, _packed(filters), most)))


def beginning(raw: bytes, filters: Sequence[str]) -> bytes:
    """The first bytes (a piece at most) after undoing these filters; empty when one of them is not undone here."""
    if len(_packed(filters)) != len(filters):
        return b""
    return next(_undone(raw, filters, limits.DECODED_BYTES), b"")


def _packed(filters: Sequence[str]) -> Sequence[str]:
    """Those that come before the first that is none of ours."""
    count = next((place for place, name in enumerate(filters) if name not in UNDO), len(filters))
    return filters[:count]


def _undone(raw: bytes, filters: Sequence[str], most: int) -> Iterator[bytes]:
    pieces: Iterable[bytes] = (raw[start : start + STEP] for start in range(0, len(raw), STEP))
    for name in filters:
        pieces = _bounded(UNDO[name](pieces), most)
    yield from pieces


def _bounded(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise Refused("resource_limit")
        yield piece
