"""Awareness of one room on the wire: whose states are taken, and their relay, gathered in ticks so that crowds
stay cheap.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from crdt_docs.wire import y_protocol
from crdt_docs.wire.y_protocol import AwarenessEntry
from server.sync.awareness import EMPTY, Awareness, shown

if TYPE_CHECKING:
    from server.sync.peer import Peer
    from server.sync.room import Room

MOST_CLIENTS = 1_000  # client ids a person and hearing
SHORTEST_TICK = 0.03  # seconds; a cursor is not shown more often
TICK_A_PEER = 0.001  # seconds more for each reader


class RoomAwareness:
    """The room's side of awareness: `receive` frames, `welcome` newcomers, `leave`."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._states = Awareness()
        self._changed: dict[int, AwarenessEntry] = {}
        self._timer: asyncio.TimerHandle | None = None

    def receive(self, peer: Peer, entries: list[AwarenessEntry]) -> None:
        """Take the sender's own states; what is somebody else's is ignored, never punished. At most one new
        client id a frame.
        """
        bindings = self._room.shared.bindings
        person = peer.person.id
        bound_one = False
        for entry in entries:
            owner = bindings.person_of(entry.client)
            if owner == person:
                self._accept(peer, entry)
            elif owner is None and not bound_one and bindings.count(person) < MOST_CLIENTS:
                bound_one = True
                self._bind(peer, entry)

    def _bind(self, peer: Peer, entry: AwarenessEntry) -> None:
        if not 0 <= entry.client < 2**53 or shown(entry.state, peer.person, True) is None:
            return
        self._room.shared.bindings.bind(entry.client, peer.person.id)
        self._room.shared.keep_bindings((entry.client,), peer.person.id, lambda: self._accept(peer, entry))

    def _accept(self, peer: Peer, entry: AwarenessEntry) -> None:
        if peer not in self._room.members:
            return
        taken = shown(entry.state, peer.person, self._may_write(peer))
        if taken is None:
            return
        entry = AwarenessEntry(entry.client, entry.clock, taken.state)
        was_shown = self._states.shows(entry.client)
        if not self._states.accept(entry, peer, draws=taken.draws):
            return
        peer.send(y_protocol.awareness([entry]))
        if was_shown or entry.state not in (EMPTY, "null"):
            self._relay([entry])

    def _may_write(self, peer: Peer) -> bool:
        return self._room.access(peer.person.id).write

    def rights_changed(self) -> None:
        """Strokes of those who may write no more are taken off the others' pages."""
        self._relay(self._states.end_strokes(self._may_write))

    def welcome(self, peer: Peer) -> None:
        """Everybody's states for a newcomer."""
        entries = self._states.entries()
        if entries:
            peer.send(y_protocol.awareness(entries))

    def answer(self, peer: Peer) -> None:
        """A query for all states."""
        peer.send(y_protocol.awareness(self._states.entries()))

    def leave(self, peer: Peer) -> None:
        self._relay(self._states.leave(peer))

    def _relay(self, entries: list[AwarenessEntry]) -> None:
        if not entries:
            return
        for entry in entries:
            self._changed[entry.client] = entry
        if self._timer is None:
            wait = SHORTEST_TICK + TICK_A_PEER * len(self._room.peers)
            self._timer = asyncio.get_running_loop().call_later(wait, self._tell)

    def _tell(self) -> None:
        self._timer = None
        changed, self._changed = list(self._changed.values()), {}
        self._room.broadcast(y_protocol.awareness(changed))
