"""What a hearing's control needs of the rest of the server: documents, storage, presence, clock, chance. Interfaces
only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from crdt_docs.transcript import Turn
from server.hearing.events import Seen
from server.hearing.state import HearingState
from server.storage.commit_thread import Write


class Documents(Protocol):
    """What control needs of the documents; `carry_out` runs in the turn in which the entry became the state."""

    def heads(self, hearing: str) -> dict[str, str]: ...

    def carry_out(
        self, hearing: str, state: HearingState, seq: int, cut: frozenset[str]
    ) -> Mapping[str, Mapping[str, Seen]]: ...

    async def write_line(self, hearing: str, seq: int, turn: Turn) -> None: ...

    async def lines_written(self, hearing: str) -> set[int]: ...


class Storage(Protocol):
    """What control needs of the commit thread."""

    healthy: bool

    def submit(self, write: Write, done: Callable[[Exception | None], None]) -> None: ...

    def read(self, query: Callable[[Any], Any]) -> Awaitable[Any]: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside that a hearing's control uses. `presence`: persons with a socket on a document's wire."""

    storage: Storage
    documents: Documents
    presence: Callable[[str], Collection[str]]
    now_ms: Callable[[], int]
    new_salt: Callable[[], bytes]
