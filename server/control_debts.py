"""What a hearing's log still owes after an entry is on disk: its transcript line, the media room's answer with the
proof of what it cut, the note of what an isolated person had seen.

Paid oldest first under the hearing's lock; a crash forgets the list, `stock` makes it again from the log alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from server.control_entries import Entry
from server.control_media import room_is_open, unmeasured
from server.control_ports import Cutting, Documents
from server.hearing import times
from server.hearing.events import Event, Fact, HadSeen, Isolated, Seen
from server.hearing.media_events import Cut, MediaStopped, StreamsCut
from server.hearing.reduce import had_seen, numbered
from server.hearing.state import COURT, HearingState
from server.hearing.transcript_lines import line

Pay = Callable[[], Awaitable[None]]


class Debts:
    """Of one hearing. `commit` puts events on disk; `state` and `now_ms` are asked when a note is written."""

    def __init__(
        self,
        hearing: str,
        documents: Documents,
        commit: Callable[[Sequence[Event]], Awaitable[Any]],
        state: Callable[[], HearingState],
        now_ms: Callable[[], int],
    ) -> None:
        self._hearing = hearing
        self._documents = documents
        self._commit = commit
        self._state = state
        self._now_ms = now_ms
        self._since_ms = now_ms()  # from here on it is known what people were sent
        self._owed: deque[tuple[int, Pay]] = deque()

    def reached(self, seq: int) -> int:
        """The entry before the first that still owes something; `seq` when none does."""
        return self._owed[0][0] - 1 if self._owed else seq

    async def pay(self, paid: Callable[[], None]) -> None:
        """Everything, oldest first; what raises is still owed."""
        while self._owed:
            await self._owed[0][1]()
            self._owed.popleft()
            paid()

    def owe(self, seq: int, pay: Pay) -> None:
        self._owed.append((seq, pay))

    def owe_line(self, entry: Entry) -> None:
        turn = line(entry.after, entry.event)
        if turn is not None:
            self.owe(entry.seq, lambda: self._documents.write_line(self._hearing, entry.seq, turn))

    def owe_seen(self, isolation: Event, documents: Mapping[str, Seen], *, known: bool) -> None:
        async def note() -> None:
            since = times.utc(self._since_ms) if known else ""
            await self._commit([had_seen(self._state(), self._now_ms(), isolation, documents, since=since)])

        self.owe(isolation.seq + 1, note)

    def owe_cut(self, entry: Entry, cutting: Cutting, *, shrinks: bool) -> None:
        """The media room's answer, then its proof: an entry whenever something was or had to be cut."""
        answer: list[tuple[Cut, ...] | None] = []

        async def note() -> None:
            if not answer:
                answer.append(await cutting())
            (cuts,) = answer
            if cuts or shrinks:
                await self._enter(StreamsCut(entry.seq, cuts or (), cuts is not None))

        self.owe(entry.seq, note)

    async def _enter(self, *facts: Fact) -> None:
        await self._commit(numbered(self._state(), self._now_ms(), COURT, facts))

    async def stock(self, entries: Sequence[Entry]) -> None:
        """What the log owes at load, from the log and the update log alone."""
        written = await self._documents.lines_written(self._hearing)
        noted = {entry.event.fact.of for entry in entries if isinstance(entry.event.fact, HadSeen)}
        lost = unmeasured(entries)
        for entry in entries:
            if entry.seq not in written:
                self.owe_line(entry)
            if entry.seq in lost:
                self.owe_cut(entry, _gone, shrinks=True)
            if isinstance(entry.event.fact, Isolated) and entry.seq not in noted:
                self.owe_seen(entry.event, {}, known=False)
        if room_is_open(entries):
            self.owe(entries[-1].seq + 1, lambda: self._enter(MediaStopped("server_ended")))


async def _gone() -> None:
    """The answer of a media process that is no more."""
