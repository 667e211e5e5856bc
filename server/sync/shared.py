"""What the rooms of one hearing share: its state of this moment, client ids, hash chain heads, whom to tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crdt_docs.annotation_rules import MOST_PAGES, Extent
from crdt_docs.gate import Bindings, Doubled, Frame, Stranded
from server.hearing.documents import DocumentKind, DocumentName
from server.hearing.events import Seen
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import HearingState
from server.storage import update_log
from server.storage.commit_thread import CommitThread
from server.storage.exhibits import Exhibit

if TYPE_CHECKING:
    from server.sync.peer import Peer
    from server.sync.room import Room


class Shared:
    """See the module. `heads` are in the order of the commit queue: they count what is on its way to the disk."""

    def __init__(self, state: HearingState, bindings: Bindings, heads: dict[str, bytes], commits: CommitThread) -> None:
        self.state = state
        self.bindings = bindings
        self.heads = heads
        self.commits = commits
        self.refused: Callable[[Peer, str], None] = lambda _peer, _code: None
        self.stranded: Callable[[Room, Stranded], None] = lambda _room, _stranded: None
        self.doubled: Callable[[Room, Doubled], None] = lambda _room, _doubled: None
        self.told: Callable[[Room], None] = lambda _room: None
        self.late: Callable[[Room, str, bytes, Frame], None] = lambda _room, _person, _data, _kind: None
        self.exhibits: dict[str, Extent] = {}  # whose annotations can be opened
        self.last_seen: dict[str, dict[str, Seen]] = {}  # document -> person; outlives a room that closes idle
        self._unsaved: dict[int, str] = {}

    def list_exhibit(self, exhibit: Exhibit) -> None:
        """Its annotations can be opened, and are held to what is known of it by now."""
        self.exhibits[exhibit.id] = Extent(exhibit.pages or MOST_PAGES)

    def extent_of(self, exhibit: str) -> Callable[[], Extent]:
        """Asked again at each use: intake may end while its annotations are open."""
        return lambda: self.exhibits.get(exhibit, Extent())

    def may_change(self, name: DocumentName) -> bool:
        """Whether a document may change at all: the transcript in a draft, others always."""
        return name.kind is not DocumentKind.TRANSCRIPT or self.state.transcript is TranscriptPhase.DRAFT

    def keep_bindings(self, clients: tuple[int, ...], person: str, done: Callable[[], None] | None = None) -> None:
        """Put client id -> person on disk; one that could not be stored stays in memory and goes with the next."""
        self._unsaved.update(dict.fromkeys(clients, person))
        pairs = list(self._unsaved.items())

        def stored(error: Exception | None) -> None:
            if error is not None:
                return
            for client, _ in pairs:
                self._unsaved.pop(client, None)
            if done is not None:
                done()

        self.commits.submit(update_log.bind(self.state.id, pairs), stored)


def now_text() -> str:
    """Server time, RFC 3339, UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
