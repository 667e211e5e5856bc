"""What a hearing's control needs of the rest of the server: documents, media room, storage, presence, clock,
chance. Interfaces
only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from crdt_docs.transcript import Turn
from server.hearing.events import Seen
from server.hearing.media_events import Cut
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


# the media room's answer to a change of its routes: what it cut; None when it died before it could say
Cutting = Callable[[], Awaitable[tuple[Cut, ...] | None]]


class Media(Protocol):
    """What control needs of the media room; `carry_out` runs in the turn in which the entry became the state. None:
    there is no room, or the entry changes nothing in it. `began`: time.monotonic() when the command came, or 0."""

    def carry_out(self, hearing: str, state: HearingState, seq: int, began: float) -> Cutting | None: ...


class NoMedia:
    """A server without a media room."""

    def carry_out(self, hearing: str, state: HearingState, seq: int, began: float) -> Cutting | None:
        return None


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
    watch: Callable[[Any], None] = lambda _control: None  # told when somebody of a hearing came, went or acted
    review: Callable[[Any], None] = lambda _control: None  # told whenever a hearing in step has a transcript to freeze
    media: Media = field(default_factory=NoMedia)
