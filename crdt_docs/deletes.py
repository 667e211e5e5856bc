"""Delete sets: how they are read and written, which units of a client are deleted. Knows not what they are."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from .varint import Malformed, rest_of, write

Ranges = tuple[int, list[int], list[int]]  # client, starts, ends (exclusive)
MOST_CLOCK = 2**31
MANY = 256


def read_deletes(
    data: bytes, p: int, most_clients: int, most_ranges: int, known: Callable[[int], bytes]
) -> tuple[list[Ranges], int, bool]:
    """The delete set that starts at `p`: its ranges, the place after it, whether a client's part was left out.

    `known(client)` is what our own delete set says of the client, encoded; a part equal to it says nothing new and is
    passed over without reading a single range (every page that connects again sends the whole set).
    """
    size = len(data)
    count = data[p]
    p += 1
    if count > 127:
        count, p = rest_of(data, p, count)
    if count > most_clients or count > size - p:
        raise Malformed("the delete set names too many clients")
    found: list[Ranges] = []
    seen: set[int] = set()
    passed_over = False
    for _ in range(count):
        client = data[p]
        p += 1
        if client > 127:
            client, p = rest_of(data, p, client)
        if client in seen or client >= 2**53:
            raise Malformed("the delete set names a client twice, or a client id above 2^53")
        seen.add(client)
        ours = known(client)
        if ours and data.startswith(ours, p):
            p += len(ours)
            passed_over = True
            continue
        ranges = data[p]
        p += 1
        if ranges > 127:
            ranges, p = rest_of(data, p, ranges)
        most_ranges -= ranges
        if most_ranges < 0 or ranges > (size - p) // 2 or ranges == 0:
            raise Malformed("the delete set has an empty or too long list of ranges")
        starts: list[int] = []
        ends: list[int] = []
        end = -1
        for _ in range(ranges):
            clock = data[p]
            p += 1
            if clock > 127:
                byte = data[p]
                if 0 < byte < 128:
                    clock = clock & 127 | byte << 7
                    p += 1
                elif byte and 0 < data[p + 1] < 128:
                    clock = clock & 127 | (byte & 127) << 7 | data[p + 1] << 14
                    p += 2
                else:
                    clock, p = rest_of(data, p, clock)
            length = data[p]
            p += 1
            if length > 127:
                length, p = rest_of(data, p, length)
            if clock <= end or length == 0:
                raise Malformed("delete ranges are not ascending and apart, or one is empty")
            end = clock + length
            starts.append(clock)
            ends.append(end)
        if end >= MOST_CLOCK:
            raise Malformed("a delete range ends at 2^31 or later")
        found.append((client, starts, ends))
    return found, p, passed_over


def write_ranges(starts: Sequence[int], ends: Iterable[int]) -> bytes:
    """One client's part of a delete set, without the client id."""
    out = [write(len(starts))]
    for start, end in zip(starts, ends, strict=True):
        length = end - start
        if start < 128 and length < 128:
            out.append(bytes((start, length)))
        else:
            out.append(write(start) + write(length))
    return b"".join(out)


def write_deletes(deletes: Sequence[Ranges]) -> bytes:
    if not deletes:
        return b"\0"
    parts = (write(client) + write_ranges(starts, ends) for client, starts, ends in deletes)
    return write(len(deletes)) + b"".join(parts)


class Deleted:
    """The deleted units of one client: disjoint ranges, neither touching nor overlapping."""

    __slots__ = ("_encoded", "end_of", "starts")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.end_of: dict[int, int] = {}
        self._encoded: bytes | None = None

    def covers(self, start: int, end: int) -> bool:
        reach = self.end_of.get(start)
        if reach is None:
            at = bisect_right(self.starts, start)
            reach = self.end_of[self.starts[at - 1]] if at else 0
        return reach >= end

    def add(self, start: int, end: int) -> None:
        starts, end_of = self.starts, self.end_of
        self._encoded = None
        if not starts or start > end_of[starts[-1]]:
            starts.append(start)
            end_of[start] = end
            return
        first = bisect_right(starts, start)
        if first and end_of[starts[first - 1]] >= start:
            first -= 1
            start = starts[first]
        last = first
        while last < len(starts) and starts[last] <= end:
            end = max(end, end_of.pop(starts[last]))
            last += 1
        starts[first:last] = [start]
        end_of[start] = end

    def add_all(self, ranges: list[tuple[int, int]]) -> None:
        if len(ranges) > MANY:  # one by one each would shift the whole list
            ranges = sorted(self.ranges() + ranges)
            self.starts.clear()
            self.end_of.clear()
        for start, end in ranges:
            self.add(start, end)

    def missing(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of start..end (exclusive) that are not deleted."""
        starts, end_of = self.starts, self.end_of
        at = bisect_right(starts, start)
        if at and end_of[starts[at - 1]] > start:
            start = end_of[starts[at - 1]]
        found: list[tuple[int, int]] = []
        while start < end:
            following = starts[at] if at < len(starts) else end
            if following >= end:
                found.append((start, end))
                break
            if following > start:
                found.append((start, following))
            start = end_of[following]
            at += 1
        return found

    def encoded(self) -> bytes:
        if self._encoded is None:
            self._encoded = write_ranges(self.starts, map(self.end_of.__getitem__, self.starts)) if self.starts else b""
        return self._encoded

    def ranges(self) -> list[tuple[int, int]]:
        return [(start, self.end_of[start]) for start in self.starts]


def union(deletes: Iterable[Ranges]) -> list[Ranges]:
    """Several delete sets as one, clients in descending order as Yjs writes them."""
    clients: dict[int, Deleted] = {}
    for client, starts, ends in deletes:
        deleted = clients.get(client)
        if deleted is None:
            deleted = clients[client] = Deleted()
        for start, end in zip(starts, ends, strict=True):
            deleted.add(start, end)
    return [
        (client, clients[client].starts, [clients[client].end_of[start] for start in clients[client].starts])
        for client in sorted(clients, reverse=True)
    ]
