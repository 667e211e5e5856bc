"""When each annotation came to the server, by the update log: its author's own time is a claim, this is not."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crdt_docs.annotations import made_in
from server.storage.commit_thread import CommitThread
from server.storage.update_log import HistoryRow, history

KEPT = 32  # documents in memory


@dataclass(slots=True)
class _Read:
    """What was read of a document's log so far."""

    seq: int = 0
    times: dict[str, str] = field(default_factory=dict[str, str])


class Arrivals:
    """One server's."""

    def __init__(self, commits: CommitThread) -> None:
        self._commits = commits
        self._read: OrderedDict[str, _Read] = OrderedDict()

    async def of(self, name: str) -> Mapping[str, str]:
        """Entry -> RFC 3339 of the update that made it, for each entry on disk."""
        read = self._read.setdefault(name, _Read())
        self._read.move_to_end(name)
        while len(self._read) > KEPT:
            self._read.popitem(last=False)
        rows = await self._commits.read(lambda connection: history(connection, name, read.seq))
        if rows:
            made = await asyncio.to_thread(_made, rows)
            read.times = made | read.times  # two may have asked at once
            read.seq = max(read.seq, rows[-1].seq)
        return read.times


def _made(rows: Sequence[HistoryRow]) -> dict[str, str]:
    """An entry is made once; of what was sent again the first time counts."""
    times: dict[str, str] = {}
    for row in rows:
        for key in made_in(row.data):
            times.setdefault(key, row.at)
    return times
