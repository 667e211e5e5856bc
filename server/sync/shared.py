"""What the rooms of one hearing share: its state of this moment, client ids, hash chain heads, whom to tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crdt_docs.gate import Bindings, Doubled, Stranded
from server.hearing.events import Seen
from server.hearing.state import HearingState
from server.storage import update_log
from server.storage.commit_thread import CommitThread

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
        self.exhibits: frozenset[str] = frozenset()
        self.last_seen: dict[str, dict[str, Seen]] = {}  # document -> person; outlives a room that closes idle
        self._unsaved: dict[int, str] = {}

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
