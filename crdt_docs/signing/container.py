"""A ZIP archive that has one form only: stored files, sorted names, fixed dates. Knows nothing of what lies in it.

The same files always give the same bytes, so reading can re-create the archive and compare: a byte that was changed
anywhere, in a header as well as in a file, is seen. Every unzip program opens it.
"""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3I2H")  # APPNOTE 4.3.7
_CENTRAL = struct.Struct("<4s6H3I5H2I")  # APPNOTE 4.3.12
_END = struct.Struct("<4s4H2IH")  # APPNOTE 4.3.16
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _UTF8, _STORED = 20, 0x800, 0
_MADE_ON_UNIX = 3 << 8 | _VERSION
_MIDNIGHT, _FIRST_OF_1980 = 0, 0x21
_READABLE_BY_OWNER = 0o100600 << 16
MOST_BYTES = 2**32 - 1
MOST_FILES = 2**16 - 1


@dataclass(frozen=True, slots=True)
class Fault:
    """Where an archive is not as it was written. `file` may be empty; `at` is the offset of a byte, from 0."""

    file: str
    at: int
    what: str  # a code of verify_container.py's table


class TooMuch(ValueError):
    """Over 4 GiB or 65,535 files, which this form cannot hold."""


@dataclass(frozen=True, slots=True)
class Body:
    """What one file holds. `pieces` gives its bytes from the first on, the same each time it is asked."""

    size: int
    crc: int
    pieces: Callable[[], Iterable[bytes]]


def body(content: bytes) -> Body:
    """Of what is at hand."""
    return Body(len(content), zlib.crc32(content), lambda: (content,))


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive. Raises TooMuch."""
    return b"".join(pieces({name: body(content) for name, content in files.items()}))


def size_of(files: Mapping[str, Body]) -> int:
    """Bytes of the archive. Raises TooMuch."""
    heads = _LOCAL.size + _CENTRAL.size
    size = _END.size + sum(heads + 2 * len(name.encode()) + held.size for name, held in files.items())
    if size - _END.size > MOST_BYTES or len(files) > MOST_FILES:
        raise TooMuch("too much for one archive")
    return size


def pieces(files: Mapping[str, Body]) -> Iterator[bytes]:
    """The archive from its first byte to its last, no file whole in memory. Raises TooMuch before the first, ValueError
    where a body is not as long as it said."""
    size_of(files)
    entries: list[bytes] = []
    offset = 0
    for name in sorted(files, key=str.encode):
        held = files[name]
        local = _local(name.encode(), held)
        entries.append(_central(name.encode(), held, offset))
        yield local
        yield from _whole(name, held)
        offset += len(local) + held.size
    directory = b"".join(entries)
    yield directory
    yield _END.pack(_END_MARK, 0, 0, len(entries), len(entries), len(directory), offset, 0)


def _whole(name: str, held: Body) -> Iterator[bytes]:
    given = 0
    for piece in held.pieces():
        given += len(piece)
        yield piece
    if given != held.size:
        raise ValueError(f"{name} has {given} bytes, not {held.size}")


def _common(held: Body, name: bytes) -> tuple[int, ...]:
    return (_UTF8, _STORED, _MIDNIGHT, _FIRST_OF_1980, held.crc, held.size, held.size, len(name), 0)


def _local(name: bytes, held: Body) -> bytes:
    return _LOCAL.pack(_LOCAL_MARK, _VERSION, *_common(held, name)) + name


def _central(name: bytes, held: Body, offset: int) -> bytes:
    rest = (0, 0, 0, _READABLE_BY_OWNER, offset)
    return _CENTRAL.pack(_CENTRAL_MARK, _MADE_ON_UNIX, _VERSION, *_common(held, name), *rest) + name


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    content: bytes
    crc: int
    start: int
    end: int


def unpack(archive: bytes) -> tuple[dict[str, bytes], tuple[Fault, ...]]:
    """(files, faults): what could be read, and each place that is not as `pack` writes it."""
    members, faults = _members(archive)
    files = {member.name: member.content for member in members}
    for before, after in itertools.pairwise(members):
        if before.name.encode() >= after.name.encode():
            faults.append(Fault(after.name, after.start, "order"))
    for member in members:
        if zlib.crc32(member.content) != member.crc:
            faults.append(Fault(member.name, member.end - len(member.content), "contents"))
    return files, tuple(faults) or tuple(_compared(archive, pack(files), members))


def _members(archive: bytes) -> tuple[list[_Member], list[Fault]]:
    """The files from the first byte on, until something else than a file begins."""
    members: list[_Member] = []
    at = 0
    while archive[at : at + 4] == _LOCAL_MARK:
        member = _member(archive, at)
        if member is None:
            return members, [Fault(members[-1].name if members else "", at, "cut_off")]
        members.append(member)
        at = member.end
    if archive[at : at + 4] not in (_CENTRAL_MARK, _END_MARK) or not members:
        return members, [Fault(members[-1].name if members else "", at, "no_entry")]
    return members, []


def _member(archive: bytes, start: int) -> _Member | None:
    """None when the file does not end inside the archive or its name is no UTF-8."""
    if start + _LOCAL.size > len(archive):
        return None
    crc, size, _, name_length, extra = _LOCAL.unpack_from(archive, start)[6:]
    name_at = start + _LOCAL.size
    content_at = name_at + name_length + extra
    end = content_at + size
    if end > len(archive):
        return None
    try:
        name = archive[name_at : name_at + name_length].decode()
    except UnicodeDecodeError:
        return None
    return _Member(name, archive[content_at:end], crc, start, end)


def _compared(archive: bytes, again: bytes, members: list[_Member]) -> Iterator[Fault]:
    if archive == again:
        return
    at = _first_difference(archive, again)
    inside = next((member for member in members if member.start <= at < member.end), None)
    yield Fault(inside.name if inside else "", at, "header" if inside else "directory")


def _first_difference(one: bytes, other: bytes) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:  # the longest common beginning
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
